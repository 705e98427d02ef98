"""The plan of a large selection: prices first, then an exact programme over the units nearest to flipping.

Whatever stands outside the core stands as the prices decide. A plan of the core with the rest is a plan of the whole;
its cost less the bound of the prices is the proven gap. The core grows until a plan is found and the gap suffices. Once
the core holds every unit whose flip would cost no more than the gap, its own bound holds for the whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingyuan.engine.portfolio.blocks import Blocks
from qingyuan.engine.portfolio.child import Child
from qingyuan.engine.portfolio.dual import Priced, least
from qingyuan.engine.portfolio.programme import Limits, Numbers

CORES = (400, 1_200, 3_600, 12_000, 40_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A plan (None: none found) with its cost, and a bound for the whole."""

    x: Numbers | None
    objective: float
    bound: float


def plan(
    blocks: Blocks, at: Priced, child: Child, *, gap: float, nodes: int, patience: float | None
) -> Found:
    """A plan within `gap` of the bound, or the best that the largest core gives."""
    instance = blocks.instance
    regrets = blocks.regrets(at.priced)
    finite = np.concatenate(regrets)
    finite = finite[np.isfinite(finite)]
    best = Found(x=None, objective=float("inf"), bound=at.bound)
    for size in CORES:
        picked = least(regrets, size)
        columns = blocks.columns(picked)
        rest = at.plan.copy()
        rest[columns] = 0.0
        settled = float(instance.cost @ rest)
        aim = best.bound + 0.9 * gap * abs(best.bound)
        outcome = child.run(
            instance.programme(columns, settled=at.plan),
            Limits(nodes=nodes, enough=aim - settled, gap=1e-7),
            start=None if best.x is None else best.x[columns],
            patience=patience,
        )
        whole = size >= len(finite)
        if outcome.x is not None and outcome.objective + settled < best.objective:
            rest[columns] = np.where(instance.whole[columns], np.round(outcome.x), outcome.x)
            best = Found(x=rest, objective=float(instance.cost @ rest), bound=best.bound)
        edge = np.inf if whole else float(np.partition(finite, size)[size])
        if at.bound + edge >= best.objective:  # a flip outside the core could not pay
            best = Found(
                x=best.x,
                objective=best.objective,
                bound=min(max(best.bound, outcome.bound + settled), best.objective),
            )
        if whole or (best.x is not None and best.objective - best.bound <= gap * abs(best.objective)):
            break
    return best
