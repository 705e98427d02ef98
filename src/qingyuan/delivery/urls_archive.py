"""Addresses of a project's archive."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.delivery.models import Project
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules.project import sees_project
from qingyuan.delivery.views import archive
from qingyuan.kernel.guards import sees

_project = sees(Project, by=sees_project, arg="project", related=RELATED)

urlpatterns = [
    path("projects/<uuid:project>/archive/", _project(require_GET(archive.directory)), name="archive"),
    path("projects/<uuid:project>/archive/directory.docx", _project(require_GET(archive.directory_docx)), name="archive-docx"),
    path("projects/<uuid:project>/archive/directory.xlsx", _project(require_GET(archive.directory_xlsx)), name="archive-xlsx"),
    path("projects/<uuid:project>/archive/volume.zip", _project(require_GET(archive.volume)), name="archive-zip"),
    path("projects/<uuid:project>/archive/seal/", _project(archive.ArchivePage.as_view()), name="archive-project"),
]  # fmt: skip
