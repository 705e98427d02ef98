"""Robust, certain and fair plans beside brute force over all plans, and what each requirement costs."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from qingyuan.engine.portfolio.assemble import assemble
from qingyuan.engine.portfolio.case import Budget, Case, Measures, Response, Target
from qingyuan.engine.portfolio.certificate import Certificate
from qingyuan.engine.portfolio.cuts import Budgeted, Chance, Equality, gini
from qingyuan.engine.portfolio.fair import Base, fairness
from qingyuan.engine.portfolio.model import Caution
from qingyuan.engine.portfolio.select import Ask, select

N = 9
PLANS = np.array(list(itertools.product((0.0, 1.0), repeat=N)))


def case_of(seed: int, share: float = 0.5) -> Case:
    rng = np.random.default_rng(seed)
    effects = {name: rng.integers(1, 30, N).tolist() for name in ("x", "y")}
    measures = Measures.of(
        [f"m{k}" for k in range(N)],
        rng.integers(-3, 40, N).tolist(),
        effects,
        enterprise=[f"E{k % 3}" for k in range(N)],
        sd={name: rng.integers(0, 6, N).tolist() for name in effects},
        dev={name: rng.integers(0, 9, N).tolist() for name in effects},
        region=[f"R{k % 3}" for k in range(N)],
    )
    return Case(
        measures=measures,
        targets=[
            Target(target=name, min_reduction=math.floor(sum(column) * share))
            for name, column in effects.items()
        ],
    )


def arrays(case):
    measures = case.measures
    return (
        np.array(measures.cost, float),
        {
            name: [np.array(getattr(measures, kind)[name], float) for kind in ("effects", "sd", "dev")]
            for name in measures.effects
        },
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("gamma", [0, 1, 2.5, 20])
def test_robust_plans_are_the_cheapest_that_stand_the_worst(seed, gamma, child):
    case = case_of(seed)
    cost, effects = arrays(case)
    keeps = np.ones(len(PLANS), bool)
    for target in case.targets:
        effect, _sd, dev = effects[target.target]
        losses = -np.sort(-(PLANS * dev), axis=1)
        whole = min(int(gamma), N)
        worst = losses[:, :whole].sum(axis=1)
        if whole < N:
            worst = worst + (gamma - whole) * losses[:, whole]
        keeps &= PLANS @ effect - worst >= target.min_reduction
    found = select(case, Ask(caution=Caution(gamma=gamma), resolve=False), child)
    if not keeps.any():
        assert isinstance(found, Certificate)
        return
    assert found.cost == pytest.approx((PLANS @ cost)[keeps].min())
    assert found.verified
    assert found.bound <= found.cost
    assert found.cautious.price is None or found.cautious.price >= -1e-12


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_certain_plans_are_the_cheapest_that_are_likely(seed, level, child):
    case = case_of(seed)
    cost, effects = arrays(case)
    keeps = np.ones(len(PLANS), bool)
    for target in case.targets:
        effect, sd, _dev = effects[target.target]
        z = Chance(mean=effect, variance=sd**2, level=level, needed=0).z
        keeps &= PLANS @ effect - z * np.sqrt(PLANS @ sd**2) >= target.min_reduction - 1e-9
    found = select(case, Ask(caution=Caution(level=level), resolve=False), child)
    if not keeps.any():
        assert isinstance(found, Certificate)
        return
    assert found.cost == pytest.approx((PLANS @ cost)[keeps].min())
    assert min(found.cautious.probabilities) >= level - 1e-9


BASES = [Base(region=f"R{k}", base=100.0 * (k + 1), loads={"x": 80.0 - 10 * k, "y": 70.0}) for k in range(3)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("rule", "limit"),
    [("equal-share", 0.1), ("cost-gdp", 0.05), ("gini", 0.35), ("gini", None), ("equal-share", None)],
)
def test_fair_plans_are_the_cheapest_that_are_fair(seed, rule, limit, child):
    case = case_of(seed, share=0.4)
    cost, effects = arrays(case)
    plain = select(case, Ask(resolve=False), child)
    ready = fairness(assemble(case), rule, BASES, limit=limit, plain=plain.x)
    keeps = np.ones(len(PLANS), bool)
    for target in case.targets:
        keeps &= PLANS @ effects[target.target][0] >= target.min_reduction
    rows = plain.assembled.rows
    figures = np.array([ready.figure(plan[rows]) for plan in PLANS])
    fair = keeps & (figures <= ready.limit + 1e-9)
    found = select(case, Ask(fair=rule, fair_limit=limit, bases=BASES, resolve=False), child)
    if not fair.any():
        assert isinstance(found, Certificate)
        assert found.joint
        return
    assert found.cost == pytest.approx((PLANS @ cost)[fair].min())
    assert found.fair.figure <= ready.limit + 1e-9
    assert found.fair.cost_without == plain.cost
    assert found.cost >= plain.cost
    assert [one.region for one in found.fair.regions] == ["R0", "R1", "R2"]


def test_gini_rows_hold_for_every_plan_within_the_limit():
    rng = np.random.default_rng(4)
    maker = Equality(
        base=rng.random(4) + 0.1, load=rng.random(4) * 9 + 9, member=rng.random((4, 6)), limit=0.2
    )
    for x in rng.random((200, 6)):
        figure = maker.gini(x)
        assert (maker.reached(x) >= -1e-12) == (figure <= 0.2 + 1e-12)
        row, need = maker.row(x)
        for other in rng.random((20, 6)):
            if maker.gini(other) <= 0.2:
                assert row @ other >= need - 1e-9


def test_gini_is_the_area_between_lorenz_curve_and_equality():
    """Shares 10, 20, 30, 40 % of the load on equal bases: 1 - sum of trapezoids = 0.25."""
    assert gini(np.ones(4), np.array([4.0, 2, 1, 3])) == pytest.approx(0.25)
    assert gini(np.array([1.0, 3]), np.array([1.0, 1])) == pytest.approx(0.25)
    rng = np.random.default_rng(6)
    for base, load in rng.random((50, 2, 5)):
        pairs = Equality(base=base, load=load, member=np.zeros((5, 1)), limit=0).gini(np.zeros(1))
        assert pairs == pytest.approx(gini(base, load))


def test_worst_case_of_half_a_deviation():
    maker = Budgeted(effect=np.array([10.0, 10]), deviation=np.array([4.0, 2]), gamma=1.5, needed=0)
    assert maker.reached(np.ones(2)) == 20 - 4 - 1


def test_a_shadow_price_of_a_certain_target_is_that_of_its_rows(child):
    case = replace(
        case_of(1),
        measures=replace(case_of(1).measures, divisible=[True] * N),
    )
    found = select(case, Ask(caution=Caution(level=0.9)), child)
    for one in found.shadows:
        if one.plus_1pct is not None and one.minus_1pct is not None:
            assert one.minus_1pct - 1e-4 <= one.lp <= one.plus_1pct + 1e-4


def test_air_and_water_in_one_model_under_a_budget(child):
    measures = Measures.of(
        ["scr", "pond", "both"],
        [10, 4, 13],
        {"NOx": [20, 0, 15], "COD": [0, 30, 25], "CO2": [-5, -1, 2]},
        invest=[100, 40, 90],
        enterprise=["A", "B", "A"],
        group=["g", "", "g"],
    )
    case = Case(
        measures=measures,
        targets=[
            Target(target="city", base=50, max_value=45),
            Target(target="river", base=20, max_value=15),
            Target(target="CO2", min_reduction=-4),
        ],
        responses=[
            Response(target="city", pollutant="NOx", coefficient=0.4),
            Response(target="river", pollutant="COD", enterprise="B", coefficient=0.1),
            Response(target="river", pollutant="COD", enterprise="A", coefficient=0.2),
        ],
        budget=Budget(limit=100),
    )
    found = select(case, Ask(), child)
    assert list(found.assembled.plan(found.x)) == [2]
    assert [float(one.slack) for one in found.check.met] == [1, 0, 6]
