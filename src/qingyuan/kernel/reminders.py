"""Reminders by mail before something is due. Rooms say what is due; each is told once for each lead, never twice.

A reminder changes nothing of the record, so it is no verb and leaves no ledger entry; the outbox keeps it like any mail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from qingyuan.kernel import clock, outbox
from qingyuan.kernel.models import SentReminder

LEADS = (timedelta(days=3), timedelta(days=1))
"""How long before a deadline people are reminded; the nearest one alone where the worker slept through another."""
VERB = "remind"
"""What the outbox shows as the origin of such a mail."""


@dataclass(frozen=True)
class Due:
    """Something that waits for somebody until an instant; `mails` is asked only when it is time to remind."""

    key: str
    since: datetime
    until: datetime
    mails: Callable[[], list[outbox.Draft]]


_sources: list[Callable[[datetime], Iterable[Due]]] = []


def register(source: Callable[[datetime], Iterable[Due]]) -> None:
    """A room's source gets the instant up to which deadlines are wanted."""
    if source not in _sources:
        _sources.append(source)


def lead_of(due: Due, now: datetime) -> timedelta | None:
    """The shortest lead that has begun; None while none has, after the deadline, and where the time given was shorter."""
    if now >= due.until:
        return None
    begun = [lead for lead in LEADS if due.since < due.until - lead <= now]
    return min(begun, default=None)


def send() -> int:
    """Queue what is to be reminded of now; returns how many things that were. Safe to run twice at once."""
    now, told = clock.now(), 0
    for source in _sources:
        for due in source(now + max(LEADS)):
            lead = lead_of(due, now)
            if lead is not None:
                told += _tell(due, lead, now)
    return told


def _tell(due: Due, lead: timedelta, now: datetime) -> bool:
    """In one transaction with its mark: of two workers, the second finds the mark."""
    until = due.until.astimezone(UTC)
    key = f"{due.key}/{until:%Y%m%dT%H%M%SZ}/{lead // timedelta(hours=1)}h"
    with transaction.atomic():
        _mark, is_new = SentReminder.objects.get_or_create(key=key, defaults={"at": now})
        if is_new:
            outbox.queue(due.mails(), verb=VERB, at=now, ledger_seq=None)
    return is_new
