"""Energy targets: published problems, steps, thresholds, and what must hold of any set of streams."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from qingyuan.engine.heat import (
    HeatError,
    PumpClaim,
    Streams,
    carnot_cop,
    composite,
    judge_pump,
    target,
    target_batch,
    verify,
)

CASES = Path(__file__).parent / "cases" / "park"
TEXTBOOK = json.loads((CASES / "heat_pinch_textbook.json").read_text("utf-8"))
LITERATURE = json.loads((CASES / "heat_pinch_literature.json").read_text("utf-8"))


def identity(case):
    return case["id"]


@pytest.mark.parametrize("case", TEXTBOOK, ids=identity)
def test_textbook_problems_from_memory_and_recomputed(case):
    rows = case["streams"]
    streams = Streams.of(
        [one["Ts"] for one in rows],
        [one["Tt"] for one in rows],
        cp_kw_per_k=[one["CP"] for one in rows],
        dt_min=case["dTmin"],
    )
    found = target(streams)
    said = case["recomputed"]
    assert found.hot_utility_kw == pytest.approx(said["QH"], rel=1e-9, abs=1e-9)
    assert found.cold_utility_kw == pytest.approx(said["QC"], rel=1e-9, abs=1e-9)
    assert [one.shifted_c for one in found.pinches] == pytest.approx(said["pinch_shifted"])
    assert verify(streams, found)
    published = case["published"] or {}
    if "pinch_hot" in published:
        assert found.pinches[0].hot_c == published["pinch_hot"]
        assert found.pinches[0].cold_c == published["pinch_cold"]
        assert found.hot_utility_kw == pytest.approx(published["QHmin"])


@pytest.mark.parametrize("case", LITERATURE, ids=identity)
def test_literature_as_two_other_implementations_agree(case):
    streams = of_case(case["streams"])
    found = target(streams)
    said = case["recomputed"]
    assert found.hot_utility_kw == pytest.approx(said["QH"], abs=1e-3)
    assert found.cold_utility_kw == pytest.approx(said["QC"], abs=1e-3)
    assert [one.shifted_c for one in found.pinches] == pytest.approx(said["pinch_shifted"])
    assert verify(streams, found)


def of_case(rows):
    return Streams.of(
        [one["Ts"] for one in rows],
        [one["Tt"] for one in rows],
        duty_kw=[one["Q"] for one in rows],
        dt_cont_k=[one["dtcont"] for one in rows],
    )


def test_an_isothermal_stream_is_a_step_and_both_sides_are_points():
    streams = Streams.of([100, 60], [100, 140], duty_kw=[500, 400], hot=[True, False], dt_min=10)
    found = target(streams)
    # Condensing at 95 shifted heats the cold stream from 65 to 95 (30 of 80 K: 150 kW).
    assert found.hot_utility_kw == pytest.approx(250)
    assert found.cold_utility_kw == pytest.approx(350)
    assert [one.shifted_c for one in found.pinches] == [95]
    points = [[145, 250], [95, 0], [95, 500], [65, 350]]
    np.testing.assert_allclose(found.grand_composite, points, atol=1e-9)


def test_condensing_and_boiling_at_equal_shifted_temperatures_exchange_all():
    streams = Streams.of([90.1, 80.1], [90.1, 80.1], duty_kw=[1000, 1000], hot=[True, False], dt_min=10)
    found = target(streams)
    assert (found.hot_utility_kw, found.cold_utility_kw, found.recovery_kw) == (0, 0, 1000)
    assert found.threshold
    colder = Streams.of([90.0, 80.1], [90.0, 80.1], duty_kw=[1000, 1000], hot=[True, False], dt_min=10)
    assert target(colder).hot_utility_kw == 1000


def test_steps_at_one_temperature_count_together_in_any_order():
    hot = np.array([True, False, True, False])
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2]):
        streams = Streams.of(
            np.array([100, 90, 100, 90])[order],
            np.array([100, 90, 100, 90])[order],
            duty_kw=np.array([10, 30, 40, 20])[order],
            hot=hot[order],
        )
        found = target(streams)
        assert (found.hot_utility_kw, found.cold_utility_kw) == (0, 0)


def test_an_evaporator_at_the_top_is_an_inner_pinch():
    streams = Streams.of([150, 100], [150, 20], duty_kw=[300, 80], hot=[False, True])
    found = target(streams)
    assert (found.hot_utility_kw, found.cold_utility_kw) == (300, 80)
    assert not found.threshold
    assert [one.shifted_c for one in found.pinches] == [155, 95]


def test_thresholds_have_their_ends_as_pinches():
    only_hot = target(Streams.of([140], [20], cp_kw_per_k=[20]))
    assert only_hot.threshold
    assert [one.shifted_c for one in only_hot.pinches] == [135]
    only_cold = target(Streams.of([20], [140], cp_kw_per_k=[20]))
    assert only_cold.threshold
    assert [one.shifted_c for one in only_cold.pinches] == [25]
    assert (only_cold.hot_utility_kw, only_cold.cold_utility_kw) == (2400, 0)


def test_real_temperatures_are_not_said_where_contributions_differ():
    ends, cp = ([20, 170, 80, 150], [135, 60, 140, 30]), [2, 3, 4, 1.5]
    same = target(Streams.of(*ends, cp_kw_per_k=cp, dt_cont_k=5))
    assert (same.pinches[0].hot_c, same.pinches[0].cold_c) == (90, 80)
    other = target(Streams.of(*ends, cp_kw_per_k=cp, dt_cont_k=[5, 5, 8, 5]))
    assert other.pinches[0].shifted_c == 88
    assert (other.pinches[0].hot_c, other.pinches[0].cold_c) == (None, None)


def test_nothing_and_streams_without_heat_need_nothing():
    assert target(Streams.of([], [], duty_kw=[])).pinches == ()
    idle = target(Streams.of([100, 20], [50, 80], duty_kw=[0, 0]))
    assert (idle.hot_utility_kw, idle.cold_utility_kw, idle.recovery_kw) == (0, 0, 0)


def test_binary_noise_of_temperatures_makes_no_second_pinch():
    streams = Streams.of([200.3, 85.1 + 5, 20], [85.1 + 5, 30.7, 180], cp_kw_per_k=[1.0, 3.0, 2.0])
    again = Streams.of([200.3, 90.1, 20], [90.1, 30.7, 180], cp_kw_per_k=[1.0, 3.0, 2.0])
    assert len(target(streams).pinches) == len(target(again).pinches) == 1


def test_everything_wrong_is_said_at_once():
    with pytest.raises(HeatError) as caught:
        Streams.of(
            [100, np.nan, 50, 60, -300],
            [20, 20, 50, 90, 20],
            duty_kw=[-1, 5, 5, 5, 5],
            dt_cont_k=[5, 5, 5, -1, 5],
        )
    places = {(index, field) for index, field, _said in caught.value.problems}
    assert places >= {
        (0, "duty_kw"),
        (1, "t_supply_c"),
        (2, "t_target_c"),
        (3, "dt_cont_k"),
        (4, "t_supply_c"),
    }
    with pytest.raises(HeatError, match="disagrees"):
        Streams.of([100], [50], duty_kw=[100], cp_kw_per_k=[3])
    with pytest.raises(HeatError, match="contradicts"):
        Streams.of([100], [50], duty_kw=[100], hot=[False])


temperature = st.integers(-50, 600).map(float)
stream = st.tuples(
    temperature, temperature, st.floats(0.1, 1e4), st.booleans(), st.sampled_from([0.0, 2.5, 5.0, 11.0])
)


def made(rows):
    supply, end, duty, hot, contribution = map(np.array, zip(*rows, strict=True))
    hot = np.where(supply == end, hot, supply > end)
    return Streams.of(supply, end, duty_kw=duty, hot=hot, dt_cont_k=contribution)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(stream, min_size=1, max_size=12), seed=st.integers(0, 1000))
def test_what_holds_of_any_streams(rows, seed):
    streams = made(rows)
    found = target(streams)
    size = streams.hot_kw + streams.cold_kw
    near = {"abs": 1e-8 * size}
    # Cascade duality and the balance of heat.
    assert found.hot_utility_kw - found.cold_utility_kw == pytest.approx(
        streams.cold_kw - streams.hot_kw, **near
    )
    assert found.recovery_kw + found.cold_utility_kw == pytest.approx(streams.hot_kw, **near)
    assert found.recovery_kw + found.hot_utility_kw == pytest.approx(streams.cold_kw, **near)
    assert verify(streams, found)
    curve = found.grand_composite
    assert curve[:, 1].min() >= -near["abs"]
    assert curve[0, 1] == pytest.approx(found.hot_utility_kw, **near)
    assert curve[-1, 1] == pytest.approx(found.cold_utility_kw, **near)
    assert (np.diff(curve[:, 0]) <= 0).all()
    # Another order is the same problem.
    order = np.random.default_rng(seed).permutation(len(rows))
    shuffled = target(streams.part(order))
    assert shuffled.hot_utility_kw == pytest.approx(found.hot_utility_kw, **near)
    assert [one.shifted_c for one in shuffled.pinches] == [one.shifted_c for one in found.pinches]


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(stream, min_size=1, max_size=8), share=st.floats(0.1, 0.9), along=st.booleans())
def test_splitting_a_stream_changes_nothing(rows, share, along):
    parts = []
    for supply, end, duty, hot, contribution in rows:
        if along and supply != end:
            middle = round(supply + share * (end - supply), 3)
            first = (middle - supply) / (end - supply)
            parts += [(supply, middle, duty * first, hot, contribution)]
            parts += [(middle, end, duty * (1 - first), hot, contribution)]
        else:
            parts += [(supply, end, duty * share, hot, contribution)]
            parts += [(supply, end, duty * (1 - share), hot, contribution)]
    whole, split = target(made(rows)), target(made(parts))
    size = sum(row[2] for row in rows)
    assert split.hot_utility_kw == pytest.approx(whole.hot_utility_kw, abs=1e-8 * size)
    assert split.cold_utility_kw == pytest.approx(whole.cold_utility_kw, abs=1e-8 * size)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(stream, min_size=1, max_size=8))
def test_a_transshipment_programme_finds_the_same(rows):
    """Papoulias and Grossmann 1983: heat passes down the intervals; least heat in at the top."""
    streams = made(rows)
    supply, end = streams.shifted
    levels = np.unique(np.concatenate((supply, end)))[::-1]
    # Nodes: every level as a point (steps) and every interval below it; net heat of each, from the top.
    net = []
    for place, level in enumerate(levels):
        at = (supply == end) & (supply == level)
        net.append((streams.duty_kw * np.where(streams.hot, 1, -1))[at].sum())
        if place + 1 < len(levels):
            low, high = np.minimum(supply, end), np.maximum(supply, end)
            inside = (low <= levels[place + 1]) & (high >= level) & (high > low)
            width = level - levels[place + 1]
            net.append((streams.cp_kw_per_k * np.where(streams.hot, 1, -1))[inside].sum() * width)
    n = len(net)
    balance = np.zeros((n, n + 1))  # x_0 into the top, x_k out of node k
    for k in range(n):
        balance[k, k], balance[k, k + 1] = -1, 1
    cost = np.zeros(n + 1)
    cost[0] = 1
    solved = linprog(cost, A_eq=balance, b_eq=net, method="highs")
    size = float(streams.duty_kw.sum())
    assert target(streams).hot_utility_kw == pytest.approx(solved.fun, abs=1e-6 * size)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(stream, min_size=5, max_size=5), min_size=1, max_size=6))
def test_many_at_once_as_one_by_one(rows):
    table = np.array([[one[:3] for one in row] for row in rows])
    hot = np.array([[one[3] for one in row] for row in rows])
    shift = np.array([[one[4] for one in row] for row in rows])
    many = target_batch(table[..., 0], table[..., 1], table[..., 2], hot=hot, dt_cont_k=shift)
    for index, row in enumerate(rows):
        one = target(made(row))
        near = pytest.approx
        size = sum(each[2] for each in row)
        assert many.hot_utility_kw[index] == near(one.hot_utility_kw, abs=1e-9 * size)
        assert many.cold_utility_kw[index] == near(one.cold_utility_kw, abs=1e-9 * size)
        assert many.recovery_kw[index] == near(one.recovery_kw, abs=1e-9 * size)
        assert many.pinch_shifted_c[index] == near(one.pinches[0].shifted_c, abs=1e-8)


def test_a_batch_pads_with_streams_without_heat():
    many = target_batch([[140, 0], [20, 0]], [[20, 0], [140, 0]], [[2400, 0], [2400, 0]])
    assert many.hot_utility_kw.tolist() == [0, 2400]
    assert many.cold_utility_kw.tolist() == [2400, 0]
    with pytest.raises(HeatError):
        target_batch([[140, np.nan]], [[20, 0]], [[2400, 0]])
    with pytest.raises(HeatError, match="hot or not"):
        target_batch([[140]], [[140]], [[2400]])


def test_composites_overlap_by_what_is_recovered():
    streams = Streams.of([20, 170, 80, 150], [135, 60, 140, 30], cp_kw_per_k=[2, 3, 4, 1.5])
    found = target(streams)
    hot = composite(streams, hot=True)
    cold = composite(streams, hot=False, start_kw=found.cold_utility_kw)
    np.testing.assert_allclose(hot, [[30, 0], [60, 45], [150, 450], [170, 510]], atol=1e-9)
    assert cold[0].tolist() == [20, 60]
    assert cold[-1].tolist() == [140, 530]
    assert hot[-1, 1] - cold[0, 1] == pytest.approx(found.recovery_kw)
    # Nowhere do they come closer than the least difference.
    heat = np.linspace(60, 510, 200)
    apart = np.interp(heat, hot[:, 1], hot[:, 0]) - np.interp(heat, cold[:, 1], cold[:, 0])
    assert apart.min() == pytest.approx(10, abs=0.6)


def test_kalundborg_s_heat_pump_claim_is_above_carnot():
    """Published: 6 million m3 of waste water cooled by 10 K is said to give 80,000 MWh at 72-87 degC."""
    assert carnot_cop(source_c=20, sink_c=80) == pytest.approx(5.89, abs=0.005)
    claim = PumpClaim(name="Kalundborg", source_c=20, sink_c=80, source_heat=69_767, delivered_heat=80_000)
    verdict = judge_pump(claim)
    assert verdict.cop == pytest.approx(7.82, abs=0.005)
    assert not verdict.possible
    assert "卡诺" in verdict.reason
    modest = PumpClaim(name="a", source_c=20, sink_c=80, source_heat=60_000, delivered_heat=80_000)
    assert judge_pump(modest).possible
    free = PumpClaim(name="b", source_c=20, sink_c=80, source_heat=80_000, delivered_heat=80_000)
    assert not judge_pump(free).possible
    assert judge_pump(PumpClaim(name="c", source_c=90, sink_c=80, source_heat=5, delivered_heat=5)).possible
