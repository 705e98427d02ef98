"""What the host is reminded of by mail: periods that end soon, objections whose answer comes due. Never who objected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from qingyuan.calls.mails import host_of, shown_until
from qingyuan.kernel import clock, reminders
from qingyuan.kernel.outbox import Draft
from qingyuan.kernel.reminders import Due
from qingyuan.people.models import JointMember
from qingyuan.review.decisions_mails import bodies_of, letters
from qingyuan.review.models import Objection, Publicity
from qingyuan.review.queries.publicity import RELATED


def ending(until: datetime) -> Iterator[Due]:
    """Open periods: the host makes ready to close and release."""
    found = Publicity.objects.filter(
        stage=Publicity.Stage.OPEN, ends_at__gt=clock.now(), ends_at__lte=until
    ).select_related(*RELATED)
    for one in found:
        yield Due(f"publicity/{one.pk}", one.starts_at, one.ends_at, partial(_ending, one))


def unsettled(until: datetime) -> Iterator[Due]:
    """Objections without an answer, of stopped periods too."""
    found = Objection.objects.filter(
        stage=Objection.Stage.REGISTERED, due_at__gt=clock.now(), due_at__lte=until
    ).select_related(*(f"publicity__{name}" for name in RELATED))
    for one in found:
        yield Due(f"objection/{one.pk}", one.received_at, one.due_at, partial(_unsettled, one))


def _to_host(publicity: Publicity, *, subject: str, body: str, due: datetime) -> list[Draft]:
    decision = publicity.decision
    return letters(
        bodies_of(decision, JointMember.Part.HOST),
        host_of(decision.round.call),
        subject=subject,
        body=body,
        trusted={"due": shown_until(due)},
        title=str(decision),
    )


def _ending(one: Publicity) -> list[Draft]:
    return _to_host(
        one,
        subject=_("公示将期满：{title}"),
        body=_("《{title}》的公示将于 {due} 期满。期满后请办结异议、结束公示。"),
        due=one.ends_at,
    )


def _unsettled(one: Objection) -> list[Draft]:
    return _to_host(
        one.publicity,
        subject=_("异议答复将到期：{title}"),
        body=_("《{title}》公示期间收到的一件异议须在 {due} 前答复。请登录清源平台办理。"),
        due=one.due_at,
    )


reminders.register(ending)
reminders.register(unsettled)
