"""What changes of the baseline send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.mails.letters import letters
from qingyuan.delivery.models import ChangeRequest, Project
from qingyuan.kernel.outbox import Draft


def asked(project: Project, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """To the department that decides."""
    del by, now
    if result is None:
        return []
    return letters(
        [project.supervisor.host],
        project.applicant,
        subject=_("申请变更：{name}"),
        body=_("《{name}》申请变更{kind}。\n理由：{reason}\n请登录清源平台审批；批准之前仍按原基线考核。"),
        trusted={"kind": result.get_kind_display()},
        name=project.title,
        reason=result.reason,
    )


def decided(change: ChangeRequest, *, by: Any, now: datetime, opinion: str = "", **_rest: Any) -> list[Draft]:
    """To the body that carries out the pilot."""
    del by, now
    project = change.project
    return letters(
        [project.applicant],
        project.supervisor.host,
        subject=_("变更申请已审批：{name}"),
        body=_("《{name}》关于{kind}的变更申请已经审批。\n意见：{opinion}\n详情请登录清源平台查看。"),
        trusted={"kind": change.get_kind_display()},
        name=project.title,
        opinion=opinion or "—",
    )
