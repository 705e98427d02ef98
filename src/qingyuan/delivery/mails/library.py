"""What the case library sends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.mails.letters import letters
from qingyuan.delivery.models import Practice
from qingyuan.kernel.outbox import Draft


def handed_in(practice: Practice, *, by: Any, now: datetime, **_rest: Any) -> list[Draft]:
    """To the department that publishes."""
    del by, now
    project = practice.project
    return letters(
        [project.supervisor.host],
        project.applicant,
        subject=_("典型案例待发布：{title}"),
        body=_(
            "《{name}》提交了典型案例“{title}”。请登录清源平台，核对将要公开的全部内容后发布，或者退回修改。"
        ),
        title=practice.title,
        name=project.title,
    )


def returned(practice: Practice, *, by: Any, now: datetime, remark: str = "", **_rest: Any) -> list[Draft]:
    """To the body that wrote it."""
    del by, now
    return _to_writer(
        practice,
        subject=_("典型案例退回修改：{title}"),
        body=_("典型案例“{title}”退回修改。\n意见：{words}\n详情请登录清源平台查看。"),
        words=remark,
    )


def published(practice: Practice, *, by: Any, now: datetime, **_rest: Any) -> list[Draft]:
    """To the body that wrote it."""
    del by, now
    return _to_writer(
        practice,
        subject=_("典型案例已发布：{title}"),
        body=_("典型案例“{title}”已在案例库公开发布；标为商业秘密的内容没有公开。"),
    )


def withdrawn(practice: Practice, *, by: Any, now: datetime, reason: str = "", **_rest: Any) -> list[Draft]:
    """To the body that wrote it."""
    del by, now
    return _to_writer(
        practice,
        subject=_("典型案例已撤下：{title}"),
        body=_("典型案例“{title}”已从公开的案例库撤下。\n理由：{words}"),
        words=reason,
    )


def _to_writer(practice: Practice, *, subject: str, body: str, words: str = "") -> list[Draft]:
    project = practice.project
    return letters(
        [project.applicant],
        project.supervisor.host,
        subject=subject,
        body=body,
        title=practice.title,
        words=words or "—",
    )
