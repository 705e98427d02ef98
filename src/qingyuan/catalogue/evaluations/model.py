"""An evaluation sheet: items with points, vetoes, and from how many points on it is passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from qingyuan.catalogue.model import Part, Slug, Text

Conclusion = Literal["passed", "rectify", "failed"]


class Item(Part):
    """What is scored; at most `points`, in steps of `step`."""

    id: Slug
    title: Text
    points: Decimal = Field(gt=0)
    asks: str = ""


class Group(Part):
    """Items that the sheet puts together."""

    id: Slug
    title: Text
    items: tuple[Item, ...] = Field(min_length=1)

    @property
    def points(self) -> Decimal:
        return sum((item.points for item in self.items), Decimal(0))


class Veto(Part):
    """What fails the audit whatever its points."""

    id: Slug
    title: Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """The exact total, and what the sheet concludes from it and from the vetoes."""

    total: Decimal
    conclusion: Conclusion


class Evaluation(Part):
    """One sheet of one kind for a province (00: wherever there is no own one), from a day to its last day.

    `origin` is "official" only where the official sheet itself was read. `recorded_by` says who holds the sitting and
    records it: the departments of the call, or the body that carries out the pilot.
    """

    id: Slug
    title: Text
    kind: Literal["evaluate", "accept"]
    province: str = Field(pattern=r"^[0-9]{2}$")
    origin: Literal["official", "self-made"]
    source: Text
    verified: bool
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    recorded_by: tuple[Literal["joint_body", "applicant"], ...] = Field(min_length=1)
    step: Decimal = Field(default=Decimal("0.5"), gt=0)
    """The smallest part of a point."""
    pass_from: Decimal = Field(gt=0)
    rectify_from: Decimal = Field(ge=0)
    """From here to `pass_from` the audit may be rectified and judged again; below it has failed."""
    low_cost_done_pct: int = Field(ge=0, le=100)
    """How much of the confirmed no/low-cost schemes must be done before a sitting is asked for (方案基本完成)."""
    groups: tuple[Group, ...] = Field(min_length=1)
    vetoes: tuple[Veto, ...] = ()

    def holds(self, *, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def items(self) -> Iterator[Item]:
        return (item for group in self.groups for item in group.items)

    @property
    def points(self) -> Decimal:
        return sum((group.points for group in self.groups), Decimal(0))

    def outcome(self, scores: Mapping[str, Decimal], vetoes: Iterable[str]) -> Outcome:
        """The result of a complete set of scores. Raises KeyError for a missing score."""
        total = sum((scores[item.id] for item in self.items), Decimal(0))
        if any(True for _veto in vetoes) or total < self.rectify_from:
            return Outcome(total, "failed")
        return Outcome(total, "passed" if total >= self.pass_from else "rectify")
