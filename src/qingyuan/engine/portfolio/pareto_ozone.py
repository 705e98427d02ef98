"""The front of cost against shares of what is required, where ozone is among it: each point its own search over the surface.

A share of an ozone target is that share of the way from the base year's ppb down to the limit. Between the shares nothing is
claimed (`complete` is False); each point has its own bound and gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from qingyuan.engine.portfolio.model import Model
from qingyuan.engine.portfolio.ozone import Axes, Limit, least_cost
from qingyuan.engine.portfolio.pareto import Front, Point
from qingyuan.engine.portfolio.solve import Solved, gap_of
from qingyuan.engine.portfolio.verify import check

COARSE = 0.005
"""The gap at which points of the front are left alone; it is stated with each."""
SEARCHES = 40
EVEN = Fraction(1, 10**6)
"""Of what is required, what rounding in a surface may leave open."""


def front_under_ozone(
    model: Model, limits: Sequence[Limit], axes: Axes, count: int, *, target: str, known: Solved
) -> Front:
    """`count` points evenly from nothing to all that is required of `target`: a demand or an ozone limit (all else
    stands), or "all" together. `known` is the plan that meets everything.
    """
    sweep = _Sweep(model, limits, axes, target)
    points = [sweep.told(known, Fraction(1))]
    for step in range(count - 1):
        point = sweep.point(Fraction(step, count - 1))
        if point is not None:
            points.append(point)
    return Front(target=sweep.name, points=_undominated(points), complete=False)


class _Sweep:
    def __init__(self, model: Model, limits: Sequence[Limit], axes: Axes, target: str) -> None:
        self.model = replace(model, effort=replace(model.effort, gap=max(model.effort.gap, COARSE)))
        self.limits, self.axes = limits, axes
        self.name = None if target == "all" else target
        demands = model.assembled.demands
        self.places = [
            place for place, one in enumerate(demands) if one.required > 0 and self.name in {None, one.target}
        ]
        self.swept = [self.name in {None, limit.target} for limit in limits]
        self.bases = [Fraction(float(limit.surface.at(1.0, 1.0))) for limit in limits]

    def point(self, share: Fraction) -> Point | None:
        demands = self.model.assembled.demands
        limits = [
            replace(limit, ppb=float(base - share * (base - Fraction(limit.ppb)))) if swept else limit
            for limit, base, swept in zip(self.limits, self.bases, self.swept, strict=True)
        ]
        required = {place: demands[place].required * share for place in self.places}
        found = least_cost(self.model, limits, self.axes, grid=1, most=SEARCHES, required=required)
        return None if found.solved is None else self.told(found.solved, share)

    def told(self, solved: Solved, share: Fraction) -> Point:
        """The verifier's word on a plan, for this share of what is swept."""
        assert solved.x is not None
        assembled = self.model.assembled
        cost = float(assembled.instance.cost @ solved.x)
        checked = check(assembled.case, assembled.plan(solved.x), cost=cost)
        short = [place for place, one in enumerate(checked.met) if one.slack < 0]
        demands = assembled.demands
        shares = [
            checked.met[place].reached / demands[place].required
            for place in self.places
            if demands[place].required > 0
        ]
        reached = min([*shares, *self._ozone(checked.effects, swept=True)], default=Fraction(1))
        bound = min(solved.bound, cost)
        kept = reached >= share - EVEN and all(
            one >= 1 - EVEN for one in self._ozone(checked.effects, swept=False)
        )
        return Point(
            reached=float(reached),
            cost=cost,
            bound=bound,
            gap=gap_of(cost, bound),
            verified=kept and len(checked.faults) == len(short) and set(short) <= set(self.places),
            chosen=int(np.count_nonzero(solved.x)),
            exactly=reached,
            x=solved.x,
        )

    def _ozone(self, effects: Mapping[str, Fraction], *, swept: bool) -> list[Fraction]:
        """By limit that is swept (or not), the share of the way down to it, by the whole surface."""
        nox, voc = (
            1.0 - float(effects.get(name, 0)) / base
            for name, base in ((self.axes.nox, self.axes.nox_base), (self.axes.voc, self.axes.voc_base))
        )
        found = []
        for limit, base, is_swept in zip(self.limits, self.bases, self.swept, strict=True):
            way = base - Fraction(limit.ppb)
            if way > 0 and is_swept == swept:
                after = Fraction(float(limit.surface.at(nox, voc)))
                found.append((base - after) / way)
        return found


def _undominated(points: Sequence[Point]) -> list[Point]:
    kept: list[Point] = []
    for point in sorted(points, key=lambda one: (one.exactly, -one.cost), reverse=True):
        if not kept or point.cost < kept[-1].cost - 1e-9 * max(abs(point.cost), 1.0):
            kept.append(point)
    return kept[::-1]
