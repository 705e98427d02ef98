"""Years and dates that do not fit the call, its term or the calendar."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.selfcheck import DoneBy, Nothing, Years
from qingyuan.pilots.selfcheck.figures import has_any
from qingyuan.pilots.selfcheck.hits import Hit, excerpt
from qingyuan.pilots.selfcheck.material import Chapter, Material
from qingyuan.pilots.selfcheck.named import named
from qingyuan.pilots.selfcheck.text import Clause

_YEAR = re.compile(r"(?<![0-9])(?P<year>[12][0-9]{3})\s?年")
_TITLES = re.compile(r"《[^》]{0,80}》|[〔\[][0-9]{4}[〕\]]")
_DATE = re.compile(
    r"(?<![0-9])(?P<year>[12][0-9]{3})\s?年\s?(?P<month>[0-9]{1,2})\s?月(?:\s?(?P<day>[0-9]{1,2})\s?日)?"
)
_SPAN = re.compile(
    r"(?<![0-9])(?P<year>[12][0-9]{3})\s?年\s?(?P<month>[0-9]{1,2})\s?月(?:[0-9]{1,2}日)?\s?[-~～—–至到]{1,2}\s?"
    r"(?:(?P<until>[12][0-9]{3})\s?年\s?)?(?P<last>[0-9]{1,2})\s?月"
)


def _years(chapter: Chapter) -> Iterator[tuple[Clause, int]]:
    """Years outside titles of documents: 《…2021年…》 is no date of the plan."""
    for clause in chapter.text.clauses:
        for match in _YEAR.finditer(_TITLES.sub("", clause.text)):
            yield clause, int(match["year"])


@named
def plan_years(material: Material, told: Years) -> Iterator[Hit]:
    for chapter in material.chapters_in(told.chapters):
        for clause, year in _years(chapter):
            if told.first <= year <= told.last or has_any(clause.text, told.without):
                continue
            yield Hit(
                message=_("“%(chapter)s”安排到 %(year)d 年，不在 %(first)d—%(last)d 年之内")
                % {"chapter": chapter.label, "year": year, "first": told.first, "last": told.last},
                place=chapter.place(clause.paragraph),
                excerpt=excerpt(clause.sentence, around=str(year)),
                mend=_("核对年份；确需更长时间的，说明理由"),
            )


@named
def done_years(material: Material, told: DoneBy) -> Iterator[Hit]:
    for chapter in material.chapters_in(told.chapters):
        for clause, year in _years(chapter):
            if (
                year <= told.last
                or not has_any(clause.text, told.words)
                or has_any(clause.text, told.without)
            ):
                continue
            yield Hit(
                message=_("“%(chapter)s”把 %(year)d 年的事写成已经完成")
                % {"chapter": chapter.label, "year": year},
                place=chapter.place(clause.paragraph),
                excerpt=excerpt(clause.sentence, around=str(year)),
                mend=_("核对年份，或改写为计划"),
            )


@named
def dates_exist(material: Material, _told: Nothing) -> Iterator[Hit]:
    """Days that the calendar lacks, and spans that end before they begin."""
    for chapter in material.chapters:
        for line in chapter.text.lines:
            wrong = [match.group() for match in _DATE.finditer(line.text) if not _exists(match)]
            wrong += [match.group() for match in _SPAN.finditer(line.text) if _is_backwards(match)]
            for date in dict.fromkeys(wrong):
                yield Hit(
                    message=_("“%(chapter)s”中的日期“%(date)s”不存在或先后颠倒")
                    % {"chapter": chapter.label, "date": date},
                    place=chapter.place(line.paragraph),
                    excerpt=excerpt(line.text, around=date),
                    mend=_("核对年月日"),
                )


def _exists(match: re.Match[str]) -> bool:
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"] or 1)
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _is_backwards(match: re.Match[str]) -> bool:
    begins = (int(match["year"]), int(match["month"]))
    return (int(match["until"] or match["year"]), int(match["last"])) < begins
