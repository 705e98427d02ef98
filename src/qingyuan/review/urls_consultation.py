"""Addresses of 征求意见 and of the register of paper."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.calls.models import Call
from qingyuan.calls.rules import receives_for_call
from qingyuan.kernel.guards import sees, signed_in
from qingyuan.review.models import Case, Consultation, PaperArrival
from qingyuan.review.rules import consultation as rules
from qingyuan.review.rules import ground
from qingyuan.review.views import arrival, consultation

_case = sees(
    Case, by=ground.sees_case_as_officer, arg="case", related=("round__call__joint_body", "submission")
)
_one = sees(
    Consultation,
    by=rules.sees_consultation,
    arg="consultation",
    related=("case__round__call__joint_body", "organisation", "upload"),
)
_call = sees(Call, by=receives_for_call, arg="call", related=("joint_body",))
_arrival = sees(PaperArrival, by=rules.sees_arrival, arg="arrival", related=("call__joint_body",))
_CASE, _ONE = "review/cases/<uuid:case>/consultations/", "consultations/<uuid:consultation>/"
_ARRIVAL = "arrivals/<uuid:arrival>/"

urlpatterns = [
    path("consultations/", signed_in(require_GET(consultation.desk)), name="desk"),
    path(_CASE, _case(require_GET(consultation.of_case)), name="consultations"),
    path(f"{_CASE}ask/", _case(consultation.AskPage.as_view()), name="ask"),
    path(_ONE, _one(require_GET(consultation.one)), name="consultation"),
    path(f"{_ONE}files/<int:number>/", _one(require_GET(consultation.file)), name="consultation-file"),
    path(f"{_ONE}reply/", _one(require_GET(consultation.reply)), name="consultation-reply"),
    path(f"{_ONE}answer/", _one(consultation.AnswerPage.as_view()), name="answer-consultation"),
    path(f"{_ONE}decline/", _one(consultation.DeclinePage.as_view()), name="decline-consultation"),
    path(f"{_ONE}withdraw/", _one(consultation.WithdrawPage.as_view()), name="withdraw-consultation"),
    path("calls/<uuid:call>/arrivals/", _call(require_GET(arrival.register)), name="arrivals"),
    path("calls/<uuid:call>/arrivals.xlsx", _call(require_GET(arrival.workbook)), name="arrivals-xlsx"),
    path(
        "calls/<uuid:call>/arrivals/register/", _call(arrival.RegisterPage.as_view()), name="register-paper"
    ),
    path(f"{_ARRIVAL}compare/", _arrival(arrival.ComparePage.as_view()), name="compare-paper"),
    path(f"{_ARRIVAL}void/", _arrival(arrival.VoidPage.as_view()), name="void-paper"),
]
