"""Runs as lists and as one, and two of them side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from qingyuan.audits.models import Dataset, Finding, Run, RunFile

RELATED = ("dataset__pilot__call__joint_body", "dataset__pilot__applicant", "version", "same_as", "repeats")
TONES: Mapping[str, str] = {
    Run.Stage.QUEUED: "neutral",
    Run.Stage.RUNNING: "info",
    Run.Stage.DONE: "good",
    Run.Stage.FAILED: "bad",
    Run.Stage.CANCELLED: "neutral",
}


def runs_of(dataset: Dataset) -> QuerySet[Run]:
    """The newest first (one query)."""
    return dataset.runs.select_related("version", "asked_by", "same_as", "repeats").order_by("-number")


def files_of(run: Run) -> dict[str, RunFile]:
    """The files of its result by name, its own or those of the run that it took over (one query)."""
    return {one.name: one for one in RunFile.objects.filter(run=run.holder_id)}


def grouped(findings: list[Finding]) -> list[tuple[str, list[Finding]]]:
    """By part of the result, in its order."""
    return [(group, list(rows)) for group, rows in groupby(findings, key=lambda one: one.group)]


@dataclass(frozen=True)
class Pair:
    """One figure in two runs; None where a run does not have it."""

    group: str
    title: str
    unit: str
    before: Finding | None
    after: Finding | None

    @property
    def change(self) -> Decimal | None:
        if self.before is None or self.after is None:
            return None
        return Decimal(self.after.value) - Decimal(self.before.value)

    @property
    def percent(self) -> Decimal | None:
        """Of the earlier value; None where that was zero."""
        if not self.change or self.before is None or not Decimal(self.before.value):
            return None
        return round(100 * self.change / abs(Decimal(self.before.value)), 1)

    @property
    def differs(self) -> bool:
        return self.before is None or self.after is None or bool(self.change)


def side_by_side(before: Run, after: Run) -> list[Pair]:
    """All figures of both, in the later one's order, what only the earlier has at the end (two queries).

    They meet by what they mean: codes are of one dataset, and the two may be of different ones.
    """
    olds = {one.key: one for one in before.findings.all()}
    found = [
        Pair(one.group, one.title, one.unit, olds.pop(one.key, None), one) for one in after.findings.all()
    ]
    return found + [Pair(one.group, one.title, one.unit, one, None) for one in olds.values()]


def latest_done(dataset: Dataset) -> Run | None:
    return dataset.runs.filter(stage=Run.Stage.DONE).order_by("-number").first()


def others_to_compare(run: Run) -> list[Run]:
    """Other results of the same pilot by the same command: other versions, other scenarios (one query)."""
    return list(
        Run.objects.filter(dataset__pilot=run.dataset.pilot_id, command=run.command, stage=Run.Stage.DONE)
        .exclude(pk=run.pk)
        .select_related("dataset", "version")
        .order_by("-asked_at")[:50]
    )


def companions(run: Run) -> list[Run]:
    """The newest result of each other dataset of the pilot: what a report can take in beside this one (one query)."""
    found: dict[Any, Run] = {}
    done = Run.objects.filter(dataset__pilot=run.dataset.pilot_id, stage=Run.Stage.DONE)
    for one in done.exclude(dataset=run.dataset_id).select_related(*RELATED).order_by("dataset", "-number"):
        found.setdefault(one.dataset_id, one)
    return sorted(found.values(), key=lambda one: (one.dataset.created_at, one.pk))


def open_runs(user: Any) -> QuerySet[Run]:
    from qingyuan.audits.rules import dataset as rules

    return Run.objects.filter(
        stage__in=Run.OPEN, dataset__in=Dataset.objects.filter(rules.visible_datasets(user))
    )
