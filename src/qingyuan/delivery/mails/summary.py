"""What summary reports send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.mails.letters import letters
from qingyuan.delivery.models import Summary
from qingyuan.kernel.outbox import Draft


def handed_in(summary: Summary, *, by: Any, now: datetime, **_rest: Any) -> list[Draft]:
    """To the department that takes it."""
    del by, now
    project = summary.project
    return letters(
        [project.supervisor.host],
        project.applicant,
        subject=_("经验总结报告待接收：{name}"),
        body=_("《{name}》提交了经验总结报告。请登录清源平台审阅，接收或者退回修改。"),
        name=project.title,
    )


def returned(summary: Summary, *, by: Any, now: datetime, remark: str = "", **_rest: Any) -> list[Draft]:
    """To the body that wrote it."""
    del by, now
    return _to_writer(
        summary,
        subject=_("经验总结报告退回修改：{name}"),
        body=_("《{name}》的经验总结报告退回修改。\n意见：{words}\n详情请登录清源平台查看。"),
        words=remark,
    )


def accepted(summary: Summary, *, by: Any, now: datetime, opinion: str = "", **_rest: Any) -> list[Draft]:
    """To the body that wrote it."""
    del by, now
    return _to_writer(
        summary,
        subject=_("经验总结报告已接收：{name}"),
        body=_("《{name}》的经验总结报告已接收。\n意见：{words}"),
        words=opinion,
    )


def _to_writer(summary: Summary, *, subject: str, body: str, words: str) -> list[Draft]:
    project = summary.project
    return letters(
        [project.applicant],
        project.supervisor.host,
        subject=subject,
        body=body,
        name=project.title,
        words=words or "—",
    )
