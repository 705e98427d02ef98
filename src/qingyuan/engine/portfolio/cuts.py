"""Requirements that are convex but not linear, as rows made when a plan breaks them.

Each maker looks at a plan and gives linear rows that every plan meeting the requirement satisfies, and this one does not. A
programme with such rows never has a better optimum than the true one has, so that every bound stays a bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Protocol

import numpy as np

from qingyuan.engine.portfolio.programme import Numbers

EDGE = 1e-9
"""Relative to a row's size: what the solver takes for met."""


class Maker(Protocol):
    """A requirement. `needed` and `reached` are in the unit of the row that it guards."""

    @property
    def needed(self) -> float: ...

    def reached(self, x: Numbers) -> float: ...

    def row(self, x: Numbers) -> tuple[Numbers, float]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """P(sum of effects >= needed) >= level for independent normal effects (Charnes and Cooper 1959):

    mean . x - z sqrt(sum variance x^2) >= needed,     z = quantile of the normal distribution at `level` >= 0.5
    """

    mean: Numbers
    variance: Numbers
    level: float
    needed: float

    @property
    def z(self) -> float:
        return NormalDist().inv_cdf(self.level)

    def reached(self, x: Numbers) -> float:
        return math.fsum(self.mean * x) - self.z * math.sqrt(math.fsum(self.variance * x * x))

    def row(self, x: Numbers) -> tuple[Numbers, float]:
        """The tangent: the left side is concave and homogeneous, so that its gradient is a valid row through 0."""
        spread = math.sqrt(math.fsum(self.variance * x * x))
        gradient = self.mean if spread == 0 else self.mean - self.z * self.variance * x / spread
        return gradient, self.needed

    def probability(self, x: Numbers) -> float:
        """P(sum of effects >= needed) of the plan."""
        mean, spread = math.fsum(self.mean * x), math.sqrt(math.fsum(self.variance * x * x))
        if spread == 0:
            return 1.0 if mean >= self.needed else 0.0
        return NormalDist().cdf((mean - self.needed) / spread)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgeted:
    """At most `gamma` effects deviate at once, each by its `deviation` (Bertsimas and Sim 2004):

    effect . x - max over sets S of gamma measures of sum over S of deviation x >= needed
    """

    effect: Numbers
    deviation: Numbers
    gamma: float
    needed: float

    def _worst(self, x: Numbers) -> Numbers:
        """How far each effect deviates in the worst case: 1 for the largest, a part for the last."""
        losses = self.deviation * x
        hit = np.zeros(len(x))
        order = np.argsort(-losses, kind="stable")
        whole = min(int(self.gamma), len(x))
        hit[order[:whole]] = 1.0
        if whole < len(x):
            hit[order[whole]] = self.gamma - int(self.gamma)
        return hit * (losses > 0)

    def reached(self, x: Numbers) -> float:
        return math.fsum(self.effect * x) - math.fsum(self._worst(x) * self.deviation * x)

    def row(self, x: Numbers) -> tuple[Numbers, float]:
        return self.effect - self._worst(x) * self.deviation, self.needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Equality:
    """Gini of load over a base at most `limit`:  sum over pairs |base_k load_i - base_i load_k| <= limit sum base sum load.

    `member` (regions, n) holds what each measure takes off each region's load. The left side is convex in the loads; a plan's
    signs of the differences give a row that every plan within the limit satisfies.
    """

    base: Numbers
    load: Numbers
    member: Numbers
    limit: float

    @property
    def needed(self) -> float:
        return 0.0

    def left(self, x: Numbers) -> Numbers:
        return self.load - self.member @ x

    def gini(self, x: Numbers) -> float:
        """The coefficient of the loads that are left, by its formula over pairs; infinite where less than nothing is left."""
        left = self.left(x)
        if left.sum() <= 0:
            return 0.0 if not left.any() else math.inf
        differences = np.abs(np.outer(left, self.base) - np.outer(self.base, left)).sum() / 2
        return float(differences / (self.base.sum() * left.sum()))

    def _slopes(self, x: Numbers) -> Numbers:
        """Coefficients of the loads in  limit sum base sum load - sum over pairs |...|, at the plan's signs."""
        left = self.left(x)
        signs = np.sign(np.outer(left, self.base) - np.outer(self.base, left))
        return self.limit * self.base.sum() - signs @ self.base

    def reached(self, x: Numbers) -> float:
        scale = max(float(self.base.sum() * np.abs(self.load).sum()), 1e-300)
        return float(self._slopes(x) @ self.left(x)) / scale

    def row(self, x: Numbers) -> tuple[Numbers, float]:
        scale = max(float(self.base.sum() * np.abs(self.load).sum()), 1e-300)
        slopes = self._slopes(x) / scale
        return -(slopes @ self.member), -float(slopes @ self.load)


def gini(base: Numbers, load: Numbers) -> float | None:
    """G = 1 - sum (X_i - X_(i-1)) (Y_i + Y_(i-1)), X and Y cumulative shares of base and load, sorted by load/base.

    0: everyone has the load of its base; None where a load is negative or there is none.
    """
    base, load = np.asarray(base, dtype=np.float64), np.asarray(load, dtype=np.float64)
    if (
        len(base) == 0
        or load.min() < -1e-12 * max(abs(load).max(), 1.0)
        or load.sum() <= 0
        or base.min() < 0
        or base.sum() <= 0
    ):
        return None
    with np.errstate(divide="ignore"):
        order = np.lexsort((load, np.where(base > 0, load / np.where(base > 0, base, 1.0), np.inf)))
    across = np.concatenate([[0.0], np.cumsum(base[order]) / base.sum()])
    up = np.concatenate([[0.0], np.cumsum(load[order]) / load.sum()])
    return float(1.0 - ((across[1:] - across[:-1]) * (up[1:] + up[:-1])).sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows `gain` (n, k) . x >= `need` (k,), and which maker each is of."""

    gain: Numbers
    need: Numbers
    owners: list[int]


def broken(
    makers: Sequence[Maker], x: Numbers, *, whole: bool, beyond: float = 0.0, least: float = 0.0
) -> Rows | None:
    """Rows for the requirements that `x` does not meet; None where it meets all.

    Where all measures are whole a plan on the edge meets it (up to what a solver cannot see), and the row must not cut it
    off; fractions can go a little further, so that the row asks for it. `beyond` asks for that many times the lack on top
    (then the rows hold for no bound); what lacks less than `least` of what is needed is let pass.
    """
    gains, needs, owners = [], [], []
    for number, maker in enumerate(makers):
        lacking = maker.needed - maker.reached(x)
        if lacking <= least * abs(maker.needed):
            continue
        gain, need = maker.row(x)
        size = max(abs(need), float(np.abs(gain).max(initial=0.0)), 1e-300)
        if whole and lacking <= EDGE * size:
            continue
        gains.append(gain)
        needs.append((need if whole else need + 2 * EDGE * size) + beyond * lacking)
        owners.append(number)
    return Rows(gain=np.array(gains).T, need=np.array(needs), owners=owners) if gains else None
