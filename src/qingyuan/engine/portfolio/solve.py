"""One way in for small and large selections: prices and core for the large, HiGHS on everything for the small.

`optimise` answers with the best plan, a proven bound and how it ended. Rows that guard nonlinear requirements come in as
plans break them (`cuts`); rows that rounding would miss are raised until an exact check holds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from qingyuan.engine.portfolio import core, dual
from qingyuan.engine.portfolio.blocks import Blocks, Impossible, TooTangled, cut
from qingyuan.engine.portfolio.child import Child, SolverFailed
from qingyuan.engine.portfolio.cuts import Maker, broken
from qingyuan.engine.portfolio.instance import Instance
from qingyuan.engine.portfolio.programme import Limits, Numbers, Outcome

SMALL = 1_500
"""Measures up to which HiGHS takes everything at once."""
EXACT = 400
"""Measures up to which the optimum itself is sought, whatever the gap asked for, as far as EXACT_NODES reach."""
EXACT_NODES = 20_000
FALLBACK = 40_000
"""Measures up to which HiGHS takes everything where prices and core do not reach the gap."""
ROUNDS = 200
RELAXED_ENOUGH = 1e-4
"""Relative lack at which rows for the relaxation suffice in large selections."""
EDGE = 1e-9
FROM_ROUNDING = -1
"""The owner of rows that only mend a solver's tolerance."""
Shortfalls = Callable[[Numbers], Numbers]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """When to stop: at `gap`; else after `nodes` of a search; else, only where asked for, after `seconds`."""

    gap: float = 0.0005
    nodes: int = 200_000
    seconds: float | None = None
    patience: float = 900.0
    """The hard limit of one call of the solver: beyond it the child is ended."""
    exact: bool = True
    """Whether the optimum itself is sought for few measures, whatever the gap."""
    enough: float | None = None
    """Any plan as cheap as this will do."""


@dataclass(slots=True)
class Warm:
    """What one solve leaves for the next of the same measures: their blocks, and prices near the right ones."""

    blocks: Blocks | None = None
    prices: Numbers | None = None

    def cut(self, instance: Instance) -> Blocks:
        """The blocks of the instance; those of the last one where the same rows tie the same measures."""
        old = None if self.blocks is None else self.blocks.instance
        if old is None or any(
            getattr(old, name) is not getattr(instance, name)
            for name in ("local", "local_lower", "local_upper", "lower", "upper", "whole")
        ):
            self.blocks = cut(instance)
        else:
            assert self.blocks is not None
            self.blocks = replace(self.blocks, instance=instance)
        return self.blocks

    def known(self, instance: Instance) -> Numbers | None:
        """Prices to begin with, where the rows are as many."""
        return self.prices if self.prices is not None and len(self.prices) == len(instance.need) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """`done`: within the gap. `stopped`: at a limit, with the best plan (None: none found). `bound` holds in any case.

    `final` is the instance with the rows that were made on the way; `prices` are those of its linear relaxation.
    """

    status: Literal["done", "stopped", "infeasible"]
    x: Numbers | None
    objective: float
    bound: float
    prices: Numbers
    final: Instance
    method: str
    nodes: int = 0
    repeatable: bool = True
    owners: tuple[int, ...] = ()
    """Of the rows that `final` has beyond the instance's own: the maker of each."""

    @property
    def gap(self) -> float:
        return gap_of(self.objective, self.bound)


def gap_of(objective: float, bound: float) -> float:
    """|objective - bound| / max(|objective|, 1e-9)."""
    return abs(objective - bound) / max(abs(objective), 1e-9)


