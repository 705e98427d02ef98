"""What the assessment sends to experts. As with every mail to them, no project and no applicant is named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.mails import SIGNATURE, host_of
from qingyuan.kernel.outbox import Draft, Recipient
from qingyuan.review.models import Assessment
from qingyuan.review.rules.experts import works_on


def reopen_mails(
    assessment: Assessment, *, by: Any, now: datetime, result: Any, reason: str = "", **_rest: Any
) -> list[Draft]:
    """To the expert alone, without the project's name; nothing of a case that the expert may not see any more."""
    del by, now, result
    expert = assessment.assignment.appointment.expert
    user = expert.user
    if not user.email or not works_on.test(user, assessment.assignment):
        return []
    host = host_of(assessment.case.round.call)
    return [
        Draft(
            to=Recipient(user.email, str(user), user.pk),
            subject=_("您的一份评分表已重新开放（{code}）"),
            body=_(
                "{sender}请您修改一份评分并重新提交，请登录清源平台，在“我的评审”中查看。\n理由：{reason}\n\n原来封存的评分照原样留存。"
            )
            + SIGNATURE,
            trusted={"code": expert.code},
            untrusted={"sender": host.name, "reason": reason},
            sender_id=host.pk,
        )
    ]
