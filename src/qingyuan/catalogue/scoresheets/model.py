"""A score sheet: dimensions with weights and anchored scores, criteria with levels, and when it must be explained."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Literal

from pydantic import Field

from qingyuan.catalogue.model import Part, Slug, Text


class Anchor(Part):
    """A score of a dimension and what must be true of an application for it."""

    score: int = Field(ge=0)
    text: Text


class Level(Part):
    """A step of a scale, in words: of scores (`id` is the number), of criteria or of confidence."""

    id: Slug
    title: Text


class Dimension(Part):
    """What is scored. `title` is the notice's; `asks` and `anchors` are the sheet's; `chapters` hold the evidence."""

    id: Slug
    title: Text
    weight: int = Field(gt=0)
    asks: Text
    anchors: tuple[Anchor, ...] = Field(min_length=2)
    chapters: tuple[Slug, ...] = ()

    def anchor(self, score: int) -> Anchor | None:
        return next((anchor for anchor in self.anchors if anchor.score == score), None)


class Criterion(Part):
    """What the notice selects by, judged in levels and never added into the total."""

    id: Slug
    title: Text
    asks: Text


class Reading(Part):
    """When a review counts as read too fast: below `minutes`, or below `share` percent of the median on the case."""

    minutes: int = Field(gt=0)
    share: int = Field(gt=0, le=100)


class Acceptance(Part):
    """What a sheet of evaluation and acceptance says besides scores. Its criteria are vetoes (否决情形).

    `sittings`: 评估 and 验收 in one sitting, or two with a round and a decision each; `evaluation`: the sheet of the first
    of two sittings where it has one of its own; `pass_at`: the least mean total that passes; `found`: the level of a
    criterion that says the veto applies; `rounds`: how often rectification may be asked at most, in `days` by default.
    """

    sittings: Literal["one", "two"]
    evaluation: Slug | None = None
    pass_at: int = Field(gt=0, le=100)
    found: Slug
    rounds: int = Field(ge=0, le=5)
    days: int = Field(gt=0, le=366)


class ScoreSheet(Part):
    """One sheet of one level, valid from `valid_from` on (to `valid_to`, its last day).

    `origin` says whose it is: "official" only where the official sheet itself was read; `verified` whether somebody
    with authority has confirmed it.
    """

    id: Slug
    title: Text
    level: Literal["provincial", "national"]
    notice: Slug
    step: Slug
    clause: Slug
    origin: Literal["official", "self-made"]
    source: Text
    verified: bool
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    scores: tuple[Level, ...] = Field(min_length=2)
    comment_at: tuple[int, ...] = ()
    """The scores that must be explained."""
    disagreement: int = Field(gt=0, le=100)
    """Points (of 100) between the highest and the lowest total of a case from which on it is flagged."""
    reading: Reading
    dimensions: tuple[Dimension, ...] = Field(min_length=1)
    criteria: tuple[Criterion, ...] = ()
    criterion_levels: tuple[Level, ...] = ()
    confidence: tuple[Level, ...] = Field(min_length=2)
    overall: tuple[Level, ...] = Field(min_length=2)
    """The expert's opinion on the whole, as the round's decision needs it."""
    acceptance: Acceptance | None = None
    """Of sheets for the evaluation and acceptance of a pilot; None for sheets of selection."""

    @property
    def lowest(self) -> int:
        return min(int(level.id) for level in self.scores)

    @property
    def highest(self) -> int:
        return max(int(level.id) for level in self.scores)

    @property
    def weights(self) -> dict[str, int]:
        return {dimension.id: dimension.weight for dimension in self.dimensions}

    def dimension(self, dimension_id: str) -> Dimension:
        """Raises KeyError for a dimension that the sheet does not have."""
        for found in self.dimensions:
            if found.id == dimension_id:
                return found
        raise KeyError(dimension_id)

    def holds(self, *, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def total(self, scores: Mapping[str, int], weights: Mapping[str, int] | None = None) -> Fraction:
        """The total of a complete set of scores, of 100: sum over dimensions of weight x score / highest score.

        `weights` in place of the sheet's own need not sum to 100: they are normalised. Raises KeyError for a missing score.
        """
        weights = self.weights if weights is None else weights
        whole = sum(weights.values())
        parts = (Fraction(weight * scores[name]) for name, weight in weights.items())
        return 100 * sum(parts, Fraction(0)) / (self.highest * whole)
