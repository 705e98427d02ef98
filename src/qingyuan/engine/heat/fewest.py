"""The fewest matches of hot and cold streams that carry all heat: the first step of a heat exchanger network.

Heat of hot stream i in temperature interval s may go to cold stream j in any interval t >= s (intervals from the hottest
down, utilities among the streams, all heat used). Transshipment model of Papoulias and Grossmann (1983); the instances and
the state of their solution: Letsios, Kouyialis and Misener, Comput. Chem. Eng. 113 (2018) 57.

Upper bound: linear programmes whose weights favour the pairs that already carry much (few pairs), then leaving out
what can be left out, then the mixed integer programme. Lower bound: that programme's, and a count: matches are edges of a
graph in which every connected part balances its own heat, so there are at least n - k, with n streams and k the most
parts into which the streams can be split with equal hot and cold heat in each (balances.py; Linnhoff, Mason and
Wardle 1979 in the other direction).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from qingyuan.engine.heat.balances import most_parts
from qingyuan.engine.heat.mip import Model, SolverFailed, solve
from qingyuan.engine.heat.streams import HeatError, Numbers

BALANCED = 1e-6
"""How far hot and cold heat may differ, relative: published tables are rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FewestMatches:
    """`heat_kw` (n, m): heat of each pair. `objective` = number of pairs; `stopped`: a limit came before the proof."""

    heat_kw: Numbers
    objective: int
    bound: int
    gap: float
    verified: bool
    stopped: bool
    repeatable: bool


def fewest_matches(
    hot_kw: npt.ArrayLike, cold_kw: npt.ArrayLike, *, nodes: int | None = None, seconds: float | None = None
) -> FewestMatches:
    """Fewest pairs for heat of shape (n, intervals) and (m, intervals), hottest interval first.

    Raises HeatError for negative or unequal totals, or if some cold heat lies above all that is left to feed it.
    """
    hot, cold = np.asarray(hot_kw, dtype=np.float64), np.asarray(cold_kw, dtype=np.float64)
    _check(hot, cold)
    cold = cold * (hot.sum() / cold.sum()) if cold.sum() else cold
    network = _Network(hot, cold)
    pairs = network.improve()
    loads = np.concatenate((hot.sum(axis=1), -cold.sum(axis=1)))
    loads = loads[loads != 0]
    least = len(loads) - most_parts(loads)
    best, stopped, by_time = int(pairs.sum()), False, False
    if best > least:
        better, bound, stopped, by_time = _by_programme(network, pairs, least, nodes, seconds)
        if better is not None and better.sum() < best:
            pairs = network.leave_out(better)
            best = int(pairs.sum())
        least = max(least, min(bound, best))
    heat = network.heat(pairs)
    assert heat is not None
    amounts = heat.sum(axis=2)
    return FewestMatches(
        heat_kw=amounts,
        objective=best,
        bound=least,
        gap=(best - least) / max(best, 1e-9),
        verified=_verify(hot, cold, heat, pairs),
        stopped=stopped and best > least,
        repeatable=not by_time,
    )


def _check(hot: Numbers, cold: Numbers) -> None:
    if hot.ndim != 2 or cold.ndim != 2 or hot.shape[1] != cold.shape[1]:
        raise HeatError([(0, "shape", "hot and cold heat need the same intervals")])
    if not (np.isfinite(hot).all() and np.isfinite(cold).all() and (hot >= 0).all() and (cold >= 0).all()):
        raise HeatError([(0, "heat", "must be finite and not negative")])
    if abs(hot.sum() - cold.sum()) > BALANCED * max(hot.sum(), cold.sum()):
        raise HeatError([(0, "heat", f"hot {hot.sum()} and cold {cold.sum()} differ")])
    short = np.cumsum(hot.sum(axis=0)) - np.cumsum(cold.sum(axis=0))
    for place in np.flatnonzero(short < -BALANCED * hot.sum()):
        raise HeatError([(int(place), "interval", "needs heat that is not there any more")])


