"""What must hold for any selection: brute force, bounds, monotony, order, and a verifier that is not fooled."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingyuan.engine.portfolio.assemble import assemble
from qingyuan.engine.portfolio.case import Budget, Case, Measures, Response, Target, exact
from qingyuan.engine.portfolio.certificate import Certificate
from qingyuan.engine.portfolio.model import Model
from qingyuan.engine.portfolio.select import Ask, Selection, select
from qingyuan.engine.portfolio.solve import Effort
from qingyuan.engine.portfolio.verify import check

quick = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
tenths = st.integers(-30, 200).map(lambda one: Decimal(one) / 10)


@st.composite
def cases(draw, most=9):
    n = draw(st.integers(1, most))
    effects = {
        name: draw(st.lists(tenths, min_size=n, max_size=n))
        for name in ("COD", "NOx")[: draw(st.integers(1, 2))]
    }
    measures = Measures.of(
        [f"m{k}" for k in range(n)],
        draw(st.lists(st.integers(-20, 100), min_size=n, max_size=n)),
        effects,
        enterprise=[f"E{draw(st.integers(0, 2))}" for _ in range(n)],
        invest=draw(st.lists(st.integers(0, 50), min_size=n, max_size=n)),
        group=[draw(st.sampled_from(["", "", "g", "h"])) for _ in range(n)],
        needs=[
            tuple(draw(st.sets(st.integers(0, n - 1), min_size=1, max_size=2)) if draw(st.booleans()) else ())
            for _ in range(n)
        ],
        mandatory=[draw(st.integers(0, 9)) == 0 for _ in range(n)],
        done=[draw(st.integers(0, 9)) == 0 for _ in range(n)],
        period=[draw(st.sampled_from(["", "", "2025", "2026"])) for _ in range(n)],
    )
    targets = [
        Target(target=name, min_reduction=draw(st.integers(-10, 300).map(lambda one: Decimal(one) / 10)))
        for name in effects
    ]
    responses = []
    if draw(st.booleans()):
        targets.append(Target(target="air", base=Decimal(20), max_value=draw(st.integers(5, 20))))
        for name, scenario in itertools.product(effects, ("", "winter")):
            responses.append(
                Response(target="air", pollutant=name, coefficient=draw(tenths) / 20, scenario=scenario)
            )
        responses.append(
            Response(target="air", pollutant="COD", enterprise="E1", coefficient=draw(tenths) / 20)
        )
    budget = Budget(limit=draw(st.integers(0, 150)), of="invest") if draw(st.booleans()) else None
    return Case(measures=measures, targets=targets, responses=responses, budget=budget)


def brute_force(case: Case):
    """The least cost over all plans, by the verifier's word alone."""
    best = None
    free = [row for row in range(len(case.measures)) if not case.measures.done[row]]
    for size in range(len(free) + 1):
        for rows in itertools.combinations(free, size):
            checked = check(case, dict.fromkeys(rows, 1.0))
            if checked.verified and (best is None or checked.cost < best):
                best = checked.cost
    return best


@quick
@given(case=cases())
def test_brute_force_agrees(case, child):
    found = select(case, Ask(resolve=False), child)
    best = brute_force(case)
    if best is None:
        assert isinstance(found, Certificate)
        assert found.certificate
        assert all(one.required > one.max_reachable for one in found.certificate) != bool(found.joint)
    else:
        assert isinstance(found, Selection)
        assert found.cost == pytest.approx(best, abs=1e-9)
        assert found.verified
        assert found.bound <= found.cost


