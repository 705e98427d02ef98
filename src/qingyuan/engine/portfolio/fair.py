"""Rules of fairness between regions (or enterprises), as rows of the programme, and what a rule costs.

    equal-share   |cut_k / load_k - cut / load| <= limit          everyone cuts about the same share of its load
    cost-gdp      |cost_k / base_k - cost / base| <= limit         everyone bears about the same cost per unit of GDP
    gini          Gini of the remaining loads over the bases <= limit

Without a limit the first two halve the largest deviation of the least-cost plan, and Gini may not rise above today's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from qingyuan.engine.portfolio.assemble import Assembled, numbers
from qingyuan.engine.portfolio.cuts import Equality
from qingyuan.engine.portfolio.model import Extra
from qingyuan.engine.portfolio.programme import Numbers

Rule = Literal["equal-share", "cost-gdp", "gini"]
RULES: tuple[str, ...] = get_args(Rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A region with its base (GDP, population, area, capacity) and its present loads by pollutant."""

    region: str
    base: float
    loads: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """A rule with its limit, ready for the programme; `figure(x)` is what the limit limits."""

    rule: Rule
    limit: float
    extra: Extra
    figure: Callable[[Numbers], float]
    shares: Callable[[Numbers], list[Region]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """What a plan means for a region: cost, cost per unit of base, cut and cut per load by pollutant."""

    region: str
    cost: float
    cost_per_base: float | None
    cut: dict[str, float]
    share: dict[str, float | None]


def members(assembled: Assembled, bases: Sequence[Base]) -> Numbers:
    """(regions, n): 1 where a measure belongs to a region; by the region of the measure, else by its enterprise."""
    measures = assembled.case.measures
    names = measures.region if any(measures.region) else measures.enterprise
    place = {one.region: k for k, one in enumerate(bases)}
    found = np.zeros((len(bases), len(measures)))
    for column, row in enumerate(assembled.rows.tolist()):
        if names[row] in place:
            found[place[names[row]], column] = 1.0
    return found


def fairness(
    assembled: Assembled, rule: Rule, bases: Sequence[Base], *, limit: float | None, plain: Numbers
) -> Fairness:
    """The rule for this case. `plain` is the least-cost plan, from which a limit that is not stated is taken."""
    belongs = members(assembled, bases)
    base = np.array([one.base for one in bases], dtype=np.float64)
    effects = {
        name: numbers(column)[assembled.rows] for name, column in assembled.case.measures.effects.items()
    }
    cost = assembled.instance.cost
    loads = {name: np.array([one.loads.get(name, 0.0) for one in bases]) for name in _loads(assembled, bases)}
    if not any(one.loads for one in bases):
        loads = dict.fromkeys(loads, base)

    def shares(x: Numbers) -> list[Region]:
        paid, cuts = belongs @ (cost * x), {name: belongs @ (effects[name] * x) for name in loads}
        return [
            Region(
                region=one.region,
                cost=float(paid[k]),
                cost_per_base=float(paid[k] / one.base) if one.base > 0 else None,
                cut={name: float(cuts[name][k]) for name in loads},
                share={
                    name: float(cuts[name][k] / load[k]) if load[k] > 0 else None
                    for name, load in loads.items()
                },
            )
            for k, one in enumerate(bases)
        ]

    if rule == "gini":
        makers = [
            Equality(base=base, load=load, member=belongs * effects[name], limit=0.0)
            for name, load in loads.items()
        ]

        def worst(x: Numbers) -> float:
            return max((one.gini(x) for one in makers), default=0.0)

        chosen = worst(np.zeros_like(plain)) if limit is None else limit
        strict = tuple(
            Equality(base=one.base, load=one.load, member=one.member, limit=chosen) for one in makers
        )
        extra = Extra(gain=np.zeros((len(cost), 0)), need=np.zeros(0), makers=strict)
        return Fairness(rule=rule, limit=chosen, extra=extra, figure=worst, shares=shares)
    if rule == "cost-gdp":
        slopes = _slopes(belongs * cost, base)
    else:
        slopes = np.vstack([_slopes(belongs * effects[name], load) for name, load in loads.items()])

    def widest(x: Numbers) -> float:
        return float(np.abs(slopes @ x).max(initial=0.0))

    chosen = widest(plain) / 2 if limit is None else limit
    both = np.vstack([slopes, -slopes]).T
    extra = Extra(gain=both, need=np.full(both.shape[1], -chosen))
    return Fairness(rule=rule, limit=chosen, extra=extra, figure=widest, shares=shares)


def _slopes(parts: Numbers, base: Numbers) -> Numbers:
    """Rows of  part_k / base_k - sum part / sum base  for the regions that have a base."""
    has = base > 0
    together = parts.sum(axis=0) / base.sum()
    found: Numbers = parts[has] / base[has][:, None] - together
    return found


def _loads(assembled: Assembled, bases: Sequence[Base]) -> list[str]:
    """Pollutants with loads; without any, those that a target asks for by name."""
    named = {name for one in bases for name in one.loads}
    if named:
        return sorted(named)
    effects = assembled.case.measures.effects
    direct = sorted({one.target for one in assembled.demands} & set(effects))
    return direct or sorted(effects)
