"""Addresses of the applicant's workspace; those of received submissions stand in `urls_submissions`."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from qingyuan.calls.models import Call
from qingyuan.calls.rules import can_see_call
from qingyuan.kernel.guards import View, sees, signed_in
from qingyuan.pilots import rules, urls_object, urls_process, urls_submissions
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.views import (
    attachments,
    certificates,
    editor,
    eligibility,
    history,
    joint,
    listing,
    plan,
    remarks,
    schedule,
    scope,
    selfcheck,
    sheet,
    signoff,
    submit,
    word,
)
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
    _pilot("plan/present/", require_GET(editor.present_in_plan), "presence"),
    path(
        "pilots/<uuid:pilot>/plan/pictures/",
        editor.saying_401(_mine(require_POST(editor.upload_picture))),
        name="picture-upload",
    ),
    _pilot("plan/pictures/<uuid:picture>/", require_GET(editor.picture), "picture"),
    _pilot("plan/outline.docx", require_GET(word.outline_docx), "outline-docx"),
    _pilot("word/", word.UploadPage.as_view(), "import-plan"),
    _pilot("word/<uuid:upload>/", word.ImportPage.as_view(), "word-import"),
    path(
        "pilots/<uuid:pilot>/plan/<slug:outline_id>/",
        plan.keeping_text(_mine(plan.ChapterPage.as_view())),
        name="chapter",
    ),
    path(
        "pilots/<uuid:pilot>/plan/<slug:outline_id>/present/",
        editor.saying_401(_mine(require_POST(editor.beat))),
        name="chapter-presence",
    ),
    _pilot("plan/<slug:outline_id>/history/", require_GET(history.history), "chapter-history"),
    _pilot(
        "plan/<slug:outline_id>/history/<int:number>/", history.RevisionPage.as_view(), "chapter-revision"
    ),
    _pilot("plan/<slug:outline_id>/remark/", remarks.RemarkPage.as_view(), "remark-chapter"),
    _pilot("plan/remarks/<int:remark>/resolve/", remarks.ResolvePage.as_view(), "resolve-remark"),
    _pilot("plan/remarks/<int:remark>/answer/", remarks.AnswerPage.as_view(), "answer-remark"),
    _pilot("plan/remarks/<int:remark>/reopen/", remarks.ReopenRemarkPage.as_view(), "reopen-remark"),
    _pilot("targets/", targets_page.TargetsPage.as_view(), "targets"),
    _pilot("schedule/", schedule.SchedulePage.as_view(), "schedule"),
    _pilot("schedule/outputs/", schedule.OutputsPage.as_view(), "outputs"),
    _pilot("attachments/", attachments.AttachmentsPage.as_view(), "attachments"),
    _pilot("attachments/<int:attachment>/", require_GET(attachments.download), "download"),
    _pilot("attachments/<int:attachment>/remove/", attachments.DetachPage.as_view(), "detach"),
    _pilot("check/", require_GET(selfcheck.check), "check"),
    _pilot("check/result.docx", require_GET(selfcheck.check_docx), "check-docx"),
    _pilot("check/result.txt", require_GET(selfcheck.check_txt), "check-txt"),
    _pilot("plan/<slug:outline_id>/check/", require_GET(selfcheck.chapter_check), "chapter-check"),
    _pilot("hand-in/", signoff.HandInPage.as_view(), "hand-in"),
    _pilot("pass-review/", signoff.PassReviewPage.as_view(), "pass-review"),
    _pilot("return/", signoff.ReturnPage.as_view(), "return"),
    _pilot("sign/", signoff.SignPage.as_view(), "sign"),
    _pilot("submit/", submit.SubmitPage.as_view(), "submit"),
    _pilot("reopen/", signoff.ReopenPage.as_view(), "reopen"),
    _pilot("withdraw/", signoff.WithdrawPage.as_view(), "withdraw"),
    _pilot("joint/", joint.JointPage.as_view(), "joint"),
    _pilot("joint/agreement/", joint.AgreementPage.as_view(), "agreement"),
    _pilot("certificates/", require_GET(certificates.certificates), "certificates"),
    _pilot("certificates/new/", certificates.RequestPage.as_view(), "request-certificate"),
    _pilot("sign-off/", require_GET(sheet.page), "signoff-sheet"),
    _pilot("sign-off/sheet.docx", require_GET(sheet.word), "signoff-docx"),
    *urls_object.urlpatterns,
    *urls_submissions.urlpatterns,
    *urls_process.urlpatterns,
]
