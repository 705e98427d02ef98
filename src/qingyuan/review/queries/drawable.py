"""Which experts can be drawn: of the pool that this round may use, and none who would have to stand back."""

from __future__ import annotations

from dataclasses import dataclass

from qingyuan.people.models import Expert
from qingyuan.people.pool.rules import STATE
from qingyuan.review.conflicts import conflicts
from qingyuan.review.models import Appointment, Case, Round


@dataclass(frozen=True)
class Drawable:
    """The experts in the order of their codes, and how many others stay out for a conflict (their codes are not told)."""

    experts: list[Expert]
    barred: int


def drawable(round_: Round, case: Case | None = None) -> Drawable:
    """Active experts not yet appointed for the round and free of conflict with `case`; without a case, with at least one
    case of the round (a fixed number of queries).
    """
    members = {part.organisation_id for part in round_.joint_body.seats}
    appointed = [Appointment.Stage.INVITED, Appointment.Stage.ACCEPTED]
    found = (
        Expert.objects.filter(stage=Expert.Stage.ACTIVE)
        .exclude(appointments__in=Appointment.objects.filter(round=round_, stage__in=appointed))
        .select_related("keeper", "employer")
        .order_by("code")
    )
    region = round_.joint_body.region_code
    usable = [
        one
        for one in found
        if round_.is_state
        or one.keeper is None
        or one.keeper_id in members
        or one.keeper.kind in STATE
        or one.keeper.region_code == region
    ]
    cases = [case] if case else list(Case.objects.filter(round=round_, stage__in=Case.ASSIGNABLE))
    barred = conflicts(round_, cases, usable)
    free = [one for one in usable if not cases or any((given.pk, one.pk) not in barred for given in cases)]
    return Drawable(free, len(usable) - len(free))
