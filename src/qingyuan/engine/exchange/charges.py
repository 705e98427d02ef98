"""Fixed charges and siting: the mixed-integer programme, and the flows that are best once what is used and built is settled."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from qingyuan.engine.exchange.model import SolverFailed
from qingyuan.engine.exchange.network import Arcs, Network, Numbers, Places
from qingyuan.engine.exchange.programme import Bools, Columns, Frame, Rows, load, pair_columns, solver
from qingyuan.engine.exchange.relax import Relaxed, run

MOST_PAIRS = 20_000
"""Beyond so many pairs the mixed-integer programme looks at those of the relaxation only."""
SMALL = 400
"""Up to so many yes-or-no decisions the optimum itself is sought first, within a few nodes."""
FEW_NODES = 2_000
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Stop:
    """When to stop: relative gap; and, only if asked, nodes or seconds."""

    gap: float
    nodes: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Flows of the frame and of `pairs`, prices with what is built settled, and the bound that the solver proved."""

    pairs: Arcs
    frame: Numbers
    flow: Numbers
    used: Bools
    prices: Numbers
    bound: float
    by_time: bool


def decisions(network: Network, rows: Rows) -> Bools:
    """(facilities,) which options are decisions: they cost something fixed, or exclude others."""
    fixed = np.array([one.fixed_cost > 0 for one in network.park.facilities], dtype=bool)
    alone = np.bincount(rows.option_of, minlength=len(rows.choice)) == 1
    found: Bools = fixed | ~alone[rows.option_of] if len(fixed) else fixed
    return found


def settle(network: Network, rows: Rows, frame: Frame, relaxed: Relaxed, stop: Stop) -> Settled:
    """Decide what is used and built, then polish the flows."""
    whole = relaxed.all_pairs <= MOST_PAIRS
    pairs = Arcs.join(list(network.blocks())) if whole else relaxed.pairs
    chooses = decisions(network, rows)
    fixed = np.flatnonzero(pairs.fixed > 0)
    if not chooses.any() and not len(fixed):
        return Settled(
            relaxed.pairs,
            relaxed.frame,
            relaxed.flow,
            np.zeros(len(relaxed.pairs), bool),
            relaxed.prices,
            relaxed.bound,
            by_time=False,
        )
    start = None
    if not chooses.any():
        start = _rounded(network, rows, frame, relaxed, pairs)
        if _cost(frame, start) - relaxed.bound <= stop.gap * abs(_cost(frame, start)) and len(fixed) > SMALL:
            return start
    programme = _Mixed(network, rows, frame, pairs=pairs, fixed=fixed, chooses=chooses)
    programme.begin(start)
    answer, bound, by_time = programme.run(stop)
    built, used = programme.read(answer)
    flows, prices = polish(network, rows, frame, pairs=pairs, built=built, used=used)
    return Settled(
        pairs,
        flows[: frame.count],
        flows[frame.count :],
        used,
        prices,
        bound,
        by_time=by_time,
    )


def _rounded(network: Network, rows: Rows, frame: Frame, relaxed: Relaxed, pairs: Arcs) -> Settled:
    """The relaxation's own pairs, paid in full, without those that do not earn their charge: often near enough."""
    needs = len(network.demand)
    keys = pairs.tail * needs + pairs.head
    order = np.argsort(keys)
    flow = np.zeros(len(pairs))
    seen = np.searchsorted(keys, relaxed.pairs.tail * needs + relaxed.pairs.head, sorter=order)
    flow[order[seen]] = relaxed.flow
    nothing = np.zeros(len(network.capacity))
    for _round in range(ROUNDS):
        used = (pairs.fixed > 0) & (pairs.cost * flow + pairs.fixed < 0)
        flows, prices = polish(network, rows, frame, pairs=pairs, built=nothing, used=used)
        flow = flows[frame.count :]
    return Settled(pairs, flows[: frame.count], flow, used, prices, relaxed.bound, by_time=False)


def _cost(frame: Frame, made: Settled) -> float:
    """Of a plan whose facilities are no decisions."""
    charges = made.pairs.fixed[made.flow > 0].sum()
    return float(made.pairs.cost @ made.flow + charges + frame.cost @ made.frame)


