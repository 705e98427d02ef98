"""The whole answer to a selection: plan, bound, proof, prices, reasons, front, fairness and caution with their price."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

import numpy as np

from qingyuan.engine.executors import Opened
from qingyuan.engine.portfolio import marginals
from qingyuan.engine.portfolio.assemble import Assembled, assemble
from qingyuan.engine.portfolio.case import Case
from qingyuan.engine.portfolio.certificate import Certificate, Unreachable, explain
from qingyuan.engine.portfolio.child import Child
from qingyuan.engine.portfolio.cuts import Chance, broken
from qingyuan.engine.portfolio.draws import Evidence, evidence
from qingyuan.engine.portfolio.fair import Base, Fairness, Region, Rule, fairness
from qingyuan.engine.portfolio.model import Caution, Model, price_of
from qingyuan.engine.portfolio.ozone import Axes, Limit, Ozone, least_cost
from qingyuan.engine.portfolio.pareto import Front, front
from qingyuan.engine.portfolio.pareto_ozone import front_under_ozone
from qingyuan.engine.portfolio.programme import Numbers
from qingyuan.engine.portfolio.solve import Effort, Solved
from qingyuan.engine.portfolio.verify import Check, Met, check

OZONE = Fraction(1, 10**8)
"""ppb by which rounding in a surface may pass a limit."""
RESOLVED = 300
"""Measures up to which prices and subsidies are found by solving again, unless said otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Ozone limits, and what the surfaces' ratios relate to."""

    limits: Sequence[Limit]
    axes: Axes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is wanted beside the plan. `pareto` points of the front over `pareto_target` ("" the first, "all" together);
    `resolve` None: for small selections only.
    """

    effort: Effort = field(default_factory=Effort)
    caution: Caution = field(default_factory=Caution)
    pareto: int = 0
    pareto_target: str = ""
    fair: Rule | None = None
    fair_limit: float | None = None
    bases: Sequence[Base] = ()
    resolve: bool | None = None
    ozone: Asked | None = None
    draws: int = 0
    seed: int = 0
    opened: Opened | None = None
    """The executor of the draws; None: here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cautious:
    """What caution costs: `price` is relative to the plan that trusts mean effects."""

    gamma: float | None
    level: float | None
    cost_without: float | None
    price: float | None
    probabilities: list[float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fair:
    """What the rule costs: `figure` and `figure_without` are what `limit` limits, with and without the rule."""

    rule: str
    limit: float
    figure: float
    figure_without: float
    cost_without: float
    price: float | None
    regions: list[Region]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """`plan`: column -> share of the measure. `check` is the verifier's, `verified` its word."""

    status: Literal["done", "stopped"]
    assembled: Assembled
    x: Numbers
    cost: float
    bound: float
    gap: float
    verified: bool
    repeatable: bool
    method: str
    check: Check
    shadows: list[marginals.Shadow]
    reasons: list[marginals.Reason]
    front: Front | None
    fair: Fair | None
    cautious: Cautious | None
    evidence: Evidence | None
    ozone: Ozone | None
    ozone_met: list[Met]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """No plan was found within the limits, and none was proven impossible; `bound` holds."""

    bound: float
    repeatable: bool


def select(case: Case, ask: Ask, child: Child) -> Selection | Certificate | Nothing:
    """The least-cost plan of a case; a certificate where there is none."""
    assembled = assemble(case)
    model = Model(assembled=assembled, child=child, effort=ask.effort, caution=ask.caution)
    plain = _plain(model, ask)
    rule: Fairness | None = None
    if ask.fair is not None:
        if plain is None or plain.x is None:
            return explain(replace(model, caution=Caution()))
        rule = fairness(assembled, ask.fair, ask.bases, limit=ask.fair_limit, plain=plain.x)
        model = replace(model, extra=rule.extra)
    ozone = None if ask.ozone is None else least_cost(model, ask.ozone.limits, ask.ozone.axes)
    if ozone is not None and ozone.solved is None and ozone.bound < math.inf:
        return Nothing(bound=ozone.bound, repeatable=ozone.repeatable)
    solved = model.solve() if ozone is None or ozone.solved is None else ozone.solved
    if solved.status == "infeasible":
        return explain(model)
    if ozone is not None and ozone.solved is None:
        assert ask.ozone is not None
        return _too_much_ozone(ask.ozone, ozone)
    if solved.x is None:
        return Nothing(bound=solved.bound, repeatable=solved.repeatable)
    return _answer(model, solved, ask, plain=plain, rule=rule, ozone=ozone)


def _plain(model: Model, ask: Ask) -> Solved | None:
    """The plan without caution and fairness, where the price of either is asked for."""
    if ask.fair is None and not model.cautious:
        return None
    return replace(model, caution=model.caution if ask.fair else Caution()).solve()


def _answer(
    model: Model,
    solved: Solved,
    ask: Ask,
    *,
    plain: Solved | None,
    rule: Fairness | None,
    ozone: Ozone | None,
) -> Selection:
    assert solved.x is not None
    assembled = model.assembled
    checked = check(assembled.case, assembled.plan(solved.x), cost=solved.objective)
    duals = marginals.prices(model, solved)
    small = len(assembled.rows) <= RESOLVED and solved.nodes <= marginals.MOST_NODES
    resolve = (small if ask.resolve is None else ask.resolve) and ozone is None  # prices within the cell
    ozone_met = [] if ask.ozone is None else _ozone_met(ask.ozone, checked)
    kept = all(one.slack >= -OZONE for one in ozone_met)
    return Selection(
        status="done" if solved.status == "done" and checked.verified else "stopped",
        assembled=assembled,
        x=solved.x,
        cost=solved.objective,
        bound=solved.bound,
        gap=solved.gap,
        verified=checked.verified and kept and heeded(model, solved.x),
        repeatable=solved.repeatable,
        method=solved.method,
        check=checked,
        shadows=marginals.shadows(model, solved, duals, resolve=resolve),
        reasons=marginals.reasons(model, solved, duals, resolve=resolve),
        front=_front(model, solved, ask) if ask.pareto else None,
        fair=None if rule is None or plain is None else _fair(rule, solved, plain),
        cautious=_cautious(model, solved, plain) if model.cautious else None,
        evidence=evidence(
            assembled, assembled.plan(solved.x), draws=ask.draws, seed=ask.seed, opened=ask.opened
        )
        if ask.draws
        else None,
        ozone=ozone,
        ozone_met=ozone_met,
    )


def _ozone_met(asked: Asked, checked: Check) -> list[Met]:
    """The plan run through the full surfaces once more, from the verifier's own sums."""
    ratios = [
        1.0 - float(checked.effects.get(name, 0)) / base
        for name, base in ((asked.axes.nox, asked.axes.nox_base), (asked.axes.voc, asked.axes.voc_base))
    ]
    found = []
    for limit in asked.limits:
        base, after = (Fraction(float(limit.surface.at(*at))) for at in ((1.0, 1.0), ratios))
        found.append(
            Met(
                target=limit.target,
                scenario="",
                required=base - Fraction(limit.ppb),
                reached=base - after,
                base=base,
                limit=Fraction(limit.ppb),
            )
        )
    return found


def _too_much_ozone(asked: Asked, found: Ozone) -> Certificate:
    """What ozone cannot fall below, whatever is chosen."""
    rows = []
    for limit, least in zip(asked.limits, found.least_ppb, strict=True):
        base = float(limit.surface.at(1.0, 1.0))
        rows.append(
            Unreachable(
                target=limit.target,
                scenario="",
                required=base - limit.ppb,
                max_reachable=base - least if math.isfinite(least) else 0.0,
            )
        )
    alone = [one for one in rows if one.max_reachable < one.required]
    joint = None if alone else "臭氧限值各自或许能达到，和其他目标、预算一起达不到。"
    return Certificate(certificate=alone or rows, joint=joint)


def heeded(model: Model, x: Numbers) -> bool:
    """Whether the plan meets what caution and fairness ask, by their own formulae."""
    makers = (
        [model.maker(place, float(one.required)) for place, one in enumerate(model.assembled.demands)]
        if model.cautious
        else []
    )
    if model.extra is not None:
        makers += model.extra.makers
        size = np.abs(model.extra.gain).max(axis=0, initial=0.0) + np.abs(model.extra.need)
        if (model.extra.gain.T @ x < model.extra.need - 1e-7 * size).any():
            return False
    return broken(makers, x, whole=True) is None


def _front(model: Model, solved: Solved, ask: Ask) -> Front:
    if ask.ozone is not None:
        return front_under_ozone(
            model,
            ask.ozone.limits,
            ask.ozone.axes,
            ask.pareto,
            target=ask.pareto_target or "all",
            known=solved,
        )
    demands = model.assembled.demands
    if ask.pareto_target == "all":
        places = [place for place, one in enumerate(demands) if one.required > 0]
    else:
        name = ask.pareto_target or demands[0].target
        places = [place for place, one in enumerate(demands) if one.target == name][:1]
    return front(model, ask.pareto, places=places or [0], known=solved)


def _fair(rule: Fairness, solved: Solved, plain: Solved) -> Fair:
    assert solved.x is not None
    assert plain.x is not None
    return Fair(
        rule=rule.rule,
        limit=rule.limit,
        figure=rule.figure(solved.x),
        figure_without=rule.figure(plain.x),
        cost_without=plain.objective,
        price=price_of(solved.objective, plain.objective),
        regions=rule.shares(solved.x),
    )


def _cautious(model: Model, solved: Solved, plain: Solved | None) -> Cautious:
    assert solved.x is not None
    trusting = replace(model, caution=Caution(), extra=None).solve() if model.extra is not None else plain
    without = trusting.objective if trusting is not None and trusting.x is not None else None
    probabilities = None
    if model.caution.level is not None:
        makers = [
            model.maker(place, float(one.required)) for place, one in enumerate(model.assembled.demands)
        ]
        probabilities = [one.probability(solved.x) for one in makers if isinstance(one, Chance)]
    return Cautious(
        gamma=model.caution.gamma,
        level=model.caution.level,
        cost_without=without,
        price=None if without is None else price_of(solved.objective, without),
        probabilities=probabilities,
    )
