"""The fewest matches of published network problems: proven where it closes, else inside the published bounds with a gap."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.engine.heat import HeatError, fewest_matches
from qingyuan.engine.heat.balances import most_parts

CASES = json.loads((Path(__file__).parent / "cases/park/heat_hen_min_matches.json").read_text("utf-8"))
OPEN = {  # with the nodes that the test affords (0: the linear relaxation and the count of balanced parts)
    "20sp1": 1,
    "22sp1": 1,
    "balanced8": 1,
    "balanced10": 0,
    "balanced15": 0,
    "unbalanced15": 0,
    "unbalanced20": 0,
}


def heat_of(case, side, count):
    heat = np.zeros((count, case["intervals"]))
    for row, amounts in case[side].items():
        for interval, amount in amounts.items():
            heat[int(row), int(interval)] = amount
    return heat


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_published_instances(case):
    hot, cold = heat_of(case, "QH", case["n_hot"]), heat_of(case, "QC", case["n_cold"])
    found = fewest_matches(hot, cold, nodes=OPEN.get(case["id"]))
    upper, lower = case["published"]["best_upper"], case["published"]["best_lower"]
    assert found.verified
    assert found.repeatable
    assert found.bound <= upper
    assert found.objective >= lower
    assert found.gap == pytest.approx((found.objective - found.bound) / found.objective)
    np.testing.assert_allclose(found.heat_kw.sum(axis=1), hot.sum(axis=1), rtol=1e-5, atol=1e-6 * hot.sum())
    assert int((found.heat_kw > 1e-7 * hot.sum()).sum()) <= found.objective
    if case["id"] in OPEN:
        assert found.stopped
    else:
        assert (found.objective, found.bound, found.stopped) == (upper, upper, False)


def test_two_streams_that_balance_two_by_two():
    found = fewest_matches([[50.0], [30.0]], [[30.0], [50.0]])
    assert (found.objective, found.bound, found.gap) == (2, 2, 0)
    crossed = fewest_matches([[50.0], [30.0]], [[35.0], [45.0]])
    assert (crossed.objective, crossed.bound) == (3, 3)


def test_a_pair_that_temperatures_forbid_costs_a_match():
    """The balancing pairs 50-50 and 30-30 would have to pass heat upwards."""
    hot = [[50, 0], [0, 30]]
    cold = [[30, 0], [0, 50]]
    found = fewest_matches(hot, cold)
    assert found.objective == 3
    assert found.verified


def test_what_cannot_be_is_said():
    with pytest.raises(HeatError, match="differ"):
        fewest_matches([[10.0]], [[12.0]])
    with pytest.raises(HeatError, match="not there"):
        fewest_matches([[0.0, 10.0]], [[10.0, 0.0]])
    with pytest.raises(HeatError, match="negative"):
        fewest_matches([[-1.0]], [[-1.0]])
    with pytest.raises(HeatError, match="intervals"):
        fewest_matches([[1.0, 2.0]], [[3.0]])


@settings(max_examples=80, deadline=None)
@given(loads=st.lists(st.integers(1, 9), min_size=2, max_size=9), signs=st.integers(0, 511))
def test_parts_that_balance_as_trying_every_partition(loads, signs):
    signed = [load if signs >> k & 1 else -load for k, load in enumerate(loads)]
    signed.append(-sum(signed))
    signed = [load for load in signed if load]
    if not signed:
        return

    def parts(rest):
        if not rest:
            return 0
        most = -99
        for count in range(len(rest)):
            for others in combinations(rest[1:], count):
                if rest[0] + sum(others) == 0:
                    left = list(rest[1:])
                    for one in others:
                        left.remove(one)
                    most = max(most, 1 + parts(tuple(left)))
        return most

    assert most_parts(np.array(signed, dtype=float)) == parts(tuple(signed))
