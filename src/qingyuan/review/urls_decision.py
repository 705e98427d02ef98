"""Addresses of the joint decision."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import View, sees
from qingyuan.review.models import Case, Decision, Round
from qingyuan.review.rules import decision as rules
from qingyuan.review.rules import ground
from qingyuan.review.views import decisions

_round = sees(Round, by=ground.sees_round, arg="round", related=("call__joint_body",))
_case = sees(
    Case, by=ground.sees_case_as_officer, arg="case", related=("round__call__joint_body", "submission")
)
_mine = sees(
    Decision, by=rules.sees_decision, arg="decision", related=("round__call__joint_body", "sealed_copy")
)


def _decision(route: str, view: View, name: str) -> URLPattern:
    return path(f"review/decisions/<uuid:decision>/{route}", _mine(view), name=name)


urlpatterns = [
    path(
        "review/rounds/<uuid:round>/decisions/",
        _round(require_GET(decisions.decisions_of_round)),
        name="decisions",
    ),
    path(
        "review/rounds/<uuid:round>/decide/<slug:kind>/",
        _round(decisions.DraftPage.as_view()),
        name="draft-decision",
    ),
    _decision("", require_GET(decisions.decision_page), "decision"),
    _decision("revise/", decisions.RevisePage.as_view(), "revise-decision"),
    _decision("send/", decisions.SendPage.as_view(), "send-decision"),
    _decision("amend/", decisions.AmendPage.as_view(), "amend-decision"),
    _decision("consent/", decisions.ConsentPage.as_view(), "consent-decision"),
    _decision("dissent/", decisions.DissentPage.as_view(), "dissent-decision"),
    _decision("return/", decisions.ReturnPage.as_view(), "return-decision"),
    _decision("drop/", decisions.DropPage.as_view(), "drop-decision"),
    _decision("issue/", decisions.IssuePage.as_view(), "issue-decision"),
    _decision("release/", decisions.ReleasePage.as_view(), "release-decision"),
    _decision("letters/<int:number>.docx", require_GET(decisions.letter), "decision-letter"),
    _decision("list.docx", require_GET(decisions.result_list), "decision-list"),
    _decision("sheet.docx", require_GET(decisions.consent_sheet), "decision-sheet"),
    _decision("sealed-copy/", require_GET(decisions.sealed_copy), "decision-sealed-copy"),
    path(
        "review/cases/<uuid:case>/decision/", _case(require_GET(decisions.cosign_tab)), name="case-decision"
    ),
    path(
        "review/cases/<uuid:case>/cosign-check/",
        _case(decisions.CosignCheckPage.as_view()),
        name="cosign-check",
    ),
]