@quick
@given(case=cases(), seed=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(case, seed, child):
    order = np.random.default_rng(seed).permutation(len(case.measures)).tolist()
    back = {row: place for place, row in enumerate(order)}
    measures = case.measures
    turned = Measures(
        **{
            name: [getattr(measures, name)[row] for row in order]
            for name in ("measure", "enterprise", "cost", "invest", "divisible", "mandatory", "done", "group")
        },
        period=[measures.period[row] for row in order],
        region=[measures.region[row] for row in order],
        effects={name: [column[row] for row in order] for name, column in measures.effects.items()},
        needs=[tuple(back[one] for one in measures.needs[row]) for row in order],
    )
    one = select(case, Ask(resolve=False), child)
    other = select(
        Case(measures=turned, targets=case.targets, responses=case.responses, budget=case.budget),
        Ask(resolve=False),
        child,
    )
    assert type(one) is type(other)
    if isinstance(one, Selection):
        assert (one.cost, one.bound) == (other.cost, other.bound)
        assert named(one) == named(other)


def named(found):
    measures = found.assembled.case.measures
    return {
        (measures.enterprise[row], measures.measure[row]): share
        for row, share in found.assembled.plan(found.x).items()
    }


@quick
@given(case=cases(), more=st.integers(1, 50))
def test_a_tighter_target_never_lowers_the_bound(case, more, child):
    first = select(case, Ask(resolve=False), child)
    tighter = [
        Target(target=one.target, min_reduction=one.required + Fraction(more, 10), scenario=one.scenario)
        for one in case.targets
    ]
    second = select(
        Case(measures=case.measures, targets=tighter, responses=case.responses, budget=case.budget),
        Ask(resolve=False),
        child,
    )
    if isinstance(second, Selection):
        assert isinstance(first, Selection)
        assert second.bound >= first.bound - 1e-9


@quick
@given(case=cases(most=6))
def test_a_subsidy_just_above_the_stated_one_brings_the_measure_in(case, child):
    found = select(case, Ask(), child)
    if not isinstance(found, Selection):
        return
    for place, reason in enumerate(found.reasons):
        row = int(found.assembled.rows[place])
        if reason.fraction == 0 and reason.subsidy and not case.measures.done[row]:
            cost = list(case.measures.cost)
            cost[row] = float(cost[row]) - reason.subsidy - 0.01
            columns = {name: getattr(case.measures, name) for name in case.measures.__slots__} | {
                "cost": cost
            }
            helped = select(
                Case(
                    measures=Measures(**columns),
                    targets=case.targets,
                    responses=case.responses,
                    budget=case.budget,
                ),
                Ask(resolve=False),
                child,
            )
            assert row in helped.assembled.plan(helped.x)
            return


def simple(effects, need, **more):
    names = [f"m{k}" for k in range(len(effects))]
    measures = Measures.of(names, [1 + k for k in range(len(effects))], {"x": effects}, **more)
    return Case(measures=measures, targets=[Target(target="x", min_reduction=need)])


def test_a_requirement_that_decimals_just_meet_is_met(child):
    """0.1 + 0.2 is 0.3 in decimals, though not in floats; and a millionth more is too much."""
    found = select(simple([Decimal("0.1"), Decimal("0.2")], Decimal("0.3")), Ask(), child)
    assert found.verified
    assert found.check.met[0].slack == 0
    short = select(simple([Decimal("0.1"), Decimal("0.2")], Decimal("0.3000001")), Ask(), child)
    assert isinstance(short, Certificate)
    assert short.certificate[0].max_reachable == pytest.approx(0.3)


def test_a_solvers_tolerance_is_no_licence(child):
    """999999.9999995 would do for a solver that takes 1e-6 for nothing."""
    case = simple([Decimal("999999.9999995"), Decimal(1000000)], 1000000)
    found = select(case, Ask(), child)
    assert list(found.assembled.plan(found.x)) == [1]


def test_the_verifier_catches_planted_errors(child):
    """A rounded requirement, a slip of units, a dropped row, a broken prerequisite, a wrong total."""
    case = Case(
        measures=Measures.of(
            ["a", "b", "c"],
            [3, 4, 5],
            {"COD": [Decimal("10.04"), Decimal("5.5"), 1], "NOx": [0, 2, 3]},
            group=["g", "g", ""],
            needs=[(), (), (1,)],
        ),
        targets=[
            Target(target="COD", min_reduction=Decimal("10.045")),
            Target(target="NOx", min_reduction=2),
        ],
    )
    assert not check(case, {0: 1.0}).verified
    assert any("COD" in fault for fault in check(case, {0: 1.0}).faults), "10.04 is not 10.045"
    assert any("NOx" in fault for fault in check(case, {0: 1.0}).faults), "a dropped row"
    assert any("前提" in fault for fault in check(case, {0: 1.0, 2: 1.0}).faults)
    assert any("互斥组" in fault for fault in check(case, {0: 1.0, 1: 1.0}).faults)
    assert any("份额" in fault for fault in check(case, {0: 0.5}).faults), "a whole measure in part"
    loose = Case(measures=case.measures, targets=[Target(target="NOx", min_reduction=2)])
    assert check(loose, {1: 1.0}, cost=4.0).verified
    assert not check(loose, {1: 1.0}, cost=4.0001).verified
    tonnes = Case(measures=case.measures, targets=[Target(target="NOx", min_reduction=2000)])
    assert not check(tonnes, {1: 1.0}, cost=4.0).verified, "kilograms for tonnes"


def test_costs_below_zero_are_taken_and_useless_measures_left(child):
    found = select(
        Case(
            measures=Measures.of(["saves", "useless", "dear", "helps"], [-5, 0, 7, 2], {"x": [0, 0, 0, 3]}),
            targets=[Target(target="x", min_reduction=3)],
        ),
        Ask(),
        child,
    )
    assert set(named(found)) == {("", "saves"), ("", "helps")}
    assert found.cost == -3


def test_measures_that_need_each_other_come_together(child):
    case = Case(
        measures=Measures.of(["a", "b"], [1, 1], {"x": [5, 0]}, needs=[(1,), (0,)]),
        targets=[Target(target="x", min_reduction=5)],
    )
    assert set(named(select(case, Ask(), child))) == {("", "a"), ("", "b")}


def test_what_stands_meets_needs_and_costs_nothing(child):
    case = Case(
        measures=Measures.of(
            ["old", "new", "rival"],
            [100, 3, 1],
            {"x": [50, 5, 5]},
            done=[True, False, False],
            needs=[(), (0,), ()],
            group=["g", "", "g"],
        ),
        targets=[Target(target="x", min_reduction=5)],
    )
    found = select(case, Ask(), child)
    assert set(named(found)) == {("", "new")}, "the rival's place in the group is taken"
    assert found.cost == 3
    assert found.check.effects["x"] == 5


def test_mandatory_measures_that_exclude_each_other_say_so(child):
    case = Case(
        measures=Measures.of(["a", "b"], [1, 1], {"x": [1, 1]}, mandatory=[True, True], group=["g", "g"]),
        targets=[Target(target="x", min_reduction=1)],
    )
    found = select(case, Ask(), child)
    assert isinstance(found, Certificate)
    assert (found.certificate[0].required, found.certificate[0].max_reachable) == (2, 1)


def test_mandatory_beyond_the_budget_says_so(child):
    case = Case(
        measures=Measures.of(["a"], [1], {"x": [1]}, mandatory=[True], invest=[10]),
        targets=[Target(target="x", min_reduction=0)],
        budget=Budget(limit=9),
    )
    found = select(case, Ask(), child)
    assert (found.certificate[0].required, found.certificate[0].max_reachable) == (10, 9)


def test_targets_that_only_together_are_too_much(child):
    case = Case(
        measures=Measures.of(["a", "b"], [1, 1], {"x": [5, 0], "y": [0, 5], "z": [1, 1]}, group=["g", "g"]),
        targets=[Target(target=name, min_reduction=1) for name in "xyz"],
    )
    found = select(case, Ask(), child)
    assert [one.target for one in found.certificate] == ["x", "y"]
    assert "x、y" in found.joint


def test_every_scenario_counts_and_a_scenarios_own_coefficient_goes_first(child):
    responses = [
        Response(target="r", pollutant="x", coefficient=1),
        Response(target="r", pollutant="x", coefficient=Decimal("0.5"), scenario="dry"),
        Response(target="r", pollutant="x", coefficient=Decimal("0.1"), scenario="dry", enterprise="E1"),
    ]
    measures = Measures.of(["a", "b"], [1, 2], {"x": [10, 10]}, enterprise=["E1", "E2"])
    case = Case(measures=measures, targets=[Target(target="r", min_reduction=5)], responses=responses)
    found = select(case, Ask(), child)
    assert set(named(found)) == {("E2", "b")}
    assert [(one.scenario, float(one.reached)) for one in found.check.met] == [("dry", 5.0)]


def test_periods_are_alternatives_and_deadlines_count(child):
    measures = Measures.of(
        ["a", "a", "b"],
        [5, 3, 4],
        {"x": [10, 10, 10]},
        period=["2025", "2026", "2026"],
        needs=[(), (), (0, 1)],
    )
    both = [Target(target="x", min_reduction=10, period="2025"), Target(target="x", min_reduction=20)]
    found = select(Case(measures=measures, targets=both), Ask(), child)
    assert found.assembled.plan(found.x) == {0: 1.0, 2: 1.0}
    late = select(Case(measures=measures, targets=both[1:]), Ask(), child)
    assert late.assembled.plan(late.x) == {1: 1.0, 2: 1.0}


def test_the_same_call_gives_the_same_bits(child):
    rng = np.random.default_rng(3)
    effects = [float(value) for value in rng.lognormal(size=300)]
    case = simple(effects, sum(effects) / 2)
    one, two = (select(case, Ask(resolve=False), child) for _ in range(2))
    assert one.x.tobytes() == two.x.tobytes()
    assert (one.cost, one.bound, one.repeatable) == (two.cost, two.bound, True)


def test_at_a_limit_the_best_plan_and_its_bound(child):
    rng = np.random.default_rng(5)
    effects = {name: rng.integers(20, 90, 60).tolist() for name in "uvwxyz"}
    measures = Measures.of([f"m{k:02}" for k in range(60)], rng.integers(40, 60, 60).tolist(), effects)
    targets = [Target(target=name, min_reduction=1501) for name in effects]
    model = Model(
        assembled=assemble(Case(measures=measures, targets=targets)),
        child=child,
        effort=Effort(gap=0.0, seconds=0.3, patience=5),
    )
    solved = model.solve()
    assert solved.x is not None
    if solved.status == "stopped":
        assert solved.bound < solved.objective
        assert not solved.repeatable


def test_exact_reads_numbers_as_they_are_written():
    assert exact(0.1) == Fraction(1, 10)
    assert exact(Decimal("1e-3")) == Fraction(1, 1000)