def optimise(
    instance: Instance,
    child: Child,
    *,
    effort: Effort | None = None,
    makers: Sequence[Maker] = (),
    short: Shortfalls | None = None,
    start: Numbers | None = None,
    warm: Warm | None = None,
) -> Solved:
    """The least-cost plan. `short(x)` gives what coupling rows lack exactly (>= 0), the first rows of the instance."""
    effort, warm = effort or Effort(), warm or Warm()
    short = short or shortfalls(instance)
    final, bound = instance, -math.inf
    repeatable = True
    raised_once = False  # then the rows ask more than the case does, and bounds of the search hold no longer
    solved: Solved | None = None
    owners: list[int] = []
    all_whole = bool(instance.whole.all())
    if makers:
        final = _with_relaxed_cuts(final, child, makers, effort, owners)
    for turn in range(ROUNDS):
        solved = _once(final, child, effort, start, warm)
        repeatable &= solved.repeatable
        if solved.x is None:
            break
        if not raised_once:
            bound = max(bound, solved.bound)
        # Two rounds of exact rows give the bound; then large plans go beyond what lacks, or the end would be long.
        beyond = 2.0 if turn >= 1 and instance.measures > EXACT else 0.0
        more = broken(makers, solved.x, whole=all_whole, beyond=beyond)
        lacking = short(solved.x)
        if more is None and not (lacking > 0).any():
            break
        if more is not None:
            final = final.with_rows(more.gain, more.need)
            owners += more.owners
            raised_once |= beyond > 0
        for row, missing in enumerate(lacking.tolist()):
            if missing > 0:
                final, rigorous = _corrected(final, row, missing, solved.x)
                raised_once |= not rigorous
                owners += [FROM_ROUNDING] * rigorous
    assert solved is not None
    if solved.x is None or not math.isfinite(bound):
        return replace(solved, repeatable=repeatable, owners=tuple(owners))
    bound = min(bound, solved.objective)
    inside = gap_of(solved.objective, bound) <= effort.gap
    return replace(
        solved,
        bound=bound,
        repeatable=repeatable,
        owners=tuple(owners),
        status="done" if inside and solved.status != "infeasible" else "stopped",
    )


def shortfalls(instance: Instance) -> Shortfalls:
    """What coupling rows lack in floats, rows at the edge summed without rounding."""

    def short(x: Numbers) -> Numbers:
        lacking = instance.need - instance.reached(x)
        used = np.flatnonzero(x)
        for row in np.flatnonzero(np.abs(lacking) <= EDGE * np.abs(instance.need)).tolist():
            gain = instance.gain[:, [row]]
            gain = np.asarray(gain.toarray() if hasattr(gain, "toarray") else gain, dtype=np.float64)
            lacking[row] = instance.need[row] - math.fsum(gain[used, 0] * x[used])
        return np.maximum(lacking, 0.0)

    return short


def _corrected(instance: Instance, row: int, lacking: float, x: Numbers) -> tuple[Instance, bool]:
    """The instance without a plan that the solver's tolerance let through, and whether it still holds every true plan.

    Where the row's measures are whole, every plan that reaches more must bring in one that adds or leave out one that
    takes away: a row that cuts off nothing else. With divisible ones the row asks a little more.
    """
    gain = instance.gain[:, [row]]
    gain = np.asarray(gain.toarray() if hasattr(gain, "toarray") else gain, dtype=np.float64).ravel()
    if instance.whole[gain != 0].all():
        inside = x > 0.5
        change = ((gain > 0) & ~inside).astype(np.float64) - ((gain < 0) & inside)
        return instance.with_rows(change[:, None], np.array([1.0 + change[inside].sum()])), True
    need = instance.need.copy()
    need[row] += 2 * lacking + 1e-13 * abs(need[row])
    return replace(instance, need=need), False


def _with_relaxed_cuts(
    instance: Instance, child: Child, makers: Sequence[Maker], effort: Effort, owners: list[int]
) -> Instance:
    """Rows for the linear relaxation first: they are cheap, and most of those that the whole plan needs."""
    if instance.measures > dual.DIRECT:
        return instance
    least = 0.0 if instance.measures <= EXACT else RELAXED_ENOUGH
    for _round in range(60):
        outcome = child.run(instance.programme(), relaxed=True, patience=effort.patience)
        if outcome.x is None:
            break
        more = broken(makers, outcome.x, whole=bool(instance.whole.all()), least=least)
        if more is None:
            break
        instance = instance.with_rows(more.gain, more.need)
        owners += more.owners
    return instance


