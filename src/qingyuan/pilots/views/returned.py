"""退回补充完善: the receiving side asks on the page of a version; both sides follow the request on its own page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.pilots import actions, remarks, returned, rules
from qingyuan.pilots.forms.returned import RemarkForm, SupplementRequestForm
from qingyuan.pilots.models import Submission, SupplementRequest
from qingyuan.ui.verbpage import VerbPage

TONES = {"open": "warn", "answered": "good", "lapsed": "bad", "cancelled": "neutral"}


class RequestPage(VerbPage):
    """From the page of a received version; the verb acts on its pilot."""

    verb = actions.request_supplement
    form_class = SupplementRequestForm
    explain = gettext_lazy(
        "退回后，申报单位在您所定的期限之前只能修改勾选的内容，重新送审、签发后提交新版本。已收到的版本在此之前一直有效。"
    )
    statement = gettext_lazy("按下按钮即退回，并通知申报单位；会签单位可在同一页面查看。")
    done = gettext_lazy("已退回补充完善")
    check_revision = True

    def get_object(self) -> Any:
        self.submission: Submission = self.kwargs["submission"]
        return self.submission.pilot

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"pilot": self.object}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.arguments())

    def get_success_url(self, result: Any) -> str:
        return reverse("pilots:supplement-request", args=[result.pk])

    def get_cancel_url(self) -> str:
        return reverse("pilots:submission", args=[self.submission.pk])

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.get_cancel_url()}


def supplement_request(request: HttpRequest, supplement_request: SupplementRequest) -> HttpResponse:
    pilot = supplement_request.pilot
    owns = bool(rules.can_see_pilot.test(request.user, pilot))
    said = remarks.on_request(supplement_request, owns=owns)
    leaves = [
        (leaf, said.get(leaf.id, []))
        for leaf in pilot.notice.leaves()
        if leaf.id in supplement_request.chapters
    ]
    context = {
        "supplement_request": supplement_request,
        "pilot": pilot,
        "call": pilot.call,
        "tone": TONES[supplement_request.stage],
        "leaves": leaves,
        "parts": [title for key, title in returned.PARTS.items() if key in supplement_request.parts],
        "owns": owns,
        "writes": supplement_request.stage == SupplementRequest.Stage.OPEN
        and bool(rules.can_write.test(request.user, pilot)),
        "may_cancel": actions.cancel_request.allowed(request.user, supplement_request).ok,
        "may_lapse": actions.lapse_request.allowed(request.user, supplement_request).ok
        and clock.now() >= supplement_request.due_at,
    }
    return TemplateResponse(request, "pilots/supplement_request.html", context)


class _RequestVerbPage(VerbPage):
    object_arg = "supplement_request"

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("pilots:supplement-request", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.get_cancel_url()}


class CancelPage(_RequestVerbPage):
    verb = actions.cancel_request
    form_class = RemarkForm
    explain = gettext_lazy("取消后申报回到“已提交”，以已收到的版本为准；申报单位不能再修改。")
    done = gettext_lazy("已取消退回")
    danger = True


class LapsePage(_RequestVerbPage):
    verb = actions.lapse_request
    explain = gettext_lazy("期限已过而没有收到新版本的，登记后申报回到“已提交”，评审以已收到的版本为准。")
    done = gettext_lazy("已登记逾期未补充")
