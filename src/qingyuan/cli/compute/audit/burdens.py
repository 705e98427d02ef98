"""Who carries what of the plan: chosen schemes with money and effect, abatement costs, shares of counties and sectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from qingyuan.cli.compute.audit.aftermath import Cuts, same
from qingyuan.engine.portfolio.case import Case
from qingyuan.engine.portfolio.cuts import gini
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA

GROUPINGS = (("county", "区县"), ("sector", "行业"))


def schemes(
    case: Case, plan: Mapping[int, float], places: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """The chosen measures with what they cost and what they take off, in full share of what is done."""
    measures = case.measures
    found = []
    for row, share in plan.items():
        who = measures.enterprise[row]
        invest = measures.invest[row]
        found.append(
            {
                "measure": measures.measure[row],
                "enterprise": who or None,
                "county": places["county"].get(who) or measures.region[row] or None,
                "sector": places["sector"].get(who),
                "fraction": share,
                "period": measures.period[row] or None,
                "invest": None if invest is None else share * float(invest),
                "cost_per_year": share * float(measures.cost[row]),
                "effects": {
                    name: share * float(column[row])
                    for name, column in measures.effects.items()
                    if column[row]
                },
            }
        )
    return sorted(found, key=lambda one: (one["cost_per_year"], one["measure"]))


def places_of(enterprises: Reading) -> dict[str, dict[str, str]]:
    """County and sector of every enterprise that states them."""
    return {
        key: {
            str(row["enterprise"]): str(row[key])
            for row in enterprises.rows()
            if row["enterprise"] and row[key] is not None and row[key] is not NA
        }
        for key, _title in GROUPINGS
    }


def values_of(enterprises: Reading) -> dict[str, float | None]:
    """Output value of every enterprise; None where it is not stated."""
    return {
        str(row["enterprise"]): None
        if row["value_wan_cny"] is None or row["value_wan_cny"] is NA
        else float(row["value_wan_cny"])
        for row in enterprises.rows()
        if row["enterprise"]
    }


def allocation(
    case: Case,
    plan: Mapping[int, float],
    *,
    before: Cuts,
    cut: Cuts,
    enterprises: Reading,
) -> dict[str, Any]:
    """By county and by sector: load before and after, cut and cost; Gini of the loads over output value.

    Enterprises that state no county (or sector) stand under “未填”; Gini is null where an output value is missing.
    """
    places, values = places_of(enterprises), values_of(enterprises)
    named = [name for name in case.measures.effects if any(key[1] == same(name) for key in before)]
    answer: dict[str, Any] = {}
    for key, title in GROUPINGS:
        of = {who: places[key].get(who, "未填") for who in values}
        groups = sorted(set(of.values()))
        worth = _sums(groups, of, {who: value or 0.0 for who, value in values.items()})
        complete = all(value is not None for value in values.values())
        rows: list[dict[str, Any]] = [
            {"name": group, "value_wan_cny": worth[place] if complete else None, "before_t": {}, "after_t": {}, "cut_pct": {}}
            for place, group in enumerate(groups)
        ]  # fmt: skip
        paid = dict.fromkeys(groups, 0.0)
        for row, share in plan.items():
            group = of.get(case.measures.enterprise[row])
            if group is not None:
                paid[group] += share * float(case.measures.cost[row])
        coefficients: dict[str, dict[str, float | None]] = {}
        for name in named:
            old = _sums(groups, of, {who: before.get((who, same(name)), 0.0) for who in of})
            new = _sums(
                groups, of,
                {who: max(before.get((who, same(name)), 0.0) - cut.get((who, same(name)), 0.0), 0.0) for who in of},
            )  # fmt: skip
            for place, row_of in enumerate(rows):
                row_of["before_t"][name], row_of["after_t"][name] = float(old[place]), float(new[place])
                row_of["cut_pct"][name] = (
                    float(100 * (old[place] - new[place]) / old[place]) if old[place] > 0 else None
                )
            coefficients[name] = {
                "before": gini(worth, old) if complete else None,
                "after": gini(worth, new) if complete else None,
            }
        for row_of in rows:
            row_of["cost_per_year"] = paid[row_of["name"]]
        answer[key] = {"title": title, "base": "工业总产值（万元）", "rows": rows, "gini": coefficients}
    return answer


def _sums(groups: list[str], of: Mapping[str, str], amounts: Mapping[str, float]) -> Any:
    total = dict.fromkeys(groups, 0.0)
    for who, group in of.items():
        total[group] += amounts.get(who, 0.0)
    return np.array([total[group] for group in groups])
