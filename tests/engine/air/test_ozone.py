"""Ozone surfaces: every entry met, nothing beyond the neighbours, refused outside; the box that made the case's table."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.engine.air import (
    AirError,
    Domain,
    Grid,
    OutsideSurface,
    Polynomial,
    SecondOrder,
    relative_sensitivities,
    safe_boxes,
)
from qingyuan.engine.air.box import generic_surface, greatest_ozone

CASES = Path(__file__).parents[1] / "cases/region"


def table():
    with (CASES / "o3_sp_isopleth_grid.csv").open(encoding="utf-8") as opened:
        rows = list(csv.reader(opened))
    return Grid(
        np.array([float(row[0]) for row in rows[1:]]),
        np.array([float(cell) for cell in rows[0][1:]]),
        np.array([[float(cell) for cell in row[1:]] for row in rows[1:]]),
    )


BOX = yaml.safe_load((CASES / "o2_sp_simple_chemistry_box.yaml").read_text("utf-8"))["recomputed"]


def test_every_entry_of_the_case_is_met():
    surface = table()
    nox, voc = np.meshgrid(surface.nox_ratio, surface.voc_ratio, indexing="ij")
    np.testing.assert_allclose(surface.at(nox, voc), surface.o3_ppb, rtol=1e-12)


def test_between_the_entries_it_follows_the_chemistry():
    """Off the grid, within 1.2 ppb of the integrated box everywhere and 0.11 ppb where the surface is not steep."""
    surface = table()
    far = {}
    for key, want in BOX["isopleth_maxO3"].items():
        nox, voc = (float(one) for one in key.removeprefix("NOx").split("_RH"))
        if nox <= 40 and voc <= 200:
            far[nox] = max(far.get(nox, 0), abs(float(surface.at(nox, voc)) - want))
    assert max(far.values()) < 1.2
    assert max(value for nox, value in far.items() if nox >= 10) < 0.11


def test_the_box_gives_the_case_and_its_surface():
    for start, want in (((10, 200), 242.810005), ((2, 20), 68.919), ((80, 20), 56.436)):
        assert greatest_ozone(*start) == pytest.approx(want, abs=1e-3)
    made = generic_surface(
        nox_ppb=10, rh_ppb=100, nox_ratios=np.array([0.5, 1.0]), voc_ratios=np.array([0.5, 1.0])
    )
    assert float(made.at(0.5, 1.0)) == pytest.approx(BOX["isopleth_maxO3"]["NOx5_RH100"], abs=1e-3)
    # With NOx this high, halving NOx alone raises nothing, halving VOC alone helps more.
    assert float(made.at(1.0, 0.5)) < float(made.at(0.5, 1.0))


@settings(deadline=None)
@given(
    st.lists(st.lists(st.floats(0, 200), min_size=4, max_size=4), min_size=3, max_size=3),
    st.floats(0, 1), st.floats(0, 1),
)  # fmt: skip
def test_it_never_leaves_the_four_entries_around_a_point(values, x, y):
    axis_n, axis_v = np.array([0.2, 0.7, 1.0]), np.array([0.1, 0.3, 0.8, 1.1])
    surface = Grid(axis_n, axis_v, np.array(values))
    nox, voc = 0.2 + 0.8 * x, 0.1 + 1.0 * y
    i = min(np.searchsorted(axis_n, nox, side="right") - 1, 1)
    j = min(np.searchsorted(axis_v, voc, side="right") - 1, 2)
    around = np.array(values)[i : i + 2, j : j + 2]
    found = float(surface.at(nox, voc))
    assert around.min() - 1e-9 <= found <= around.max() + 1e-9


@pytest.mark.parametrize(
    "surface",
    [
        Grid(np.array([0.5, 1.0]), np.array([0.5, 1.0]), np.eye(2)),
        Polynomial({(0, 0): 100.0}, Domain(nox_low=0.5, nox_high=1, voc_low=0.5, voc_high=1)),
        SecondOrder(base_ppb=100, s_nox=1, s_voc=1),
    ],
)
def test_outside_it_is_refused_and_on_the_bounds_it_answers(surface):
    domain = surface.domain
    surface.at(domain.nox_low, domain.voc_low)
    surface.at(domain.nox_high - 1e-13, domain.voc_high)
    for nox, voc in ((domain.nox_low - 0.01, 1.0), (1.0, domain.voc_high + 1e-6), (np.nan, 1.0)):
        with pytest.raises(OutsideSurface) as refused:
            surface.at(np.array([1.0, nox]), np.array([1.0, voc]))
        assert refused.value.domain == domain


def test_polynomial_and_second_order_by_hand():
    domain = Domain(nox_low=0, nox_high=2, voc_low=0, voc_high=2)
    poly = Polynomial({(0, 0): 90, (1, 0): -20, (0, 1): 40, (2, 0): -50, (1, 1): 30}, domain)
    assert float(poly.at(0.5, 0.8)) == pytest.approx(90 + 10 - 8 - 12.5 + 30 * -0.5 * -0.2)
    second = SecondOrder(base_ppb=90, s_nox=-20, s_voc=40, s_nox_nox=-100, s_voc_voc=0, s_nox_voc=30)
    assert float(second.at(0.5, 0.8)) == pytest.approx(float(poly.at(0.5, 0.8)))


def test_a_surface_with_gaps_or_falling_axes_is_refused():
    with pytest.raises(AirError):
        Grid(np.array([1.0, 0.5]), np.array([1.0]), np.ones((2, 1)))
    with pytest.raises(AirError):
        Grid(np.array([0.5, 1.0]), np.array([1.0]), np.array([[1.0], [np.nan]]))
    single = Grid(np.array([1.0]), np.array([0.5, 1.0]), np.array([[80.0, 100.0]]))
    assert float(single.at(1.0, 0.75)) == pytest.approx(90)


def test_boxes_where_ozone_keeps_to_the_limit_need_not_hang_together():
    """A ridge of ozone between much NOx and little: both sides are safe, the ridge is not."""
    surface = Grid(
        np.array([0.2, 0.6, 1.0]),
        np.array([0.5, 1.0]),
        np.array([[60.0, 70.0], [100.0, 140.0], [70.0, 75.0]]),
    )
    steps = np.linspace(0.2, 1.0, 9)
    boxes = safe_boxes(surface, 120, nox_ratios=steps, voc_ratios=np.array([0.5, 1.0]))
    lows = sorted(box.nox_low for box in boxes)
    assert lows[0] == pytest.approx(0.2)
    assert max(box.nox_high for box in boxes) == pytest.approx(1.0)
    assert not any(box.nox_low < 0.6 < box.nox_high for box in boxes)
    for box in boxes:
        nox, voc = np.meshgrid(
            np.linspace(box.nox_low, box.nox_high, 9), np.linspace(box.voc_low, box.voc_high, 9)
        )
        assert box.worst_ppb <= 120
        assert surface.at(nox, voc).max() <= 120.5
    assert safe_boxes(surface, 10, nox_ratios=steps, voc_ratios=np.array([0.5, 1.0])) == []
    assert safe_boxes(surface, 500, nox_ratios=np.array([0.5]), voc_ratios=np.array([0.5, 1.0])) == []


def test_the_relative_sensitivities_of_the_case():
    case = yaml.safe_load((CASES / "o1_kleinman_sensitivity.yaml").read_text("utf-8"))["recomputed"]
    for y, want in case.items():
        if y != "numeric_check":
            share = 2 / 3 if y == "0.6667" else float(y)
            assert relative_sensitivities(share) == pytest.approx(want, abs=1e-6)
    for one in case["numeric_check"]:
        assert relative_sensitivities(one["LN_over_Q"]) == pytest.approx(one["formula"], rel=1e-9)
        assert relative_sensitivities(one["LN_over_Q"]) == pytest.approx(one["num"], abs=1e-6)
    with pytest.raises(AirError):
        relative_sensitivities(1.2)
