"""The front of cost against a target by epsilon constraints: weighted sums would miss every point off the convex hull.

Each point is a least-cost plan that reaches at least a level; no plan is cheaper and reaches as much. Levels are spread
evenly first; what points are left go into the widest stretches not yet known to be empty. Where all are known to be
empty the front is `complete`: there is no further point.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from qingyuan.engine.portfolio.certificate import most
from qingyuan.engine.portfolio.model import Model
from qingyuan.engine.portfolio.programme import Numbers
from qingyuan.engine.portfolio.solve import Solved
from qingyuan.engine.portfolio.verify import Check, check

FINE = Fraction(1, 10**9)
POLISHED = 400
"""Measures up to which a second solve finds the most that the same money reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """`reached` is the reduction of the swept target, or, for all targets at once, the least share of what they require."""

    reached: float
    cost: float
    bound: float
    gap: float
    verified: bool
    chosen: int
    exactly: Fraction
    x: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """`target` is None where all targets are swept together, as shares of what they require."""

    target: str | None
    points: list[Point]
    complete: bool


def front(model: Model, count: int, *, places: Sequence[int], known: Solved | None = None) -> Front:
    """Up to `count` points; `places` are the demands swept: one (the others stand) or all together."""
    sweep = _Sweep(model, places)
    low = sweep.point(None)
    high_level = sweep.highest()
    if low is None or high_level is None:
        return Front(target=sweep.name, points=[], complete=False)
    sweep.add(low)
    if known is not None and known.x is not None:
        sweep.add(sweep.told(known))
    top = sweep.point(high_level) if high_level > low.exactly and count > 1 else None
    if top is not None:
        sweep.add(top)
    last = top.exactly if top is not None else low.exactly
    for step in range(1, count - 1):
        if len(sweep.points) >= count:
            break
        level = low.exactly + (last - low.exactly) * Fraction(step, count - 1)
        if not sweep.is_known(level):
            sweep.add_from(level, sweep.point(level))
    while len(sweep.points) < count and (gap := sweep.widest()) is not None:
        below, above = gap
        level = below + max((above - below) * FINE, abs(below) * FINE)
        sweep.add_from(level, sweep.point(level))
    return Front(target=sweep.name, points=sweep.sorted(), complete=sweep.widest() is None)


