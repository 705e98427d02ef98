"""The automatic assignment as a dry run: what would change, why, and the proof that nothing better exists."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.people.models import Expert
from qingyuan.review.conflicts import Conflict, Pair, conflicts
from qingyuan.review.models import Appointment, Assignment, Case, Round
from qingyuan.review.queries.drawable import drawable
from qingyuan.review.sealed_parts import parts_of

if TYPE_CHECKING:
    from qingyuan.engine.assignment import Assignment as Solution


@dataclass(frozen=True)
class Ground:
    """What an assignment of a round is decided from."""

    round: Round
    cases: list[Case]
    appointments: list[Appointment]
    """Ready, active, in the order of their codes; reserves apart."""
    standing: dict[Pair, Assignment]
    """(case id, appointment id) -> the assignment that holds, reserves left out."""
    barred: dict[Pair, list[Conflict]]
    """(case id, expert id) -> why."""
    sectors: dict[uuid.UUID, frozenset[str]]

    def covers(self, case: Case, appointment: Appointment) -> bool:
        """Does the expert know a sector of the case, or its category?"""
        expert = appointment.expert
        return bool(self.sectors[case.pk] & set(expert.fields)) or case.category_id in expert.categories


def ready_appointments(round_: Round) -> list[Appointment]:
    return list(
        Appointment.objects.filter(
            round=round_,
            stage=Appointment.Stage.ACCEPTED,
            declared_at__isnull=False,
            expert__stage=Expert.Stage.ACTIVE,
        )
        .select_related("expert__user", "expert__employer")
        .order_by("expert__code")
    )


def ground_of(round_: Round, *, cases: list[Case] | None = None) -> Ground:
    """Everything in a fixed number of queries, however many cases and experts there are."""
    if cases is None:
        cases = list(Case.objects.filter(round=round_, stage__in=Case.ASSIGNABLE).order_by("number"))
    for case in cases:
        case.round = round_
    appointments = [one for one in ready_appointments(round_) if not one.is_reserve]
    rows = Assignment.standing().filter(appointment__round=round_, is_reserve=False)
    return Ground(
        round=round_,
        cases=cases,
        appointments=appointments,
        standing={
            (one.case_id, one.appointment_id): one
            for one in rows.select_related("appointment__expert", "case")
        },
        barred=conflicts(round_, cases, [one.expert for one in appointments]),
        sectors=sectors_of(cases),
    )


def sectors_of(cases: list[Case]) -> dict[uuid.UUID, frozenset[str]]:
    """The sectors of each case as sealed; of an imported case none are known (one query)."""
    sealed = parts_of(cases, "sectors")
    return {case.pk: frozenset(sealed.get(case.pk, {}).get("sectors") or ()) for case in cases}


@dataclass(frozen=True)
class LoadRow:
    appointment: Appointment
    before: int
    after: int

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class Gap:
    """A case that the plan leaves short or without an expert of its field, with the numbers that say why."""

    case: Case
    missing: int
    uncovered: bool
    in_conflict: int
    of_the_field: int
    """Experts of the field who are free of conflict."""
    reasons: list[str]


@dataclass(frozen=True)
class Plan:
    """A dry run. `pairs` is what `round.assign_all` takes; nothing is written yet."""

    ground: Ground
    solution: Solution

    @cached_property
    def pairs(self) -> list[Pair]:
        return [
            (case.pk, one.pk)
            for row, case in enumerate(self.ground.cases)
            for column, one in enumerate(self.ground.appointments)
            if self.solution.pairs[row, column]
        ]

    @property
    def digest(self) -> str:
        """What was shown: the pairs, and what stood when they were found."""
        shown = [
            sorted([str(case), str(one)] for case, one in self.pairs),
            sorted(str(one.pk) + one.stage for one in self.ground.standing.values()),
        ]
        return sha256_hex(canonical_bytes(shown))

    @cached_property
    def gains(self) -> list[tuple[Case, Appointment]]:
        cases = {case.pk: case for case in self.ground.cases}
        found = {one.pk: one for one in self.ground.appointments}
        return [
            (cases[case], found[one]) for case, one in self.pairs if (case, one) not in self.ground.standing
        ]

    @cached_property
    def losses(self) -> list[Assignment]:
        kept = set(self.pairs)
        return [
            one
            for pair, one in self.ground.standing.items()
            if pair not in kept and one.stage == Assignment.Stage.ASSIGNED
        ]

    @cached_property
    def unchanged(self) -> int:
        return len(self.ground.standing) - len(self.losses)

    @cached_property
    def loads(self) -> list[LoadRow]:
        before = Counter(one for _case, one in self.ground.standing)
        after = before.copy()
        after.update(one.pk for _case, one in self.gains)
        after.subtract(one.appointment_id for one in self.losses)
        return [LoadRow(one, before[one.pk], after[one.pk]) for one in self.ground.appointments]

    @cached_property
    def gaps(self) -> list[Gap]:
        """Cases that are short or uncovered (in their order)."""
        found = []
        for row, case in enumerate(self.ground.cases):
            missing, uncovered = int(self.solution.short[row]), bool(self.solution.uncovered[row])
            if not missing and not uncovered:
                continue
            conflicting = sum(
                (case.pk, one.expert_id) in self.ground.barred for one in self.ground.appointments
            )
            fitting = sum(
                self.ground.covers(case, one) and (case.pk, one.expert_id) not in self.ground.barred
                for one in self.ground.appointments
            )
            found.append(
                Gap(
                    case=case,
                    missing=missing,
                    uncovered=uncovered,
                    in_conflict=conflicting,
                    of_the_field=fitting,
                    reasons=self._why(row, missing=missing, uncovered=uncovered, fitting=fitting),
                )
            )
        return found

    def _why(self, row: int, *, missing: int, uncovered: bool, fitting: int) -> list[str]:
        reasons = []
        if missing:
            lack = next(one for one in self.solution.lacks if row in one.projects)
            reasons.append(
                _(
                    "%(projects)d 个项目只能由 %(experts)d 位专家评审，需要 %(wanted)d 人次，最多能安排 %(filled)d 人次"
                )
                % {
                    "projects": len(lack.projects),
                    "experts": len(lack.experts),
                    "wanted": lack.wanted,
                    "filled": lack.filled,
                }
            )
        if uncovered:
            reasons.append(
                _("本领域的 %d 位专家都已排满") % fitting if fitting else _("没有不需回避的本领域专家")
            )
        return reasons


def plan(round_: Round) -> Plan:
    """Compute the dry run; a thousand cases with three hundred experts take under a second."""
    import numpy as np

    from qingyuan.engine.assignment import Task, assign

    ground = ground_of(round_)
    shape = (len(ground.cases), len(ground.appointments))
    allowed, covers = np.ones(shape, bool), np.zeros(shape, bool)
    fixed, kept = np.zeros(shape, bool), np.zeros(shape, bool)
    held_outside = Counter[uuid.UUID]()
    place = {one.pk: column for column, one in enumerate(ground.appointments)}
    rows = {case.pk: row for row, case in enumerate(ground.cases)}
    for row, case in enumerate(ground.cases):
        for column, one in enumerate(ground.appointments):
            allowed[row, column] = (case.pk, one.expert_id) not in ground.barred
            covers[row, column] = ground.covers(case, one)
    needs = np.full(shape[0], round_.experts_per_case)
    for (case_id, appointment_id), held in ground.standing.items():
        movable = held.stage == Assignment.Stage.ASSIGNED
        if case_id in rows and appointment_id in place:
            (kept if movable else fixed)[rows[case_id], place[appointment_id]] = True
        elif case_id in rows and not movable:
            needs[rows[case_id]] = max(0, needs[rows[case_id]] - 1)  # by an expert who takes no new work
        elif appointment_id in place:
            held_outside[appointment_id] += 1  # of a case that is decided already
    caps = [max(0, round_.cap_per_expert - held_outside[one.pk]) for one in ground.appointments]
    task = Task.of(needs=needs, caps=caps, allowed=allowed, covers=covers, fixed=fixed, kept=kept)
    return Plan(ground, assign(task))


def candidates_for(round_: Round, case: Case | None = None) -> list[str]:
    """Codes of the experts who may be drawn: active and not yet appointed for the round, free of conflict with `case`
    (without a case: with at least one case of the round).
    """
    return [one.code for one in drawable(round_, case).experts]
