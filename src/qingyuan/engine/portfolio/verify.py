"""An independent check of a plan, in the targets' own units and exact: no arrays, no solver, no matrix of the model.

It goes from the tables as stated: adds up what the chosen measures reduce, enterprise by enterprise, in fractions, and
carries the sums through the responses. Only a plan without a fault is called verified.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qingyuan.engine.portfolio.case import Case, Response, Target, exact, period_key

Sources = dict[str, dict[str, Fraction]]
MONEY = Fraction(1, 10**9)
"""Relative tolerance of the stated total of costs, which is a sum of floats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A target in one scenario: what is required and what the plan reaches, exactly."""

    target: str
    scenario: str
    required: Fraction
    reached: Fraction
    base: Fraction | None
    limit: Fraction | None

    @property
    def slack(self) -> Fraction:
        return self.reached - self.required


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`faults` in words, none if all holds; `met` in the targets' order; totals by pollutant."""

    faults: list[str]
    met: list[Met]
    effects: dict[str, Fraction]
    cost: float
    spent: Fraction
    """Of the budget: investment or yearly cost; 0 without a budget."""

    @property
    def verified(self) -> bool:
        return not self.faults


def check(case: Case, plan: Mapping[int, Any], *, cost: float | None = None) -> Check:
    """Check `plan` (row of the table -> fraction); `cost` is the total that somebody claims for it."""
    measures = case.measures
    faults = [*_choice_faults(case, plan)]
    shares = {
        row: exact(share) if not isinstance(share, float) else Fraction(share) for row, share in plan.items()
    }
    totals = {name: _sum(column, shares) for name, column in measures.effects.items()}
    by_period = {
        period: _sources(case, shares, period) for period in {target.period for target in case.targets}
    }
    met = [one for target in case.targets for one in _met(case, target, by_period[target.period])]
    faults += [
        f"{one.target}{one.scenario and f'（{one.scenario}）'}：要求削减 {float(one.required):.12g}，"
        f"实际 {float(one.reached):.12g}，差 {float(-one.slack):.6g}"
        for one in met
        if one.slack < 0
    ]
    spent = _sum(measures.cost, shares)
    if cost is not None:
        size = total([abs(shares[row] * exact(measures.cost[row])) for row in shares])
        if abs(spent - exact(cost)) > MONEY * max(size, Fraction(1, 10**9)):
            faults.append(f"费用应为 {float(spent):.12g}，写的是 {cost:.12g}")
    used = Fraction(0)
    if case.budget is not None:
        column = measures.cost if case.budget.of == "annual" else measures.invest
        used = _sum(column, shares)
        if used > exact(case.budget.limit):
            faults.append(f"预算 {float(case.budget.limit):.12g}，用了 {float(used):.12g}")
    return Check(faults=faults, met=met, effects=totals, cost=float(spent), spent=used)


def _choice_faults(case: Case, plan: Mapping[int, Any]) -> list[str]:
    measures = case.measures
    faults = []
    used: dict[str, Any] = {}
    times: dict[tuple[str, str], Any] = {}
    for row, share in plan.items():
        name = measures.measure[row]
        if not 0 <= share <= 1 or (share not in {0, 1} and not measures.divisible[row]):
            faults.append(f"{name}：份额 {share} 不成立")
        if measures.done[row]:
            faults.append(f"{name}：已经完成，不再选择")
        if measures.group[row]:
            used[measures.group[row]] = used.get(measures.group[row], 0) + share
        key = (measures.enterprise[row], name)
        times[key] = times.get(key, 0) + share
    standing = {
        measures.group[row] for row in range(len(measures)) if measures.done[row] and measures.group[row]
    }
    sizes: dict[str, int] = {}
    for group in measures.group:
        sizes[group] = sizes.get(group, 0) + 1
    faults += [
        f"互斥组 {group}：选了 {float(total):.12g} 项"
        for group, total in used.items()
        if total > (0 if group in standing and sizes[group] > 1 else 1)
    ]
    faults += [
        f"{name}：各时期合计 {float(total):.12g}" for (_one, name), total in times.items() if total > 1
    ]
    faults += _needs_faults(case, plan)
    wanted: dict[tuple[str, str], list[int]] = {}
    for row in range(len(measures)):
        if measures.mandatory[row]:
            wanted.setdefault((measures.enterprise[row], measures.measure[row]), []).append(row)
    stands = {
        (measures.enterprise[row], measures.measure[row])
        for row in range(len(measures))
        if measures.done[row]
    }
    faults += [
        f"{key[1]}：必选而没有选"
        for key, rows in wanted.items()
        if key not in stands and sum(plan.get(row, 0) for row in rows) != 1
    ]
    return faults


