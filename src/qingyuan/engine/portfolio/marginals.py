"""What the last unit costs, and why each measure is in the plan or not.

A programme with whole measures has no exact dual. Two figures stand beside each other: the dual of the linear relaxation
with the rows of the final plan, and the true difference in cost when the target is asked for 1 % more and 1 % less.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from qingyuan.engine.portfolio.blocks import Impossible, TooTangled, cut
from qingyuan.engine.portfolio.dual import DIRECT
from qingyuan.engine.portfolio.model import Model
from qingyuan.engine.portfolio.programme import Numbers
from qingyuan.engine.portfolio.solve import Solved

STEP = Fraction(1, 100)
MOST_RESOLVED, MOST_NODES = 150, 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """Money per unit of a target's reduction: `lp` from the relaxation; `plus_1pct` and `minus_1pct` from solving again.

    None with its `reason` where there is no such figure.
    """

    target: str
    scenario: str
    lp: float
    plus_1pct: float | None
    minus_1pct: float | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """`reduced_cost` = cost - value of the effects at the prices (`lp`): negative pays. `subsidy`: the least yearly money
    that brings the measure in; `basis` says whether by solving again (`resolve`) or from the prices (`lp`).
    """

    measure: str
    enterprise: str
    period: str
    fraction: float
    reduced_cost: float
    subsidy: float | None
    basis: str
    reason: str


def prices(model: Model, solved: Solved) -> Numbers:
    """Duals of the final rows: of the linear relaxation, or of the decomposition where the whole is too large for it."""
    if solved.method == "decomposition" and solved.final.measures > DIRECT:
        return solved.prices
    outcome = model.child.run(solved.final.programme(), relaxed=True)
    if outcome.row_dual is None:
        return solved.prices
    found: Numbers = np.maximum(outcome.row_dual[: len(solved.final.need)], 0.0)
    return found


def shadows(model: Model, solved: Solved, duals: Numbers, *, resolve: bool) -> list[Shadow]:
    """One per demand."""
    found = []
    for place, demand in enumerate(model.assembled.demands):
        step = abs(demand.required) * STEP
        plus = minus = reason = None
        if not resolve:
            reason = "没有重新求解"
        elif step == 0:
            reason = "要求的削减量为 0，没有 1% 可言"
        else:
            more = model.solve(required={place: demand.required + step}, start=None)
            less = model.solve(required={place: demand.required - step}, start=solved.x)
            if more.x is None:
                reason = "再多 1% 就达不到" if more.status == "infeasible" else "多 1% 的求解到了上限"
            else:
                plus = (more.objective - solved.objective) / float(step)
            if less.x is not None:
                minus = (solved.objective - less.objective) / float(step)
        own = [len(duals) - len(solved.owners) + k for k, owner in enumerate(solved.owners) if owner == place]
        found.append(
            Shadow(
                target=demand.target,
                scenario=demand.scenario,
                lp=float(duals[place] + (duals[own].sum() if model.cautious else 0.0)),
                plus_1pct=plus,
                minus_1pct=minus,
                reason=reason,
            )
        )
    return found


def reasons(model: Model, solved: Solved, duals: Numbers, *, resolve: bool) -> list[Reason]:
    """One per measure, in the order of the columns."""
    assert solved.x is not None
    assembled, measures = model.assembled, model.assembled.case.measures
    priced = solved.final.priced(duals)
    regret = _regret(solved, priced)
    true = (
        resolve and len(priced) <= MOST_RESOLVED and solved.nodes <= MOST_NODES and solved.method == "highs"
    )
    winners = _winners(model, solved.x)
    found = []
    for column, row in enumerate(assembled.rows.tolist()):
        share = float(solved.x[column])
        subsidy: float | None = 0.0 if share > 0 or measures.done[row] else max(float(regret[column]), 0.0)
        basis = "lp"
        if share == 0 and true and not measures.done[row]:
            inside = model.solve(forced=column)
            subsidy, basis = None, "resolve"
            if inside.x is not None:
                subsidy = max(inside.objective - solved.objective, 0.0)
        if subsidy is not None and not math.isfinite(subsidy):
            subsidy = None
        value = float(priced[column])
        if measures.done[row]:
            why = "已经完成，不计费用和效果"
        elif share > 0:
            why = _chosen_words(model, row, share, value)
        else:
            why = _left_words(model, column, value, subsidy, winners)
        found.append(
            Reason(
                measure=measures.measure[row],
                enterprise=measures.enterprise[row],
                period=measures.period[row],
                fraction=share,
                reduced_cost=value,
                subsidy=subsidy,
                basis=basis,
                reason=why,
            )
        )
    return found


def _regret(solved: Solved, priced: Numbers) -> Numbers:
    """What bringing each measure in costs at the prices, with all that its group and prerequisites entail."""
    try:
        return cut(solved.final).forced(priced)
    except (Impossible, TooTangled):
        return np.maximum(priced, 0.0)


def _winners(model: Model, x: Numbers) -> dict[str, str]:
    """Group -> the chosen (or standing) measure of it."""
    measures = model.assembled.case.measures
    found = {
        measures.group[row]: measures.measure[row]
        for row in range(len(measures))
        if measures.done[row] and measures.group[row]
    }
    for column in np.flatnonzero(x):
        row = int(model.assembled.rows[column])
        if measures.group[row]:
            found[measures.group[row]] = measures.measure[row]
    return found


def _chosen_words(model: Model, row: int, share: float, reduced: float) -> str:
    measures = model.assembled.case.measures
    if measures.mandatory[row]:
        return "必选"
    if float(measures.cost[row]) < 0:
        return "本身省钱"
    if share < 1:
        return f"做到 {share:.1%} 正好达标"
    return "效果的价值高于费用" if reduced < 0 else "与其他方案一起凑足目标最省钱"


def _left_words(
    model: Model, column: int, reduced: float, subsidy: float | None, winners: Mapping[str, str]
) -> str:
    assembled = model.assembled
    measures, row = assembled.case.measures, int(assembled.rows[column])
    gains = assembled.instance.gain[[column]]
    gains = np.asarray(gains.toarray() if hasattr(gains, "toarray") else gains).ravel()
    useless = not (gains[: len(assembled.demands)] > 0).any() and float(measures.cost[row]) >= 0
    if measures.group[row] in winners:
        why = f"同组已选“{winners[measures.group[row]]}”"
    elif subsidy is None:
        why = "与必选、互斥、前提或预算冲突"
    elif useless:
        why = "不削减任何目标所要求的量"
    else:
        why = "效果的价值低于费用" if reduced > 0 else "凑足目标用不着"
    return why + _more(subsidy)


def _more(subsidy: float | None) -> str:
    if subsidy is None:
        return "，补贴也不能入选"
    return f"，每年补贴 {subsidy:.6g} 以上可入选" if subsidy > 0 else "，与入选的方案不相上下"
