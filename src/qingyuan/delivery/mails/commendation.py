"""What commendations send: never a person's name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.mails import shown
from qingyuan.delivery.mails.letters import letters
from qingyuan.delivery.models import Commendation
from qingyuan.kernel.outbox import Draft


def cosign(
    commendation: Commendation, *, by: Any, now: datetime, due_at: datetime | None = None, **_rest: Any
) -> list[Draft]:
    """To the co-signing departments."""
    del by, now
    joint_body = commendation.joint_body
    return letters(
        joint_body.cosigners,
        joint_body.host,
        subject=_("请会签通报表扬：{title}"),
        body=_("{host}拟稿的“{title}”请会签，期限 {due}。请登录清源平台审阅。"),
        trusted={"due": shown(due_at) if due_at else "—"},
        title=commendation.title,
        host=joint_body.host.name,
    )


def issued(commendation: Commendation, *, by: Any, now: datetime, **_rest: Any) -> list[Draft]:
    """To the commended bodies."""
    del by, now
    bodies = {
        one.organisation_id: one.organisation for one in commendation.bodies.select_related("organisation")
    }
    return letters(
        list(bodies.values()),
        commendation.joint_body.host,
        subject=_("通报表扬：{title}"),
        body=_("贵单位列入“{title}”表扬单位名单。名单已在清源平台公布。"),
        title=commendation.title,
    )
