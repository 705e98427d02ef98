"""Addresses of the review; each idea keeps its own in `urls_<idea>` and is added below."""

from __future__ import annotations

from django.urls import include, path
from django.views.decorators.http import require_GET

from qingyuan.calls.models import Call
from qingyuan.calls.rules import receives_for_call
from qingyuan.kernel.guards import sees, signed_in
from qingyuan.review import (
    urls_alike,
    urls_archive,
    urls_assessment,
    urls_consultation,
    urls_decision,
    urls_experts,
    urls_formcheck,
    urls_lists,
    urls_publicity,
    urls_state,
)
from qingyuan.review.models import Case, Round
from qingyuan.review.rules import ground
from qingyuan.review.views import cases, rounds

app_name = "review"

_round = sees(Round, by=ground.sees_round, arg="round", related=("call__joint_body",))
_case = sees(
    Case, by=ground.sees_case_as_officer, arg="case", related=("round__call__joint_body", "submission")
)

urlpatterns = [
    path("review/", signed_in(require_GET(rounds.rounds)), name="rounds"),
    path(
        "calls/<uuid:call>/review/",
        sees(Call, by=receives_for_call, arg="call", related=("joint_body",))(rounds.OpenPage.as_view()),
        name="open",
    ),
    path(
        "calls/<uuid:call>/acceptance/",
        sees(Call, by=receives_for_call, arg="call", related=("joint_body",))(
            rounds.OpenAcceptancePage.as_view()
        ),
        name="open-acceptance",
    ),
    path(
        "review/rounds/<uuid:round>/finish/",
        _round(rounds.FinishAcceptancePage.as_view()),
        name="finish-acceptance",
    ),
    path("review/rounds/<uuid:round>/", _round(require_GET(rounds.round_page)), name="round"),
    path("", include("qingyuan.review.urls_draws")),
    path("", include("qingyuan.review.urls_visits")),
    path("review/rounds/<uuid:round>/configure/", _round(rounds.ConfigurePage.as_view()), name="configure"),
    path("review/rounds/<uuid:round>/start/", _round(rounds.StartPage.as_view()), name="start"),
    path("review/cases/<uuid:case>/", _case(require_GET(cases.overview)), name="case"),
    path(
        "review/cases/<uuid:case>/charts/<str:sha256>.png", _case(require_GET(cases.chart)), name="case-chart"
    ),
    path(
        "review/cases/<uuid:case>/withdrawal/", _case(cases.WithdrawalPage.as_view()), name="note-withdrawal"
    ),
    *urls_assessment.urlpatterns,
    *urls_decision.urlpatterns,
    *urls_experts.urlpatterns,
    *urls_formcheck.urlpatterns,
    *urls_consultation.urlpatterns,
    *urls_state.urlpatterns,
    *urls_alike.urlpatterns,
    *urls_lists.urlpatterns,
    *urls_publicity.urlpatterns,
    *urls_archive.urlpatterns,
]
