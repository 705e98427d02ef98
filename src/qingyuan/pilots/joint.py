"""The joint organisation of a pilot in a region or basin: as data of the snapshot, and what the check says of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import checks
from qingyuan.kernel.checks import Finding
from qingyuan.pilots.models import Attachment, Pilot

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


def check_joint(pilot: Pilot) -> Iterator[Finding]:
    """Joint work of several governments is what the category is about; one body may still carry a basin alone."""
    if not is_joint(pilot):
        return
    url, clause = reverse("pilots:joint", args=[pilot.pk]), pilot.category.clause
    if not pilot.parties.exists():
        yield Finding("warning", _("尚未填写协同组织（牵头和参与的政府、分工）"), url, clause, "object")
    elif not pilot.attachments.filter(purpose=Attachment.Purpose.AGREEMENT).exists():
        yield Finding("warning", _("尚未上传协同审核的协议"), url, clause, "object")


checks.register("pilot", check_joint)
