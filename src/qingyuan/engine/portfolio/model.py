"""A case with its answers to uncertainty and fairness, ready to be solved again and again with other requirements."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from qingyuan.engine.portfolio.assemble import Assembled, coefficients, numbers, rounded_up, threshold
from qingyuan.engine.portfolio.case import exact
from qingyuan.engine.portfolio.child import Child
from qingyuan.engine.portfolio.cuts import Budgeted, Chance, Maker
from qingyuan.engine.portfolio.instance import Instance
from qingyuan.engine.portfolio.programme import Numbers
from qingyuan.engine.portfolio.solve import Effort, Shortfalls, Solved, Warm, optimise


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """How demands heed uncertain effects: `gamma` deviations at once (Bertsimas-Sim), or met with probability `level`."""

    gamma: float | None = None
    level: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """More coupling rows: `gain` (n, k) . x >= `need`, and makers of rows; fairness brings them."""

    gain: Numbers
    need: Numbers
    makers: tuple[Maker, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The instance of a case, with what makes and checks its rows."""

    assembled: Assembled
    child: Child
    effort: Effort
    caution: Caution = field(default_factory=Caution)
    extra: Extra | None = None
    warm: Warm = field(default_factory=Warm)

    def solve(
        self,
        *,
        required: Mapping[int, Fraction] | None = None,
        forced: int | None = None,
        barred: int | None = None,
        effort: Effort | None = None,
        start: Numbers | None = None,
        objective: Numbers | None = None,
        keep: Sequence[int] | None = None,
    ) -> Solved:
        """The least-cost plan. `required` overrides what demands ask; `forced`/`barred` a column in or out;
        `objective` another cost to minimise; `keep` the demands that count (None: all).
        """
        if (forced is not None and self.assembled.instance.upper[forced] < 1) or (
            barred is not None and self.assembled.instance.lower[barred] > 0
        ):
            return optimise_nothing(self.assembled.instance)
        ready, makers, short = self.posed(
            required=required, forced=forced, barred=barred, objective=objective, keep=keep
        )
        return optimise(
            ready,
            self.child,
            effort=effort or self.effort,
            makers=makers,
            short=short,
            start=start,
            warm=self.warm,
        )

    def posed(
        self,
        *,
        required: Mapping[int, Fraction] | None = None,
        forced: int | None = None,
        barred: int | None = None,
        objective: Numbers | None = None,
        keep: Sequence[int] | None = None,
    ) -> tuple[Instance, list[Maker], Shortfalls | None]:
        """What `solve` solves: the instance, what makes its nonlinear rows, and the exact check of its first rows."""
        instance, asked = self.assembled.instance, self.asked(required or {})
        demands = range(len(asked)) if keep is None else keep
        rows = len(self.assembled.demands)
        budgets = list(range(rows, len(instance.need)))
        need = instance.need.copy()
        for place, amount in (required or {}).items():
            need[place] = self._threshold(place, amount)
        kept = np.array([*demands, *budgets], dtype=np.int64)
        lower, upper = instance.lower, instance.upper
        if forced is not None:
            lower = lower.copy()
            lower[forced] = 1.0
        if barred is not None:
            upper = upper.copy()
            upper[barred] = 0.0
        ready = replace(
            instance,
            cost=instance.cost if objective is None else objective,
            gain=instance.gain if len(kept) == len(need) else instance.gain[:, kept],
            need=need[kept],
            lower=lower,
            upper=upper,
        )
        makers: list[Maker] = (
            [self.maker(place, float(asked[place])) for place in demands] if self.cautious else []
        )
        if self.extra is not None:
            ready = ready.with_rows(self.extra.gain, self.extra.need)
            makers += self.extra.makers
        return ready, makers, self._shortfalls([*demands], asked)

    @property
    def cautious(self) -> bool:
        return self.caution.gamma is not None or self.caution.level is not None

    def asked(self, required: Mapping[int, Fraction]) -> list[Fraction]:
        return [required.get(place, one.required) for place, one in enumerate(self.assembled.demands)]

    def maker(self, place: int, needed: float) -> Maker:
        """The requirement of one demand under uncertainty."""
        effect = self.column(place)
        if self.caution.gamma is not None:
            return Budgeted(
                effect=effect, deviation=self.spread(place, "dev"), gamma=self.caution.gamma, needed=needed
            )
        assert self.caution.level is not None
        return Chance(
            mean=effect, variance=self.spread(place, "sd") ** 2, level=self.caution.level, needed=needed
        )

    def column(self, place: int) -> Numbers:
        """What each measure adds to a demand."""
        gain = self.assembled.instance.gain[:, [place]]
        return np.asarray(gain.toarray() if hasattr(gain, "toarray") else gain, dtype=np.float64).ravel()

    def spread(self, place: int, kind: str) -> Numbers:
        """Deviation of what each measure adds to a demand: largest (`dev`) summed, standard (`sd`) as the root of
        squares over its pollutants.
        """
        measures, demand = self.assembled.case.measures, self.assembled.demands[place]
        columns = getattr(measures, kind)
        total = np.zeros(len(measures))
        for pollutant, column in columns.items():
            common = float(demand.general.get(pollutant, 0))
            factor = np.array(
                [float(demand.special.get((one, pollutant), common)) for one in measures.enterprise]
            )
            part = np.abs(factor) * numbers(column)
            total += part if kind == "dev" else part**2
        total = total if kind == "dev" else np.sqrt(total)
        counted = self.column(place) != 0 if demand.period else True
        return np.asarray(total[self.assembled.rows] * counted, dtype=np.float64)

    def _threshold(self, place: int, amount: Fraction) -> float:
        assembled = self.assembled
        used = np.flatnonzero(self.column(place))
        divisible = (~assembled.instance.whole[used]).any()
        demand = replace(assembled.demands[place], required=amount)
        return threshold(demand, assembled.case.measures, divisible, assembled.rows[used])

    def _overspent(self, used: list[int], x: Numbers) -> float | None:
        """What a plan spends beyond the budget, exactly; None without a budget."""
        budget, measures = self.assembled.case.budget, self.assembled.case.measures
        if budget is None or len(self.assembled.instance.need) == len(self.assembled.demands):
            return None
        column = measures.cost if budget.of == "annual" else measures.invest
        spent = sum(
            (exact(column[self.assembled.rows[one]] or 0) * Fraction(float(x[one])) for one in used),
            Fraction(0),
        )
        over = spent - exact(budget.limit)
        return rounded_up(over) if over > 0 else 0.0

    def _shortfalls(self, demands: list[int], asked: Sequence[Fraction]) -> Shortfalls | None:
        """What a plan lacks, exactly; the caller's rows begin with these demands."""
        instance, measures = self.assembled.instance, self.assembled.case.measures
        if instance.measures > MOST_EXACT:
            return None
        exactly: dict[tuple[int, int], Fraction] = {}

        def short(x: Numbers) -> Numbers:
            used = np.flatnonzero(x).tolist()
            lacking = np.zeros(len(demands))
            for number, place in enumerate(demands):
                reached = Fraction(0)
                for column in used:
                    key = (place, column)
                    if key not in exactly:
                        row = int(self.assembled.rows[column])
                        exactly[key] = coefficients(self.assembled.demands[place], measures, row)
                    reached += exactly[key] * Fraction(float(x[column]))
                if reached < asked[place]:
                    lacking[number] = rounded_up(asked[place] - reached)
            over = self._overspent(used, x)
            return lacking if over is None else np.append(lacking, over)

        return short


MOST_EXACT = 20_000
"""Measures up to which every plan is checked in fractions on the way; larger ones at the end, by the verifier."""


def optimise_nothing(instance: Instance) -> Solved:
    """What is left when a measure must be both in and out."""
    return Solved(
        status="infeasible",
        x=None,
        objective=math.inf,
        bound=math.inf,
        prices=np.zeros(len(instance.need)),
        final=instance,
        method="none",
    )


def price_of(dear: float, cheap: float) -> float | None:
    """What a requirement costs more, relative to the plan without it; None where that one costs nothing."""
    return (dear - cheap) / abs(cheap) if abs(cheap) > 1e-9 else None


Solve = Callable[..., Solved]
__all__ = ["Caution", "Extra", "Model", "exact", "optimise_nothing", "price_of"]
