"""What every check reads: the snapshot as plain data, the notice, and what is known of the files. No database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, Literal

from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.notices.parts import Category, Measure, ObjectForm
from qingyuan.pilots.selfcheck import text
from qingyuan.pilots.selfcheck.figures import Figure, figures
from qingyuan.pilots.selfcheck.hits import Place

PLAN_ALLOWANCE = 512 * 1024
"""Bytes left for the plan, the data file and the manifest in the running size of a package."""


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as it is stored now."""

    title: str
    state: Literal["clean", "pending", "refused"]
    size: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A written part of the plan. `label` as people name it: 四（一）试点内容."""

    id: str
    number: str
    title: str
    label: str
    text: text.ChapterText

    def place(self, paragraph: int = 0) -> Place:
        return Place(area="plan", part=self.id, paragraph=paragraph)


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure in the text of a chapter."""

    chapter: Chapter
    clause: text.Clause
    figure: Figure

    @property
    def place(self) -> Place:
        return self.chapter.place(self.clause.paragraph)


@dataclass(frozen=True, slots=True)
class Target:
    """A row of the table of targets, with the notice's measure where it has one."""

    indicator: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    baseline_year: int | None
    measure: str


@dataclass(frozen=True)
class Material:
    """Everything that the checks of one run look at."""

    snapshot: dict[str, Any]
    notice: Notice
    files: tuple[File, ...] | None = None
    """None for a stored snapshot: its files were clean when it was sealed."""

    @cached_property
    def category(self) -> Category:
        return self.notice.category(self.snapshot["category"]["id"])

    @property
    def form(self) -> ObjectForm | None:
        return self.category.form(self.snapshot["object"]["form"])

    @property
    def facts(self) -> dict[str, str]:
        return {"object_form": self.snapshot["object"]["form"], "category": self.category.id}

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """In the order of the notice's outline; a chapter that the snapshot lacks is an empty one."""
        written = {chapter["id"]: chapter["html"] for chapter in self.snapshot["chapters"]}
        return tuple(
            Chapter(
                leaf.id,
                leaf.number,
                leaf.title,
                f"{above.number}{leaf.number}{leaf.title}"
                if above.sections
                else f"{leaf.number}、{leaf.title}",
                text.read(written.get(leaf.id, "")),
            )
            for above in self.notice.outline.chapters
            for leaf in (above.sections or (above,))
        )

    def chapters_in(self, wanted: tuple[str, ...]) -> tuple[Chapter, ...]:
        return tuple(chapter for chapter in self.chapters if chapter.id in wanted)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every figure with a unit in the whole plan."""
        return tuple(
            Mention(chapter, clause, figure)
            for chapter in self.chapters
            for clause in chapter.text.clauses
            for figure in figures(clause.text)
        )

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        return tuple(
            Target(
                row["indicator"],
                row["unit"],
                number(row["baseline"]),
                number(row["target"]),
                row["baseline_year"],
                row["measure"],
            )
            for row in self.snapshot["targets"]
        )

    def measures(self) -> Iterator[tuple[Measure, str]]:
        """The notice's measures, each with the clause of its aim."""
        return ((measure, aim.clause) for aim in self.notice.aims for measure in aim.measures)

    @property
    def package_size(self) -> int:
        sizes = (
            [row["size"] for row in self.snapshot["attachments"]]
            if self.files is None
            else [file.size for file in self.files]
        )
        pictures = (row["size"] for row in self.snapshot["pictures"])
        return sum(sizes) + sum(pictures) + PLAN_ALLOWANCE


def number(value: Any) -> Decimal | None:
    """A decimal of the snapshot (text); None for "not stated" and for what is no finite number."""
    if value is None or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
