"""Addresses of dossiers, binding kits and the archive."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import sees
from qingyuan.review.models import Case, Round
from qingyuan.review.rules import ground
from qingyuan.review.views import archive

_round = sees(Round, by=ground.sees_round, arg="round", related=("call__joint_body",))
_case = sees(
    Case, by=ground.sees_case_as_officer, arg="case", related=("round__call__joint_body", "submission")
)

urlpatterns = [
    path("review/cases/<uuid:case>/papers/", _case(require_GET(archive.papers)), name="case-papers"),
    path("review/cases/<uuid:case>/dossier.zip", _case(require_GET(archive.dossier)), name="case-dossier"),
    path(
        "review/cases/<uuid:case>/binding/<slug:delivery>.docx",
        _case(require_GET(archive.kit)),
        name="binding-kit",
    ),
    path("review/rounds/<uuid:round>/archive/", _round(require_GET(archive.round_archive)), name="archive"),
    path(
        "review/rounds/<uuid:round>/archive/close/",
        _round(archive.ArchivePage.as_view()),
        name="archive-round",
    ),
    path(
        "review/rounds/<uuid:round>/archive/directory.docx",
        _round(require_GET(archive.directory_docx)),
        name="archive-docx",
    ),
    path(
        "review/rounds/<uuid:round>/archive/directory.xlsx",
        _round(require_GET(archive.directory_xlsx)),
        name="archive-xlsx",
    ),
    path(
        "review/rounds/<uuid:round>/archive/volume.zip",
        _round(require_GET(archive.volume)),
        name="archive-zip",
    ),
]
