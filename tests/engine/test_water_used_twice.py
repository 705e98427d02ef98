"""Water: regeneration without recycling, the published figure and its bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qingyuan.engine import water as engine
from qingyuan.engine.water import Infeasible, WaterError, water
from tests.engine.water_plants import CASES, loads, wang_smith


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
