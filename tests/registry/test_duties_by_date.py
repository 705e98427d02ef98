"""Days until which something must be done, against tables made by hand with a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qingyuan.registry import duties
from qingyuan.registry.duties import add_months, basis_on, next_day, next_due, overdue_before

LAW = "《中华人民共和国清洁生产促进法》"
CODE = "《中华人民共和国生态环境法典》第九百六十七条"
RULE = "《清洁生产审核办法》（国家发展和改革委员会、环境保护部令第38号）"


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        ("2022-03-31", 1, "2022-04-30"),
        ("2022-01-31", 1, "2022-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-01-30", 1, "2024-02-29"),
        ("2022-02-28", 1, "2022-03-28"),
        ("2021-12-31", 2, "2022-02-28"),
        ("2022-12-15", 1, "2023-01-15"),
        ("2022-10-31", 2, "2022-12-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2023-02-28", 12, "2024-02-28"),
        ("2020-02-29", 60, "2025-02-28"),
        ("2019-06-30", 60, "2024-06-30"),
        ("2022-03-31", -1, "2022-02-28"),
        ("2022-01-15", -2, "2021-11-15"),
    ],
)
def test_a_period_ends_on_the_same_number_or_the_last_of_the_month(day, months, due):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(due)


def steps(**given):
    return {one.step: one for one in duties.duties(**given)}


def test_who_is_listed_publishes_starts_and_reports_in_time():
    found = steps(today=date(2022, 5, 31), listed=date(2022, 3, 31))
    assert {step: (str(one.due), one.state) for step, one in found.items()} == {
        "disclose": ("2022-04-30", "overdue"),
        "start": ("2022-05-31", "open"),
        "report": ("2023-03-31", "open"),
    }


def test_the_last_day_is_still_in_time():
    listed = date(2022, 3, 31)
    assert steps(today=date(2022, 4, 30), listed=listed)["disclose"].state == "open"
    assert steps(today=date(2022, 5, 1), listed=listed)["disclose"].state == "overdue"
    in_time = steps(today=date(2024, 1, 1), listed=listed, audits=[date(2023, 3, 31)])["report"]
    late = steps(today=date(2024, 1, 1), listed=listed, audits=[date(2023, 4, 1)])["report"]
    assert (in_time.state, late.state) == ("done", "done_late")


def test_what_was_done_before_the_list_does_not_answer_it():
    found = steps(
        today=date(2022, 6, 1),
        listed=date(2022, 3, 31),
        disclosed=date(2022, 3, 30),
        started=date(2022, 4, 2),
        audits=[date(2018, 8, 31)],
    )
    assert found["disclose"].done_on is None
    assert found["start"].state == "done"
    assert found["report"].done_on is None
    assert str(found["next"].due) == "2023-08-31"


def test_the_next_audit_counts_from_the_latest():
    found = steps(today=date(2026, 1, 1), listed=None, audits=[date(2020, 2, 29), date(2016, 5, 1)])
    assert (str(found["next"].due), found["next"].state) == ("2025-02-28", "overdue")
    assert duties.duties(today=date(2026, 1, 1), listed=None) == ()


def test_the_earliest_open_duty_is_named():
    found = duties.duties(today=date(2022, 6, 1), listed=date(2022, 3, 31), disclosed=date(2022, 4, 1))
    assert next_day(found).step == "start"
    assert next_day([]) is None


@pytest.mark.parametrize(
    ("day", "basis"),
    [
        ("2016-06-30", (LAW,)),
        ("2016-07-01", (LAW, RULE)),
        ("2026-08-14", (LAW, RULE)),
        ("2026-08-15", (CODE, RULE)),
        ("2031-06-30", (CODE, RULE)),
    ],
)
def test_the_basis_is_what_holds_on_the_day(day, basis):
    texts, warnings = basis_on(date.fromisoformat(day))
    assert texts == basis
    assert bool(warnings) == (RULE not in basis)


def test_a_list_before_the_change_of_law_has_duties_on_both_sides_of_it():
    """Listed on 14 July 2026: published on the old law's last day, started and reported under the Code."""
    found = steps(today=date(2026, 8, 1), listed=date(2026, 7, 14))
    assert (str(found["disclose"].due), found["disclose"].basis[0]) == ("2026-08-14", LAW)
    assert (str(found["start"].due), found["start"].basis[0]) == ("2026-09-14", CODE)
    assert found["report"].basis == (CODE, RULE)
    one_day_later = steps(today=date(2026, 8, 1), listed=date(2026, 7, 15))["disclose"]
    assert (str(one_day_later.due), one_day_later.basis[0]) == ("2026-08-15", CODE)


def test_the_limit_of_the_list_is_the_arithmetic_of_each():
    """The list filters by one day; that must say the same as each enterprise's own date, on every day of leap years."""
    for offset in range(800):
        today = date(2023, 12, 1) + timedelta(days=offset)
        limit = overdue_before(today)
        assert next_due(limit) >= today > next_due(limit - timedelta(days=1))
