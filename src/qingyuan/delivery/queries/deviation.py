"""The facts that the rules of deviations need, for one project or many, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from qingyuan.catalogue.supervision import Supervision, supervision
from qingyuan.delivery import deviations
from qingyuan.delivery.deviations import Deviation, Facts, Milestone, Period, Reading, Target
from qingyuan.delivery.models import (
    Baseline,
    DeviationNote,
    PhaseChange,
    Project,
    ReportVersion,
    ScopeEnterprise,
)
from qingyuan.delivery.queries import report as reports
from qingyuan.delivery.queries.report import Slot
from qingyuan.delivery.report import day, number
from qingyuan.kernel import clock


@dataclass(frozen=True)
class Standing:
    """A deviation that stands, with the last word on it; open until a measure with a day to come was named."""

    deviation: Deviation
    note: DeviationNote | None
    is_open: bool
    is_escalated: bool
    """It has stood unexplained for so long that the department is told."""


def standing(projects: Iterable[Project], *, on: date) -> dict[UUID, list[Standing]]:
    """By project, what stands on a day (nine queries for all). `pilot__call` comes with the projects."""
    known = list(projects)
    if not known:
        return {}
    limits = supervision(on=on)
    notes: dict[Any, dict[tuple[str, str], DeviationNote]] = defaultdict(dict)
    for note in DeviationNote.objects.filter(project__in=[one.pk for one in known]).order_by("at", "pk"):
        notes[note.project_id][note.rule, note.item] = note
    return {
        key: [
            _standing(one, notes[key].get((one.rule, one.item)), limits, on)
            for one in deviations.find(facts, limits)
        ]
        for key, facts in facts_of(known, on=on).items()
    }


def _standing(one: Deviation, note: DeviationNote | None, limits: Supervision, on: date) -> Standing:
    # An older deviation about the same item came to an end: what was said of it does not speak of this one.
    note = note if note and note.since == one.since else None
    is_open = note is None or note.until < on
    waits_since = note.until + timedelta(days=1) if note else one.since
    is_late = (on - waits_since).days > limits.explain_days
    return Standing(one, note, is_open, is_open and is_late and one.who == "handler")


def facts_of(projects: Sequence[Project], *, on: date) -> dict[UUID, Facts]:
    keys = [one.pk for one in projects]
    baselines: dict[Any, list[Baseline]] = defaultdict(list)
    for baseline in Baseline.objects.filter(project__in=keys).order_by("number"):
        baselines[baseline.project_id].append(baseline)
    versions: dict[Any, dict[Any, ReportVersion]] = defaultdict(dict)
    for version in (
        ReportVersion.objects.filter(report__project__in=keys)
        .select_related("report")
        .defer("report__content")
        .order_by("report__starts", "number")
    ):
        versions[version.report.project_id][version.report_id] = version
    scope: dict[Any, list[tuple[int, date | None]]] = defaultdict(list)
    for key, phase, dropped in ScopeEnterprise.objects.filter(project__in=keys).values_list(
        "project", "phase", "dropped_on"
    ):
        scope[key].append((phase, dropped))
    moved = dict(
        PhaseChange.objects.filter(scope_enterprise__project__in=keys)
        .order_by()
        .values_list("scope_enterprise__project")
        .annotate(Max("on"))
    )
    calendars = reports.calendars(projects)
    return {
        one.pk: _facts(
            one,
            on=on,
            baselines=baselines[one.pk],
            versions=versions[one.pk],
            scope=scope[one.pk],
            moved_on=moved.get(one.pk),
            slots=calendars[one.pk],
        )
        for one in projects
    }


def _facts(
    project: Project,
    *,
    on: date,
    baselines: Sequence[Baseline],
    versions: dict[Any, ReportVersion],
    scope: Sequence[tuple[int, date | None]],
    moved_on: date | None,
    slots: Sequence[Slot],
) -> Facts:
    content = baselines[-1].content
    told = list(versions.values())
    steps = told[-1].content["steps"] if told else {}
    return Facts(
        today=on,
        started_on=project.started_on,
        term_end=project.term_end,
        milestones=[
            Milestone(
                key=line["key"],
                title=line["title"],
                ends=date.fromisoformat(line["ends"]),
                done_on=_done_on(steps.get(line["key"], {})),
            )
            for line in content["milestones"]
        ],
        targets=[_target(line, told) for line in content["targets"]],
        periods=[_period(slot, versions) for slot in slots],
        enterprises=len(baselines[0].content["scope"]),
        dropped=[dropped for _phase, dropped in scope if dropped],
        unfinished=sum(
            phase < ScopeEnterprise.Phase.CONTINUOUS for phase, dropped in scope if dropped is None
        ),
        moved_on=moved_on,
    )


def _done_on(step: dict[str, str]) -> date | None:
    return day(step.get("done_on", "")) if step.get("state") == "done" else None


def _target(line: dict[str, Any], told: Sequence[ReportVersion]) -> Target:
    readings = []
    for version in told:
        value = number(version.content["figures"].get(line["key"], {}).get("value", ""))
        if value is not None:
            readings.append(Reading(version.report.ends, value))
    return Target(
        key=line["key"],
        indicator=line["indicator"],
        unit=line["unit"] or "",
        baseline=number(line["baseline"] or ""),
        target=number(line["target"] or ""),
        readings=readings,
    )


def _period(slot: Slot, versions: dict[Any, ReportVersion]) -> Period:
    one = slot.report
    waits = versions.get(one.pk) if one and one.stage == one.Stage.HANDED_IN else None
    return Period(
        key=slot.period.starts.isoformat(),
        title=slot.period.title,
        due=slot.period.due,
        handed_in_on=one.first_handed_in_on if one else None,
        waits_since=clock.local(waits.at).date() if waits else None,
    )
