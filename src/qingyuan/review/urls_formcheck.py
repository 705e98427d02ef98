"""Addresses of form check and examination of truth."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import sees
from qingyuan.review.models import Case, FormCheck, Round, Truthfulness
from qingyuan.review.rules import formcheck as rules
from qingyuan.review.rules import ground
from qingyuan.review.views import formcheck as views

_INSIDE = ("case__round__call__joint_body", "case__submission", "case__pilot__call")
_round = sees(Round, by=ground.sees_round, arg="round", related=("call__joint_body",))
_case = sees(
    Case,
    by=ground.sees_case_as_officer,
    arg="case",
    related=("round__call__joint_body", "submission", "pilot__call", "origin__round"),
)
_check = sees(FormCheck, by=rules.sees_check, arg="check", related=_INSIDE)
_truth = sees(Truthfulness, by=rules.sees_truthfulness, arg="truthfulness", related=_INSIDE)
_CASE, _CHECK = "review/cases/<uuid:case>/", "review/form-checks/<uuid:check>/"
_TRUTH = "review/truthfulness/<uuid:truthfulness>/"

urlpatterns = [
    path("review/rounds/<uuid:round>/form-checks/", _round(require_GET(views.of_round)), name="form-checks"),
    path(f"{_CASE}form-check/", _case(require_GET(views.form_check)), name="form-check"),
    path(f"{_CASE}form-check/begin/", _case(views.BeginPage.as_view()), name="begin-form-check"),
    path(f"{_CASE}form-check/resume/", _case(views.ResumePage.as_view()), name="take-new-version"),
    path(f"{_CHECK}judge/", _check(views.JudgePage.as_view()), name="judge-form"),
    path(f"{_CHECK}pass/", _check(views.PassPage.as_view()), name="pass-form"),
    path(f"{_CHECK}reject/", _check(views.RejectPage.as_view()), name="reject-form"),
    path(f"{_CHECK}reopen/", _check(views.ReopenPage.as_view()), name="reopen-form"),
    path(f"{_CHECK}send-back/", _check(views.SendBackPage.as_view()), name="send-back-form"),
    path(f"{_CHECK}sheet.docx", _check(require_GET(views.sheet)), name="form-sheet"),
    path(f"{_CASE}truthfulness/", _case(require_GET(views.truthfulness)), name="truthfulness"),
    path(f"{_CASE}truthfulness/examine/", _case(views.ExaminePage.as_view()), name="examine-truthfulness"),
    path(f"{_TRUTH}sign/", _truth(views.SignPage.as_view()), name="sign-truthfulness"),
    path(f"{_TRUTH}return/", _truth(views.ReturnPage.as_view()), name="return-truthfulness"),
]
