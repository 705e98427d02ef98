"""Who is in which chapter now. It shows colleagues and never blocks; it is no part of the record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from qingyuan.kernel import clock
from qingyuan.pilots import rules
from qingyuan.pilots.models import Chapter, ChapterPresence, Pilot

EXPIRES = timedelta(seconds=45)
"""Three missed beats: the page was closed, or the network is gone."""


def touch(chapter: Chapter, user: Any) -> None:
    """The user has the chapter open to write in it (one statement)."""
    ChapterPresence.objects.bulk_create(
        [ChapterPresence(chapter=chapter, user=user, seen_at=clock.now())],
        update_conflicts=True,
        unique_fields=["chapter", "user"],
        update_fields=["seen_at"],
    )


def may_be_present(pilot: Pilot, user: Any) -> bool:
    """Readers do not count as writing."""
    return pilot.stage == Pilot.Stage.DRAFTING and rules.can_write.test(user, pilot)


def others(pilot: Pilot, user: Any, *, outline_id: str = "") -> list[ChapterPresence]:
    """Who else writes in this pilot (or one of its chapters) at this moment; the latest first."""
    rows = ChapterPresence.objects.filter(chapter__pilot=pilot, seen_at__gt=clock.now() - EXPIRES)
    if outline_id:
        rows = rows.filter(chapter__outline_id=outline_id)
    return list(rows.exclude(user=user).select_related("user", "chapter").defer("chapter__html"))
