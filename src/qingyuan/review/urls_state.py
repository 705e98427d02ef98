"""Addresses of the State's round and of what its cases came with."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import sees
from qingyuan.review.models import Case, Round
from qingyuan.review.rules import ground
from qingyuan.review.views import state

_round = sees(Round, by=ground.sees_round, arg="round", related=("call__joint_body",))
_case = sees(
    Case, by=ground.sees_case_as_officer, arg="case", related=("round__call__joint_body", "submission")
)

urlpatterns = [
    path("review/rounds/<uuid:round>/provinces/", _round(require_GET(state.provinces)), name="provinces"),
    path("review/rounds/<uuid:round>/take-in/", _round(state.TakeInPage.as_view()), name="take-in"),
    path("review/rounds/<uuid:round>/import/", _round(state.ImportPage.as_view()), name="import-bundle"),
    path(
        "review/rounds/<uuid:round>/import/template.xlsx",
        _round(require_GET(state.template)),
        name="bundle-template",
    ),
    path(
        "review/rounds/<uuid:round>/import/<uuid:upload>/marked.xlsx",
        _round(require_GET(state.marked)),
        name="marked-bundle",
    ),
    path("review/cases/<uuid:case>/materials/", _case(require_GET(state.materials)), name="case-materials"),
    path("review/cases/<uuid:case>/attach/", _case(state.AttachPage.as_view()), name="attach-file"),
    path("review/cases/<uuid:case>/letter.docx", _case(require_GET(state.letter)), name="case-letter"),
    path("review/cases/<uuid:case>/package.zip", _case(require_GET(state.package)), name="case-package"),
    path("review/cases/<uuid:case>/plan.docx", _case(require_GET(state.plan)), name="case-plan"),
    path("review/cases/<uuid:case>/files/<int:number>/", _case(require_GET(state.file)), name="bundle-file"),
]
