"""A selection as people state it: measures with costs and effects, targets, responses of receptors, a budget.

Figures that decide feasibility (effects, coefficients, required reductions, investments) keep their decimals, so that a
plan can be checked exactly; costs by the year are floats where a recovery factor made them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Columns of equal length, a measure a row. Blank text is "" (no enterprise, no group, no period …).

    `cost` is yearly and may be negative; `effects[p]` > 0 is a reduction a year; `needs[k]` are sets of rows, of each of which
    one must stand; `sd` and `dev` are standard deviation and largest deviation of an effect. Rows of one measure and
    enterprise with different periods are the same measure at different times: at most one of them is chosen.
    """

    measure: Sequence[str]
    enterprise: Sequence[str]
    cost: Sequence[Any]
    effects: Mapping[str, Sequence[Any]]
    invest: Sequence[Any]
    divisible: Sequence[bool]
    mandatory: Sequence[bool]
    done: Sequence[bool]
    group: Sequence[str]
    needs: Sequence[tuple[int, ...]]
    period: Sequence[str]
    region: Sequence[str]
    sd: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    dev: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.measure)

    @classmethod
    def of(
        cls, measure: Sequence[str], cost: Sequence[Any], effects: Mapping[str, Sequence[Any]], **more: Any
    ) -> Measures:
        """With everything that is not given left out: no enterprise, whole, in no group, needing nothing."""
        n = len(measure)
        blank: dict[str, Any] = {
            **dict.fromkeys(("enterprise", "group", "period", "region"), [NONE] * n),
            **dict.fromkeys(("divisible", "mandatory", "done"), [False] * n),
            "invest": [None] * n,
            "needs": [()] * n,
        }
        return cls(measure=measure, cost=cost, effects=effects, **{**blank, **more})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`min_reduction`, or `max_value` with `base`, in the target's own unit; both together: the stricter one.

    `scenario` "" means every scenario of its responses; `period` "" means that all periods count, else those up to it.
    """

    target: str
    min_reduction: Any = None
    max_value: Any = None
    base: Any = None
    scenario: str = NONE
    period: str = NONE

    @property
    def required(self) -> Fraction:
        """The reduction that meets the target, exactly; not above 0 where it is met already."""
        asked = []
        if self.min_reduction is not None:
            asked.append(exact(self.min_reduction))
        if self.max_value is not None:
            asked.append(exact(self.base) - exact(self.max_value))
        return max(asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A unit less of `pollutant` (of `enterprise`; "" = of any without a coefficient of its own) lowers `target` by
    `coefficient`. `scenario` "" holds where the scenario has none of its own. Rows of one `factor` err together.
    """

    target: str
    pollutant: str
    coefficient: Any
    enterprise: str = NONE
    scenario: str = NONE
    rel_sd: Any = None
    factor: str = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most `limit` of investment, or of yearly cost (where savings count against costs)."""

    limit: Any
    of: Literal["invest", "annual"] = "invest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All of it. Raises nothing: `demands` and the readers of tables check references."""

    measures: Measures
    targets: Sequence[Target]
    responses: Sequence[Response] = ()
    budget: Budget | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One row to be met: a target in one scenario, with the coefficient of every pollutant, or enterprise's pollutant."""

    target: str
    scenario: str
    period: str
    required: Fraction
    asked: Target
    general: Mapping[str, Fraction]
    special: Mapping[tuple[str, str], Fraction]

    @property
    def label(self) -> str:
        return f"{self.target}（{self.scenario}）" if self.scenario else self.target


def exact(value: Any) -> Fraction:
    """The number as it was written; a float as the decimal that it prints as."""
    if isinstance(value, Fraction):
        return value
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def demands(case: Case) -> list[Demand]:
    """The rows that the targets ask for, in the targets' order."""
    by_target: dict[str, list[Response]] = {}
    for response in case.responses:
        by_target.setdefault(response.target, []).append(response)
    found: list[Demand] = []
    for asked in case.targets:
        rows = by_target.get(asked.target)
        if rows is None:
            found.append(_demand(asked, asked.scenario, {asked.target: Fraction(1)}, {}))
            continue
        named = sorted({row.scenario for row in rows} - {NONE})
        scenarios = [asked.scenario] if asked.scenario or not named else named
        found += [_demand(asked, one, *_coefficients(rows, one)) for one in scenarios]
    return found


def _demand(
    asked: Target,
    scenario: str,
    general: Mapping[str, Fraction],
    special: Mapping[tuple[str, str], Fraction],
) -> Demand:
    return Demand(
        target=asked.target,
        scenario=scenario,
        period=asked.period,
        required=asked.required,
        asked=asked,
        general=general,
        special=special,
    )


def _coefficients(
    rows: Sequence[Response], scenario: str
) -> tuple[dict[str, Fraction], dict[tuple[str, str], Fraction]]:
    general: dict[str, Fraction] = {}
    special: dict[tuple[str, str], Fraction] = {}
    for own in (NONE, scenario):  # a scenario's own coefficient takes the place of the common one
        for row in rows:
            if row.scenario != own:
                continue
            if row.enterprise:
                special[row.enterprise, row.pollutant] = exact(row.coefficient)
            else:
                general[row.pollutant] = exact(row.coefficient)
    return general, special


def period_key(period: str) -> tuple[Any, ...]:
    """Periods in their order: runs of digits as numbers (2025 < 2026, Q2 < Q10)."""
    parts = re.split(r"(\d+)", period)
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts if part)


def up_to(period: str, limit: str) -> bool:
    """Whether something of `period` stands by the end of `limit`; "" stands from the start, and is no limit."""
    return not period or not limit or period_key(period) <= period_key(limit)


def order(measures: Measures) -> Iterator[int]:
    """Rows in an order that does not depend on the table's: the same answer however the rows are shuffled."""
    return iter(
        sorted(
            range(len(measures)),
            key=lambda row: (
                measures.enterprise[row],
                measures.measure[row],
                period_key(measures.period[row]),
            ),
        )
    )