class _Network:
    """One linear programme over and over: heat of pair (i, j) in interval t, with weights and allowed pairs."""

    def __init__(self, hot: Numbers, cold: Numbers) -> None:
        import highspy

        self.hot, self.cold = hot, cold
        n, m = len(hot), len(cold)
        self.most = np.array([[_pair(hot[i], cold[j]) for j in range(m)] for i in range(n)])
        reach = np.cumsum(hot, axis=1) > 0
        index = [
            (i, j, t)
            for i in range(n)
            for j in range(m)
            for t in np.flatnonzero(cold[j])
            if reach[i, t] and self.most[i, j] > 0
        ]
        self.index = np.array(index, dtype=np.int64).reshape(-1, 3)
        self.model = Model()
        for i, j, t in index:
            self.model.column(upper=min(float(cold[j, t]), float(self.most[i, j])))
        self._balances()
        self.lp: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            self.lp.setOptionValue(option, value)
        self.lp.passModel(self.model.programme(np.zeros(len(self.model.cost))))
        self.upper = np.array(self.model.upper)

    def _balances(self) -> None:
        """What each cold stream gets in each interval, and what each hot stream has left after each."""
        by_cold: dict[tuple[int, int], list[tuple[int, float]]] = {}
        by_hot: dict[tuple[int, int], list[tuple[int, float]]] = {}
        for column, (i, j, t) in enumerate(self.index.tolist()):
            by_cold.setdefault((j, t), []).append((column, 1.0))
            by_hot.setdefault((i, t), []).append((column, 1.0))
        # Rounded tables: a hair of slack, a thousandth of what counts as a match.
        hair = 1e-9 * float(self.hot.sum())
        for (j, t), terms in by_cold.items():
            self.model.row(terms, low=float(self.cold[j, t]) - hair, high=float(self.cold[j, t]) + hair)
        for i in range(len(self.hot)):
            given = np.cumsum(self.hot[i])
            carried = -1
            for t in range(self.hot.shape[1]):
                terms = by_hot.get((i, t), [])
                if not terms:
                    continue
                terms = [*terms, (carried, 1.0)] if carried >= 0 else terms
                # `carried`: all that stream i has given up to and including t.
                carried = self.model.column(upper=float(given[t]) + hair)
                self.model.row([*terms, (carried, -1.0)], low=0.0, high=0.0)

    def solve(self, weights: Numbers, allowed: npt.NDArray[np.bool_]) -> Numbers | None:
        """Heat (columns of `index`) of least weighted sum over the allowed pairs; None if they do not do."""
        import highspy

        count, k = len(self.model.cost), len(self.index)
        i, j = self.index[:, 0], self.index[:, 1]
        cost, upper = np.zeros(count), self.upper.copy()
        cost[:k] = weights[i, j]
        upper[:k] = np.where(allowed[i, j], upper[:k], 0.0)
        columns = np.arange(count, dtype=np.int32)
        self.lp.changeColsCost(count, columns, cost)
        self.lp.changeColsBounds(count, columns, np.zeros(count), upper)
        self.lp.run()
        if self.lp.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(self.lp.getSolution().col_value)[:k]

    def total(self, x: Numbers) -> Numbers:
        """Heat of each pair."""
        heat = np.zeros(self.most.shape)
        np.add.at(heat, (self.index[:, 0], self.index[:, 1]), x)
        return heat

    def used(self, x: Numbers) -> npt.NDArray[np.bool_]:
        """Pairs that carry more than rounding."""
        return self.total(x) > 1e-7 * float(self.hot.sum())

    def improve(self, *, rounds: int = 6) -> npt.NDArray[np.bool_]:
        """A set of few pairs that does: weights 1 / (heat carried), again and again, then leaving out.

        The weights begin with 1 / (the most a pair can carry), and again with that times fixed random factors.
        """
        every = self.most > 0
        largest = float(self.most.max())
        size = np.where(every, self.most, np.inf)
        random = np.random.default_rng(0)
        best = every
        for start in range(min(24, max(3, 120_000 // len(self.index)))):
            factors = random.uniform(0.3, 1.7, size.shape) if start else np.ones(size.shape)
            weights = largest / size * factors
            pairs = every
            for _round in range(rounds):
                x = self.solve(weights, every)
                if x is None:
                    raise SolverFailed("the transshipment has no solution")
                pairs = self.used(x)
                weights = factors * largest / (self.total(x) + 1e-3 * size)
            if self.heat(pairs) is not None and pairs.sum() <= best.sum() + 2:
                pairs = self.leave_out(pairs)
                best = pairs if pairs.sum() < best.sum() else best
        return best if best is not every else self.leave_out(every)

    def leave_out(self, pairs: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Drop pairs one by one, those that carry least first, as long as the others do."""
        x = self.solve(np.zeros(self.most.shape), pairs)
        heat = self.most if x is None else self.total(x)
        kept = pairs.copy()
        for i, j in sorted(zip(*np.nonzero(pairs), strict=True), key=lambda one: float(heat[one])):
            kept[i, j] = False
            if self.heat(kept) is None:
                kept[i, j] = True
        return kept

    def heat(self, pairs: npt.NDArray[np.bool_]) -> Numbers | None:
        """Heat (n, m, intervals) over these pairs alone; None if they do not do."""
        x = self.solve(np.zeros(self.most.shape), pairs)
        if x is None:
            return None
        heat = np.zeros((*self.most.shape, self.hot.shape[1]))
        heat[tuple(self.index.T)] = x
        return heat


def _pair(hot: Numbers, cold: Numbers) -> float:
    """The most heat that can pass from one hot to one cold stream."""
    missing = np.maximum.accumulate(np.concatenate(([0.0], np.cumsum(cold) - np.cumsum(hot))))
    return float(cold.sum() - missing[-1])


def _by_programme(
    network: _Network, pairs: npt.NDArray[np.bool_], least: int, nodes: int | None, seconds: float | None
) -> tuple[npt.NDArray[np.bool_] | None, int, bool, bool]:
    """The mixed integer programme: pairs, bound, whether it was stopped, whether by time."""
    base = network.model
    model = Model(
        cost=list(base.cost), upper=list(base.upper), whole=list(base.whole), low=list(base.low),
        high=list(base.high), rows=list(base.rows), columns=list(base.columns), entries=list(base.entries),
    )  # fmt: skip
    uses = {
        (int(i), int(j)): model.column(cost=1.0, upper=1.0, whole=True)
        for i, j in zip(*np.nonzero(network.most > 0), strict=True)
    }
    carried: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for column, (i, j, _t) in enumerate(network.index.tolist()):
        carried.setdefault((i, j), []).append((column, 1.0))
        model.row([(column, 1.0), (uses[i, j], -base.upper[column])], high=0.0)
    for pair, terms in carried.items():
        model.row([*terms, (uses[pair], -float(network.most[pair]))], high=0.0)
    for axis, totals in ((0, network.hot.sum(axis=1)), (1, network.cold.sum(axis=1))):
        for one, total in enumerate(totals):
            mine = [(column, pair) for pair, column in uses.items() if pair[axis] == one]
            sizes = sorted((float(network.most[pair]) for _column, pair in mine), reverse=True)
            count = 1 + int((np.cumsum(sizes) < total * (1.0 - 1e-9)).sum())
            if total > 0:
                model.row([(column, 1.0) for column, _pair in mine], low=float(count))
    model.row([(column, 1.0) for column in uses.values()], low=float(least), high=float(pairs.sum()))
    x = network.solve(np.zeros(pairs.shape), pairs)
    start = None
    if x is not None:
        given = np.array(network.lp.getSolution().col_value)
        start = np.concatenate((given, [float(pairs[pair]) for pair in uses]))
    try:
        found = solve(model, gap=0.0, nodes=nodes, seconds=seconds, start=start, absolute=0.999)
    except SolverFailed:
        return None, least, True, seconds is not None
    better = np.zeros_like(pairs)
    for pair, column in uses.items():
        better[pair] = found.x[column] > 0.5
    if network.heat(better) is None:
        better = pairs
    return better, ceil(found.bound - 1e-6), found.stopped, found.by_time


def _verify(hot: Numbers, cold: Numbers, heat: Numbers, pairs: npt.NDArray[np.bool_]) -> bool:
    """By plain sums: every cold interval is served, no hot stream gives before it has, only these pairs carry."""
    near = 1e-6 * float(hot.sum())
    served = np.abs(heat.sum(axis=0) - cold).max(initial=0.0) <= near
    gave = np.cumsum(heat.sum(axis=1), axis=1) <= np.cumsum(hot, axis=1) + near
    only = (heat.sum(axis=2)[~pairs] <= near).all()
    return bool(served and gave.all() and only and (heat >= -near).all())
