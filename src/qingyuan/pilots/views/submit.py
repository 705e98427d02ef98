"""The submission: the package is made first, outside any transaction; then the verb decides."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.kernel.models import IdempotencyKey
from qingyuan.papers.package import package_name
from qingyuan.pilots import actions, checks, seal
from qingyuan.pilots import forwarding as ways
from qingyuan.pilots.views.frame import PilotVerbPage, size_of


class SubmitPage(PilotVerbPage):
    verb = actions.submit
    template_name = "pilots/submit.html"
    part = "check"
    explain = gettext_lazy(
        "提交时生成材料包（实施方案 Word、数据、附件、清单），登记收件号，发送回执。截止之前可以再次提交，以最后一版为准。"
    )
    statement = gettext_lazy("按下按钮即表示：提交的就是已经签发并盖章的这一版。")
    check_revision = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # A second click after the first has succeeded: no second package is made.
        key = request.POST.get("key", "")[:80]
        person: Any = request.user
        mine = IdempotencyKey.objects.filter(user_id=person.pk, verb=self.verb.name, key=key)
        done = mine.first() if key else None
        if done and done.result_id:
            return HttpResponseRedirect(reverse("pilots:submission", args=[done.result_id]))
        return super().post(request, *args, **kwargs)

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        del form
        return {"sealed": seal.seal_when_ready(self.object)}

    def get_success_url(self, result: Any) -> str:
        return reverse("pilots:submission", args=[result.pk])

    def get_context(self) -> dict[str, Any]:
        context = super().get_context()
        pilot, package = self.object, self.object.notice.package
        names = {"project_title": pilot.name, "applicant_name": pilot.applicant.name}
        return {
            **context,
            **size_of(pilot),
            "blocking": [finding for finding in context["findings"] if finding.level == "error"],
            "package_name": package_name(package.naming.pattern + ".zip", names),
            "mail_subject": package.mail_subject.render(**names),
            "allowance": checks.PLAN_ALLOWANCE,
            "route": ways.route_of(pilot),
            "naming": package.naming,
            "size_limit": package.size,
        }
