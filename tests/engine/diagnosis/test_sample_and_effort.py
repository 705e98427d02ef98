"""Which enterprises stand for the sector, and what the audit of it takes in either way."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.engine.diagnosis import Assumptions, DiagnosisError, effort, sample
from qingyuan.engine.diagnosis.medoids import cost, medoids
from qingyuan.engine.diagnosis.sample import allocate, distances, profiles
from tests.engine.diagnosis.sectors import sector


def test_two_clear_clusters_give_one_each():
    data = sector({"a": [1, 1.1, 0.9, 9, 9.1, 8.9], "b": [1, 1, 1, 9, 9, 9]}, output=[1] * 6)
    drawn = sample(data, count=2)
    assert drawn.chosen == (0, 3)
    assert drawn.stands_for == (0, 0, 0, 3, 3, 3)
    assert drawn.coverage == 1.0
    assert drawn.max_distance < 0.1


def test_all_of_them_cover_all_at_no_distance():
    drawn = sample(sector({"a": [1, 1, 2, 7]}), count=4)
    assert drawn.chosen == (0, 1, 2, 3)
    assert (drawn.coverage, drawn.max_distance, drawn.coverage_output) == (1.0, 0.0, None)


def test_strata_get_their_shares():
    data = sector({"a": [1, 2, 3, 4, 5, 6, 7, 8]})
    drawn = sample(data, count=4, strata=["大"] * 6 + ["小"] * 2)
    assert [(one.stratum, one.size, one.sampled) for one in drawn.strata] == [("大", 6, 3), ("小", 2, 1)]
    assert all((k < 6) == (drawn.stands_for[k] < 6) for k in range(8))


def test_a_stratum_without_a_sample_is_not_covered():
    drawn = sample(sector({"a": [1, 1, 9]}), count=1, strata=["x", "x", "y"])
    assert [one.sampled for one in drawn.strata] == [1, 0]
    assert drawn.coverage == pytest.approx(2 / 3)
    assert drawn.distance[2] is None


def test_a_slip_of_unit_does_not_define_the_distance_and_blanks_are_no_zeros():
    rows = profiles(sector({"a": [1, 2, 3, 4, 5, 50000], "b": [1, 2, None, 4, 5, 6]}))
    assert rows[5, 0] == 5.0
    assert np.isnan(rows[2, 1])
    apart = distances(rows)
    assert apart[2, 3] == pytest.approx(abs(rows[2, 0] - rows[3, 0]))  # only what both have


def test_units_do_not_matter():
    values = [1.0, 2.0, 4.0, 7.0, 11.0, 16.0, 22.0]
    first = sample(sector({"a": values, "b": values[::-1]}), count=2)
    second = sample(sector({"a": [1000 * one for one in values], "b": values[::-1]}), count=2)
    assert first.chosen == second.chosen


def test_no_spread_at_all():
    drawn = sample(sector({"a": [1, 1, 1]}), count=1)
    assert (drawn.chosen, drawn.coverage, drawn.max_distance) == ((0,), 1.0, 0.0)


def test_large_strata_are_cut_into_blocks():
    random = np.random.default_rng(3)
    data = sector({"a": random.random(2600).round(3).tolist(), "b": random.random(2600).round(3).tolist()})
    drawn = sample(data, count=30)
    assert len(drawn.chosen) == 30
    assert all(drawn.stands_for[place] == place for place in drawn.chosen)
    assert drawn.coverage > 0.95


@pytest.mark.parametrize("count", [0, 4])
def test_bad_sizes(count):
    with pytest.raises(DiagnosisError):
        sample(sector({"a": [1, 2, 3]}), count=count)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.data())
def test_shares_add_up_and_everybody_has_one_where_possible(sizes, data):
    count = data.draw(st.integers(0, sum(sizes)))
    shares = allocate(sizes, count)
    assert sum(shares) == count
    assert all(0 <= got <= size for got, size in zip(shares, sizes, strict=True))
    if count >= len(sizes):
        assert min(shares) >= 1


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8).flatmap(lambda n: st.tuples(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=n, max_size=n), st.integers(1, n))))  # fmt: skip
def test_no_single_exchange_is_better_and_the_best_is_near(case):
    points, count = np.array(case[0], float), case[1]
    apart = np.sqrt(((points[:, None] - points[None, :]) ** 2).sum(axis=2))
    chosen = medoids(apart, count)
    assert len(set(chosen.tolist())) == count
    found = cost(apart, chosen)
    for gone, come in itertools.product(chosen.tolist(), range(len(points))):
        if come not in chosen:
            other = np.array([come if one == gone else one for one in chosen.tolist()])
            assert found <= cost(apart, other) + 1e-9
    best = min(cost(apart, np.array(one)) for one in itertools.combinations(range(len(points)), count))
    assert found <= 5 * best + 1e-9  # the bound of a local optimum (Arya et al. 2004)


ROUND = Assumptions(
    teams=10,
    solo_days=240, solo_person_days=90, solo_money_cny=80_000,
    solo_review_days=30, solo_review_person_days=10, solo_review_money_cny=10_000,
    common_days=60, common_person_days=300, common_money_cny=500_000,
    collect_days=30, collect_person_days=5, collect_money_cny=2_000,
    deep_days=120, deep_person_days=80, deep_money_cny=80_000,
    light_days=10, light_person_days=15, light_money_cny=15_000,
    joint_review_days=60, joint_review_person_days=60, joint_review_money_cny=200_000,
)  # fmt: skip


def test_both_ways_by_hand():
    found = effort(100, 10, ROUND)
    assert found.one_by_one.days == 27_000
    assert found.one_by_one.person_days == 10_000
    assert found.one_by_one.money_cny == 9_000_000
    assert found.one_by_one.calendar_days == 10 * 240 + 30
    assert found.this_way.days == 60 + 30 + 10 * 120 + 90 * 10 + 60
    assert found.this_way.person_days == 300 + 500 + 800 + 1350 + 60
    assert found.this_way.money_cny == 500_000 + 200_000 + 800_000 + 1_350_000 + 200_000
    assert found.this_way.calendar_days == 60 + 30 + 120 + 9 * 10 + 60
    assert found.saved.money_cny == 5_950_000
    assert found.saved_pct["person_days"] == pytest.approx(69.9)


def test_for_a_few_enterprises_it_takes_more_and_says_so():
    found = effort(2, 2, ROUND)
    assert found.saved.money_cny < 0
    assert found.saved_pct["money_cny"] < 0


def test_nothing_to_compare_with_is_no_percentage():
    assert effort(0, 0, ROUND).saved_pct["days"] is None


@pytest.mark.parametrize(("count", "deep"), [(1, 2), (1, -1)])
def test_bad_numbers(count, deep):
    with pytest.raises(DiagnosisError):
        effort(count, deep, ROUND)
