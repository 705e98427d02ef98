"""What the kick-off sends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.mails.letters import letters
from qingyuan.delivery.models import Project
from qingyuan.kernel.outbox import Draft
from qingyuan.review.models import Case


def started(case: Case, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """The departments that follow the work learn that it has begun."""
    del by, now
    if result is None:
        return []
    supervisor = result.supervisor
    return letters(
        [supervisor.host, *supervisor.cosigners],
        result.applicant,
        subject=_("试点已启动：{name}"),
        body=_("《{name}》已于 {day} 启动，实施期限至 {end}。基线和范围内企业请登录清源平台查看。"),
        trusted={"day": f"{result.started_on:%Y-%m-%d}", "end": f"{result.term_end:%Y-%m-%d}"},
        name=case.title,
    )


def stopped(project: Project, *, by: Any, now: datetime, reason: str = "", **_rest: Any) -> list[Draft]:
    """To the body that carried out the pilot."""
    del by, now
    return letters(
        [project.applicant],
        project.supervisor.host,
        subject=_("试点终止实施：{name}"),
        body=_("《{name}》终止实施。\n理由：{reason}\n详情请登录清源平台查看。"),
        name=project.title,
        reason=reason or "—",
    )
