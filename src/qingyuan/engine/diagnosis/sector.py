"""A sector as columns: what every enterprise's indicators are, what they reach, and how much it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from qingyuan.engine.indices import Rating
from qingyuan.engine.indices.exact import CODES, DOUBTFUL, MISSING
from qingyuan.engine.indices.expressions import Expression
from qingyuan.engine.indices.meeting import bounds_of
from qingyuan.engine.indices.system import LEVELS, Indicator, Switch

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Truths = npt.NDArray[np.bool_]
STATED: Final = 0


class DiagnosisError(ValueError):
    """Arguments that contradict each other: shapes, shares outside 0 to 1, negative amounts."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Profile:
    """One indicator across n enterprises.

    `values` (n,) is nan where there is no number; `reached` (n,) is 3 I, 2 II, 1 III, 0 below, negative where there is
    no judgement; `limits` (3, n) the benchmarks in force at I, II, III, nan where there is none. `quantitative` values
    are measured numbers; those of other rows are grades 3, 2, 1, 0.
    """

    id: str
    title: str
    unit: str
    quantitative: bool
    higher: bool
    values: Numbers
    reached: Codes
    limits: Numbers

    @property
    def judged(self) -> Truths:
        """Where a judgement stands."""
        return self.reached >= 0

    def fails(self, level: str) -> Truths:
        """Where it is judged and does not meet the level."""
        return self.judged & (self.reached < CODES[level])


@dataclass(frozen=True, kw_only=True, eq=False)
class Sector:
    """n enterprises. `output` (n,) is in one unit, nan where unknown; the order is that of `names` everywhere."""

    names: tuple[str, ...]
    profiles: tuple[Profile, ...]
    output: Numbers

    def __post_init__(self) -> None:
        count = len(self.names)
        if self.output.shape != (count,):
            raise DiagnosisError(f"output has shape {self.output.shape}, expected ({count},)")
        if (self.output < 0).any():
            raise DiagnosisError("output is negative")
        for one in self.profiles:
            if (
                one.values.shape != (count,)
                or one.reached.shape != (count,)
                or one.limits.shape != (3, count)
            ):
                raise DiagnosisError(
                    f"{one.id}: columns do not have one entry for each of {count} enterprises"
                )

    def profile(self, name: str) -> Profile:
        """The profile of an indicator; raises KeyError."""
        for one in self.profiles:
            if one.id == name:
                return one
        raise KeyError(name)


def sector_of(rating: Rating, *, names: Sequence[str], output: Numbers) -> Sector:
    """The columns of a rating (of indicators only, or whole)."""
    profiles = []
    for place, indicator in enumerate(rating.system.indicators):
        values = np.full(rating.data.rows, np.nan)
        if indicator.kind != "conditions" and indicator.id in rating.data.numbers:
            stated = np.equal(rating.data.state(indicator.id), STATED)
            values = np.where(stated, rating.data.numbers[indicator.id], np.nan)
        profiles.append(
            Profile(
                id=indicator.id,
                title=indicator.title,
                unit=indicator.unit,
                quantitative=indicator.kind == "quantitative",
                higher=indicator.higher,
                values=values,
                reached=_unjudged(values) if indicator.dropped else rating.reached[place],
                limits=_limits(indicator, rating),
            )
        )
    return Sector(names=tuple(names), profiles=tuple(profiles), output=np.asarray(output, dtype=np.float64))


def _unjudged(values: Numbers) -> Codes:
    """A row without any benchmark judges nobody; its values still show how the sector spreads."""
    return np.where(np.isnan(values), MISSING, DOUBTFUL).astype(np.int8)


def _limits(indicator: Indicator, rating: Rating) -> Numbers:
    rows = rating.data.rows
    found = np.full((len(LEVELS), rows), np.nan)
    if indicator.kind != "quantitative":
        return found
    for level, (benchmark, _strict) in enumerate(indicator.demands):
        if isinstance(benchmark, Expression | Switch) and benchmark.names <= rating.data.numbers.keys():
            bound, error = bounds_of(benchmark, rating.data)
            known = np.broadcast_to(np.isfinite(bound) & np.isfinite(error), rows).copy()
            for name in benchmark.names:
                known &= np.equal(rating.data.state(name), STATED)
            found[level] = np.where(known, bound, np.nan)
    return found
