"""Every rule of deviations on its own, at its edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from qingyuan.catalogue.problems import CatalogueError
from qingyuan.catalogue.supervision import load_supervision, supervision
from qingyuan.delivery import deviations
from qingyuan.delivery.deviations import Facts, Milestone, Period, Reading, Target

START, END = date(2023, 1, 1), date(2024, 1, 1)
LIMITS = supervision(on=START)
"""tolerance 10 %, dropped 10 %, stalled 90 days, term 60 days, read 15 days."""


def facts(today, **more):
    return Facts(today=today, started_on=START, term_end=END, **{"moved_on": today, **more})


def found(today, rule, **more):
    return [one for one in deviations.find(facts(today, **more), LIMITS) if one.rule == rule]


def test_a_milestone_is_late_on_the_day_after_its_end():
    step = Milestone(key="m1", title="摸底", ends=date(2023, 3, 31))
    assert found(date(2023, 3, 31), "milestone_late", milestones=[step]) == []
    (one,) = found(date(2023, 4, 1), "milestone_late", milestones=[step])
    assert (one.item, one.since, one.numbers) == ("m1", date(2023, 4, 1), (("逾期", "1 天"),))
    done = replace(step, done_on=date(2023, 4, 20))
    assert found(date(2023, 5, 1), "milestone_late", milestones=[done]) == []


def test_a_report_is_late_until_it_came_and_unread_until_it_was_read():
    period = Period(key="2023-01-01", title="2023年第一季度", due=date(2023, 4, 10))
    assert found(date(2023, 4, 10), "report_late", periods=[period]) == []
    (late,) = found(date(2023, 4, 11), "report_late", periods=[period])
    assert (late.since, late.who) == (date(2023, 4, 11), "handler")
    came = replace(period, handed_in_on=date(2023, 4, 12), waits_since=date(2023, 4, 12))
    assert found(date(2023, 4, 27), "report_late", periods=[came]) == []
    assert found(date(2023, 4, 27), "report_unread", periods=[came]) == []
    (unread,) = found(date(2023, 4, 28), "report_unread", periods=[came])
    assert (unread.since, unread.who) == (date(2023, 4, 28), "supervisor")
    assert found(date(2023, 5, 28), "report_unread", periods=[replace(came, waits_since=None)]) == []


def falling(*values):
    """A target from 300 down to 120 with readings at the ends of the quarters."""
    ends = [date(2023, 3, 31), date(2023, 6, 30), date(2023, 9, 30), date(2023, 12, 31)]
    return Target(
        key="t1",
        indicator="审核时间",
        unit="天",
        baseline=Decimal(300),
        target=Decimal(120),
        readings=[Reading(day, Decimal(value)) for day, value in zip(ends, values, strict=False)],
    )


def rising(*values):
    """The same path upwards: 20 to 200."""
    base = falling(*values)
    mirrored = [Reading(one.on, 320 - one.value) for one in base.readings]
    return replace(base, baseline=Decimal(20), target=Decimal(200), readings=mirrored)


@pytest.mark.parametrize("target", [falling, rising])
def test_a_target_is_held_to_a_straight_line_in_its_own_direction(target):
    """31 March is day 89 of 365: planned 89/365 = 24.4 %, allowed from 14.4 %: 180 x 14.4 % = 25.89 below 300."""
    assert found(END, "off_track", targets=[target("274.1")]) == []
    (one,) = found(END, "off_track", targets=[target("274.2")])
    assert one.since == date(2023, 3, 31)
    assert dict(one.numbers)["按进度应完成"] == "24.4%"


def test_the_edge_of_the_tolerance_is_exact():
    edge = Fraction(89, 365) - Fraction(1, 10)
    assert deviations.planned_share(facts(END), date(2023, 3, 31)) == Fraction(89, 365)
    third = Target(key="t", indicator="x", baseline=Decimal(0), target=Decimal(730), readings=[])
    at_edge = replace(
        third, readings=[Reading(date(2023, 3, 31), Decimal(730 * edge.numerator) / edge.denominator)]
    )
    assert found(END, "off_track", targets=[at_edge]) == []
    below = replace(
        third, readings=[Reading(date(2023, 3, 31), at_edge.readings[0].value - Decimal("1e-12"))]
    )
    assert len(found(END, "off_track", targets=[below])) == 1


def test_off_track_since_the_first_of_the_readings_that_are_off_now():
    (one,) = found(END, "off_track", targets=[falling("290", "290", "290")])
    assert one.since == date(2023, 3, 31)
    (again,) = found(END, "off_track", targets=[falling("290", "200", "230")])
    assert again.since == date(2023, 9, 30)
    assert dict(again.numbers) == {
        "报告值": "230 天",
        "按进度应为": "165.86 天",
        "已完成变化量": "38.9%",
        "按进度应完成": "74.5%",
    }
    assert found(END, "off_track", targets=[falling("290", "200")]) == []


@pytest.mark.parametrize("target", [falling, rising])
def test_a_figure_that_fell_back_is_told_although_on_track(target):
    (one,) = found(END, "fell_back", targets=[target("150", "160")])
    assert one.since == date(2023, 6, 30)
    assert found(END, "fell_back", targets=[target("160", "150")]) == []
    assert found(END, "fell_back", targets=[target("150", "150")]) == []
    assert found(END, "fell_back", targets=[target("150")]) == []


def test_without_a_planned_change_nothing_is_held_against_a_figure():
    same = replace(falling("500", "900"), target=Decimal(300))
    blank = replace(falling("500", "900"), baseline=None)
    for rule in ("off_track", "fell_back"):
        assert found(END, rule, targets=[same, blank]) == []


def test_drop_outs_are_told_beyond_the_share_from_the_day_it_was_crossed():
    days = [date(2023, 5, 3), date(2023, 5, 1), date(2023, 5, 2)]
    assert found(END, "scope_dropped", enterprises=30, dropped=days) == []
    (one,) = found(END, "scope_dropped", enterprises=29, dropped=days)
    assert one.since == date(2023, 5, 3)
    assert ("占比", "10.3%") in one.numbers
    assert found(date(2023, 5, 2), "scope_dropped", enterprises=29, dropped=days) == []
    assert found(END, "scope_dropped", enterprises=0, dropped=[]) == []


def test_stalled_after_so_many_days_without_a_step():
    more = {"unfinished": 4, "moved_on": date(2023, 2, 1)}
    assert found(date(2023, 5, 1), "phases_stalled", **more) == []
    (one,) = found(date(2023, 5, 2), "phases_stalled", **more)
    assert one.since == date(2023, 5, 2)
    assert found(date(2023, 12, 1), "phases_stalled", unfinished=0, moved_on=date(2023, 2, 1)) == []
    (never,) = found(date(2023, 4, 1), "phases_stalled", unfinished=1, moved_on=None)
    assert never.since == date(2023, 4, 1)


def test_the_term_is_told_only_while_something_is_unfinished():
    step = Milestone(key="m1", title="总结", ends=END)
    assert found(date(2023, 11, 1), "term_ending", milestones=[step]) == []
    (near,) = found(date(2023, 11, 2), "term_ending", milestones=[step])
    assert ("剩余", "60 天") in near.numbers
    (over,) = found(date(2024, 1, 3), "term_ending", milestones=[step], targets=[falling("121")])
    assert dict(over.numbers) == {"已过": "2 天", "未完成节点": "1", "未达到目标": "1", "审核未完成企业": "0"}
    done = replace(step, done_on=date(2023, 12, 1))
    assert found(END, "term_ending", milestones=[done], targets=[falling("120")]) == []


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (Fraction(1, 3), "33.3%"),
        (Fraction(-1, 2000), "-0.1%"),
        (Fraction(1, 2000), "0.1%"),
        (Fraction(1), "100%"),
    ],
)
def test_percentages_are_rounded_half_away_from_zero(share, said):
    assert deviations.percent(share) == said


def test_slips_in_the_figures_are_all_told(tmp_path):
    from pathlib import Path

    import qingyuan.catalogue.supervision as module

    text = (Path(module.__file__).parent / "supervision.yaml").read_text("utf-8")
    block = text[text.index("  - id:") :]
    wrong = tmp_path / "supervision.yaml"
    wrong.write_text(text + block.replace("verified: false", "verified: true"), "utf-8")
    with pytest.raises(CatalogueError) as error:
        load_supervision(wrong)
    told = " ".join(problem.reason for problem in error.value.problems)
    for words in ("重复", "自拟的数不能标为已核对", "重叠"):
        assert words in told
