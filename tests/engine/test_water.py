"""Water: published targets, the naive programme they must equal, conservation, invariance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from qingyuan.engine.water import Demand, Infeasible, Process, Source, Unit, water
from qingyuan.engine.water import result as whole
from tests.engine.water_plants import CASES, K, demand, fixed_flow, loads, process, source, wang_smith


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
