"""The one clock. Nothing else in the product asks the system for the time of a decision.

A deadline is an instant (aware, stored in UTC) and is shown in Asia/Shanghai. Tests stop the clock with
`at`; a demo shifts it by `QINGYUAN_CLOCK_OFFSET` seconds so that it stands inside the 2022 schedule.
Sessions, tokens and caches keep the machine's own time: a shifted clock must not extend a sign-in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")
_stopped: datetime | None = None  # one for the process: a live server's threads must see what a test sets


def now() -> datetime:
    """The present instant, aware, in UTC."""
    if _stopped is not None:
        return _stopped
    return datetime.now(UTC) + timedelta(seconds=settings.QINGYUAN_CLOCK_OFFSET)


def local(instant: datetime) -> datetime:
    """The same instant as people in Asia/Shanghai read it."""
    return instant.astimezone(SHANGHAI)


def deadline_parts(instant: datetime) -> tuple[date, str]:
    """Day and time of a deadline as people say them: the first instant of a day is 24:00 of the day before."""
    there = local(instant)
    if (there.hour, there.minute, there.second) == (0, 0, 0):
        return there.date() - timedelta(days=1), "24:00"
    return there.date(), f"{there:%H:%M}"


def is_shifted() -> bool:
    return _stopped is not None or settings.QINGYUAN_CLOCK_OFFSET != 0


@contextmanager
def at(instant: datetime | str) -> Iterator[datetime]:
    """Stop the clock at an instant (ISO text with an offset, or an aware datetime) for tests."""
    global _stopped  # noqa: PLW0603 (the clock is the one piece of global state, and on purpose)
    value = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    if value.tzinfo is None:
        raise ValueError(f"{instant!r} has no zone: a deadline is an instant")
    before, _stopped = _stopped, value.astimezone(UTC)
    try:
        yield _stopped
    finally:
        _stopped = before