def _once(instance: Instance, child: Child, effort: Effort, start: Numbers | None, warm: Warm) -> Solved:
    if instance.measures <= SMALL:
        return _direct(instance, child, effort, start)
    try:
        found = _decomposed(warm.cut(instance), child, effort, warm)
    except Impossible:
        return _nothing(instance, "blocks")
    except TooTangled:
        found = None
    if found is not None and (found.status == "done" or instance.measures > FALLBACK):
        return found
    if found is None:
        return _direct(instance, child, effort, start)
    return _better(found, _direct(instance, child, effort, start if found.x is None else found.x))


def _better(found: Solved, whole: Solved) -> Solved:
    """What decomposition and the whole programme prove together."""
    if whole.status == "infeasible":
        return whole
    if whole.x is None:
        return replace(found, repeatable=whole.repeatable)
    return replace(whole, prices=found.prices, bound=min(max(whole.bound, found.bound), whole.objective))


def _decomposed(blocks: Blocks, child: Child, effort: Effort, warm: Warm) -> Solved | None:
    """Prices, then the core; None where the relaxed problem already has no solution."""
    instance = blocks.instance
    at = dual.multipliers(blocks, child, known=warm.known(instance))
    if at is None:
        return None
    warm.prices = at.prices
    found = core.plan(blocks, at, child, gap=effort.gap, nodes=2_000, patience=effort.patience)
    inside = found.x is not None and gap_of(found.objective, found.bound) <= effort.gap
    return Solved(
        status="done" if inside else "stopped",
        x=found.x,
        objective=found.objective,
        bound=found.bound,
        prices=at.prices,
        final=instance,
        method="decomposition",
    )


def _direct(instance: Instance, child: Child, effort: Effort, start: Numbers | None) -> Solved:
    programme = instance.programme()
    exact = effort.exact and instance.measures <= EXACT
    limits = Limits(
        gap=0.0 if exact else effort.gap * 0.98,
        nodes=EXACT_NODES if exact else effort.nodes,
        seconds=effort.seconds,
        enough=effort.enough,
    )
    outcome = child.run(programme, limits, start=start, patience=effort.patience)
    if exact and outcome.status == "nodes" and gap_of(outcome.objective, outcome.bound) > effort.gap:
        limits = replace(limits, gap=effort.gap * 0.98, nodes=effort.nodes)
        outcome = child.run(programme, limits, start=outcome.x, patience=effort.patience)
    if outcome.status in {"unbounded", "failed"}:
        raise SolverFailed(f"HiGHS: {outcome.status}")
    if outcome.status == "infeasible" or outcome.x is None:
        nothing = _nothing(instance, "highs")
        if outcome.status == "infeasible":
            return nothing
        return replace(nothing, status="stopped", bound=outcome.bound, repeatable=outcome.status != "time")
    x = tidy(instance, outcome)
    objective = math.fsum(instance.cost * x)
    near = 1e-9 * math.fsum(np.abs(instance.cost * x))
    bound = (
        objective
        if outcome.status == "optimal" and exact and objective - outcome.bound <= near
        else outcome.bound
    )
    return Solved(
        status="done" if gap_of(objective, min(bound, objective)) <= effort.gap else "stopped",
        x=x,
        objective=objective,
        bound=min(bound, objective),
        prices=np.zeros(len(instance.need)),
        final=instance,
        method="highs",
        nodes=outcome.nodes,
        repeatable=outcome.status != "time",
    )


def tidy(instance: Instance, outcome: Outcome) -> Numbers:
    """Whole measures as whole numbers, fractions cleared of the solver's last digits."""
    assert outcome.x is not None
    x = np.where(instance.whole, np.round(outcome.x), outcome.x)
    x = np.where(np.abs(x - np.round(x)) < 1e-9, np.round(x), x)
    clipped: Numbers = np.clip(x, instance.lower, instance.upper)
    return clipped + 0.0


def _nothing(instance: Instance, method: str) -> Solved:
    return Solved(
        status="infeasible",
        x=None,
        objective=math.inf,
        bound=math.inf,
        prices=np.zeros(len(instance.need)),
        final=instance,
        method=method,
    )
