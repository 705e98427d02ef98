"""What 征求意见 sends: the question to the body, the answer to the host; reminders before the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.mails import SIGNATURE, host_of, recipients_of, shown_until
from qingyuan.kernel import clock, reminders
from qingyuan.kernel.outbox import Draft
from qingyuan.kernel.reminders import Due
from qingyuan.people.models import Organisation
from qingyuan.review.models import Case, Consultation


def _to(
    case: Case,
    bodies: list[Organisation],
    *,
    subject: str,
    body: str,
    trusted: dict[str, object],
    sender: Organisation,
    **untrusted: object,
) -> list[Draft]:
    return [
        Draft(
            to=recipient,
            subject=subject,
            body=body + SIGNATURE,
            trusted=trusted,
            untrusted={"title": case.title, "body": reached.name, "sender": sender.name, **untrusted},
            sender_id=sender.pk,
        )
        for reached, recipient in recipients_of(bodies)
    ]


def ask_mails(
    case: Case,
    *,
    by: Any,
    now: datetime,
    result: Any,
    organisation: Organisation | None = None,
    due_on: date | None = None,
    **_rest: Any,
) -> list[Draft]:
    """A body without account hears by letter, not from us."""
    del by, now, result
    if organisation is None:
        return []
    return _to(
        case,
        [organisation],
        subject=_("征求意见：{title}"),
        body=_(
            "{body}：\n\n{sender}就《{title}》征求贵单位意见，请在 {due} 前登录清源平台查看问题和所附材料并答复。"
        ),
        trusted={"due": f"{due_on:%Y-%m-%d}" if due_on else ""},
        sender=host_of(case.round.call),
    )


def answer_mails(one: Consultation, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """To the host, where the asked body itself answered."""
    del by, now, result
    if one.organisation is None:
        return []
    return _to(
        one.case,
        [host_of(one.case.round.call)],
        subject=_("征求意见已有答复：{title}"),
        body=_("{asked}对《{title}》的征求意见已有答复，请登录清源平台查看。"),
        trusted={},
        sender=one.organisation,
        asked=one.body_name,
    )


def withdraw_mails(one: Consultation, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    del by, now, result
    if one.organisation is None:
        return []
    return _to(
        one.case,
        [one.organisation],
        subject=_("征求意见已撤回：{title}"),
        body=_("{body}：\n\n{sender}已撤回就《{title}》提出的征求意见，无需再答复。"),
        trusted={},
        sender=host_of(one.case.round.call),
    )


def due_soon(until: datetime) -> Iterator[Due]:
    """Questions without an answer whose day comes near."""
    waiting = Consultation.objects.filter(
        stage=Consultation.Stage.SENT,
        due_on__lte=clock.local(until).date(),
        due_on__gte=clock.local(clock.now()).date(),
    )
    for one in waiting.select_related("case__round__call__joint_body", "organisation"):
        yield Due(f"consultation/{one.pk}", one.asked_at, one.due_at, partial(_reminder, one))


def _reminder(one: Consultation) -> list[Draft]:
    """The asked body; for one without account the host, which has to ask after the letter."""
    host = host_of(one.case.round.call)
    return _to(
        one.case,
        [one.organisation or host],
        subject=_("征求意见将到期：{title}"),
        body=_("{sender}就《{title}》向{asked}征求意见，还没有答复，期限 {due}。"),
        trusted={"due": shown_until(one.due_at)},
        sender=host,
        asked=one.body_name,
    )


reminders.register(due_soon)
