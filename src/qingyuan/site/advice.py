"""What to do next, for somebody for whom nothing waits: an empty to-do list must not be a dead end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qingyuan.calls.models import Call
from qingyuan.kernel.permission import is_operator
from qingyuan.people.models import Kind, Role
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES, PREFECTURE_BUREAUS


@dataclass(frozen=True)
class Advice:
    """`url` and `action` are empty where there is nothing to press yet."""

    title: str
    text: str
    url: str = ""
    action: str = ""


def _url(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def what_next(user: Any, calls: Sequence[Call]) -> Advice:  # noqa: PLR0911 (one answer for each kind of person)
    """The one piece of advice that fits the person's strongest role."""
    if is_operator.test(user):
        return Advice(
            _("没有待办事项"),
            _("平台运维人员登记单位、会同机制和专家，并为单位添加第一位牵头负责人。"),
            _url("people:organisations"),
            _("查看全部单位"),
        )
    standing = user.standing
    if authorities := standing.in_kinds(AUTHORITIES):
        return _for_authority([body.pk for body in authorities], calls)
    applicants = standing.in_kinds(APPLICANTS)
    if any(standing.holds(body.pk, Role.HANDLER, Role.LEAD) for body in applicants):
        return _for_applicant(calls)
    if applicants:
        return Advice(
            _("没有待办事项"),
            _("本单位经办人送审之后，待审核、待签发的申报会出现在这里，并附截止时间。"),
            _url("pilots:list"),
            _("查看本单位的申报"),
        )
    if standing.in_kinds(PREFECTURE_BUREAUS):
        return Advice(
            _("没有待办事项"),
            _(
                "省级通知发布后会出现在“申报通知”中。2022年的通知由申报单位直接报省，贵单位无需转报；贵单位也可以作为市级政府组成部门自行申报。"
            ),
            _url("calls:list"),
            _("查看申报通知"),
        )
    if standing.in_kinds({Kind.SERVICE}):
        return _for_service_body(has_authorisation=bool(standing.authorised))
    if standing.in_kinds({Kind.INSTITUTE}):
        return Advice(
            _("没有待办事项"),
            _("专家请先如实申报利益关系，评审邀请会出现在这里。"),
            _url("people:interests"),
            _("申报利益关系"),
        )
    return Advice(
        _("您的账号还没有加入任何单位"),
        _("请贵单位的牵头负责人在“单位与人员”中按您的邮箱添加您；尚未登记的单位请联系平台运维人员。"),
    )


def _for_authority(bodies: Sequence[object], calls: Sequence[Call]) -> Advice:
    own = [call for call in calls if any(part.organisation_id in bodies for part in call.joint_body.seats)]
    if own:
        return Advice(
            _("没有待办事项"),
            _("申报正在进行。收件登记簿随到随登，列表与导出的表格一致，并列出尚未提交的单位。"),
            _url("pilots:received", own[0].pk),
            _("查看收件情况"),
        )
    return Advice(
        _("没有待办事项"),
        _("现在没有进行中的申报。由主办单位经办人从通知文件准备申报通知，会签单位同意后发布。"),
        _url("calls:list"),
        _("查看申报通知"),
    )


def _for_applicant(calls: Sequence[Call]) -> Advice:
    provincial = [call for call in calls if call.notice.level == "provincial" and call.is_open]
    if provincial:
        return Advice(
            _("可以开始申报了"),
            _("先选类别并写明项目名称；方案大纲、申报条件问卷和目标表随即按通知生成，可以随时保存。"),
            _url("pilots:create", provincial[0].pk),
            _("新建试点申报"),
        )
    return Advice(
        _("没有待办事项"),
        _("现在没有可以申报的通知。新的通知发布后会出现在这里，并发邮件告知发送范围内的单位。"),
        _url("calls:list"),
        _("查看申报通知"),
    )


def _for_service_body(*, has_authorisation: bool) -> Advice:
    if has_authorisation:
        return Advice(
            _("没有待办事项"),
            _("已授权贵单位的申报列在“试点申报”中；送审、签发和提交由申报单位办理。"),
            _url("pilots:list"),
            _("查看可以编写的申报"),
        )
    return Advice(
        _("还没有申报单位授权贵单位"),
        _(
            "由申报单位的牵头负责人或签发人在其“单位与人员”页授权，并写明范围和截止日期；授权之后，其申报会出现在这里。"
        ),
    )
