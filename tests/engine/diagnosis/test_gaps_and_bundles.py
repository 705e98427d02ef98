"""Failing shares with their intervals, quartiles, and indicators that fail together."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.engine.diagnosis import DiagnosisError, bundles, gaps, wilson
from tests.engine.diagnosis.sectors import sector


def test_shares_intervals_and_quartiles_by_hand():
    (gap,) = gaps(sector({"a": [0.5, 1.5, 2.5, 3.5, None, "na"]}, output=[10, 20, 30, 40, 1000, 1000]))
    assert (gap.judged, gap.missing, gap.not_applicable) == (4, 1, 1)
    assert gap.share_failing == {"I": 0.75, "II": 0.5, "III": 0.25}
    assert gap.output_share_failing == {"I": 0.9, "II": 0.7, "III": 0.4}
    assert (gap.p25, gap.p50, gap.p75) == (1.25, 2.0, 2.75)
    assert gap.ci95["II"] == pytest.approx((0.15004, 0.84996), abs=1e-5)  # Wilson at 2 of 4


def test_meeting_exactly_is_meeting():
    (gap,) = gaps(sector({"a": [1, 2, 3, 3.0000001]}))
    assert gap.failing == {"I": 3, "II": 2, "III": 1}


def test_higher_is_better_and_nothing_known():
    first, second = gaps(sector({"a": [3, 2, 1, 0], "b": [None, None, "na", None]}, higher=["a"]))
    assert first.failing == {"I": 3, "II": 2, "III": 1}
    assert second.share_failing["II"] is None
    assert second.ci95["II"] is None
    assert (second.p50, second.judged) == (None, 0)
    assert first.output_share_failing["II"] is None


@pytest.mark.parametrize(
    ("failing", "judged", "low", "high"),
    # Newcombe (Statistics in Medicine 17, 1998), Table I, method 3: 81/263, 15/148, 0/20, 1/29
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_published_wilson_intervals(failing, judged, low, high):
    assert wilson(failing, judged) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("failing", "judged"), [(1, 0), (-1, 3), (4, 3)])
def test_what_is_no_share(failing, judged):
    with pytest.raises(DiagnosisError):
        wilson(failing, judged)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_mirrors(pair):
    failing, judged = pair
    low, high = wilson(failing, judged)
    assert 0 <= low <= failing / judged <= high <= 1
    mirrored = wilson(judged - failing, judged)
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-12)


def test_bundles_by_hand():
    # a and b fail together in 1, 2, 3 of five; c fails alone in 4.
    found = bundles(
        sector({"a": [9, 9, 9, 0, 0], "b": [9, 9, 9, 0, 0], "c": [0, 0, 0, 9, 9]}), min_support=0.1
    )
    (one,) = found
    assert one.indicators == ("a", "b")
    assert one.support == pytest.approx(0.6)
    assert one.lift == pytest.approx(0.6 / 0.36)
    assert (one.count, one.judged) == (3, 5)


def test_a_set_that_says_nothing_more_is_left_out():
    same = [9, 9, 9, 0]
    found = bundles(sector({"a": same, "b": same, "c": same}), max_size=3)
    assert [one.indicators for one in found] == [("a", "b", "c")]
    assert found[0].lift == pytest.approx(0.75 / 0.75**3)


def test_all_fail_is_a_common_problem_with_lift_one():
    found = bundles(sector({"a": [9] * 4, "b": [9] * 4}))
    assert [(one.support, one.lift) for one in found] == [(1.0, 1.0)]


def test_the_level_counts_and_blanks_do_not():
    data = sector({"a": [2.5, 2.5, 2.5, None, 0], "b": [2.5, 2.5, 2.5, 9, 0]})
    assert bundles(data, level="III") == []
    (one,) = bundles(data, level="II")
    assert (one.support, one.judged) == (0.75, 4)


@pytest.mark.parametrize(
    "bad", [{"min_support": 1.1}, {"min_support": -0.1}, {"max_size": 1}, {"min_lift": -1}]
)
def test_bad_arguments(bad):
    with pytest.raises(DiagnosisError):
        bundles(sector({"a": [1]}), **bad)


@given(
    st.integers(2, 4).flatmap(
        lambda k: st.lists(st.lists(st.booleans(), min_size=k, max_size=k), min_size=2, max_size=12)
    )
)
def test_bundles_are_those_of_counting(rows):
    table = np.array(rows)
    names = "abcd"[: table.shape[1]]
    data = sector({name: [9 if fails else 0 for fails in table[:, k]] for k, name in enumerate(names)})
    found = {one.indicators: one for one in bundles(data, min_support=0, min_lift=0, max_size=4, min_count=1)}
    counted = {
        chosen: int(table[:, list(chosen)].all(axis=1).sum())
        for size in range(2, len(names) + 1)
        for chosen in itertools.combinations(range(len(names)), size)
    }
    for chosen, count in counted.items():
        larger = [other for other in counted if set(chosen) < set(other) and counted[other] == count]
        key = tuple(names[k] for k in chosen)
        assert (key in found) == (count >= 1 and not larger)
        if key in found:
            shares = table[:, list(chosen)].mean(axis=0)
            assert found[key].support == pytest.approx(count / len(table))
            assert found[key].lift == pytest.approx(count / len(table) / shares.prod())
