"""Pieces of the plane of NOx and VOC: around holds every point that keeps a limit, sure no other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.engine.air.ozone import Domain, Grid, Polynomial
from qingyuan.engine.portfolio.landing import Limit, Window, bounds, pieces

TENTHS = np.round(np.linspace(0.2, 1.0, 9), 10)


@st.composite
def tables(draw):
    """A table with ridges and hollows, as jagged as hypothesis likes."""
    rows, columns = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    cells = draw(st.lists(st.floats(0, 200, width=32), min_size=rows * columns, max_size=rows * columns))
    return Grid(
        np.linspace(0.2, 1, rows),
        np.linspace(0.3, 1.1, columns),
        np.array(cells, float).reshape(rows, columns),
    )


def holds(shape, nox, voc, *, slack):
    bottom = shape.bottom[0] + shape.bottom[1] * nox - slack
    top = shape.top[0] + shape.top[1] * nox + slack
    return (nox >= shape.nox_low - slack) & (nox <= shape.nox_high + slack) & (voc >= bottom) & (voc <= top)


@given(tables(), st.floats(0.1, 0.9), st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_around_holds_all_that_keeps_the_limit_and_sure_nothing_else(grid, share, strips):
    ppb = float(np.quantile(grid.o3_ppb, share))
    window = Window(nox_low=0.2, nox_high=1.0, voc_low=0.3, voc_high=1.1)
    found = list(pieces([Limit(target="O3", surface=grid, ppb=ppb)], window, strips))
    random = np.random.default_rng(1)
    nox, voc = random.uniform(0.2, 1, 400), random.uniform(0.3, 1.1, 400)
    ozone = grid.at(nox, voc)
    within = (
        np.any([holds(one.around, nox, voc, slack=1e-12) for one in found], axis=0)
        if found
        else np.zeros(400, bool)
    )
    assert not (~within & (ozone <= ppb)).any()
    for one in found:
        if one.sure is not None:
            assert (ozone[holds(one.sure, nox, voc, slack=-1e-12)] <= ppb + 1e-9).all()


@given(tables())
@settings(max_examples=25, deadline=None)
def test_floor_and_ceiling_of_a_cell(grid):
    nox = np.unique(np.concatenate([np.linspace(0.2, 1, 6), grid.nox_ratio]))
    voc = np.linspace(0.3, 1.1, 7)
    floor, ceiling = bounds(grid, nox, voc)
    random = np.random.default_rng(2)
    some_nox, some_voc = random.uniform(0.2, 1, 300), random.uniform(0.3, 1.1, 300)
    ozone = grid.at(some_nox, some_voc)
    place = np.searchsorted(nox, some_nox) - 1, np.searchsorted(voc, some_voc) - 1
    assert (floor[place] <= ozone + 1e-9).all()
    assert (ceiling[place] >= ozone - 1e-9).all()


def test_a_mesh_is_what_single_points_are():
    grid = Grid(TENTHS, TENTHS, np.add.outer(100 * np.sin(3 * TENTHS), 40 * TENTHS))
    nox, voc = np.linspace(0.2, 1, 7), np.linspace(0.2, 1, 5)
    assert grid.mesh(nox, voc) == pytest.approx(grid.at(nox[:, None], voc[None, :]))


def test_a_ridge_leaves_two_pieces_and_a_limit_below_all_none():
    hill = Polynomial(
        {(0, 0): 100.0, (0, 2): -200.0}, Domain(nox_low=0.5, nox_high=1.0, voc_low=0.5, voc_high=1.5)
    )
    window = Window(nox_low=0.5, nox_high=1.0, voc_low=0.5, voc_high=1.5)
    low, high = pieces([Limit(target="O3", surface=hill, ppb=80)], window, 1)
    edge = (20 / 200) ** 0.5
    assert low.around.top[0] == pytest.approx(1 - edge, abs=1e-3)
    assert high.around.bottom[0] == pytest.approx(1 + edge, abs=1e-3)
    assert low.sure.top[0] <= 1 - edge + 1e-9
    assert not list(pieces([Limit(target="O3", surface=hill, ppb=10)], window, 3))
