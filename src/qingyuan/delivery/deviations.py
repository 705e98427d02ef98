"""Where a pilot leaves its plan: rules over plain facts, each deviation with reason, numbers, since when, and who must act.

Pure: the same facts and thresholds give the same deviations on any day that is asked for. Nothing is stored of what a
rule finds: what it no longer finds is over. Figures are exact (Decimal and Fraction).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue.supervision import Supervision

Who = Literal["handler", "supervisor"]
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """`done_on` as last reported."""

    key: str
    title: str
    ends: date
    done_on: date | None = None


@dataclass(frozen=True, order=True)
class Reading:
    """The value of a target at the end of a period."""

    on: date
    value: Decimal


@dataclass(frozen=True, kw_only=True)
class Target:
    """Readings in the order of their periods."""

    key: str
    indicator: str
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    readings: Sequence[Reading] = ()

    def progress(self, value: Decimal) -> Fraction | None:
        """The share of the planned change that a value has come; None where no change is planned."""
        if self.baseline is None or self.target is None or self.baseline == self.target:
            return None
        return Fraction(value - self.baseline) / Fraction(self.target - self.baseline)


@dataclass(frozen=True, kw_only=True)
class Period:
    """`handed_in_on` is when it first came; `waits_since` when it came for the reading that is still due."""

    key: str
    title: str
    due: date
    handed_in_on: date | None = None
    waits_since: date | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the rules know of a pilot as of `today`.

    `enterprises` counts those of the first baseline, `dropped` are the days on which some left, `unfinished` counts
    those present whose audit has not come to its last phase; `moved_on` is the last day on which one came into another.
    """

    today: date
    started_on: date
    term_end: date
    milestones: Sequence[Milestone] = ()
    targets: Sequence[Target] = ()
    periods: Sequence[Period] = ()
    enterprises: int = 0
    dropped: Sequence[date] = ()
    unfinished: int = 0
    moved_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """`item` is what it is about within its rule: key of a milestone, target or period; empty: the whole pilot."""

    rule: str
    item: str
    reason: str
    numbers: tuple[tuple[str, str], ...]
    since: date
    who: Who = "handler"

    @property
    def title(self) -> str:
        return str(RULES[self.rule].title)


@dataclass(frozen=True)
class Rule:
    title: object
    find: Callable[[Facts, Supervision], Iterator[Deviation]]


def find(facts: Facts, limits: Supervision) -> list[Deviation]:
    """Everything that the rules find, the oldest first."""
    found = [one for rule in RULES.values() for one in rule.find(facts, limits)]
    return sorted(found, key=lambda one: (one.since, one.rule, one.item))


def milestone_late(facts: Facts, limits: Supervision) -> Iterator[Deviation]:
    for one in facts.milestones:
        last = one.ends + timedelta(days=limits.milestone_grace_days)
        if one.done_on is None and facts.today > last:
            days = (facts.today - one.ends).days
            yield Deviation(
                rule="milestone_late",
                item=one.key,
                reason=_("节点“%(title)s”计划 %(ends)s 完成，最近一次报告仍未完成")
                % {"title": one.title, "ends": one.ends},
                numbers=((_("逾期"), _("%d 天") % days),),
                since=last + DAY,
            )


def report_late(facts: Facts, limits: Supervision) -> Iterator[Deviation]:
    for one in facts.periods:
        last = one.due + timedelta(days=limits.report_grace_days)
        if one.handed_in_on is None and facts.today > last:
            yield Deviation(
                rule="report_late",
                item=one.key,
                reason=_("%(title)s进展报告应于 %(due)s 前报送") % {"title": one.title, "due": one.due},
                numbers=((_("逾期"), _("%d 天") % (facts.today - one.due).days),),
                since=last + DAY,
            )


def report_unread(facts: Facts, limits: Supervision) -> Iterator[Deviation]:
    for one in facts.periods:
        if one.waits_since is None:
            continue
        last = one.waits_since + timedelta(days=limits.read_days)
        if facts.today > last:
            yield Deviation(
                rule="report_unread",
                item=one.key,
                reason=_("%(title)s进展报告 %(day)s 报送，还没有审阅")
                % {"title": one.title, "day": one.waits_since},
                numbers=((_("已等"), _("%d 天") % (facts.today - one.waits_since).days),),
                since=last + DAY,
                who="supervisor",
            )


def off_track(facts: Facts, limits: Supervision) -> Iterator[Deviation]:
    """Behind a straight line from the baseline at the start to the target at the end of the term."""
    for one in facts.targets:
        since = None
        for reading in one.readings:
            reached, planned = one.progress(reading.value), planned_share(facts, reading.on)
            is_off = reached is not None and reached < planned - Fraction(limits.tolerance)
            since = (since or reading.on) if is_off else None
        if since is None:
            continue
        last = one.readings[-1]
        reached, planned = one.progress(last.value), planned_share(facts, last.on)
        assert reached is not None
        assert one.baseline is not None
        assert one.target is not None
        expected = Fraction(one.baseline) + planned * Fraction(one.target - one.baseline)
        yield Deviation(
            rule="off_track",
            item=one.key,
            reason=_("“%(name)s”落后于基准值到目标值的进度，超过允许的 %(share)s")
            % {"name": one.indicator, "share": percent(Fraction(limits.tolerance))},
            numbers=(
                (_("报告值"), _said(last.value, one.unit)),
                (_("按进度应为"), _said(rounded(expected), one.unit)),
                (_("已完成变化量"), percent(reached)),
                (_("按进度应完成"), percent(planned)),
            ),
            since=since,
        )


