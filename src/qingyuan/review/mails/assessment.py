"""What the assessment sends to experts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.mails import SIGNATURE, host_of
from qingyuan.kernel.outbox import Draft, Recipient
from qingyuan.review.models import Assessment


def reopen_mails(
    assessment: Assessment, *, by: Any, now: datetime, result: Any, reason: str = "", **_rest: Any
) -> list[Draft]:
    """To the expert alone: others do not learn of it by mail."""
    del by, now, result
    user = assessment.assignment.appointment.expert.user
    if not user.email:
        return []
    host = host_of(assessment.case.round.call)
    return [
        Draft(
            to=Recipient(user.email, str(user), user.pk),
            subject=_("评分表已重新开放：{name}"),
            body=_(
                "{sender}请您修改《{name}》的评分并重新提交。\n理由：{reason}\n\n原来封存的评分照原样留存。"
            )
            + SIGNATURE,
            trusted={},
            untrusted={"name": assessment.case.title, "sender": host.name, "reason": reason},
            sender_id=host.pk,
        )
    ]
