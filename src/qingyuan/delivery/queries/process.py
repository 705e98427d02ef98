"""The enterprises of a project one by one: phase, next statutory day, what is amiss. Constant in queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from qingyuan.catalogue.supervision import Supervision, supervision
from qingyuan.delivery.models import PhaseChange, Project, ScopeEnterprise
from qingyuan.kernel import clock
from qingyuan.registry import queries as registry
from qingyuan.registry.duties import Duty, duties, next_day
from qingyuan.registry.models import Enterprise

Phase = ScopeEnterprise.Phase
STATES = ("overdue", "soon", "stalled", "dropped")
"""What the list can be narrowed to, beside the phases."""


@dataclass(frozen=True)
class Line:
    """One enterprise: what the law asks of it by when, and which of STATES it is in."""

    row: ScopeEnterprise
    duties: tuple[Duty, ...]
    states: frozenset[str]

    @property
    def duty(self) -> Duty | None:
        """The nearest statutory day that is not met yet."""
        return next_day(self.duties)


def today() -> date:
    return clock.local(clock.now()).date()


def lines(project: Project, *, on: date | None = None) -> list[Line]:
    """Every enterprise of the project as of a day (three queries)."""
    on = on or today()
    return _lines(project.scope.all(), {project.pk: project}, on=on)


def _lines(scope: QuerySet[ScopeEnterprise], projects: Mapping[Any, Project], *, on: date) -> list[Line]:
    limits = supervision(on=on)
    audits = registry.discharging_days(scope.order_by().values("enterprise"))
    began = (
        PhaseChange.objects.filter(scope_enterprise=OuterRef("pk"), phase__gte=Phase.PREPARATION)
        .order_by()
        .values("scope_enterprise")
        .annotate(first=Min("on"))
        .values("first")
    )
    rows = scope.select_related("enterprise").annotate(began_on=Subquery(began))
    return [
        line_of(row, projects[row.project_id], audits=audits.get(row.enterprise_id, []), on=on, limits=limits)
        for row in rows
    ]


def line_of(
    row: ScopeEnterprise, project: Project, *, audits: Iterable[date], on: date, limits: Supervision
) -> Line:
    """`audits` are the days of those that discharged its duty; `row` carries `began_on`."""
    if row.dropped_on:
        return Line(row, (), frozenset({"dropped"}))
    asked = duties_of(row, audits=audits, on=on)
    duty = next_day(asked)
    states = set()
    if duty and duty.state == "overdue":
        states.add("overdue")
    elif duty and duty.due <= on + timedelta(days=limits.duty_warning_days):
        states.add("soon")
    if row.phase < Phase.CONTINUOUS:
        since = max(row.phase_on or project.started_on, project.started_on)
        if (on - since).days >= limits.enterprise_stalled_days:
            states.add("stalled")
    return Line(row, asked, frozenset(states))


def duties_of(row: ScopeEnterprise, *, audits: Iterable[date], on: date) -> tuple[Duty, ...]:
    """What the law asks of it by when; what this project knows of its beginning counts as its start."""
    one = row.enterprise
    if one.stage != Enterprise.Stage.ACTIVE:
        return ()
    return duties(
        today=on,
        listed=one.listed_on,
        disclosed=one.disclosed_on,
        started=one.started_on or row.began_on,  # type: ignore[attr-defined]
        audits=audits,
    )


def steps(row: ScopeEnterprise, changes: Iterable[PhaseChange]) -> list[dict[str, str]]:
    """The seven phases as steps, each with the day on which it was last entered; `changes` the newest first."""
    entered = {change.phase: change.on for change in reversed(list(changes))}
    found = []
    for phase in Phase:
        if not phase.value:
            continue
        reached = phase.value < row.phase or row.phase == Phase.CONTINUOUS
        state = "done" if reached else "current" if phase.value == row.phase else "todo"
        day = entered.get(phase.value) if state != "todo" else None
        found.append({"title": str(phase.label), "state": state, "detail": f"{day}" if day else ""})
    return found


def narrowed(found: Iterable[Line], *, text: str = "", phase: str = "", state: str = "") -> list[Line]:
    """The lines that fit; dropped enterprises only where they are asked for."""
    text = text.strip().casefold()
    return [
        line
        for line in found
        if (state in line.states if state else "dropped" not in line.states)
        and (not phase or str(line.row.phase) == phase)
        and (not text or text in f"{line.row.name} {line.row.enterprise.credit_code}".casefold())
    ]


def counts(found: Iterable[Line]) -> list[tuple[str, int]]:
    """How many enterprises are where."""
    present = [line for line in found if "dropped" not in line.states]
    phases = Counter(line.row.phase for line in present)
    states = Counter(state for line in present for state in line.states)
    return [
        (_("范围内企业"), len(present)),
        (_("未开始"), phases[Phase.NONE]),
        (_("审核中"), sum(number for phase, number in phases.items() if 0 < phase < Phase.CONTINUOUS)),
        (_("持续清洁生产"), phases[Phase.CONTINUOUS]),
        (_("法定期限已过"), states["overdue"]),
        (_("即将到期"), states["soon"]),
        (_("长期没有进展"), states["stalled"]),
    ]


@dataclass(frozen=True)
class Urgent:
    """Of a project: enterprises past a statutory day, those near one, and the nearest of these days."""

    late: int
    soon: int
    first: date


def urgent(projects: Iterable[Project], *, on: date) -> dict[UUID, Urgent]:
    """By project, those in which a statutory day has passed or is near (three queries for all)."""
    known = {project.pk: project for project in projects}
    found: dict[UUID, Urgent] = {}
    if not known:
        return found
    scope = ScopeEnterprise.objects.filter(project__in=known, dropped_on=None)
    for line in _lines(scope, known, on=on):
        if line.duty is None or not line.states & {"overdue", "soon"}:
            continue
        before = found.get(line.row.project_id, Urgent(0, 0, line.duty.due))
        found[line.row.project_id] = Urgent(
            before.late + ("overdue" in line.states),
            before.soon + ("soon" in line.states),
            min(before.first, line.duty.due),
        )
    return found