def fell_back(facts: Facts, _limits: Supervision) -> Iterator[Deviation]:
    """Worse than the report before, whatever the plan says of the day."""
    for one in facts.targets:
        if len(one.readings) < 2:
            continue
        before, last = one.readings[-2:]
        was, now = one.progress(before.value), one.progress(last.value)
        if was is not None and now is not None and now < was:
            yield Deviation(
                rule="fell_back",
                item=one.key,
                reason=_("“%s”比上期报告退步") % one.indicator,
                numbers=(
                    (_("上期"), _said(before.value, one.unit)),
                    (_("本期"), _said(last.value, one.unit)),
                ),
                since=last.on,
            )


def scope_dropped(facts: Facts, limits: Supervision) -> Iterator[Deviation]:
    """More than the allowed share of the first baseline's enterprises has left."""
    days = sorted(day for day in facts.dropped if day <= facts.today)
    crossed = [
        day
        for number, day in enumerate(days, start=1)
        if facts.enterprises and Fraction(number, facts.enterprises) > Fraction(limits.dropped_share)
    ]
    if crossed:
        yield Deviation(
            rule="scope_dropped",
            item="",
            reason=_("移出范围的企业超过最初范围的 %s") % percent(Fraction(limits.dropped_share)),
            numbers=(
                (_("已移出"), _("%d 家") % len(days)),
                (_("最初范围"), _("%d 家") % facts.enterprises),
                (_("占比"), percent(Fraction(len(days), facts.enterprises))),
            ),
            since=crossed[0],
        )


def phases_stalled(facts: Facts, limits: Supervision) -> Iterator[Deviation]:
    """No enterprise came into another phase for too long."""
    last = max(facts.moved_on or facts.started_on, facts.started_on)
    days = (facts.today - last).days
    if facts.unfinished and days >= limits.stalled_days:
        yield Deviation(
            rule="phases_stalled",
            item="",
            reason=_("自 %s 以来没有企业进入新的审核阶段") % last,
            numbers=(
                (_("已停滞"), _("%d 天") % days),
                (_("尚未完成"), _("%d 家") % facts.unfinished),
            ),
            since=last + timedelta(days=limits.stalled_days),
        )


def term_ending(facts: Facts, limits: Supervision) -> Iterator[Deviation]:
    """The term is nearly over, or is over, and something is not finished."""
    left = (facts.term_end - facts.today).days
    steps = sum(one.done_on is None for one in facts.milestones)
    short = sum(_is_short(one) for one in facts.targets)
    if left > limits.term_ending_days or not (steps or short or facts.unfinished):
        return
    said = _("实施期限 %s 已过，仍有未完成的工作") if left < 0 else _("实施期限 %s 将到，仍有未完成的工作")
    yield Deviation(
        rule="term_ending",
        item="",
        reason=said % facts.term_end,
        numbers=(
            (_("剩余"), _("%d 天") % left) if left >= 0 else (_("已过"), _("%d 天") % -left),
            (_("未完成节点"), str(steps)),
            (_("未达到目标"), str(short)),
            (_("审核未完成企业"), str(facts.unfinished)),
        ),
        since=facts.term_end - timedelta(days=limits.term_ending_days),
    )


RULES: dict[str, Rule] = {
    "milestone_late": Rule(gettext_lazy("节点逾期"), milestone_late),
    "report_late": Rule(gettext_lazy("报告逾期"), report_late),
    "report_unread": Rule(gettext_lazy("报告待审阅"), report_unread),
    "off_track": Rule(gettext_lazy("目标落后"), off_track),
    "fell_back": Rule(gettext_lazy("数值退步"), fell_back),
    "scope_dropped": Rule(gettext_lazy("企业移出过多"), scope_dropped),
    "phases_stalled": Rule(gettext_lazy("审核停滞"), phases_stalled),
    "term_ending": Rule(gettext_lazy("期限将到"), term_ending),
}


def planned_share(facts: Facts, on: date) -> Fraction:
    """The share of the term that has passed at the end of a day, from 0 to 1."""
    whole = (facts.term_end - facts.started_on).days
    if whole <= 0:
        return Fraction(1)
    return min(max(Fraction((on - facts.started_on).days, whole), Fraction(0)), Fraction(1))


def percent(share: Fraction) -> str:
    """With one decimal; half away from zero, exactly."""
    return f"{rounded(share * 100, places=1)}%"


def rounded(value: Fraction, *, places: int = 2) -> Decimal:
    """Half away from zero; without needless zeros."""
    scaled = value * 10**places
    whole = (abs(scaled) * 2 + 1) // 2
    exact = Decimal(int(whole) * (1 if scaled >= 0 else -1)).scaleb(-places)
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()


def _is_short(one: Target) -> bool:
    """Is a target with a planned change not reached by the last report?"""
    if one.baseline is None or one.target is None or one.baseline == one.target:
        return False
    if not one.readings:
        return True
    reached = one.progress(one.readings[-1].value)
    return reached is not None and reached < 1


def _said(value: Decimal, unit: str) -> str:
    return f"{format(value, 'f')} {unit}".strip()
