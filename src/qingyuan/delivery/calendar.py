"""The calendar of progress reports 定期调度: periods from the start of the work to the end of its term. Pure.

A period is a calendar month or quarter, cut by start and end of the work. A first or last piece that is too short to
say anything joins its neighbour. Periods that were reported on stay as they are, whatever rhythm or term became later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue.supervision import Rhythm
from qingyuan.registry.duties import add_months

_MONTHS: dict[Rhythm, int] = {"monthly": 1, "quarterly": 3}
_QUARTERS = (
    gettext_lazy("%d年第一季度"),
    gettext_lazy("%d年第二季度"),
    gettext_lazy("%d年第三季度"),
    gettext_lazy("%d年第四季度"),
)
DAY = timedelta(days=1)
_JOINED_MONTHS = 45
"""A month with a piece of its neighbour is not called a quarter."""


@dataclass(frozen=True, order=True)
class Pace:
    """From which day on which rhythm holds; a report is due `due_days` after its period's last day."""

    from_on: date
    rhythm: Rhythm
    due_days: int
    shortest: int


@dataclass(frozen=True, order=True)
class Period:
    """Both days belong to it; `due` is the last day for its report."""

    starts: date
    ends: date
    due: date

    @property
    def title(self) -> str:
        """The month or quarter that it lies in; else its days."""
        first, last = self.starts, self.ends
        if (first.year, first.month) == (last.year, last.month):
            return _("%(year)d年%(month)d月") % {"year": first.year, "month": first.month}
        quarter = _calendar_end(first, "quarterly")
        at_an_edge = last == quarter or first == add_months(quarter + DAY, -3)
        if at_an_edge and last <= quarter and (last - first).days > _JOINED_MONTHS:
            return str(_QUARTERS[_quarter(first)]) % first.year
        return _("%(year)d年%(month)d月%(day)d日至%(last_year)d年%(last_month)d月%(last_day)d日") % {
            "year": first.year,
            "month": first.month,
            "day": first.day,
            "last_year": last.year,
            "last_month": last.month,
            "last_day": last.day,
        }


def periods(
    *, start: date, end: date, paces: Sequence[Pace], reported: Sequence[Period] = ()
) -> list[Period]:
    """All periods of the work, those reported on first and unchanged.

    `paces` are sorted; before the first one that one holds. A period keeps the rhythm that holds on its first day.
    """
    found = sorted(reported)
    fixed = len(found)
    cursor = found[-1].ends + DAY if found else start
    while cursor <= end:
        pace = _pace_on(paces, cursor)
        last = min(_calendar_end(cursor, pace.rhythm), end)
        if cursor == start and (last - cursor).days + 1 < pace.shortest and last < end:
            last = min(_calendar_end(last + DAY, pace.rhythm), end)
        if last == end and len(found) > fixed and (last - cursor).days + 1 < pace.shortest:
            found[-1] = replace(found[-1], ends=last, due=last + timedelta(days=pace.due_days))
        else:
            found.append(Period(cursor, last, last + timedelta(days=pace.due_days)))
        cursor = last + DAY
    return found


def _pace_on(paces: Sequence[Pace], day: date) -> Pace:
    return next((pace for pace in reversed(paces) if pace.from_on <= day), paces[0])


def _calendar_end(day: date, rhythm: Rhythm) -> date:
    months = _MONTHS[rhythm]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return add_months(first, months) - DAY


def _quarter(day: date) -> int:
    return (day.month - 1) // 3
