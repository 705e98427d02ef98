"""Progress reports of one project and across projects; the calendar of each from its call's rhythm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qingyuan.calls.models import Call
from qingyuan.catalogue.supervision import RHYTHMS, supervision
from qingyuan.delivery import calendar, report
from qingyuan.delivery.calendar import Pace, Period
from qingyuan.delivery.models import ProgressReport, Project, ReportingRhythm, ReportVersion
from qingyuan.delivery.rules import project as rules
from qingyuan.people.models import Role

Stage = ProgressReport.Stage
RELATED = tuple(
    f"project__{name}"
    for name in ("case__round__call__joint_body", "pilot__call__joint_body", "pilot__applicant", "applicant")
)
TONES: Mapping[str, str] = {
    Stage.DRAFT: "info",
    Stage.HANDED_IN: "warn",
    Stage.RETURNED: "bad",
    Stage.ACCEPTED: "good",
}


@dataclass(frozen=True)
class Rhythm:
    """What holds for a call from a day on, and where it comes from, in words."""

    pace: Pace
    source: str


@dataclass(frozen=True)
class Slot:
    """One period of a project's calendar, with its report once there is one."""

    period: Period
    report: ProgressReport | None

    def state(self, today: date) -> str:
        """upcoming, running, due, late, draft, or the stage of the report."""
        if self.report is not None and not self.report.is_open:
            return str(self.report.stage)
        if self.report is not None and self.report.stage == Stage.RETURNED:
            return str(Stage.RETURNED)
        if today > self.period.due:
            return "late"
        if today > self.period.ends:
            return "due"
        return "upcoming" if today < self.period.starts else "running"


STATES: Mapping[str, tuple[Any, str]] = {
    "upcoming": (pgettext_lazy("milestone", "未到"), "neutral"),
    "running": (gettext_lazy("本期进行中"), "info"),
    "due": (gettext_lazy("待报送"), "warn"),
    "late": (gettext_lazy("逾期未报"), "bad"),
    Stage.HANDED_IN: (gettext_lazy("待审阅"), "warn"),
    Stage.RETURNED: (gettext_lazy("退回补充"), "bad"),
    Stage.ACCEPTED: (gettext_lazy("已审阅"), "good"),
}


def rhythms(call: Call, *, on: date) -> list[Rhythm]:
    """The rhythm that the notice (or else the platform's own figures) asks for, and what the department set since."""
    return rhythms_of(call, list(call.reporting_rhythms.all()), on=on)


def rhythms_of(call: Call, changes: Sequence[ReportingRhythm], *, on: date) -> list[Rhythm]:
    """`on` is the day whose default figures hold (the start of the work)."""
    limits = supervision(on=on)
    asked = call.notice.reporting
    rhythm = asked.rhythm if asked and asked.rhythm else limits.rhythm
    days = asked.due_days if asked and asked.due_days is not None else limits.due_days
    stated = bool(asked and asked.rhythm and asked.due_days is not None)
    source = _("按申报通知") if stated else _("平台默认（自拟）：通知没有写明频次或报送期限")
    found = [Rhythm(Pace(date.min, rhythm, days, limits.shortest(rhythm)), source)]
    for one in changes:
        kind: Any = one.rhythm
        pace = Pace(one.from_on, kind, one.due_days, limits.shortest(kind))
        found.append(Rhythm(pace, _("主办单位设定：%s") % one.reason))
    return found


def said(rhythm: Rhythm) -> str:
    """As people read it."""
    words = {"rhythm": _(RHYTHMS[rhythm.pace.rhythm]), "days": rhythm.pace.due_days}
    return _("%(rhythm)s一次，期满后 %(days)d 日内报送") % words


def slots(project: Project, reports: Iterable[ProgressReport], paces: Sequence[Pace]) -> list[Slot]:
    """The whole calendar of a project (no query)."""
    known = {one.starts: one for one in reports}
    found = calendar.periods(
        start=project.started_on,
        end=project.term_end,
        paces=paces,
        reported=[one.period for one in known.values()],
    )
    return [Slot(period, known.get(period.starts)) for period in found]


