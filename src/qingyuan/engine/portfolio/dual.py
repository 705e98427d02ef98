"""Prices on the coupling rows: the largest Lagrangian bound, by samples that grow and by sifting.

    q(prices) = need . prices + sum over blocks of min (cost - gain . prices) . plan        prices >= 0

Every q is a lower bound, whatever the prices (weak duality). A small sample of the units gives prices by its linear
programme; on ten times as many units only those nearest to flipping can change, so that a linear programme over them,
the others standing still, gives better prices; and so on up to all units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from qingyuan.engine.portfolio.blocks import Blocks
from qingyuan.engine.portfolio.child import Child
from qingyuan.engine.portfolio.programme import Numbers, Programme

DIRECT = 25_000
"""Measures up to which the linear programme is solved as a whole."""
FIRST, GROWTH = 4_000, 4
ROUNDS = 5
STEPS = (1.0, 0.4, 0.15)
CLOSE = 2e-5
"""Relative distance to the relaxed optimum at which prices are good enough; the usual gap is 25 times larger."""
SPREAD = 10.0
"""Units that may flip, per unit of units / sqrt(sampled)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """Prices, the bound that they prove, and the plan that is best at them if coupling rows are paid, not heeded."""

    prices: Numbers
    bound: float
    plan: Numbers
    priced: Numbers


def evaluate(blocks: Blocks, prices: Numbers) -> Priced:
    """The Lagrangian bound at `prices`."""
    instance = blocks.instance
    prices = np.maximum(prices, 0.0)
    priced = instance.priced(prices)
    least, plan = blocks.best(priced)
    return Priced(prices=prices, bound=float(instance.need @ prices) + least, plan=plan, priced=priced)


def multipliers(blocks: Blocks, child: Child, *, known: Numbers | None = None) -> Priced | None:
    """Good prices for the whole; None where even the relaxed problem has no solution. `known` are prices of a like one."""
    instance = blocks.instance
    if instance.measures <= DIRECT:
        outcome = child.run(instance.programme(), relaxed=True)
        if outcome.status == "infeasible":
            return None
        return evaluate(blocks, _prices(outcome.row_dual, len(instance.need)))
    if known is not None:
        return refine(blocks, known, child, rounds=ROUNDS, sampled=FIRST * GROWTH)
    prices: Numbers | None = None
    order = np.random.default_rng(0).permutation(blocks.units)
    size = FIRST
    while size * 2 < blocks.units:
        sample = blocks.part(_masks(blocks, order[:size]), share=size / blocks.units)
        if prices is None and sample.instance.measures > DIRECT:
            size //= 2
            continue
        if prices is None:
            outcome = child.run(sample.instance.programme(), relaxed=True)
            if outcome.row_dual is not None:
                prices = _prices(outcome.row_dual, len(instance.need))
        else:
            found = refine(sample, prices, child, rounds=2, sampled=size // GROWTH)
            prices = prices if found is None else found.prices
        size *= GROWTH
    if prices is None:
        prices = np.zeros(len(instance.need))
    return refine(blocks, prices, child, rounds=ROUNDS, sampled=max(size // GROWTH, 1))


def refine(blocks: Blocks, prices: Numbers, child: Child, *, rounds: int, sampled: int) -> Priced | None:
    """Better prices by sifting; None where the linear programme over all units has no solution.

    `sampled` units gave the prices that it begins with: the fewer, the more units may have to move. The value of each
    sifted programme is one that the whole can reach, so that it and the bound close in on the relaxed optimum.
    """
    instance, units = blocks.instance, blocks.units
    best = evaluate(blocks, prices)
    core = min(1_000 + int(SPREAD * units / sampled**0.5), units)
    for _round in range(rounds):
        columns = nearest(blocks, best, core)
        relaxed = _relaxed(child, instance.programme(columns, settled=best.plan), best.prices)
        if relaxed is None:
            if core == units:
                return None
            core = min(core * 4, units)
            continue
        rest = best.plan.copy()
        rest[columns] = 0.0
        reachable = relaxed[0] + float(instance.cost @ rest)
        before = best.bound
        best = _climb(blocks, best, relaxed[1])
        if reachable - best.bound <= CLOSE * abs(best.bound):
            break
        if best.bound <= before:
            if core == units:
                break
            core = min(core * 4, units)
    return best


def _relaxed(child: Child, programme: Programme, prices: Numbers) -> tuple[float, Numbers] | None:
    """Optimum and prices of a linear programme near whose prices we stand; None where it has no solution.

    Coupling rows are paid at `prices` and their slacks bought back, so that the solver starts at the plan that these
    prices make and has only the difference to find: cost . x = (cost - gain . prices) . x + prices . (need + slack).
    """
    count, n = len(prices), len(programme.cost)
    gain, need = programme.rows[:count], programme.row_lower[:count]
    slack = sparse.vstack(
        [-sparse.eye_array(count), sparse.csc_array((programme.rows.shape[0] - count, count))], format="csc"
    )
    outcome = child.run(
        Programme(
            cost=np.concatenate([programme.cost - gain.T @ prices, prices]),
            lower=np.concatenate([programme.lower, np.zeros(count)]),
            upper=np.concatenate([programme.upper, np.full(count, np.inf)]),
            whole=np.zeros(n + count, dtype=bool),
            rows=sparse.hstack([programme.rows, slack], format="csc"),
            row_lower=programme.row_lower,
            row_upper=np.concatenate([need, programme.row_upper[count:]]),
        ),
        relaxed=True,
    )
    if outcome.row_dual is None:
        return None
    return outcome.objective + float(prices @ need), np.maximum(outcome.row_dual[:count] + prices, 0.0)


def _climb(blocks: Blocks, best: Priced, prices: Numbers) -> Priced:
    """The better of a few points on the way to `prices`: near its start the bound rises, far out units flip unforeseen."""
    for share in STEPS:
        tried = evaluate(blocks, best.prices + share * (prices - best.prices))
        if tried.bound > best.bound:
            return tried
    return best


def nearest(blocks: Blocks, at: Priced, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The measures of the `count` units that the least relative change of prices would flip."""
    moved = blocks.per_unit(np.abs(blocks.instance.cost - at.priced))
    scores = [
        lost / np.maximum(weight, 1e-300)
        for lost, weight in zip(blocks.regrets(at.priced), moved, strict=True)
    ]
    return blocks.columns(least(scores, count))


def least(scores: list[Numbers], count: int) -> list[np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Masks of the `count` smallest finite scores, list by list; ties at the edge all come in."""
    joined = np.concatenate(scores)
    finite = joined[np.isfinite(joined)]
    if count >= len(finite):
        return [np.isfinite(one) for one in scores]
    edge = np.partition(finite, count - 1)[count - 1]
    return [one <= edge for one in scores]


def _masks(
    blocks: Blocks, units: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> list[np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    flags = np.zeros(blocks.units, dtype=bool)
    flags[units] = True
    ends = np.cumsum([len(blocks.singles), *(len(shape.members) for shape in blocks.shapes)])
    return np.split(flags, ends[:-1])


def _prices(duals: Numbers | None, rows: int) -> Numbers:
    assert duals is not None
    return np.maximum(duals[:rows], 0.0)
