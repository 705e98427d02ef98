"""Addresses of the applicant's workspace; those of received submissions stand in `urls_submissions`."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from qingyuan.calls.models import Call
from qingyuan.calls.rules import can_see_call
from qingyuan.kernel.guards import View, sees, signed_in
from qingyuan.pilots import rules, urls_submissions
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.views import attachments, eligibility, listing, plan, schedule, scope, signoff, submit
from qingyuan.pilots.views import object as object_page
from qingyuan.pilots.views import targets as targets_page

app_name = "pilots"

_mine = sees(Pilot, by=rules.can_see_pilot, arg="pilot", related=("call", "applicant"))


def _pilot(route: str, view: View, name: str) -> URLPattern:
    return path(f"pilots/<uuid:pilot>/{route}", _mine(view), name=name)


urlpatterns = [
    path("pilots/", signed_in(require_GET(listing.pilots)), name="list"),
    path(
        "calls/<uuid:call>/apply/",
        sees(Call, by=can_see_call, arg="call", related=("joint_body",))(listing.CreatePage.as_view()),
        name="create",
    ),
    _pilot("", require_GET(signoff.overview), "pilot"),
    _pilot("object/", object_page.DescribePage.as_view(), "describe"),
    _pilot("eligibility/", require_GET(eligibility.conditions), "eligibility"),
    _pilot("eligibility/<str:condition>/", eligibility.ConditionPage.as_view(), "condition"),
    _pilot("eligibility/<str:condition>/judge/", require_POST(eligibility.judge), "judge"),
    _pilot("scope/", require_GET(scope.scope), "scope"),
    _pilot("scope/add/", scope.AddPage.as_view(), "add-enterprise"),
    _pilot("scope/known/", scope.KnownPage.as_view(), "add-known"),
    _pilot("scope/template.xlsx", require_GET(scope.template), "scope-template"),
    _pilot("scope/import/", scope.ImportPage.as_view(), "import-scope"),
    _pilot("scope/import/<uuid:upload>/marked.xlsx", require_GET(scope.marked), "marked-workbook"),
    _pilot("scope/<int:entry>/remove/", scope.RemovePage.as_view(), "remove-enterprise"),
    _pilot("plan/", require_GET(plan.plan), "plan"),
    _pilot("plan/draft.docx", require_GET(plan.plan_docx_file), "plan-docx"),
    path(
        "pilots/<uuid:pilot>/plan/<slug:outline_id>/",
        plan.keeping_text(_mine(plan.ChapterPage.as_view())),
        name="chapter",
    ),
    _pilot("targets/", targets_page.TargetsPage.as_view(), "targets"),
    _pilot("schedule/", schedule.SchedulePage.as_view(), "schedule"),
    _pilot("schedule/outputs/", schedule.OutputsPage.as_view(), "outputs"),
    _pilot("attachments/", attachments.AttachmentsPage.as_view(), "attachments"),
    _pilot("attachments/<int:attachment>/", require_GET(attachments.download), "download"),
    _pilot("attachments/<int:attachment>/remove/", attachments.DetachPage.as_view(), "detach"),
    _pilot("check/", require_GET(signoff.check), "check"),
    _pilot("hand-in/", signoff.HandInPage.as_view(), "hand-in"),
    _pilot("pass-review/", signoff.PassReviewPage.as_view(), "pass-review"),
    _pilot("return/", signoff.ReturnPage.as_view(), "return"),
    _pilot("sign/", signoff.SignPage.as_view(), "sign"),
    _pilot("submit/", submit.SubmitPage.as_view(), "submit"),
    _pilot("reopen/", signoff.ReopenPage.as_view(), "reopen"),
    _pilot("withdraw/", signoff.WithdrawPage.as_view(), "withdraw"),
    *urls_submissions.urlpatterns,
]