def calendar_of(project: Project) -> list[Slot]:
    """One project's (two queries)."""
    paces = [one.pace for one in rhythms(project.pilot.call, on=project.started_on)]
    return slots(project, project.reports.all(), paces)


def next_to_begin(found: Iterable[Slot], *, today: date) -> Slot | None:
    """The first period without a report, once it has begun: reports come in the order of the calendar."""
    slot = next((slot for slot in found if slot.report is None), None)
    return slot if slot and slot.period.starts <= today else None


def last_version(one: ProgressReport) -> ReportVersion | None:
    return one.versions.order_by("-number").first()


def version_before(one: ProgressReport) -> ReportVersion | None:
    """The last version of the latest period before this report's that was handed in (one query)."""
    return (
        ReportVersion.objects.filter(report__project=one.project_id, report__starts__lt=one.starts)
        .order_by("-report__starts", "-number")
        .first()
    )


def draft_of(version: ReportVersion | None) -> report.Draft | None:
    return report.of_plain(version.content) if version else None


def values_of(version: ReportVersion | None) -> dict[str, str]:
    """The figures of a version by the keys of the targets."""
    return {key: one["value"] for key, one in version.content["figures"].items()} if version else {}


# --- across projects


@dataclass(frozen=True)
class Overdue:
    """A project in the department's overview: the period that counts now, and all that went before."""

    project: Project
    slot: Slot | None
    state: str
    handed_in: int
    late: int
    """Periods whose report is overdue now."""
    days: int
    """How many days the oldest of them is overdue."""


def running(user: Any) -> QuerySet[Project]:
    """Pilots under way that this person sees."""
    seen = Project.objects.filter(rules.visible_projects(user)).values("pk")
    return Project.objects.filter(pk__in=seen, stage=Project.Stage.RUNNING).select_related(
        "applicant", "pilot__call__joint_body"
    )


def supervised(user: Any) -> QuerySet[Project]:
    """Those whose reports this person reads for the host of their call."""
    mine = [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, Role.HANDLER, Role.LEAD)]
    return (
        running(user)
        .filter(
            Q(
                pilot__call__joint_body__parts__organisation__in=mine,
                pilot__call__joint_body__parts__part="host",
            )
        )
        .distinct()
    )


def calendars(projects: Iterable[Project]) -> dict[UUID, list[Slot]]:
    """The calendars of many projects (two queries for all)."""
    known = list(projects)
    reports = defaultdict(list)
    for one in ProgressReport.objects.filter(project__in=[project.pk for project in known]).defer("content"):
        reports[one.project_id].append(one)
    changes = defaultdict(list)
    for rhythm in ReportingRhythm.objects.filter(call__in={project.pilot.call_id for project in known}):
        changes[rhythm.call_id].append(rhythm)
    found = {}
    for project in known:
        call = project.pilot.call
        paces = [one.pace for one in rhythms_of(call, changes[call.pk], on=project.started_on)]
        found[project.pk] = slots(project, reports[project.pk], paces)
    return found


def overview(projects: Sequence[Project], *, today: date) -> list[Overdue]:
    """The most urgent first (two queries beside the projects)."""
    found = []
    for project, slots_ in zip(projects, calendars(projects).values(), strict=True):
        late = [slot for slot in slots_ if slot.state(today) == "late"]
        open_ = [slot for slot in slots_ if slot.state(today) not in {"upcoming", Stage.ACCEPTED}]
        past = [slot for slot in slots_ if slot.period.starts <= today]
        slot = next(iter(late or open_ or past[-1:] or slots_), None)
        found.append(
            Overdue(
                project,
                slot,
                slot.state(today) if slot else "upcoming",
                sum(one.report is not None and one.report.first_handed_in_on is not None for one in slots_),
                len(late),
                (today - late[0].period.due).days if late else 0,
            )
        )
    return sorted(
        found, key=lambda one: (-one.days, one.slot.period.due if one.slot else date.max, str(one.project))
    )
