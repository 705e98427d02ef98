"""The relaxation, by pricing: start with the best pairs of every node, price all the others by the duals, go on until none pays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from qingyuan.engine.exchange.foresee import foresee
from qingyuan.engine.exchange.model import SolverFailed
from qingyuan.engine.exchange.network import Arcs, Network, Numbers, Places
from qingyuan.engine.exchange.programme import (
    Bools,
    Columns,
    Frame,
    Rows,
    add,
    lagrangian,
    load,
    pair_columns,
    reduced_pairs,
    solver,
)

ALL_AT_ONCE = 4_000
"""Up to so many pairs are simply all handed over."""
FIRST = 3
"""Pairs of each offer and of each need to start with."""
EACH_ROUND = 6
DEAR = 0.1
"""A pair that would lose more than this part of the mean cost at foreseen prices is none of the first."""
NEAR = 12
"""Where memory does not hold all pairs, prices are foreseen on so many of each node and block, the cheapest."""
IN_MEMORY = 8_000_000
"""Up to so many pairs are kept between rounds, and prices foreseen for them."""
DUAL = 1
"""HiGHS's number for the dual simplex method. All columns have bounds, so a vertex stays good when columns join it."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """An optimum of the relaxation: flows of the frame and of the `pairs`, prices of the rows, and the proven bound."""

    pairs: Arcs
    frame: Numbers
    flow: Numbers
    prices: Numbers
    objective: float
    bound: float
    all_pairs: int
    rounds: int


def relax(
    network: Network, rows: Rows, frame: Frame, *, told: Callable[[int, int], None] | None = None
) -> Relaxed:
    """Solve to optimality over all pairs. `told` hears (round, pairs so far)."""
    blocks, total = _blocks(network)
    chosen = list(_start(network, blocks, whole=total <= ALL_AT_ONCE))
    pairs = Arcs.join(chosen)
    seen = np.sort(np.concatenate([*(_keys(network, one) for one in chosen), np.zeros(0, np.int64)]))
    highs = solver(solver="simplex", simplex_strategy=DUAL, presolve="on" if len(pairs) == total else "off")
    load(
        highs,
        columns=Columns.join(frame.columns, pair_columns(network, rows, pairs)),
        cost=np.concatenate([frame.cost, pairs.relaxed_cost]),
        upper=np.concatenate([frame.upper, pairs.upper]),
        rows_lower=rows.lower,
        rows_upper=rows.upper,
    )
    rounds = 0
    while True:
        rounds += 1
        prices = run(highs)
        if told:
            told(rounds, len(pairs))
        if len(pairs) == total:
            break
        more, keys = _priced(network, rows, blocks or network.blocks(), prices=prices, seen=seen)
        if not len(more):
            break
        add(highs, pair_columns(network, rows, more), more.relaxed_cost, more.upper)
        pairs, seen = Arcs.join([pairs, more]), np.sort(np.concatenate([seen, keys]))
    flow = np.maximum(np.array(highs.getSolution().col_value), 0.0)
    return Relaxed(
        pairs=pairs,
        frame=flow[: frame.count],
        flow=flow[frame.count :],
        prices=prices,
        objective=float(highs.getObjectiveValue()),
        bound=lagrangian(network, rows, frame, prices),
        all_pairs=total,
        rounds=rounds,
    )


def run(highs: Any) -> Numbers:
    """Solve a linear programme; the prices of its rows."""
    import highspy

    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kModelEmpty:
        return np.zeros(highs.getNumRow())
    if status != highspy.HighsModelStatus.kOptimal:
        raise SolverFailed(f"HiGHS ended with {highs.modelStatusToString(status)}")
    return np.array(highs.getSolution().row_dual)


def _keys(network: Network, arcs: Arcs) -> Places:
    keys: Places = arcs.tail * len(network.demand) + arcs.head
    return keys


def _blocks(network: Network) -> tuple[list[Arcs], int]:
    """All pairs, where memory holds them (else none), and how many they are."""
    kept: list[Arcs] = []
    total = 0
    for arcs in network.blocks():
        total += len(arcs)
        if total > IN_MEMORY:
            kept.clear()
        else:
            kept.append(arcs)
    return (kept if total <= IN_MEMORY else []), total


def _start(network: Network, blocks: list[Arcs], *, whole: bool) -> Iterator[Arcs]:
    """All pairs if they are few; else the best few of each offer and of each need, by foreseen prices."""
    if whole:
        yield Arcs.join(blocks)
        return
    near = blocks or [
        arcs.take(_best(arcs.tail, arcs.relaxed_cost, NEAR) | _best(arcs.head, arcs.relaxed_cost, NEAR))
        for arcs in network.blocks()
    ]
    whole_near = Arcs.join(near)
    offers, needs = foresee(whole_near, network.supply, network.demand)
    dear = DEAR * float(np.abs(whole_near.cost).mean()) if len(whole_near) else 0.0
    for arcs in near:
        worth = arcs.relaxed_cost + offers[arcs.tail] + arcs.rate * needs[arcs.head]
        likely = np.flatnonzero(worth < dear)
        some, worth = arcs.take(likely), worth[likely]
        yield some.take(_best(some.tail, worth, FIRST) | _best(some.head, worth, FIRST))


def _best(group: Places, cost: Numbers, count: int) -> Bools:
    """Which are among the `count` cheapest of their group."""
    order = np.lexsort((cost, group))
    ordered = group[order]
    start = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(order) else np.zeros(0, np.int64)
    rank = np.arange(len(order)) - np.repeat(start, np.diff(np.append(start, len(order))))
    best = np.zeros(len(group), bool)
    best[order[rank < count]] = True
    return best


def _priced(
    network: Network, rows: Rows, blocks: Iterable[Arcs], *, prices: Numbers, seen: Places
) -> tuple[Arcs, Places]:
    """Pairs that would lower the cost, a few per node; none left means that the optimum is one of all pairs."""
    found, keys = [], []
    for arcs in blocks:
        reduced = reduced_pairs(network, rows, arcs, prices)
        pays = np.flatnonzero(reduced < -1e-9 * np.maximum(1.0, np.abs(arcs.cost)))
        candidates, reduced = arcs.take(pays), reduced[pays]
        fresh = ~_member(_keys(network, candidates), seen)
        candidates, reduced = candidates.take(fresh), reduced[fresh]
        good = _best(candidates.tail, reduced, EACH_ROUND) | _best(candidates.head, reduced, EACH_ROUND)
        found.append(candidates.take(good))
        keys.append(_keys(network, found[-1]))
    return Arcs.join(found), np.concatenate([*keys, np.zeros(0, np.int64)])


def _member(keys: Places, known: Places) -> Bools:
    if not len(known):
        return np.zeros(len(keys), bool)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    member: Bools = known[place] == keys
    return member
