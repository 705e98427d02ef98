"""Addresses of the process: phases and statutory days of the enterprises."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.delivery.guards import sees_project
from qingyuan.delivery.views import process

urlpatterns = [
    path("projects/<uuid:project>/process/", sees_project(require_GET(process.process)), name="process"),
    path(
        "projects/<uuid:project>/process/set/",
        sees_project(process.SetPhasePage.as_view()),
        name="set-phases",
    ),
    path(
        "projects/<uuid:project>/process/import/",
        sees_project(process.ImportPhasesPage.as_view()),
        name="import-phases",
    ),
    path(
        "projects/<uuid:project>/process/import/<uuid:upload>/marked.xlsx",
        sees_project(require_GET(process.marked)),
        name="marked-phases",
    ),
    path(
        "projects/<uuid:project>/process/phases.xlsx",
        sees_project(require_GET(process.export)),
        name="export-phases",
    ),
    path(
        "projects/<uuid:project>/process/enterprises/<slug:credit_code>/",
        sees_project(require_GET(process.enterprise)),
        name="enterprise-process",
    ),
]
