"""What a draw sends: only to those who take part in it, and never who was drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.mails import SIGNATURE, host_of, recipients_of, shown
from qingyuan.kernel.outbox import Draft, Recipient
from qingyuan.review.models import Draw, Round


def announced(round_: Round, *, by: Any, now: datetime, result: Draw | None, **_rest: Any) -> list[Draft]:
    """To the co-signing departments and the person who watches."""
    del by, now
    if result is None:
        return []
    to = [recipient for _body, recipient in recipients_of(round_.joint_body.cosigners)]
    if result.supervisor.email:
        to.append(Recipient(result.supervisor.email, str(result.supervisor), result.supervisor_id))
    return [
        _draft(
            round_,
            one,
            subject=_("随机抽取已公告，请承诺和监督"),
            body=_(
                "《{title}》评审的随机抽取已公告。会签单位的承诺须在 {at} 之前作出；监督人员请届时登录签到。{at} 起揭示，{until} 截止。"
            ),
            trusted={"at": shown(result.public_at), "until": shown(result.reveal_by)},
        )
        for one in to
    ]


def drawn(draw: Draw, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """To the person who watches: done, and where to look."""
    del by, now, result
    if not draw.supervisor.email:
        return []
    to = Recipient(draw.supervisor.email, str(draw.supervisor), draw.supervisor_id)
    return [
        _draft(
            draw.round,
            to,
            subject=_("随机抽取已完成"),
            body=_("《{title}》评审的随机抽取已完成，请登录清源平台核对结果。"),
            trusted={},
        )
    ]


def _draft(round_: Round, to: Recipient, *, subject: str, body: str, trusted: dict[str, object]) -> Draft:
    return Draft(
        to=to,
        subject=subject,
        body=body + SIGNATURE,
        trusted=trusted,
        untrusted={"title": round_.call.title},
        sender_id=host_of(round_.call).pk,
    )