class _Sweep:
    def __init__(self, model: Model, places: Sequence[int]) -> None:
        self.model = model
        self.places = list(places)
        demands = model.assembled.demands
        self.together = len(self.places) > 1
        self.name = None if self.together else demands[self.places[0]].target
        self.points: dict[Fraction, Point] = {}
        self.empty: list[tuple[Fraction, Fraction]] = []
        self.last: Numbers | None = None

    def highest(self) -> Fraction | None:
        """The most that can be asked while everything that is not swept stands."""
        model, demands = self.model, self.model.assembled.demands
        if not self.together:
            solved = model.solve(
                objective=-model.column(self.places[0]),
                keep=[place for place in range(len(demands)) if place not in self.places],
            )
            return None if solved.x is None else self._reached(solved.x)
        reach = [(most(model, place), demands[place].required) for place in self.places]
        return min((amount / need for amount, need in reach if need > 0), default=None)

    def point(self, level: Fraction | None) -> Point | None:
        """The least-cost plan at a level; None asks for nothing of what is swept."""
        keep = [place for place in range(len(self.model.assembled.demands)) if place not in self.places]
        if level is None:
            solved = self.model.solve(keep=keep)
        else:
            solved = self.model.solve(required=self._required(level), start=self.last)
        if solved.x is None:
            return None
        found = self.told(solved)
        measures = self.model.assembled.instance.measures
        if measures <= POLISHED and not self.together:
            found = self._polished(found)
        self.last = found.x
        return found

    def _required(self, level: Fraction) -> dict[int, Fraction]:
        demands = self.model.assembled.demands
        if not self.together:
            return {self.places[0]: level}
        return {place: demands[place].required * level for place in self.places}

    def _polished(self, point: Point) -> Point:
        """The most that the same money reaches: without it a point could be dominated by another of its cost."""
        instance = self.model.assembled.instance
        slackened = point.cost + 1e-9 * max(
            abs(point.cost), float(np.abs(instance.cost).max(initial=0.0)) * 1e-3
        )
        assembled = self.model.assembled
        # One more row: money. It stands behind the demands, where budgets stand.
        richer = replace(
            assembled, instance=instance.with_rows(-instance.cost[:, None], np.array([-slackened]))
        )
        place = self.places[0]
        better = replace(self.model, assembled=richer).solve(
            objective=-self.model.column(place), required={place: point.exactly}, start=point.x
        )
        if better.x is None:
            return point
        told = self.told(replace(better, objective=float(instance.cost @ better.x), bound=point.bound))
        return told if told.verified and told.exactly >= point.exactly else point

    def told(self, solved: Solved) -> Point:
        assert solved.x is not None
        assembled = self.model.assembled
        cost = float(assembled.instance.cost @ solved.x)
        checked = check(assembled.case, assembled.plan(solved.x), cost=cost)
        others = [fault for place, fault in self._faults(checked.met) if place not in self.places]
        logic = len(checked.faults) - sum(one.slack < 0 for one in checked.met)
        reached = self._of(checked)
        bound = min(solved.bound, cost)
        return Point(
            reached=float(reached),
            cost=cost,
            bound=bound,
            gap=abs(cost - bound) / max(abs(cost), 1e-9),
            verified=logic == 0 and not others,
            chosen=int(np.count_nonzero(solved.x)),
            exactly=reached,
            x=solved.x,
        )

    @staticmethod
    def _faults(met: list) -> list[tuple[int, object]]:  # type: ignore[type-arg]
        return [(place, one) for place, one in enumerate(met) if one.slack < 0]

    def _reached(self, x: Numbers) -> Fraction:
        assembled = self.model.assembled
        return self._of(check(assembled.case, assembled.plan(x)))

    def _of(self, checked: Check) -> Fraction:
        met, assembled = checked.met, self.model.assembled
        if not self.together:
            return met[self.places[0]].reached
        shares = [
            met[place].reached / assembled.demands[place].required
            for place in self.places
            if assembled.demands[place].required > 0
        ]
        return min(shares, default=Fraction(1))

    def add(self, point: Point) -> None:
        known = self.points.get(point.exactly)
        if known is None or point.cost < known.cost:
            self.points[point.exactly] = point

    def add_from(self, level: Fraction, point: Point | None) -> None:
        """Note that nothing lies between `level` and the point found from it."""
        if point is None:
            above = min((one for one in self.points if one >= level), default=level)
            self.empty.append((level, above))
            return
        self.empty.append((level, point.exactly))
        self.add(point)

    def is_known(self, level: Fraction) -> bool:
        return level in self.points or any(low <= level <= high for low, high in self.empty)

    def widest(self) -> tuple[Fraction, Fraction] | None:
        """The widest stretch between two points that may hold a point."""
        levels = sorted(self.points)
        best: tuple[Fraction, Fraction] | None = None
        for below, above in itertools.pairwise(levels):
            start = below + max((above - below) * FINE, abs(below) * FINE)
            left = min((low for low, high in self.empty if low < above <= high), default=above)
            if left <= start:
                continue
            if best is None or left - below > best[1] - best[0]:
                best = (below, left)
        return best

    def sorted(self) -> list[Point]:
        """By level, the dominated ones (a cheaper plan reaches as much) left out."""
        kept: list[Point] = []
        for point in sorted(self.points.values(), key=lambda one: (one.exactly, -one.cost), reverse=True):
            if not kept or point.cost < kept[-1].cost - 1e-9 * max(abs(point.cost), 1.0):
                kept.append(point)
        return kept[::-1]
