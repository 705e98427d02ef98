"""What fairness and certainty cost: the same selection with each rule, and with each target met at 95 %, all with bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qingyuan.cli.compute.audit.aftermath import Cuts, same
from qingyuan.engine.portfolio.assemble import assemble
from qingyuan.engine.portfolio.case import Case
from qingyuan.engine.portfolio.child import Child
from qingyuan.engine.portfolio.fair import Base, Rule, fairness
from qingyuan.engine.portfolio.model import Caution, Model, price_of
from qingyuan.engine.portfolio.select import heeded
from qingyuan.engine.portfolio.solve import Effort, Solved
from qingyuan.engine.portfolio.verify import check
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA

EFFORT = Effort(gap=0.01, nodes=5_000, exact=False)
"""A percent suffices to see a price; every price is given with its bounds."""
LEVEL = 0.95
RULES: tuple[tuple[Rule, str, str], ...] = (
    ("gini", "基尼系数不高于现状", "gini"),
    ("equal-share", "各区县削减比例相近", "share"),
    ("cost-gdp", "各区县单位产值费用相近", "cost"),
)


def premiums(
    case: Case, *, bases: Sequence[Base], uncertain: Mapping[str, Sequence[float]] | None, child: Child
) -> list[dict[str, Any]]:
    """The plain plan first, then each rule and certainty. `uncertain` are standard deviations of the effects."""
    model = Model(assembled=assemble(case), child=child, effort=EFFORT)
    plain = model.solve()
    if plain.x is None:
        return []
    found = [_row(model, plain, plain, kind="plain", rule="least-cost", title="不加要求")]
    if bases:
        found += _fair(model, plain, bases)
    if uncertain is not None:
        wary = replace(case, measures=replace(case.measures, sd=uncertain))
        cautious = replace(model, assembled=assemble(wary), caution=Caution(level=LEVEL))
        solved = cautious.solve()
        found.append(
            _row(
                cautious, solved, plain, kind="certainty", rule=f"chance {LEVEL:g}",
                title=f"各目标以 {LEVEL:.0%} 的把握达到",
            )
        )  # fmt: skip
    return found


def _fair(model: Model, plain: Solved, bases: Sequence[Base]) -> Iterator[dict[str, Any]]:
    assert plain.x is not None
    for rule, title, _kind in RULES:
        made = fairness(model.assembled, rule, bases, limit=None, plain=plain.x)
        bound_to = replace(model, extra=made.extra)
        solved = bound_to.solve()
        row = _row(bound_to, solved, plain, kind="fairness", rule=rule, title=title)
        row |= {
            "limit": made.limit,
            "figure": None if solved.x is None else made.figure(solved.x),
            "figure_without": made.figure(plain.x),
        }
        yield row


def _row(model: Model, solved: Solved, plain: Solved, *, kind: str, rule: str, title: str) -> dict[str, Any]:
    """`price` lies between `price_at_least` and `price_at_most`, whatever the gaps of both plans hide."""
    known = {"kind": kind, "rule": rule, "title": title}
    if solved.x is None:
        status = "infeasible" if solved.status == "infeasible" else "stopped"
        return known | {"status": status, "objective": None, "bound": None, "gap": None, "verified": False, "price": None, "price_at_least": None, "price_at_most": None}  # fmt: skip
    assembled = model.assembled
    checked = check(assembled.case, assembled.plan(solved.x), cost=solved.objective)
    first = kind == "plain"
    return known | {
        "status": solved.status,
        "objective": solved.objective,
        "bound": solved.bound,
        "gap": solved.gap,
        "verified": checked.verified and heeded(model, solved.x),
        "price": 0.0 if first else price_of(solved.objective, plain.objective),
        "price_at_least": 0.0 if first else price_of(solved.bound, plain.objective),
        "price_at_most": 0.0 if first else price_of(solved.objective, plain.bound),
    }


def regional(case: Case, county_of: Mapping[str, str]) -> Case:
    """Measures without a region stand in their enterprise's county."""
    measures = case.measures
    if any(measures.region):
        return case
    return replace(
        case, measures=replace(measures, region=[county_of.get(one, "") for one in measures.enterprise])
    )


def bases_of(
    case: Case, *, county_of: Mapping[str, str], values: Mapping[str, float | None], before: Cuts
) -> list[Base]:
    """Counties with output value and loads by pollutant; none where a value is missing or a measure has no county."""
    if any(value is None for value in values.values()) or any(not one for one in case.measures.region):
        return []
    worth: dict[str, float] = {}
    loads: dict[str, dict[str, float]] = {}
    for who, value in values.items():
        county = county_of.get(who, "")
        worth[county] = worth.get(county, 0.0) + (value or 0.0)
        own = loads.setdefault(county, {})
        for name in case.measures.effects:
            amount = before.get((who, same(name)))
            if amount is not None:
                own[name] = own.get(name, 0.0) + amount
    if set(case.measures.region) - set(worth) or sum(worth.values()) <= 0:
        return []
    every = {name for own in loads.values() for name in own}
    whole = {name: sum(own.get(name, 0.0) for own in loads.values()) for name in every}
    return [
        Base(region=county, base=value, loads={name: loads[county].get(name, 0.0) for name in every if whole[name] > 0})
        for county, value in worth.items()
    ]  # fmt: skip


def deviations(case: Case, stated: Reading) -> dict[str, list[float]] | None:
    """Standard deviations of the effects: those of the table; else each effect as uncertain as its emission's figure.

    None where neither states any.
    """
    if case.measures.sd:
        return {name: [float(one or 0) for one in column] for name, column in case.measures.sd.items()}
    relative: dict[tuple[str, str], float] = {}
    for row in stated.rows():
        cell = row["uncertainty_pct"]
        if cell is not None and cell is not NA:
            key = (str(row["enterprise"]), same(str(row["pollutant"])))
            relative[key] = max(relative.get(key, 0.0), float(cell) / 100)
    if not any(relative.values()):
        return None
    return {
        name: [
            relative.get((who, same(name)), 0.0) * abs(float(amount or 0))
            for who, amount in zip(case.measures.enterprise, column, strict=True)
        ]
        for name, column in case.measures.effects.items()
    }
