"""What the hand-over of results sends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.mails.letters import letters
from qingyuan.delivery.models import Output
from qingyuan.kernel.outbox import Draft


def handed_in(output: Output, *, by: Any, now: datetime, **_rest: Any) -> list[Draft]:
    """To the department that judges it."""
    del by, now
    project = output.project
    return letters(
        [project.supervisor.host],
        project.applicant,
        subject=_("提交产出成果：{name}"),
        body=_("《{name}》提交了产出成果“{output}”。\n请登录清源平台查看并认可或退回。"),
        name=project.title,
        output=output.title,
    )


def judged(output: Output, *, by: Any, now: datetime, opinion: str = "", **_rest: Any) -> list[Draft]:
    """To the body that carries out the pilot."""
    del by, now
    project = output.project
    return letters(
        [project.applicant],
        project.supervisor.host,
        subject=_("产出成果已审阅：{name}"),
        body=_("《{name}》的产出成果“{output}”已经审阅。\n意见：{opinion}\n结论请登录清源平台查看。"),
        name=project.title,
        output=output.title,
        opinion=opinion or "—",
    )