class _Mixed:
    def __init__(
        self, network: Network, rows: Rows, frame: Frame, *, pairs: Arcs, fixed: Places, chooses: Bools
    ) -> None:
        self.frame, self.pairs, self.fixed = frame, pairs, fixed
        count = len(fixed)
        columns = Columns.join(frame.columns, pair_columns(network, rows, pairs))
        columns = _with_uses(columns, frame.count + fixed, rows.count, pairs.upper[fixed])
        self.columns = columns
        self.cost = np.concatenate([frame.cost, pairs.cost, pairs.fixed[fixed]])
        self.upper = np.concatenate([frame.upper, pairs.upper, np.ones(count)])
        self.lower_rows = np.concatenate([rows.lower, np.full(count, -np.inf)])
        self.upper_rows = np.concatenate([rows.upper, np.zeros(count)])
        self.integral = np.zeros(len(self.cost), bool)
        self.integral[frame.built_from : frame.count] = chooses
        self.integral[frame.count + len(pairs) :] = True
        self.start: list[float] = []

    def begin(self, near: Settled | None) -> None:
        """A plan to start from; without one, the plan that always stands: exchange nothing."""
        self.start = [0.0] * len(self.cost)
        if near is not None:
            uses = near.used[self.fixed].astype(float)
            self.start = np.concatenate([near.frame, near.flow, uses]).tolist()

    def run(self, stop: Stop) -> tuple[Numbers, float, bool]:
        """The best answer, the proven bound, and whether time ended the search."""
        if int(self.integral.sum()) <= SMALL and (stop.nodes is None or stop.nodes > FEW_NODES):
            highs = self._solve(Stop(gap=min(stop.gap, 1e-9), nodes=FEW_NODES, seconds=stop.seconds))
            if self._gap(highs) <= stop.gap or self._timed_out(highs):
                return self._answer(highs)
        return self._answer(self._solve(stop))

    def _solve(self, stop: Stop) -> Any:
        import highspy

        highs = solver(mip_rel_gap=stop.gap, mip_abs_gap=0.0)
        if stop.nodes is not None:
            highs.setOptionValue("mip_max_nodes", stop.nodes)
        if stop.seconds is not None:
            highs.setOptionValue("time_limit", stop.seconds)
        load(
            highs,
            columns=self.columns,
            cost=self.cost,
            upper=self.upper,
            rows_lower=self.lower_rows,
            rows_upper=self.upper_rows,
            integral=self.integral,
        )
        start = highspy.HighsSolution()
        start.col_value = self.start
        highs.setSolution(start)
        highs.run()
        status = highs.getModelStatus()
        fine = highspy.HighsModelStatus
        if status not in {fine.kOptimal, fine.kSolutionLimit, fine.kTimeLimit, fine.kModelEmpty}:
            raise SolverFailed(f"HiGHS ended with {highs.modelStatusToString(status)}")
        return highs

    @staticmethod
    def _gap(highs: Any) -> float:
        info = highs.getInfo()
        best = info.objective_function_value
        return float(abs(best - info.mip_dual_bound) / max(abs(best), 1e-9))

    @staticmethod
    def _timed_out(highs: Any) -> bool:
        import highspy

        return bool(highs.getModelStatus() == highspy.HighsModelStatus.kTimeLimit)

    def _answer(self, highs: Any) -> tuple[Numbers, float, bool]:
        info = highs.getInfo()
        value = np.array(highs.getSolution().col_value)
        if len(value) != len(self.cost) or not math.isfinite(info.objective_function_value):
            value = np.zeros(len(self.cost))
        return value, float(info.mip_dual_bound), self._timed_out(highs)

    def read(self, answer: Numbers) -> tuple[Numbers, Bools]:
        """What is built (0 to 1 each, decisions rounded), and which pairs with a charge are used."""
        start, count = self.frame.built_from, self.frame.count
        built = answer[start:count].copy()
        decided = self.integral[start:count]
        built[decided] = built[decided].round()
        used = np.zeros(len(self.pairs), bool)
        used[self.fixed] = answer[count + len(self.pairs) :] > 0.5
        return built, used


def _with_uses(columns: Columns, users: Places, first_row: int, most: Numbers) -> Columns:
    """Columns with one more row for each of `users`: it flows only if its new yes-or-no column says so."""
    count = len(users)
    total = len(columns.start)
    each = np.repeat(np.arange(total), np.diff(np.append(columns.start, len(columns.index))))
    rows = first_row + np.arange(count)
    return Columns.of(
        total + count,
        np.concatenate([each, users, total + np.arange(count)]),
        np.concatenate([columns.index, rows, rows]),
        np.concatenate([columns.entry, np.ones(count), -most]),
    )


def polish(
    network: Network, rows: Rows, frame: Frame, *, pairs: Arcs, built: Numbers, used: Bools
) -> tuple[Numbers, Numbers]:
    """The cheapest flows, and the prices, once it is settled what is built and used."""
    free = (pairs.fixed == 0) | used
    keep = np.flatnonzero(free)
    some = pairs.take(keep)
    decided = decisions(network, rows)
    low = np.zeros(frame.count + len(some))
    high = np.concatenate([frame.upper, some.upper])
    cost = np.concatenate([frame.cost, some.cost])
    place = frame.built_from + np.flatnonzero(decided)
    low[place] = high[place] = built[decided]
    highs = solver(solver="simplex")
    load(
        highs,
        columns=Columns.join(frame.columns, pair_columns(network, rows, some)),
        cost=cost,
        lower=low,
        upper=high,
        rows_lower=rows.lower,
        rows_upper=rows.upper,
    )
    prices = run(highs)
    value = np.maximum(np.array(highs.getSolution().col_value), 0.0)
    flow = np.zeros(frame.count + len(pairs))
    flow[: frame.count] = value[: frame.count]
    flow[frame.count + keep] = value[frame.count :]
    return flow, prices
