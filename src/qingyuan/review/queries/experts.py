"""Reads about the experts of a round: who is asked, who is loaded how, which cases lack whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from qingyuan.kernel import clock
from qingyuan.people.models import Expert
from qingyuan.people.pool import wording
from qingyuan.people.pool.rules import visible_experts
from qingyuan.review.conflicts import Conflict, conflicts, party_names
from qingyuan.review.models import Appointment, Assignment, Case, Round
from qingyuan.review.queries.assigning import ready_appointments, sectors_of

TONES: dict[str, str] = {
    Appointment.Stage.INVITED: "warn",
    Appointment.Stage.ACCEPTED: "good",
    Appointment.Stage.DECLINED: "neutral",
    Appointment.Stage.RELEASED: "neutral",
}
WORK_TONES: dict[str, str] = {
    Assignment.Stage.ASSIGNED: "info",
    Assignment.Stage.STARTED: "warn",
    Assignment.Stage.SUBMITTED: "good",
    Assignment.Stage.RECUSED: "bad",
    Assignment.Stage.REPLACED: "neutral",
}


def appointments(round_: Round) -> QuerySet[Appointment]:
    """All experts asked for a round with the load of each: open, submitted, overdue, reserve (one query)."""
    standing = ~Q(assignments__stage__in=Assignment.ENDED)
    working = standing & Q(assignments__is_reserve=False)
    submitted = Q(assignments__stage=Assignment.Stage.SUBMITTED)
    return (
        Appointment.objects.filter(round=round_)
        .select_related("expert__user", "expert__employer")
        .annotate(
            total=Count("assignments", filter=working),
            submitted=Count("assignments", filter=submitted),
            overdue=Count(
                "assignments", filter=working & ~submitted & Q(assignments__due_at__lt=clock.now())
            ),
            spare=Count("assignments", filter=standing & Q(assignments__is_reserve=True)),
        )
        .order_by("expert__code")
    )


def invitable(round_: Round, user: Any) -> list[tuple[Any, str]]:
    """Experts who may be asked: (id, code with fields and employer)."""
    asked = Appointment.objects.filter(
        round=round_, stage__in=[Appointment.Stage.INVITED, Appointment.Stage.ACCEPTED]
    )
    found = (
        Expert.objects.filter(visible_experts(user), stage=Expert.Stage.ACTIVE)
        .exclude(pk__in=asked.values("expert"))
        .select_related("user", "employer")
        .order_by("code")
    )
    return [(expert.pk, expert_label(expert)) for expert in found]


def expert_label(expert: Expert) -> str:
    known = wording.titles(expert.fields, wording.sector_titles())
    return "　".join(part for part in (f"{expert.code} {expert.user}", expert.employer_label, known) if part)


def parties_for(appointment: Appointment) -> list[str]:
    """The bodies about which an expert is asked before any file: none of a case that is barred already."""
    cases = list(
        Case.objects.filter(round=appointment.round_id, stage__in=Case.ASSIGNABLE).order_by("number")
    )
    declared = {one.body_name for one in appointment.declared.all()}
    barred = {
        pair[0]: reasons
        for pair, reasons in conflicts(appointment.round, cases, [appointment.expert]).items()
    }
    names: set[str] = set()
    for pk, parties in party_names(cases).items():
        # A case that is barred for the expert's own declaration stays in the list: else it could not be taken back.
        if all(conflict.kind == "declared" for conflict in barred.get(pk, ())):
            names |= set(parties)
    return sorted(names | (declared & names))


@dataclass(frozen=True)
class Candidate:
    """An expert for one case: fit or why not."""

    appointment: Appointment
    load: int
    covers: bool
    conflicts: list[Conflict]
    is_full: bool

    @property
    def is_fit(self) -> bool:
        return not self.conflicts and not self.is_full


def candidates(case: Case) -> list[Candidate]:
    """The ready experts for a case, the fit ones first: of the field, then by load."""
    round_ = case.round
    ready = ready_appointments(round_)
    taken = set(Assignment.standing().filter(case=case).values_list("appointment_id", flat=True))
    ready = [one for one in ready if one.pk not in taken]
    barred = conflicts(round_, [case], [one.expert for one in ready])
    rows = Assignment.standing().filter(appointment__round=round_, is_reserve=False)
    load = Counter(rows.values_list("appointment_id", flat=True))
    sectors = sectors_of([case])[case.pk]
    found = [
        Candidate(
            appointment=one,
            load=load[one.pk],
            covers=bool(sectors & set(one.expert.fields)) or case.category_id in one.expert.categories,
            conflicts=barred.get((case.pk, one.expert_id), []),
            is_full=load[one.pk] >= round_.cap_per_expert,
        )
        for one in ready
    ]
    return sorted(
        found, key=lambda one: (not one.is_fit, not one.covers, one.load, one.appointment.expert.code)
    )


def assignments(case: Case) -> list[tuple[Assignment, str, list[Conflict]]]:
    """All assignments of a case, the ended ones last, with tone and conflicts that came to light."""
    rows = list(
        Assignment.objects.filter(case=case).select_related(
            "appointment__expert__user", "appointment__expert__employer"
        )
    )
    barred = conflicts(case.round, [case], [one.appointment.expert for one in rows])
    rows.sort(key=lambda one: (not one.is_standing, one.is_reserve, one.assigned_at))
    return [
        (
            one,
            WORK_TONES[one.stage],
            barred.get((case.pk, one.appointment.expert_id), []) if one.is_standing else [],
        )
        for one in rows
    ]


@dataclass(frozen=True)
class MatrixRow:
    case: Case
    given: list[Assignment]
    barred: list[tuple[Appointment, list[Conflict]]]
    broken: list[Appointment]
    """Experts who hold the case and must not."""
    free: int
    covering: int


def matrix(round_: Round, cases: Sequence[Case]) -> list[MatrixRow]:
    """For a page of cases: who is barred and why, who is left, who covers the field (a fixed number of queries)."""
    ready = ready_appointments(round_)
    barred = conflicts(round_, cases, [one.expert for one in ready])
    sectors = sectors_of(list(cases))
    given: dict[Any, list[Assignment]] = {}
    rows = Assignment.standing().filter(case__in=[case.pk for case in cases])
    for one in rows.select_related("appointment__expert").order_by("is_reserve", "appointment__expert__code"):
        given.setdefault(one.case_id, []).append(one)
    found = []
    for case in cases:
        mine = given.get(case.pk, [])
        out = [(one, barred[case.pk, one.expert_id]) for one in ready if (case.pk, one.expert_id) in barred]
        stopped = {one.pk for one, _why in out}
        free = [one for one in ready if one.pk not in stopped]
        found.append(
            MatrixRow(
                case=case,
                given=mine,
                barred=out,
                broken=[one.appointment for one in mine if one.appointment_id in stopped],
                free=len(free),
                covering=sum(
                    bool(sectors[case.pk] & set(one.expert.fields))
                    or case.category_id in one.expert.categories
                    for one in free
                ),
            )
        )
    return found


def short_of_experts(round_: Round) -> int:
    """Cases under assessment with fewer standing experts than the round asks for (one query)."""
    standing = ~Q(assignments__stage__in=Assignment.ENDED) & Q(
        assignments__is_reserve=False, assignments__isnull=False
    )
    return (
        Case.objects.filter(round=round_, stage=Case.Stage.ASSESSMENT)
        .annotate(held=Count("assignments", filter=standing))
        .filter(held__lt=round_.experts_per_case)
        .count()
    )
