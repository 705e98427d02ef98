"""Oxygen: the published sag to the last digits, an integrated ODE, and where the least oxygen is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from qingyuan.engine.river import OUTLET, Channel, Demand, RiverError, network, oxygen_at, route, sag

CASE = yaml.safe_load(
    (Path(__file__).parents[1] / "cases/region/w2_streeter_phelps_two_dischargers.yaml").read_text("utf-8")
)
rates = st.floats(0, 3, allow_nan=False)
amounts = st.floats(0, 30, allow_nan=False)


def two_dischargers(first: float = 0.0, second: float = 0.0):
    """The river of W2 with a share of CBOD and NBOD removed at each discharge."""
    one, river = CASE["inputs"], CASE["inputs"]["inflow"]
    wastes = (one["waste1"], one["waste2"])
    flows = np.array([river["V"] + wastes[0]["V"], wastes[1]["V"]]) / 86400
    channel = Channel(
        network=network([1, OUTLET]),
        length_m=np.array([15_000.0, 35_000.0]),
        velocity_m_s=np.full(2, one["U_km_d"] * 1000 / 86400),
        inflow_m3_s=flows,
    )

    def loads(name, left):
        own = [waste["V"] * waste[name] * share for waste, share in zip(wastes, left, strict=True)]
        return np.array([own[0] + river["V"] * river[name], own[1]]) / 86400

    def profile(name, rate):
        return route(
            channel,
            k_per_day=np.full(2, one[rate]),
            load_g_s=loads(name, (1 - first, 1 - second)),
            inflow_conc_mg_l=np.zeros(2),
        )

    demand = Demand(
        ka=np.full(2, one["ka"]),
        kc=np.full(2, one["kc"]),
        kn=np.full(2, one["kn"]),
        do_sat_mg_l=np.full(2, float(one["Cs_mg_L"])),
        cbod_head_mg_l=profile("CBOD", "kc").conc_head_mg_l,
        nbod_head_mg_l=profile("NBOD", "kn").conc_head_mg_l,
    )
    found = sag(channel, demand, inflow_do_mg_l=np.zeros(2), load_do_g_s=loads("DO", (1, 1)))
    return channel, demand, found


def on_the_grid(first: float = 0.0, second: float = 0.0) -> float:
    channel, demand, found = two_dischargers(first, second)
    km = np.arange(51)
    reach = (km >= 15).astype(int)
    return float(
        oxygen_at(channel, demand, found, reach=reach, at_m=np.where(km < 15, km, km - 15) * 1000.0).min()
    )


def test_the_published_sag_to_its_last_digits():
    want = CASE["recomputed"]
    assert on_the_grid() == pytest.approx(want["minDO"], abs=1e-12)
    assert on_the_grid(second=0.01) == pytest.approx(want["treat2_1pct"], abs=1e-12)
    assert on_the_grid(second=1.0) == pytest.approx(want["treat2_plateau"], abs=1e-12)


def test_the_least_treatment_that_keeps_four_milligrams():
    want = CASE["recomputed"]
    assert next(e / 100 for e in range(101) if on_the_grid(first=e / 100) >= 4) == want["eff1"]
    assert next(e / 100 for e in range(101) if on_the_grid(second=e / 100) >= 4) == want["eff2"]


def test_the_least_oxygen_between_the_grid_points():
    *_given, found = two_dischargers()
    assert found.do_min_mg_l.min() == pytest.approx(CASE["recomputed"]["minDO_fine_grid"], abs=1e-6)
    assert 15_000 + found.min_at_m[1] == pytest.approx(22_157, abs=2)


def one_reach(*rates_and_start, days=4.0, saturation=9.0):
    ka, kc, kn, cbod, nbod, start = rates_and_start
    channel = Channel(
        network=network([OUTLET]),
        length_m=np.array([days * 86400]),
        velocity_m_s=np.ones(1),
        inflow_m3_s=np.ones(1),
    )
    demand = Demand(
        ka=np.array([ka]), kc=np.array([kc]), kn=np.array([kn]), do_sat_mg_l=np.array([saturation]),
        cbod_head_mg_l=np.array([cbod]), nbod_head_mg_l=np.array([nbod]),
    )  # fmt: skip
    return channel, demand, sag(channel, demand, inflow_do_mg_l=np.array([start]), load_do_g_s=np.zeros(1))


@settings(deadline=None)
@given(st.tuples(rates, rates, rates, amounts, amounts, st.floats(0, 12)))
def test_a_reach_equals_the_integrated_ode(drawn):
    ka, kc, kn, cbod, nbod, start = drawn
    _channel, _demand, found = one_reach(ka, kc, kn, cbod, nbod, start)
    solved = solve_ivp(
        lambda t, do: ka * (9.0 - do) - kc * cbod * np.exp(-kc * t) - kn * nbod * np.exp(-kn * t),
        # Short steps: the integrator's own estimate of its error misses now and then what a long step loses.
        (0, 4.0), [start], method="DOP853", rtol=1e-10, atol=1e-11, max_step=0.05, dense_output=True,
    )  # fmt: skip
    path = solved.sol(np.linspace(0, 4, 2001))[0]
    assert found.do_end_mg_l[0] == pytest.approx(path[-1], abs=1e-7)
    assert found.do_min_mg_l[0] == pytest.approx(path.min(), abs=1e-4)
    assert found.do_min_mg_l[0] <= path.min() + 1e-7


@pytest.mark.parametrize("near", [0.0, 1e-15, 1e-9, 1e-4])
def test_equal_rates_are_no_special_case(near):
    """ka = kc: D(t) = (D0 + kc L0 t) e^(-ka t)."""
    _channel, _demand, found = one_reach(0.5 + near, 0.5, 0, 20, 0, 9)
    assert found.do_end_mg_l[0] == pytest.approx(
        9 - 0.5 * 20 * 4 * np.exp(-0.5 * 4), rel=max(1e-12, 10 * near)
    )


def test_the_critical_point_of_the_textbook():
    """t_c = ln(ka/kc (1 - D0 (ka-kc)/(kc L0))) / (ka - kc); D_c = kc L0 e^(-kc t_c) / ka."""
    ka, kc, load, start = 0.7, 0.3, 15.0, 1.5
    time = np.log(ka / kc * (1 - start * (ka - kc) / (kc * load))) / (ka - kc)
    _channel, _demand, found = one_reach(ka, kc, 0, load, 0, 9 - start)
    assert found.min_at_m[0] / 86400 == pytest.approx(time, rel=1e-9)
    assert found.do_min_mg_l[0] == pytest.approx(9 - kc * load * np.exp(-kc * time) / ka, rel=1e-12)


def test_clean_and_saturated_water_stays_so():
    _channel, _demand, found = one_reach(0.7, 0.3, 0.2, 0, 0, 9)
    assert (found.do_head_mg_l, found.do_end_mg_l, found.do_min_mg_l) == (9, 9, 9)
    assert found.min_at_m == 0


def test_a_dry_reach_above_changes_nothing_below():
    channel = Channel(
        network=network([1, OUTLET]), length_m=np.full(2, 1e4), velocity_m_s=np.full(2, 0.5), inflow_m3_s=np.array([0.0, 1.0])
    )  # fmt: skip
    demand = Demand(
        ka=np.full(2, 0.5), kc=np.full(2, 0.3), kn=np.zeros(2), do_sat_mg_l=np.full(2, 9.0),
        cbod_head_mg_l=np.array([np.nan, 8.0]), nbod_head_mg_l=np.array([np.nan, 0.0]),
    )  # fmt: skip
    found = sag(channel, demand, inflow_do_mg_l=np.full(2, 7.0), load_do_g_s=np.zeros(2))
    assert np.isnan(found.do_min_mg_l[0])
    assert found.do_head_mg_l[1] == 7


def test_negative_rates_are_refused():
    with pytest.raises(RiverError, match="ka"):
        one_reach(-0.1, 0.3, 0, 5, 0, 8)
