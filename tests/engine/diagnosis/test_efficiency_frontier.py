"""DEA: the published cases, what every frontier must fulfil, and figures that do not belong."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import linprog

from qingyuan.engine.diagnosis import DiagnosisError, frontier

CASES = json.loads((Path(__file__).parents[1] / "cases" / "industry" / "dea.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_cooper_seiford_tone(case):
    scores = frontier(np.array(case["inputs"], float), np.array(case["outputs"], float))
    assert [one.crs for one in scores] == pytest.approx(case["published"], abs=5.1e-4)
    assert all(one.verified and one.crs <= one.vrs + 1e-9 for one in scores)


def test_variable_returns_by_hand():
    # The stores of the first case: A (2, 1), B (3, 3), E (5, 4), H (8, 5) span the hull.
    case = CASES[0]
    scores = frontier(np.array(case["inputs"], float), np.array(case["outputs"], float))
    assert [one.vrs for one in scores] == pytest.approx([1, 1, 2.5 / 3, 0.75, 1, 0.5, 0.5, 1])
    assert scores[0].peers == (1,)
    assert scores[0].scale == pytest.approx(0.5)


figures = hnp.arrays(
    float,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=8).map(lambda shape: (shape[0] + 1, 3)),
    elements=st.integers(1, 1000).map(float),
)


@settings(max_examples=40, deadline=None)
@given(figures, st.lists(st.sampled_from([1e-6, 0.1, 1.0, 1e6]), min_size=3, max_size=3))
def test_what_every_frontier_fulfils(table, units):
    x, y = table[:, :2], table[:, 2:]
    scores = frontier(x, y)
    assert all(one.verified for one in scores)
    assert max(one.crs for one in scores) == pytest.approx(1)
    assert all(0 < one.crs <= one.vrs + 1e-9 <= 1 + 2e-9 for one in scores)
    other = frontier(x * units[:2], y * units[2])
    assert [one.crs for one in other] == pytest.approx([one.crs for one in scores])
    turned = frontier(x[::-1], y[::-1])[::-1]
    assert [one.vrs for one in turned] == pytest.approx([one.vrs for one in scores])


@settings(max_examples=25, deadline=None)
@given(figures)
def test_another_solver_finds_the_same(table):
    x, y = table[:, :2], table[:, 2:]
    count = len(x)
    for place, one in enumerate(frontier(x, y)):
        for convex, score in ((False, one.crs), (True, one.vrs)):
            above = np.vstack([np.hstack([x.T, -x[place][:, None]]), np.hstack([-y.T, np.zeros((1, 1))])])
            equal = {"A_eq": np.array([[*[1.0] * count, 0.0]]), "b_eq": [1.0]} if convex else {}
            found = linprog(
                [*[0.0] * count, 1.0], A_ub=above, b_ub=[0, 0, *-y[place]], method="highs-ipm", **equal
            )
            assert score == pytest.approx(found.fun, abs=1e-6)


def test_what_is_unknown_is_left_out_and_stays_unknown():
    x = np.array([[2.0], [np.nan], [4.0], [0.0]])
    y = np.array([[2.0], [9.0], [2.0], [1.0]])
    scores = frontier(x, y)
    assert [one.crs for one in scores] == [1.0, None, 0.5, None]
    assert scores[1].gap is None
    assert not scores[1].verified


def test_nothing_made_is_no_efficiency_and_one_alone_is_the_best():
    assert [one.crs for one in frontier(np.ones((2, 1)), np.array([[0.0], [1.0]]))] == [0.0, 1.0]
    (alone,) = frontier(np.array([[7.0, 0.0]]), np.array([[3.0]]))
    assert (alone.crs, alone.vrs) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.ones((2, 1)), np.ones((3, 1))),
        (np.ones((2, 0)), np.ones((2, 1))),
        (np.ones((2, 1)), np.ones((2, 0))),
        (-np.ones((2, 1)), np.ones((2, 1))),
        (np.ones((2, 1)), np.full((2, 1), np.inf)),
        (np.ones(2), np.ones(2)),
    ],
)
def test_bad_figures(x, y):
    with pytest.raises(DiagnosisError):
        frontier(x, y)


def test_a_thousand_are_solved_one_after_the_other_and_each_is_proven():
    random = np.random.default_rng(5)
    x = random.lognormal(size=(120, 3))
    y = random.lognormal(size=(120, 2))
    ticks = []
    assert all(one.verified for one in frontier(x, y, tick=ticks.append))
    assert sum(ticks) == 240
