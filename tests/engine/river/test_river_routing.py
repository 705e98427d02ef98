"""The river's arithmetic against routing by hand, an integrated ODE, and what must hold for every network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from qingyuan.engine.river import (
    OUTLET,
    Channel,
    RiverError,
    at_sections,
    at_temperature,
    circles,
    criteria,
    network,
    response,
    route,
)

CASES = Path(__file__).parents[1] / "cases/region"
positive = st.floats(0.01, 10, allow_nan=False)


def case(name: str):
    return yaml.safe_load(next(CASES.glob(f"{name}_*.yaml")).read_text("utf-8"))


@st.composite
def rivers(draw, most: int = 12):
    """A forest in any order: each reach flows into one drawn after it, then all are shuffled."""
    count = draw(st.integers(1, most))
    down = [
        draw(st.sampled_from([OUTLET, *range(place + 1, count)])) if place + 1 < count else OUTLET
        for place in range(count)
    ]
    shuffle = draw(st.permutations(range(count)))
    moved = [OUTLET] * count
    for place, below in enumerate(down):
        moved[shuffle[place]] = OUTLET if below == OUTLET else shuffle[below]
    many = st.lists(positive, min_size=count, max_size=count).map(np.array)
    return {
        "channel": Channel(
            network=network(moved),
            length_m=draw(many) * 1000,
            velocity_m_s=draw(many),
            inflow_m3_s=draw(many),
        ),
        "k_per_day": draw(many) * draw(st.sampled_from([0.0, 1.0])),
        "load_g_s": draw(many) * draw(st.sampled_from([0.0, 1.0])),
        "inflow_conc_mg_l": draw(many),
    }


def step_by_step(channel, k_per_day, load_g_s, inflow_conc_mg_l):
    """Each reach by recursion over those above it."""
    above = {place: [] for place in range(len(channel.network))}
    for place, below in enumerate(channel.network.down.tolist()):
        if below >= 0:
            above[below].append(place)

    def end(place):
        flow, mass = channel.inflow_m3_s[place], 0.0
        mass = channel.inflow_m3_s[place] * inflow_conc_mg_l[place] + load_g_s[place]
        for one in above[place]:
            more, conc = end(one)
            flow, mass = flow + more, mass + more * conc
        seconds = channel.length_m[place] / channel.velocity_m_s[place]
        return flow, mass / flow * np.exp(-k_per_day[place] / 86400 * seconds)

    return np.array([end(place) for place in range(len(above))])


@settings(deadline=None)
@given(rivers())
def test_the_solve_equals_routing_step_by_step(river):
    profile = route(**river)
    expected = step_by_step(**river)
    np.testing.assert_allclose(profile.flow_m3_s, expected[:, 0], rtol=1e-12)
    np.testing.assert_allclose(profile.conc_end_mg_l, expected[:, 1], rtol=1e-10)


@settings(deadline=None)
@given(rivers(most=6))
def test_a_reach_equals_the_integrated_ode(river):
    profile, channel = route(**river), river["channel"]
    place = 0
    seconds = channel.length_m[place] / channel.velocity_m_s[place]
    solved = solve_ivp(
        lambda _t, c: -river["k_per_day"][place] / 86400 * c,
        (0, seconds),
        [profile.conc_head_mg_l[place]],
        method="DOP853",
        rtol=1e-11,
        atol=1e-13,
    )
    assert solved.y[0, -1] == pytest.approx(profile.conc_end_mg_l[place], rel=1e-8, abs=1e-10)


@settings(deadline=None)
@given(rivers())
def test_without_decay_no_mass_is_lost(river):
    river["k_per_day"] = np.zeros_like(river["k_per_day"])
    profile, channel = route(**river), river["channel"]
    out = channel.network.down == OUTLET
    brought = (river["load_g_s"] + channel.inflow_m3_s * river["inflow_conc_mg_l"]).sum()
    assert (profile.flow_m3_s * profile.conc_end_mg_l)[out].sum() == pytest.approx(brought, rel=1e-12)
    assert profile.flow_m3_s[out].sum() == pytest.approx(channel.inflow_m3_s.sum(), rel=1e-12)


@settings(deadline=None)
@given(rivers(), st.randoms(use_true_random=False))
def test_the_response_times_the_loads_is_the_concentration(river, random):
    channel = river["channel"]
    reach = np.array([random.randrange(len(channel.network)) for _ in range(5)])
    at_m = np.array([random.choice([0.0, 0.5, 1.0]) for _ in range(5)]) * channel.length_m[reach]
    profile = route(**river)
    found = response(channel, k_per_day=river["k_per_day"], reach=reach, at_m=at_m)
    source = river["load_g_s"] + channel.inflow_m3_s * river["inflow_conc_mg_l"]
    total = np.zeros(5)
    np.add.at(total, found.receptor, found.value * source[found.reach])
    there = at_sections(channel, profile.conc_head_mg_l, river["k_per_day"], reach, at_m)
    np.testing.assert_allclose(total, there, rtol=1e-9)


@settings(deadline=None)
@given(rivers(), st.randoms(use_true_random=False))
def test_the_order_of_the_reaches_changes_nothing(river, random):
    channel = river["channel"]
    order = list(range(len(channel.network)))
    random.shuffle(order)
    place = np.empty(len(order), dtype=int)
    place[order] = np.arange(len(order))
    down = [OUTLET if (below := channel.network.down[one]) == OUTLET else place[below] for one in order]
    moved = Channel(
        network=network(down),
        length_m=channel.length_m[order],
        velocity_m_s=channel.velocity_m_s[order],
        inflow_m3_s=channel.inflow_m3_s[order],
    )
    other = route(
        moved,
        k_per_day=river["k_per_day"][order],
        load_g_s=river["load_g_s"][order],
        inflow_conc_mg_l=river["inflow_conc_mg_l"][order],
    )
    np.testing.assert_allclose(other.conc_end_mg_l, route(**river).conc_end_mg_l[order], rtol=1e-12)


def test_two_dischargers_on_one_river():
    """W1 of the region cases: the masses and concentrations of the read solution, recomputed."""
    given_, want = case("w1")["inputs"], case("w1")["recomputed"]
    first, second = given_["discharges"]
    inflow = given_["inflow"]
    flows = np.array([inflow["Q_m3_d"] + first["Q_m3_d"], second["Q_m3_d"]]) / 86400
    loads = np.array(
        [
            inflow["Q_m3_d"] * inflow["C_kg_per_1000m3"] + first["Q_m3_d"] * first["C_kg_per_1000m3"],
            second["Q_m3_d"] * second["C_kg_per_1000m3"],
        ]
    )
    channel = Channel(
        network=network([1, OUTLET]),
        length_m=np.array([15000.0, 1000.0]),
        velocity_m_s=np.full(2, given_["U_km_per_day"] * 1000 / 86400),
        inflow_m3_s=flows,
    )
    found = route(
        channel,
        k_per_day=np.full(2, given_["k_per_day"]),
        load_g_s=loads / 86400,  # kg/1000 m3 = g/m3, so that m3/d times it is g/d
        inflow_conc_mg_l=np.zeros(2),
    )
    np.testing.assert_allclose(found.conc_head_mg_l, [want["C0"], want["C1"]], rtol=1e-9)
    np.testing.assert_allclose(found.flux_head_g_s * 86.4, [want["M0"], want["M1"]], rtol=1e-9)


def test_a_circle_is_refused_and_named():
    with pytest.raises(RiverError) as refused:
        network([1, 2, 1, OUTLET])
    assert set(refused.value.reaches) == {1, 2}
    assert circles([1, 2, 1, 3, OUTLET]) == [[1, 2], [3]]
    with pytest.raises(RiverError):
        network([5])


def test_the_empty_network_has_an_empty_answer():
    none = np.zeros(0)
    channel = Channel(network=network([]), length_m=none, velocity_m_s=none, inflow_m3_s=none)
    assert route(channel, k_per_day=none, load_g_s=none, inflow_conc_mg_l=none).flow_m3_s.size == 0


def test_a_dry_reach_has_no_concentration_and_takes_no_load():
    channel = Channel(
        network=network([1, OUTLET]),
        length_m=np.array([100.0, 100.0]),
        velocity_m_s=np.ones(2),
        inflow_m3_s=np.array([0.0, 2.0]),
    )
    nothing = np.zeros(2)
    found = route(channel, k_per_day=nothing, load_g_s=np.array([0.0, 4.0]), inflow_conc_mg_l=nothing)
    assert np.isnan(found.conc_head_mg_l[0])
    assert found.conc_head_mg_l[1] == 2
    with pytest.raises(RiverError) as refused:
        route(channel, k_per_day=nothing, load_g_s=np.array([1.0, 0.0]), inflow_conc_mg_l=nothing)
    assert refused.value.reaches == (0,)
    receptors = response(channel, k_per_day=nothing, reach=np.array([0, 1]), at_m=np.zeros(2))
    assert receptors.receptor.tolist() == [1, 1]


@pytest.mark.parametrize("name", ["length_m", "velocity_m_s", "inflow_m3_s"])
def test_impossible_channels_are_refused(name):
    arrays = {one: np.ones(1) for one in ("length_m", "velocity_m_s", "inflow_m3_s")}
    for bad in (np.array([-1.0]), np.array([np.nan]), np.ones(2)):
        with pytest.raises(RiverError, match=name):
            Channel(network=network([OUTLET]), **(arrays | {name: bad}))


def test_temperature_by_theta():
    found = at_temperature(np.full(3, 0.23), np.array([1.047, np.nan, 1.047]), np.array([30.0, 30.0, np.nan]))
    np.testing.assert_allclose(found, [0.23 * 1.047**10, 0.23, 0.23])


def test_the_criteria_hold_at_their_thresholds():
    """alpha = 0.027 and Pe = 1 still stand; beyond them the exponential does not."""
    k = np.array([0.027, 0.0271, 0.01, 0.01]) * 86400
    found = criteria(
        k_per_day=k,
        velocity_m_s=np.ones(4),
        dispersion_m2_s=np.array([1.0, 1.0, 2.0, 0.0]),
        width_m=np.array([1.0, 1.0, 1.9, 5.0]),
    )
    assert found.too_dispersive.tolist() == [False, True, False, False]
    assert found.too_short_mixing.tolist() == [False, False, True, False]


def test_a_long_river_does_not_lose_its_figures():
    """100,000 reaches in a row: the far end equals the closed form."""
    count = 100_000
    channel = Channel(
        network=network([*range(1, count), OUTLET]),
        length_m=np.full(count, 86.4),
        velocity_m_s=np.ones(count),
        inflow_m3_s=np.concatenate([[1.0], np.zeros(count - 1)]),
    )
    found = route(
        channel,
        k_per_day=np.full(count, 0.01),
        load_g_s=np.concatenate([[10.0], np.zeros(count - 1)]),
        inflow_conc_mg_l=np.zeros(count),
    )
    assert found.conc_end_mg_l[-1] == pytest.approx(10 * np.exp(-0.01 * 0.001 * count), rel=1e-9)
