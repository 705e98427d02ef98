"""Water: degenerate plants, what is refused, ten thousand streams."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qingyuan.engine import water as engine
from qingyuan.engine.water import FRESH, WASTE, Infeasible, Process, Unit, WaterError, water
from tests.engine.water_plants import K, demand, process, source


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
