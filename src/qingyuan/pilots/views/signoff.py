"""The overview of a pilot, its self-check, and the steps 经办人 -> 审核人 -> 签发人."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from qingyuan.pilots import actions, queries, rules
from qingyuan.pilots.forms.signoff import RemarkForm, ReturnForm, SignForm, WithdrawForm
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.views.frame import PilotVerbPage, show, size_of


def overview(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    findings = queries.findings_of(pilot)
    signoffs = list(pilot.signoffs.select_related("by"))
    moves = queries.moves_of(pilot, request.user, findings)
    writes = pilot.stage == Pilot.Stage.DRAFTING and rules.can_write.test(request.user, pilot)
    unfinished = [part for part in queries.parts_of(pilot, findings) if part.errors and part.key != "check"]
    return show(
        request,
        "pilots/overview.html",
        pilot,
        "overview",
        findings=findings,
        groups=queries.grouped([finding for finding in findings if finding.level != "info"]),
        steps=queries.path_of(pilot, signoffs),
        signoffs=[
            {
                "when": signoff.at,
                "title": signoff.get_step_display(),
                "who": signoff.by,
                "detail": signoff.remark,
            }
            for signoff in signoffs
        ],
        go_on=unfinished[0] if writes and unfinished else None,
        can=[move for move in moves if move.ok],
        cannot=[move for move in moves if not move.ok],
        submissions=list(pilot.submissions.order_by("-version")),
        timeline=queries.timeline_of(pilot),
        **size_of(pilot),
    )


class HandInPage(PilotVerbPage):
    verb = actions.hand_in
    form_class = RemarkForm
    part = "check"
    explain = gettext_lazy(
        "自查全部通过后送本单位审核人。送审之后内容锁定；要改，先由审核人、签发人或经办人退回修改。"
    )
    done = gettext_lazy("已送审")

    def get_context(self) -> dict[str, Any]:
        context = super().get_context()
        errors = [finding for finding in context["findings"] if finding.level == "error"]
        return {**context, "blocking": errors if self.object.stage == Pilot.Stage.DRAFTING else []}


class PassReviewPage(PilotVerbPage):
    verb = actions.pass_review
    form_class = RemarkForm
    explain = gettext_lazy("核对全部内容后送签发人。内容有问题的，请改用“退回修改”。")
    done = gettext_lazy("审核已通过，送签发人")


class ReturnPage(PilotVerbPage):
    verb = actions.return_for_changes
    form_class = ReturnForm
    explain = gettext_lazy("退回后回到“编制中”，经办人按意见修改，再重新送审；已有的签发随之失效。")
    done = gettext_lazy("已退回修改")
    danger = True


class SignPage(PilotVerbPage):
    verb = actions.sign
    form_class = SignForm
    explain = gettext_lazy(
        "签发固定内容的指纹（SHA-256），提交的只能是这一版。签发之后由经办人上传盖章页并提交。"
    )
    statement = gettext_lazy("按下按钮即表示：本单位对材料的真实性负责，同意以上述内容申报。")
    done = gettext_lazy("已签发，请上传盖章页后提交")


class ReopenPage(PilotVerbPage):
    verb = actions.reopen
    explain = gettext_lazy(
        "回到“编制中”修改后可以再次提交，形成新版本；在新版本提交之前，已收到的版本一直有效。新版本须重新送审、签发、盖章页核对。"
    )
    done = gettext_lazy("可以修改了；已收到的版本在您再次提交之前一直有效")


class WithdrawPage(PilotVerbPage):
    verb = actions.withdraw
    form_class = WithdrawForm
    explain = gettext_lazy(
        "申报是自愿的。撤回后本项目不再参加评审，不能恢复；已收到的版本留档。需要时可以重新新建申报。"
    )
    confirm = gettext_lazy("撤回后不能恢复，确定撤回？")
    done = gettext_lazy("已撤回申报")
    danger = True
