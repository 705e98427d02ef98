"""What evaluation and acceptance sends on its way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.mails.letters import letters
from qingyuan.delivery.models import AcceptanceFiling, Project, Rectification
from qingyuan.kernel.outbox import Draft


def handed_in(project: Project, *, by: Any, now: datetime, **_rest: Any) -> list[Draft]:
    """To the departments that evaluate; the province's host learns of it too."""
    del by, now
    organiser = project.case.round.joint_body
    bodies = {body.pk: body for body in (organiser.host, *organiser.cosigners, project.supervisor.host)}
    return letters(
        list(bodies.values()),
        project.applicant,
        subject=_("提交验收材料：{name}"),
        body=_("《{name}》已完成实施，提交评估验收。请登录清源平台查看和接收。"),
        name=project.title,
    )


def taken_in(filing: AcceptanceFiling, *, by: Any, now: datetime, **_rest: Any) -> list[Draft]:
    del by, now
    return _to_applicant(
        filing.project, _("验收材料已接收：{name}"), _("《{name}》的验收材料已接收，进入评估验收。")
    )


def sent_back(
    filing: AcceptanceFiling, *, by: Any, now: datetime, reason: str = "", **_rest: Any
) -> list[Draft]:
    del by, now
    return _to_applicant(
        filing.project,
        _("验收材料退回：{name}"),
        _("《{name}》的验收材料已退回，请补齐后重新提交。\n理由：{reason}"),
        reason=reason or "—",
    )


def rectification_answered(
    rectification: Rectification, *, by: Any, now: datetime, **_rest: Any
) -> list[Draft]:
    """To the department that verifies."""
    del by, now
    project = rectification.project
    return letters(
        [project.case.round.joint_body.host],
        project.applicant,
        subject=_("整改答复：{name}"),
        body=_("《{name}》已逐条答复整改要求，请登录清源平台核实。"),
        name=project.title,
    )


def rectification_accepted(
    rectification: Rectification, *, by: Any, now: datetime, **_rest: Any
) -> list[Draft]:
    del by, now
    return _to_applicant(
        rectification.project,
        _("整改核实：{name}"),
        _("《{name}》的整改已核实到位，由两部门会同作出结论。"),
    )


def rectification_sent_back(
    rectification: Rectification, *, by: Any, now: datetime, remark: str = "", **_rest: Any
) -> list[Draft]:
    del by, now
    return _to_applicant(
        rectification.project,
        _("继续整改：{name}"),
        _("《{name}》的整改还不到位，请在新的期限前继续整改。\n理由：{remark}"),
        remark=remark or "—",
    )


def rectification_lapsed(
    rectification: Rectification, *, by: Any, now: datetime, remark: str = "", **_rest: Any
) -> list[Draft]:
    del by, now
    return _to_applicant(
        rectification.project,
        _("整改未完成：{name}"),
        _("《{name}》没有按期完成整改，由两部门会同作出结论。\n说明：{remark}"),
        remark=remark or "—",
    )


def _to_applicant(project: Project, subject: str, body: str, **more: str) -> list[Draft]:
    return letters(
        [project.applicant],
        project.case.round.joint_body.host,
        subject=subject,
        body=body,
        trusted=None,
        name=project.title,
        **more,
    )