def _needs_faults(case: Case, plan: Mapping[int, Any]) -> list[str]:
    measures = case.measures
    faults = []
    for row, share in plan.items():
        wanted = measures.needs[row]
        if not wanted or row in wanted:
            continue
        own = measures.period[row]
        stands: Any = 0
        for one in dict.fromkeys(wanted):
            when = measures.period[one]
            if measures.done[one]:
                stands += 1
            elif not own or not when or period_key(when) <= period_key(own):
                stands += plan.get(one, 0)
        if share > stands:
            faults.append(f"{measures.measure[row]}：前提没有满足（份额 {share}，前提 {float(stands):.12g}）")
    return faults


def _sum(column: Sequence[Any], shares: Mapping[int, Fraction]) -> Fraction:
    return total([share * exact(column[row]) for row, share in shares.items() if column[row]])


def total(parts: Sequence[Fraction]) -> Fraction:
    """The exact sum, over one common denominator: many times faster than adding fractions one by one."""
    common = math.lcm(*{part.denominator for part in parts})
    return Fraction(sum(part.numerator * (common // part.denominator) for part in parts), common)


def _sources(case: Case, shares: Mapping[int, Fraction], period: str) -> Sources:
    """What each enterprise reduces of each pollutant, by the end of a period: {pollutant: {enterprise: amount}}."""
    measures = case.measures
    counted = [
        (row, share)
        for row, share in shares.items()
        if not period or not measures.period[row] or period_key(measures.period[row]) <= period_key(period)
    ]
    found: Sources = {}
    for pollutant, column in measures.effects.items():
        parts: dict[str, list[Fraction]] = {}
        for row, share in counted:
            if column[row]:
                amount = exact(column[row])
                parts.setdefault(measures.enterprise[row], []).append(
                    amount if share == 1 else amount * share
                )
        found[pollutant] = {who: total(one) for who, one in parts.items()}
    return found


def _met(case: Case, target: Target, sources: Sources) -> list[Met]:
    """The target as the plan meets it: once, or once for each scenario of its responses."""
    known = [row for row in case.responses if row.target == target.target]
    scenarios = [target.scenario]
    if not target.scenario and known:
        scenarios = sorted({row.scenario for row in known if row.scenario}) or [""]
    return [
        Met(
            target=target.target,
            scenario=scenario,
            required=target.required,
            reached=_heard(known, scenario, sources) if known else total([*sources[target.target].values()]),
            base=None if target.base is None else exact(target.base),
            limit=None if target.max_value is None else exact(target.max_value),
        )
        for scenario in scenarios
    ]


def _heard(known: Sequence[Response], scenario: str, sources: Sources) -> Fraction:
    """What a receptor hears of all sources: those with a coefficient of their own, and the rest together."""
    look = {(row.enterprise, row.pollutant, row.scenario): exact(row.coefficient) for row in known}
    parts = []
    for pollutant, amounts in sources.items():
        own = {
            row.enterprise for row in known if row.pollutant == pollutant and row.scenario in {"", scenario}
        }
        own.discard("")
        for who in own & amounts.keys():
            factor = look.get((who, pollutant, scenario), look.get((who, pollutant, "")))
            parts.append(amounts[who] * (factor or 0))
        common = look.get(("", pollutant, scenario), look.get(("", pollutant, "")))
        if common is not None:
            parts.append(common * total([amount for who, amount in amounts.items() if who not in own]))
    return total(parts)
