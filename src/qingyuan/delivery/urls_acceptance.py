"""Addresses of evaluation and acceptance."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.delivery.models import Project
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules import project as rules
from qingyuan.delivery.views import acceptance
from qingyuan.kernel.guards import sees

_project = sees(Project, by=rules.sees_project, arg="project", related=RELATED)

urlpatterns = [
    path(
        "projects/<uuid:project>/acceptance/", _project(require_GET(acceptance.acceptance)), name="acceptance"
    ),
    path(
        "projects/<uuid:project>/acceptance/paper/",
        _project(require_GET(acceptance.conclusion_evidence)),
        name="conclusion-evidence",
    ),
    path("projects/<uuid:project>/conclude/", _project(acceptance.ConcludePage.as_view()), name="conclude"),
]
