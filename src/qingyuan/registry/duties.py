"""What a mandatory audit asks of an enterprise by which day, and on which legal basis. Pure: days in, days out.

Periods in months and years end on the day of the same number; where that month has none, on its last day (民法典
第二百零二条). Whether a last day that is a holiday moves on is not claimed: no calendar of holidays is held.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from qingyuan.catalogue import law

Step = Literal["disclose", "start", "report", "next"]
State = Literal["done", "done_late", "open", "overdue"]
TITLES: dict[Step, str] = {
    "disclose": "公布应公开的信息",
    "start": "启动清洁生产审核",
    "report": "完成审核并报送报告",
    "next": "下一轮审核完成",
}
MONTHS: dict[Step, int] = {"disclose": 1, "start": 2, "report": 12, "next": 60}
"""《清洁生产审核办法》: from the publication of the list; between two audits at most five years."""
_ARTICLE: dict[str, int] = {"eco-code": 967}
"""The article on mandatory audits, where its text is held."""
_LAWS = ("cleaner-production-law", "eco-code")
_WORKING_RULE = "audit-measures"


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One duty: `due` is its last day; `basis` what was in force on that day, `warnings` what was not surely so."""

    step: Step
    since: date
    due: date
    state: State
    done_on: date | None
    basis: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return TITLES[self.step]


def add_months(day: date, months: int) -> date:
    """The day of the same number so many months later (or, negative, earlier), or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def next_due(completed: date) -> date:
    """The last day for the audit after one completed then."""
    return add_months(completed, MONTHS["next"])


def overdue_before(today: date, *, step: Step = "next") -> date:
    """What began before this day has its `step` overdue today; exact also at the ends of months.

    With the default: audits completed before it have their next one overdue.
    """
    months = MONTHS[step]
    found = add_months(today, -months)
    while add_months(found, months) < today:
        found += timedelta(days=1)
    while add_months(found - timedelta(days=1), months) >= today:
        found -= timedelta(days=1)
    return found


def rounds(*, today: date, listings: Iterable[date], audits: Iterable[date]) -> tuple[Duty, ...]:
    """Every duty there ever was, the newest first: one a list (a year to report), one an audit (five years to the next)."""
    done = sorted(set(audits))
    found = [
        _duty("report", listed, next((day for day in done if day >= listed), None), today)
        for listed in sorted(set(listings))
    ]
    found += [
        _duty("next", day, following, today) for day, following in zip(done, [*done[1:], None], strict=True)
    ]
    return tuple(sorted(found, key=lambda duty: (duty.since, duty.due), reverse=True))


@lru_cache(maxsize=8192)
def basis_on(day: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The citations that hold on a day, and what to say where one does not."""
    cited = [
        law.citation(one, on=day, article=_ARTICLE.get(one))
        for one in _LAWS
        if law.legal_bases()[one].status(on=day) == "in_force"
    ]
    rule = law.citation(_WORKING_RULE, on=day)
    holds = rule.status == "in_force"
    texts = (*(one.text for one in cited), *((rule.text,) if holds else ()))
    return texts, () if holds else (rule.warning,)


def duties(
    *,
    today: date,
    listed: date | None,
    disclosed: date | None = None,
    started: date | None = None,
    audits: Iterable[date] = (),
) -> tuple[Duty, ...]:
    """The duties of an enterprise, in the order of their steps.

    `audits` are the days of those completed audits that discharge the duty (mandatory ones and those that count
    as such). Without a list and without an audit there is none.
    """
    completed = sorted(audits)
    found = []
    if listed is not None:
        report = next((day for day in completed if day >= listed), None)
        facts: dict[Step, date | None] = {
            "disclose": disclosed if disclosed and disclosed >= listed else None,
            "start": started if started and started >= listed else None,
            "report": report,
        }
        found = [_duty(step, listed, done, today) for step, done in facts.items()]
    if completed:
        found.append(_duty("next", completed[-1], None, today))
    return tuple(found)


def next_day(found: Iterable[Duty]) -> Duty | None:
    """The earliest duty that is not done."""
    return min((duty for duty in found if duty.done_on is None), key=lambda duty: duty.due, default=None)


def _duty(step: Step, since: date, done: date | None, today: date) -> Duty:
    due = add_months(since, MONTHS[step])
    if done is not None:
        state: State = "done" if done <= due else "done_late"
    else:
        state = "open" if today <= due else "overdue"
    basis, warnings = basis_on(due)
    return Duty(step=step, since=since, due=due, state=state, done_on=done, basis=basis, warnings=warnings)
