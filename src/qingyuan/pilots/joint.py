"""The joint organisation of a pilot in a region or basin, as data of the snapshot."""

from __future__ import annotations

from typing import Any

from qingyuan.pilots.models import Pilot

FORMS = {"region", "basin"}


def is_joint(pilot: Pilot) -> bool:
    """Is the pilot's category one whose object reaches over several places?"""
    return any(form.kind in FORMS for form in pilot.category.forms)


def data_of(pilot: Pilot) -> dict[str, Any] | None:
    """What the snapshot keeps, or None where nothing was filled in (two queries, none in other categories)."""
    if not is_joint(pilot):
        return None
    parties = [
        {"part": party.part, "name": party.name, "duties": party.duties} for party in pilot.parties.all()
    ]
    meetings = [
        {"held_on": meeting.held_on.isoformat(), "topic": meeting.topic, "outcome": meeting.outcome}
        for meeting in pilot.meetings.all()
    ]
    return {"parties": parties, "meetings": meetings} if parties or meetings else None
