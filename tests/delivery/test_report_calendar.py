"""Periods of progress reports against hand-made tables, and what holds for any term."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from qingyuan.delivery.calendar import Pace, Period, periods

QUARTERLY = Pace(date.min, "quarterly", 10, 30)
MONTHLY = Pace(date.min, "monthly", 5, 10)


def table(found):
    return [(f"{one.starts} {one.ends} {one.due}", one.title) for one in found]


def test_quarters_of_a_batch_of_one_year():
    """The second batch ran from August 2023 to August 2024."""
    found = periods(start=date(2023, 8, 15), end=date(2024, 8, 31), paces=[QUARTERLY])
    assert table(found) == [
        ("2023-08-15 2023-09-30 2023-10-10", "2023年第三季度"),
        ("2023-10-01 2023-12-31 2024-01-10", "2023年第四季度"),
        ("2024-01-01 2024-03-31 2024-04-10", "2024年第一季度"),
        ("2024-04-01 2024-06-30 2024-07-10", "2024年第二季度"),
        ("2024-07-01 2024-08-31 2024-09-10", "2024年第三季度"),
    ]


def test_short_ends_join_their_neighbours():
    found = periods(start=date(2022, 9, 15), end=date(2023, 7, 20), paces=[QUARTERLY])
    assert table(found) == [
        ("2022-09-15 2022-12-31 2023-01-10", "2022年9月15日至2022年12月31日"),
        ("2023-01-01 2023-03-31 2023-04-10", "2023年第一季度"),
        ("2023-04-01 2023-07-20 2023-07-30", "2023年4月1日至2023年7月20日"),
    ]


def test_months_across_a_leap_february():
    found = periods(start=date(2024, 1, 25), end=date(2024, 4, 9), paces=[MONTHLY])
    assert table(found) == [
        ("2024-01-25 2024-02-29 2024-03-05", "2024年1月25日至2024年2月29日"),
        ("2024-03-01 2024-04-09 2024-04-14", "2024年3月1日至2024年4月9日"),
    ]
    exact = periods(start=date(2024, 1, 22), end=date(2024, 4, 10), paces=[MONTHLY])
    assert [one.ends for one in exact] == [
        date(2024, month, day) for month, day in ((1, 31), (2, 29), (3, 31), (4, 10))
    ]


def test_a_term_shorter_than_any_piece_is_one_period():
    assert table(periods(start=date(2023, 9, 28), end=date(2023, 10, 2), paces=[QUARTERLY])) == [
        ("2023-09-28 2023-10-02 2023-10-12", "2023年9月28日至2023年10月2日"),
    ]


def test_another_rhythm_begins_with_the_next_period():
    later = Pace(date(2023, 11, 20), "monthly", 5, 10)
    found = periods(start=date(2023, 8, 15), end=date(2024, 2, 29), paces=[QUARTERLY, later])
    assert [(str(one.starts), str(one.ends)) for one in found] == [
        ("2023-08-15", "2023-09-30"),
        ("2023-10-01", "2023-12-31"),
        ("2024-01-01", "2024-01-31"),
        ("2024-02-01", "2024-02-29"),
    ]
    assert found[-1].due == date(2024, 3, 5)


def test_what_was_reported_on_stays_when_the_term_becomes_longer():
    told = Period(date(2023, 8, 15), date(2023, 9, 10), date(2023, 9, 20))
    found = periods(start=date(2023, 8, 15), end=date(2023, 12, 31), paces=[QUARTERLY], reported=[told])
    assert found[0] == told
    assert [(str(one.starts), str(one.ends)) for one in found[1:]] == [
        ("2023-09-11", "2023-09-30"),
        ("2023-10-01", "2023-12-31"),
    ]


def test_a_last_piece_after_a_reported_period_stands_alone():
    told = Period(date(2023, 8, 15), date(2023, 9, 30), date(2023, 10, 10))
    found = periods(start=date(2023, 8, 15), end=date(2023, 10, 5), paces=[QUARTERLY], reported=[told])
    assert [one.ends for one in found] == [date(2023, 9, 30), date(2023, 10, 5)]


@pytest.mark.parametrize("pace", [QUARTERLY, MONTHLY], ids=["quarterly", "monthly"])
@pytest.mark.parametrize("told", [0, 1, 3])
def test_periods_cover_the_term_without_gap_or_overlap(pace, told):
    for offset in range(0, 400, 7):
        for days in (0, 3, 9, 28, 45, 92, 200, 365, 731):
            covers(date(2023, 6, 1) + timedelta(days=offset), days, pace, told)


def covers(start, days, pace, told):
    end = start + timedelta(days=days)
    first = periods(start=start, end=end, paces=[pace])
    found = periods(start=start, end=end, paces=[pace], reported=first[:told])
    assert (found[0].starts, found[-1].ends) == (start, end)
    for one, after in pairwise(found):
        assert after.starts - one.ends == timedelta(days=1)
    assert all((one.due - one.ends).days == pace.due_days for one in found)
    if told < len(first) - 1:
        assert found == first
    assert all((one.ends - one.starts).days + 1 >= pace.shortest for one in first) or len(first) == 1


@pytest.mark.parametrize("rhythm", ["monthly", "quarterly"])
def test_the_shipped_default_is_ours_and_says_so(rhythm):
    from qingyuan.catalogue.supervision import supervision

    found = supervision(on=date(2023, 8, 1))
    assert found.rhythm == "quarterly"
    assert found.is_ours
    assert not found.verified
    assert found.shortest(rhythm) > 0
