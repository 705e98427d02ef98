"""Applicants hear of changes to their call."""

from __future__ import annotations

from collections.abc import Iterable

from qingyuan.calls import participants
from qingyuan.calls.models import Call
from qingyuan.people.models import Organisation
from qingyuan.pilots.models import Pilot


def applicants(call: Call) -> Iterable[Organisation]:
    return (
        Organisation.objects.filter(pilots__call=call).exclude(pilots__stage=Pilot.Stage.WITHDRAWN).distinct()
    )


participants.register(applicants)
