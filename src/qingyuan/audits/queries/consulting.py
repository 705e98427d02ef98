"""The pilots for which a support unit works, each with what waits there: as many queries for fifty as for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from qingyuan.audits.models import Dataset, EnterpriseSheet, FigureQuestion, Run, Scheme
from qingyuan.kernel import clock
from qingyuan.people.models import Authorisation, Kind
from qingyuan.pilots.models import Pilot

SOON = timedelta(days=14)


@dataclass(kw_only=True)
class Line:
    """One pilot. Dates are the nearest that wait; None where nothing does."""

    pilot: Pilot
    scope: str = ""
    until: date | None = None
    """The last day of the authorisation."""
    ends_soon: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    due: date | None = None

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < clock.local(clock.now()).date()


def pilots(user: Any) -> QuerySet[Pilot]:
    """Of the applicants that authorised the person's unit, as of today."""
    return (
        Pilot.objects.filter(applicant__in=list(user.standing.authorised))
        .exclude(stage=Pilot.Stage.WITHDRAWN)
        .select_related("applicant", "call")
        .order_by("-created_at", "pk")
    )


def lines(user: Any, found: Iterable[Pilot]) -> list[Line]:
    """Five queries for the pilots of a page."""
    made = {one.pk: Line(pilot=one) for one in found}
    today = clock.local(clock.now()).date()
    units = [body.pk for body in user.standing.in_kinds({Kind.SERVICE})]
    given: dict[Any, Authorisation] = {}
    for one in Authorisation.objects.filter(
        service_body__in=units,
        applicant__in={line.pilot.applicant_id for line in made.values()},
        stage=Authorisation.Stage.ACTIVE,
        valid_from__lte=today,
        valid_until__gte=today,
    ).order_by("valid_until"):
        given[one.applicant_id] = one  # the one that lasts longest stands
    for line in made.values():
        if (held := given.get(line.pilot.applicant_id)) is not None:
            line.scope, line.until = str(held.get_scope_display()), held.valid_until
            line.ends_soon = held.valid_until <= today + SOON
    sheets = EnterpriseSheet.objects.filter(
        dataset__pilot__in=made, stage=EnterpriseSheet.Stage.INVITED, dataset__stage=Dataset.Stage.COLLECTING
    )
    _count(made, "sheets", sheets, by="dataset__pilot", due="due_on")
    questions = FigureQuestion.objects.filter(dataset__pilot__in=made).exclude(stage="settled")
    _count(made, "questions", questions, by="dataset__pilot")
    runs = Run.objects.filter(dataset__pilot__in=made).filter(
        Q(stage__in=Run.OPEN) | Q(stage=Run.Stage.FAILED, asked_at__gte=clock.now() - SOON)
    )
    _count(made, "runs", runs, by="dataset__pilot")
    due = Scheme.objects.filter(
        pilot__in=made, stage__in=[Scheme.Stage.CONFIRMED, Scheme.Stage.RUNNING], due_on__lte=today + SOON
    )
    _count(made, "schemes", due, by="pilot", due="due_on")
    return list(made.values())


def _count(made: dict[Any, Line], name: str, rows: QuerySet[Any], *, by: str, due: str = "") -> None:
    """How many rows each pilot has, and the nearest of their dates."""
    nearest = {"first": Min(due)} if due else {}
    row: Any
    for row in rows.order_by().values(by).annotate(n=Count("pk"), **nearest):
        line = made[row[by]]
        line.counts[name] = row["n"]
        first = row.get("first")
        if first is not None and (line.due is None or first < line.due):
            line.due = first
