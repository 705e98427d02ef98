"""Water: published targets, the naive programme they must equal, conservation, invariance, degenerate plants."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from qingyuan.engine import water as engine
from qingyuan.engine.water import FRESH, WASTE, Demand, Infeasible, Process, Source, Unit, WaterError, water
from qingyuan.engine.water import result as whole

CASES = {
    one["id"]: one for one in json.loads((Path(__file__).parent / "cases/park/water.json").read_text("utf-8"))
}
K = "COD"


def process(name, load, low, high):
    return Process(name=name, load={K: load}, inlet={K: low}, outlet={K: high})


def source(name, flow, ppm):
    return Source(name=name, flow=flow, ppm={K: ppm})


def demand(name, flow, ppm):
    return Demand(name=name, flow=flow, ppm={K: ppm})


def wang_smith():
    rows = CASES["wang_smith_1994_4proc"]["processes"]
    return [
        process(f"P{place}", row["m"], row["Cin"], row["Cout"]) for place, row in enumerate(rows, start=1)
    ]


def fixed_flow(case):
    return {
        "sources": [source(f"S{place}", one["F"], one["C"]) for place, one in enumerate(case["sources"])],
        "demands": [demand(f"D{place}", one["F"], one["Cmax"]) for place, one in enumerate(case["demands"])],
    }


def test_wang_and_smith_of_1994():
    found = water(processes=wang_smith())
    assert found.freshwater == pytest.approx(90)
    assert found.wastewater == pytest.approx(90)
    assert found.without_reuse == pytest.approx(112.5)
    assert found.pinches == (100.0,)
    assert np.array(found.composite) == pytest.approx(
        np.array([(0, 0), (50, 1), (100, 9), (400, 21), (800, 41)])
    )
    assert found.verified
    assert found.gap <= 1e-9


@pytest.mark.parametrize("name", ["polley_polley_2000", "sorin_bedard_1999"])
def test_published_fixed_flow_problems_with_every_pinch(name):
    case = CASES[name]
    found = water(**fixed_flow(case))
    published = case["published"]
    pinches = published["pinch"] if isinstance(published["pinch"], list) else [published["pinch"]]
    assert found.freshwater == pytest.approx(published["FW"])
    assert found.wastewater == pytest.approx(published["WW"])
    assert list(found.pinches) == pinches
    assert found.without_reuse == sum(one["F"] for one in case["demands"])
    assert found.verified


def test_regeneration_with_recycling_reaches_the_remembered_figure_of_wang_and_smith():
    """Published from memory and of low certainty; here it is also what no network can be below: P1 wants clean water."""
    found = water(processes=wang_smith(), units=[Unit(name="R", outlet={K: 5.0})])
    assert found.freshwater == pytest.approx(CASES["wang_smith_1994_regen"]["published"]["FW_regen_recycle"])
    assert found.verified
    assert found.units[0].flow > 0


def test_the_refinery_of_wang_and_smith_with_three_contaminants():
    """105.6 t/h published (Chem. Eng. Sci. 49 (1994) 981, from memory), 133 without reuse; the bound proves it."""
    names = ("HC", "H2S", "salt")
    rows = [
        ("steam stripping", (0.675, 18, 1.575), (0, 0, 0), (15, 400, 35)),
        ("HDS", (3.4, 414.8, 4.59), (20, 300, 45), (120, 12500, 180)),
        ("desalter", (5.6, 1.4, 520.8), (120, 20, 200), (220, 45, 9500)),
    ]
    found = water(
        processes=[
            Process(
                name=name,
                load=dict(zip(names, load, strict=True)),
                inlet=dict(zip(names, low, strict=True)),
                outlet=dict(zip(names, high, strict=True)),
            )
            for name, load, low, high in rows
        ]
    )
    assert found.freshwater == pytest.approx(105.6, abs=0.05)
    assert found.without_reuse == pytest.approx(133.0, abs=0.05)
    assert found.gap <= 1e-6
    assert found.verified
    assert found.closed
    assert set(found.composites) == set(names)


# Random small plants against a naive linear programme.


@st.composite
def flows(draw):
    seed = draw(st.integers(0, 2**31))
    random = np.random.default_rng(seed)
    sources, demands = draw(st.integers(0, 5)), draw(st.integers(1, 5))
    fresh = draw(st.sampled_from([0.0, 0.0, 20.0]))
    levels = np.array([0, 20, 50, 80, 100, 150, 200, 400.0])
    return (
        [
            source(f"S{place}", float(random.integers(1, 100)), float(random.choice(levels)))
            for place in range(sources)
        ],
        [
            demand(f"D{place}", float(random.integers(1, 100)), float(random.choice(levels)))
            for place in range(demands)
        ],
        fresh,
    )


def naive(sources, demands, fresh, names=(K,)):
    """min freshwater over flows source -> demand, column by column."""
    count, size = len(sources), len(demands)
    cost = np.concatenate([np.zeros(count * size), np.ones(size)])
    equal = np.zeros((size, len(cost)))
    for place in range(size):
        equal[place, place : count * size : size] = 1
        equal[place, count * size + place] = 1
    limits, right = [], []
    for place, one in enumerate(sources):
        row = np.zeros(len(cost))
        row[place * size : (place + 1) * size] = 1
        limits.append(row)
        right.append(one.flow)
    for kind in names:
        for place, one in enumerate(demands):
            row = np.zeros(len(cost))
            for at, giver in enumerate(sources):
                row[at * size + place] = giver.ppm[kind]
            row[count * size + place] = fresh
            limits.append(row)
            right.append(one.flow * one.ppm[kind])
    solved = linprog(
        cost,
        A_ub=np.array(limits),
        b_ub=right,
        A_eq=equal,
        b_eq=[one.flow for one in demands],
        method="highs",
    )
    return solved.fun if solved.status == 0 else None


@given(flows())
@settings(max_examples=120, deadline=None)
def test_the_cascade_equals_the_naive_programme_and_its_network_reaches_it(problem):
    sources, demands, fresh = problem
    expected = naive(sources, demands, fresh)
    if expected is None:
        with pytest.raises(Infeasible) as refused:
            water(sources=sources, demands=demands, fresh_ppm=fresh)
        assert refused.value.certificate or refused.value.joint
        return
    found = water(sources=sources, demands=demands, fresh_ppm=fresh)
    assert found.freshwater == pytest.approx(expected, rel=1e-7, abs=1e-6)
    assert found.bound == pytest.approx(expected, rel=1e-7, abs=1e-6)
    assert found.verified
    assert found.wastewater == pytest.approx(
        found.freshwater + sum(one.flow for one in sources) - sum(one.flow for one in demands), abs=1e-6
    )


@given(flows())
@settings(max_examples=120, deadline=None)
def test_nearest_neighbours_reach_the_same_target(problem):
    sources, demands, fresh = problem
    assume(naive(sources, demands, fresh) is not None)
    plan = water(sources=sources, demands=demands, fresh_ppm=fresh)
    before, whole.MOST_ARCS = whole.MOST_ARCS, 0
    try:
        found = water(sources=sources, demands=demands, fresh_ppm=fresh)
    finally:
        whole.MOST_ARCS = before
    assert found.freshwater == pytest.approx(plan.freshwater, rel=1e-9, abs=1e-9)
    assert found.verified


@st.composite
def loads(draw):
    random = np.random.default_rng(draw(st.integers(0, 2**31)))
    levels = np.array([0, 25, 50, 100, 200, 400, 800.0])
    processes = []
    for place in range(draw(st.integers(1, 6))):
        low, high = sorted(random.choice(len(levels), 2, replace=False))
        processes.append(process(f"P{place}", float(random.integers(0, 40)), levels[low], levels[high]))
    return processes


@given(loads(), st.sampled_from([0.0, 0.0, 25.0]))
@settings(max_examples=100, deadline=None)
def test_fixed_load_targets_equal_those_of_fixed_flows_at_the_limits(processes, fresh):
    at_limits = [
        (one.name, one.load[K] * 1000 / (one.outlet[K] - one.inlet[K]), one.inlet[K], one.outlet[K])
        for one in processes
        if one.load[K] > 0
    ]
    expected = (
        naive(
            [source(name, flow, high) for name, flow, _, high in at_limits],
            [demand(name, flow, low) for name, flow, low, _ in at_limits],
            fresh,
        )
        if at_limits
        else 0.0
    )
    if expected is None:
        with pytest.raises(Infeasible):
            water(processes=processes, fresh_ppm=fresh)
        return
    found = water(processes=processes, fresh_ppm=fresh)
    assert found.freshwater == pytest.approx(expected, rel=1e-7, abs=1e-6)
    assert found.verified
    assert found.without_reuse is None or found.freshwater <= found.without_reuse + 1e-9
    before, whole.MOST_ARCS = whole.MOST_ARCS, 0
    try:
        other = water(processes=processes, fresh_ppm=fresh)
    finally:
        whole.MOST_ARCS = before
    assert other.verified
    assert other.freshwater == pytest.approx(found.freshwater, rel=1e-9, abs=1e-9)


@given(loads(), st.floats(1e-6, 1e6))
@settings(max_examples=40, deadline=None)
def test_order_and_unit_of_load_change_nothing(processes, unit):
    found = water(processes=processes)
    scaled = [
        process(one.name, one.load[K] * unit, one.inlet[K], one.outlet[K]) for one in reversed(processes)
    ]
    other = water(processes=scaled)
    assert other.freshwater == pytest.approx(found.freshwater * unit, rel=1e-7, abs=1e-9 * unit)
    assert other.pinches == pytest.approx(found.pinches)


def several(random, count, kinds):
    names = [f"k{place}" for place in range(kinds)]
    rows = []
    for place in range(count):
        low = np.where(random.random(kinds) < 0.3, 0, random.uniform(0, 200, kinds))
        high = low + random.uniform(20, 500, kinds)
        rows.append(
            Process(
                name=f"P{place}",
                load=dict(zip(names, random.uniform(1, 20, kinds), strict=True)),
                inlet=dict(zip(names, low, strict=True)),
                outlet=dict(zip(names, high, strict=True)),
            )
        )
    return rows


def test_several_contaminants_are_bounded_from_both_sides():
    for seed in range(4):
        rows = several(np.random.default_rng(seed), 3, 2)
        found = water(processes=rows)
        assert found.verified
        assert found.closed
        assert found.bound <= found.freshwater <= found.without_reuse + 1e-9
        assert found.gap <= 1e-4
        for kind in ("k0", "k1"):  # never below what one contaminant alone needs
            alone = [
                Process(
                    name=one.name,
                    load={kind: one.load[kind]},
                    inlet={kind: one.inlet[kind]},
                    outlet={kind: one.outlet[kind]},
                )
                for one in rows
            ]
            assert found.freshwater >= water(processes=alone).freshwater - 1e-6


def test_no_network_at_other_outlets_needs_less_than_the_bound():
    from qingyuan.engine.water.mixing import arcs_of, mix, outlet_limits
    from qingyuan.engine.water.parts import plant
    from qingyuan.engine.water.programme import NoSolution

    for seed in (1, 5, 11):
        random = np.random.default_rng(seed)
        rows = several(random, 3, 2)
        bound = water(processes=rows).bound
        arrays = plant(processes=rows)
        arcs, limits = arcs_of(arrays), outlet_limits(arrays)
        for _ in range(40):
            quality = limits * np.where(
                random.random(limits.shape) < 0.5, 1, random.uniform(0.3, 1, limits.shape)
            )
            try:
                found = mix(arrays, arcs, quality, tidy=False)
            except NoSolution:
                continue
            assert found.freshwater >= bound * (1 - 1e-6)


def test_several_contaminants_of_fixed_flow_equal_the_naive_programme():
    random = np.random.default_rng(3)
    names = ("a", "b")
    for _ in range(20):
        sources = [
            Source(
                name=f"S{place}",
                flow=float(random.integers(1, 80)),
                ppm=dict(zip(names, random.uniform(0, 200, 2), strict=True)),
            )
            for place in range(3)
        ]
        demands = [
            Demand(
                name=f"D{place}",
                flow=float(random.integers(1, 80)),
                ppm=dict(zip(names, random.uniform(0, 150, 2), strict=True)),
            )
            for place in range(3)
        ]
        found = water(sources=sources, demands=demands)
        assert found.freshwater == pytest.approx(naive(sources, demands, 0.0, names), rel=1e-6, abs=1e-6)
        assert found.gap <= 1e-6
        assert found.verified


def test_units_by_removal_and_capacity():
    sources, demands = [source("S", 100, 200)], [demand("D", 100, 20)]
    plain = water(sources=sources, demands=demands)
    assert plain.freshwater == pytest.approx(90)
    removed = water(sources=sources, demands=demands, units=[Unit(name="U", removal={K: 0.95}, cost=2.0)])
    assert removed.freshwater == pytest.approx(0, abs=1e-6)
    assert removed.verified
    half = water(sources=sources, demands=demands, units=[Unit(name="U", removal={K: 0.95}, capacity=50.0)])
    # 50 t/h at 10 ppm, the rest mixed from freshwater and the source: 50*10 + s*200 <= 2000
    assert half.freshwater == pytest.approx(42.5, abs=1e-4)
    nothing = water(sources=sources, demands=demands, units=[Unit(name="U", outlet={K: 5.0}, capacity=0.0)])
    assert nothing.freshwater == pytest.approx(90)


def test_a_unit_lets_other_contaminants_through():
    sources = [Source(name="S", flow=100, ppm={"a": 200, "b": 50})]
    demands = [Demand(name="D", flow=100, ppm={"a": 20, "b": 25})]
    found = water(sources=sources, demands=demands, units=[Unit(name="U", outlet={"a": 10.0})])
    assert found.freshwater == pytest.approx(50, abs=1e-4)
    assert found.verified
    assert found.gap <= 1e-4


# Degenerate plants.


def test_no_load_takes_no_water():
    found = water(processes=[process("A", 0, 0, 0), process("B", 0, 50, 100)])
    assert (found.freshwater, found.wastewater, found.without_reuse) == (0, 0, 0)
    assert found.network == ()
    assert found.pinches == ()
    assert found.verified


def test_one_process_alone():
    found = water(processes=[process("A", 10, 0, 100)])
    assert found.freshwater == pytest.approx(100)
    assert {(one.tail, one.head) for one in found.network} == {(FRESH, "A"), ("A", WASTE)}


def test_sources_only_and_demands_only():
    only = water(sources=[source("S", 30, 100)])
    assert (only.freshwater, only.wastewater, only.pinches) == (0, 30, ())
    assert [(one.tail, one.head, one.flow) for one in only.network] == [("S", WASTE, 30)]
    wanted = water(demands=[demand("D", 30, 100)])
    assert (wanted.freshwater, wanted.wastewater, wanted.without_reuse) == (30, 0, 30)
    assert wanted.verified


def test_a_demand_cleaner_than_freshwater_is_named():
    with pytest.raises(Infeasible) as refused:
        water(sources=[source("S", 5, 8)], demands=[demand("D", 10, 10), demand("E", 10, 50)], fresh_ppm=20)
    (one,) = refused.value.certificate
    assert (one.target, one.required, one.reachable) == ("D", 10, 14)
    helped = water(sources=[source("S", 9, 8)], demands=[demand("D", 10, 10)], fresh_ppm=20)
    assert helped.freshwater == pytest.approx(1)
    assert helped.without_reuse is None
    with pytest.raises(Infeasible) as together:
        water(sources=[source("S", 9, 8)], demands=[demand("D", 10, 10), demand("E", 10, 10)], fresh_ppm=20)
    assert not together.value.certificate
    assert together.value.joint
    with pytest.raises(Infeasible):
        water(processes=[process("A", 1, 10, 50)], fresh_ppm=20)
    regenerated = water(
        processes=[process("A", 1, 10, 50)], fresh_ppm=20, units=[Unit(name="U", outlet={K: 5.0})]
    )
    assert regenerated.verified


def test_enough_clean_water_needs_no_freshwater():
    found = water(sources=[source("S", 50, 20)], demands=[demand("D", 30, 100)])
    assert found.freshwater == 0
    assert found.wastewater == pytest.approx(20)
    assert found.pinches == ()
    touching = water(sources=[source("S", 25, 50), source("T", 25, 150)], demands=[demand("D", 50, 100)])
    assert touching.freshwater == pytest.approx(0, abs=1e-9)


def test_flow_alone_may_call_for_freshwater():
    found = water(sources=[source("S", 10, 0)], demands=[demand("D", 30, 100)])
    assert found.freshwater == pytest.approx(20)
    assert found.wastewater == 0
    assert found.pinches == ()


def test_what_the_library_refuses():
    for processes in (
        [process("A", 1, 100, 100)],
        [process("A", 1, 200, 100)],
        [process("A", -1, 0, 100)],
        [process("A", math.inf, 0, 100)],
        [process("A", 1, 0, 100), Process(name="B", load={"x": 1}, inlet={"x": 0}, outlet={"x": 1})],
    ):
        with pytest.raises(WaterError):
            water(processes=processes)
    with pytest.raises(WaterError):
        water(processes=[process("A", 1, 0, 100)], fresh_ppm=-1)
    with pytest.raises(WaterError):
        water(processes=[process("A", 1, 0, 100)], units=[Unit(name="U", removal={K: 1.5})])


def test_ten_thousand_streams_are_quick():
    random = np.random.default_rng(1)
    found = engine.cascade(
        supply=random.uniform(1, 10, 5000), supply_ppm=random.uniform(0, 500, 5000),
        wanted=random.uniform(1, 10, 5000), wanted_ppm=random.uniform(0, 500, 5000),
    )  # fmt: skip
    assert found.freshwater > 0
    plan = water(
        sources=[
            source(f"S{place}", *pair) for place, pair in enumerate(random.uniform(1, 500, (400, 2)).tolist())
        ],
        demands=[
            demand(f"D{place}", *pair) for place, pair in enumerate(random.uniform(1, 500, (400, 2)).tolist())
        ],
    )
    assert plan.verified


def test_regeneration_without_recycling_is_the_figure_that_wang_and_smith_publish():
    """46.2 t/h, from memory: 9 kg/h below the pinch by water used twice, 9000 / (100 + 95)."""
    composite = water(processes=wang_smith()).composite
    found = engine.reuse_once(composite, outlet=5.0)
    published = CASES["wang_smith_1994_regen"]["published"]
    assert found.freshwater == pytest.approx(9000 / 195)
    assert round(found.freshwater, 1) == published["FW_regen_reuse"]
    assert found.treated_at == pytest.approx(100)
    assert found.removed == pytest.approx(9000 / 195 * 95 / 1000)


@given(loads(), st.floats(0, 60), st.sampled_from([0.0, 0.0, 10.0]))
@settings(max_examples=60)
def test_water_used_twice_lies_between_used_over_and_over_and_used_once(processes, outlet, fresh):
    try:
        once = water(processes=processes, fresh_ppm=fresh)
    except Infeasible:
        assume(False)
    assume(once.composite and once.freshwater > 0)
    found = engine.reuse_once(once.composite, outlet=outlet, fresh=fresh)
    assert found.freshwater <= once.freshwater * (1 + 1e-9)
    assert found.freshwater >= once.freshwater / 2 * (1 - 1e-9) if outlet >= fresh else True
    levels = np.array([level for level, _load in once.composite])
    taken = np.clip(np.minimum(levels, found.treated_at) - fresh, 0, None) + np.clip(levels - outlet, 0, None)
    needed = np.array([load for _level, load in once.composite]) * 1000
    assert (found.freshwater * taken >= needed * (1 - 1e-9) - 1e-6).all()


def test_a_treatment_dirtier_than_all_levels_helps_nothing():
    once = water(processes=wang_smith())
    assert engine.reuse_once(once.composite, outlet=900.0).freshwater == pytest.approx(once.freshwater)
    with pytest.raises(WaterError):
        engine.reuse_once(once.composite, outlet=-1.0)
    with pytest.raises(WaterError):
        engine.reuse_once([(0, 0), (50, 1)], outlet=60.0, fresh=50.0)
