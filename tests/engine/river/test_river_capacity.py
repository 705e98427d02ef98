"""Capacity: the load it names brings the river to the aim, neither more nor less."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.engine.river import OUTLET, Channel, RiverError, network, route
from qingyuan.engine.river.capacity import of_long_reach, of_mixed_reach

amounts = st.floats(0, 20)


@settings(deadline=None)
@given(amounts, amounts, st.floats(0.1, 50), st.floats(0, 1))
def test_a_mixed_reach_comes_to_the_aim(aim, above, flow, k):
    """The load in the middle of two halves of the reach, routed: the end is at the aim."""
    load = of_long_reach(
        aim_mg_l=aim, above_mg_l=above, flow_m3_s=flow, k_per_day=k, length_m=8000, velocity_m_s=0.3
    )
    channel = Channel(
        network=network([1, OUTLET]),
        length_m=np.full(2, 4000.0),
        velocity_m_s=np.full(2, 0.3),
        inflow_m3_s=np.array([flow, 0.0]),
    )
    found = route(
        channel,
        k_per_day=np.full(2, k),
        load_g_s=np.array([0.0, load]),
        inflow_conc_mg_l=np.array([above, 0.0]),
    )
    assert found.conc_end_mg_l[1] == pytest.approx(aim, abs=1e-9)


def test_by_hand():
    """(1.0 - 0.6)(8 + 0.5) = 3.4 g/s, and without decay the long reach is the mixed one."""
    assert of_mixed_reach(aim_mg_l=1, above_mg_l=0.6, flow_m3_s=8, waste_m3_s=0.5) == pytest.approx(3.4)
    long = of_long_reach(
        aim_mg_l=1, above_mg_l=0.6, flow_m3_s=8, k_per_day=0, length_m=5000, velocity_m_s=0.2
    )
    assert long == pytest.approx(of_mixed_reach(aim_mg_l=1, above_mg_l=0.6, flow_m3_s=8))
    assert of_mixed_reach(aim_mg_l=1, above_mg_l=2, flow_m3_s=3) == -3


@pytest.mark.parametrize("wrong", [{"velocity_m_s": 0}, {"flow_m3_s": -1}, {"aim_mg_l": float("nan")}])
def test_impossible_rivers_are_refused(wrong):
    sound = {
        "aim_mg_l": 1,
        "above_mg_l": 0,
        "flow_m3_s": 1,
        "k_per_day": 0.1,
        "length_m": 10,
        "velocity_m_s": 1,
    }
    with pytest.raises(RiverError):
        of_long_reach(**(sound | wrong))
