"""The results that a baseline promises, and by when. Pure: plain data in and out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qingyuan.delivery.baseline import Content

GIVEN_UP = "不再产出"
"""With what a changed title begins where the result was given up (see the form of changes)."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One promised result. `milestone` is blank where none of the baseline's names it."""

    key: str
    title: str
    benefit: str
    targets: tuple[str, ...]
    milestone: str
    due_on: date

    @property
    def is_given_up(self) -> bool:
        return self.title.startswith(GIVEN_UP)


def promises(content: Content) -> Iterator[Promise]:
    """The baseline's results in their order."""
    for line in content["outputs"]:
        milestone = milestone_naming(content, line["title"])
        yield Promise(
            key=line["key"],
            title=line["title"],
            benefit=line.get("benefit") or "",
            targets=(line["target"],) if line.get("target") else (),
            milestone=milestone,
            due_on=due_on(content, milestone),
        )


def milestone_naming(content: Content, title: str) -> str:
    """Key of the first milestone whose own results name this one; blank if none does."""
    return next(
        (line["key"] for line in content["milestones"] if title and title in (line.get("outputs") or "")), ""
    )


def due_on(content: Content, milestone: str) -> date:
    """The last day of the milestone; of the term for a blank or an unknown one."""
    ends = {line["key"]: line["ends"] for line in content["milestones"]}
    return date.fromisoformat(ends.get(milestone) or content["term"]["end"])
