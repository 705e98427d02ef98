"""Results of pilots as lists, as one, and for those who quote them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from qingyuan.delivery.models import Output, OutputFile, OutputVersion, Project
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules import output as rules
from qingyuan.kernel import clock

OUTPUT_RELATED = tuple(f"project__{name}" for name in RELATED)
FILE_RELATED = ("upload", *(f"version__output__{name}" for name in OUTPUT_RELATED))
TONES: Mapping[str, str] = {
    Output.Stage.EXPECTED: "info",
    Output.Stage.HANDED_IN: "warn",
    Output.Stage.RETURNED: "bad",
    Output.Stage.ACCEPTED: "good",
    Output.Stage.DROPPED: "neutral",
}
OPEN = (Output.Stage.EXPECTED, Output.Stage.RETURNED)
"""Stages in which whoever carries out the pilot must act."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A result as lists show it; the versions are those that the reader may see, the newest first."""

    output: Output
    tone: str
    is_late: bool
    milestone: str
    targets: tuple[str, ...]
    versions: tuple[OutputVersion, ...]

    @property
    def newest(self) -> OutputVersion | None:
        return self.versions[0] if self.versions else None


def today() -> date:
    return clock.local(clock.now()).date()


def is_late(output: Output) -> bool:
    return output.stage in OPEN and output.due_on < today()


def versions_for(user: Any, project: Project) -> QuerySet[OutputVersion]:
    files = OutputFile.objects.select_related("upload")
    return (
        OutputVersion.objects.filter(rules.visible_versions(user, project))
        .prefetch_related(Prefetch("files", files))
        .select_related("made_by", "handed_in_by", "judged_by")
        .order_by("-number")
    )


def outputs(
    user: Any, project: Project, *, stage: str = "", kind: str = "", late: bool = False
) -> QuerySet[Output]:
    """The project's results, narrowed by what the page asks, each with the versions that this person may see."""
    found = project.outputs.order_by("position")
    if stage:
        found = found.filter(stage=stage)
    if kind:
        found = found.filter(kind=kind)
    if late:
        found = found.filter(stage__in=OPEN, due_on__lt=today())
    return found.prefetch_related(Prefetch("versions", versions_for(user, project)))


def handed_in(project: Project) -> QuerySet[Output]:
    """All results with the versions that were handed in: what an archive keeps."""
    files = Prefetch("files", OutputFile.objects.select_related("upload"))
    versions = OutputVersion.objects.filter(handed_in_at__isnull=False).prefetch_related(files)
    return project.outputs.order_by("position").prefetch_related(
        Prefetch("versions", versions.order_by("-number"))
    )


def lines(project: Project, found: Iterable[Output]) -> list[Line]:
    """Results with what the baseline in force calls their milestones and targets (its one query aside, none)."""
    content = project.baseline.content
    steps = {line["key"]: line["title"] for line in content["milestones"]}
    goals = {line["key"]: line["indicator"] for line in content["targets"]}
    return [
        Line(
            output=one,
            tone=TONES[one.stage],
            is_late=is_late(one),
            milestone=steps.get(one.milestone, ""),
            targets=tuple(goals.get(key, key) for key in one.targets),
            versions=tuple(one.versions.all()),
        )
        for one in found
    ]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How a project's results stand; `promised` leaves out what was added, dropped ones count in `dropped` only."""

    promised: int
    added: int
    dropped: int
    accepted: int
    handed_in: int
    late: int
    public: int

    @property
    def all(self) -> int:
        return self.promised + self.added


def counts(project: Project) -> Counts:
    """One query."""
    rows = list(project.outputs.only("stage", "due_on", "added_reason", "may_be_published", "project_id"))
    kept = [one for one in rows if one.stage != Output.Stage.DROPPED]
    return Counts(
        promised=sum(one.is_promised for one in kept),
        added=sum(not one.is_promised for one in kept),
        dropped=len(rows) - len(kept),
        accepted=sum(one.stage == Output.Stage.ACCEPTED for one in kept),
        handed_in=sum(one.stage == Output.Stage.HANDED_IN for one in kept),
        late=sum(is_late(one) for one in kept),
        public=sum(one.may_be_published for one in kept),
    )


def said(found: Counts) -> str:
    """The state of the results as a sentence, for reports."""
    text = _("承诺和增补的产出成果共 %(all)d 项，已认可 %(accepted)d 项，待认可 %(handed_in)d 项") % {
        "all": found.all,
        "accepted": found.accepted,
        "handed_in": found.handed_in,
    }
    if found.late:
        text += _("，逾期未提交 %d 项") % found.late
    if found.dropped:
        text += _("，不再产出 %d 项") % found.dropped
    return text + "。"


def accepted_version(output: Output) -> OutputVersion | None:
    """The version that was accepted last (one query)."""
    return output.versions.filter(verdict=OutputVersion.Verdict.ACCEPTED).first()


def publishable(projects: Iterable[Project]) -> QuerySet[OutputVersion]:
    """Accepted versions whose results bear the public mark, the newest accepted one first within a result."""
    return (
        OutputVersion.objects.filter(
            output__project__in=list(projects),
            output__may_be_published=True,
            verdict=OutputVersion.Verdict.ACCEPTED,
        )
        .select_related("output__project")
        .prefetch_related(Prefetch("files", OutputFile.objects.select_related("upload")))
        .order_by("output__project_id", "output__position", "-number")
    )


def waiting(user: Any) -> QuerySet[Output]:
    """Results that wait for a word of this person's departments (the caller judges each)."""
    return Output.objects.filter(
        stage=Output.Stage.HANDED_IN,
        project__pilot__call__joint_body__parts__organisation__in=user.standing.organisation_ids,
    ).select_related("project__pilot__call__joint_body")


def late(user: Any, *, until: date) -> QuerySet[Output]:
    """Results of this person's bodies that are due by a day and were not handed in or came back."""
    return (
        Output.objects.filter(
            Q(project__applicant__in=user.standing.organisation_ids),
            stage__in=OPEN,
            due_on__lte=until,
            project__stage__in=("running", "evaluating", "rectifying"),
        )
        .select_related("project")
        .order_by("due_on", "pk")
    )
