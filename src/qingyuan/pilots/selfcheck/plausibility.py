"""Figures that cannot be: savings against money, balances, sums of tables, percentages, units, targets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.selfcheck import Balance, Nothing, Savings, Shares
from qingyuan.pilots.selfcheck.agreement import plain
from qingyuan.pilots.selfcheck.figures import Figure, figures, has_any, nearest, unit_of
from qingyuan.pilots.selfcheck.hits import Hit, Place, excerpt
from qingyuan.pilots.selfcheck.material import Chapter, Material, Mention, number
from qingyuan.pilots.selfcheck.named import named
from qingyuan.pilots.selfcheck.text import Table

_MALFORMED = re.compile(
    r"[0-9]\s?(?P<unit>万万|亿亿|千万万|百万万|吨吨|元元|家家|%%|(?:吨|万吨)标准?煤吨|kWh度|度kWh|万元元|亿元万元|万吨吨)"
)
_HEAD_UNIT = re.compile(r"[（(/]\s?(?P<unit>[^（()）/]{1,8})\s?[)）]?$")
_NUMBER = re.compile(r"^-?[0-9]{1,3}(?:,[0-9]{3}){1,5}(?:\.[0-9]{1,8})?$|^-?[0-9]{1,15}(?:\.[0-9]{1,8})?$")
_TOTAL = re.compile(r"^(?:合\s*计|总\s*计|共\s*计)$")
_NO_SUM = re.compile(r"均|率|单价|单位产品|年份|序号|编号|代码|电话")
_PARTS = re.compile(r"其中|小计")


@named
def targets_better(material: Material, _told: Nothing) -> Iterator[Hit]:
    rows = {row.measure: row for row in material.targets if row.measure}
    for measure, clause in material.measures():
        row = rows.get(measure.id)
        if row is None or row.baseline is None or row.target is None or row.target == row.baseline:
            continue
        if (measure.better == "lower") == (row.target > row.baseline):
            better = _("降低") if measure.better == "lower" else _("提高")
            yield Hit(
                message=_("目标“%(title)s”应比传统审核%(better)s")
                % {"title": measure.title, "better": better},
                place=Place(area="targets", part=measure.id),
                clause=clause,
                excerpt=f"{plain(row.baseline)} → {plain(row.target)} {row.unit}",
                mend=_("核对基准值和目标值是否填反"),
            )


@named
def targets_possible(material: Material, _told: Nothing) -> Iterator[Hit]:
    year = material.notice.closes.at.year
    for row in material.targets:
        place = Place(area="targets", part=row.measure)
        values = [value for value in (row.baseline, row.target) if value is not None]
        shown = " → ".join(plain(value) for value in values) + f" {row.unit}"
        if any(value < 0 for value in values):
            yield Hit(
                message=_("目标“%s”为负数") % row.indicator, place=place, excerpt=shown, mend=_("核对正负号")
            )
        is_share = row.unit.strip() == "%" and re.search(r"比例|占|覆盖|率$", row.indicator)
        if is_share and any(value > 100 for value in values) and not re.search(r"增长|利润", row.indicator):
            yield Hit(
                message=_("目标“%s”超过 100%%") % row.indicator,
                place=place,
                excerpt=shown,
                mend=_("比例不能超过 100%"),
            )
        if row.baseline_year is not None and row.baseline_year > year:
            yield Hit(
                message=_("目标“%(title)s”的基准年 %(year)d 晚于申报年份")
                % {"title": row.indicator, "year": row.baseline_year},
                place=place,
                mend=_("基准年取已有数据的年份"),
            )


@named
def savings_plausible(material: Material, told: Savings) -> Iterator[Hit]:
    """Saved quantities, each at the least price, against the greatest benefit that the plan states."""
    usable = [
        mention
        for mention in material.mentions
        if mention.figure.is_exact and not has_any(mention.clause.text, told.without)
    ]
    money = [
        mention
        for mention in usable
        if mention.figure.unit == "元" and _is_benefit(mention, told.money_words)
    ]
    if not money:
        return
    benefit = max(money, key=lambda mention: mention.figure.value)
    for price in told.prices:
        saved = [
            mention
            for mention in usable
            if mention.figure.unit in price.units
            and nearest(mention.clause.text, mention.figure, price.words, within=8)
        ]
        if not saved:
            continue
        most = max(saved, key=lambda mention: mention.figure.value)
        worth = most.figure.value * price.yuan
        if worth > benefit.figure.value:
            yield Hit(
                message=_(
                    "%(title)s“%(saved)s”按最低每单位 %(price)s 元计值 %(worth)s 万元，超过所写的效益“%(benefit)s”"
                )
                % {
                    "title": price.title,
                    "saved": most.figure.written,
                    "price": plain(price.yuan),
                    "worth": plain((worth / 10000).quantize(Decimal(1))),
                    "benefit": benefit.figure.written,
                },
                place=most.place,
                excerpt=excerpt(most.clause.sentence, around=most.figure.written),
                mend=_("核对数量的单位（吨与万吨）和效益的口径"),
            )


def _is_benefit(mention: Mention, words: tuple[str, ...]) -> bool:
    """In its own clause, or in a clause of a sentence about savings: 年节水…，产生经济效益3526万元."""
    return bool(nearest(mention.clause.text, mention.figure, words)) or (
        has_any(mention.clause.sentence, words) and not re.search(r"投资|投入|产值", mention.clause.text)
    )


@named
def balance_holds(material: Material, told: Balance) -> Iterator[Hit]:
    """A stated difference between what goes in and what comes out, calculated again."""
    words = (*told.input_words, *told.output_words, *told.difference_words)
    for chapter in material.chapters:
        for line in chapter.text.lines:
            if not has_any(line.text, told.difference_words):
                continue
            named_figures: dict[str, Figure] = {}
            for figure in figures(line.text):
                word = nearest(line.text, figure, words)
                for key, group in (
                    ("in", told.input_words),
                    ("out", told.output_words),
                    ("difference", told.difference_words),
                ):
                    if word in group and (figure.unit == "%") == (key == "difference"):
                        named_figures.setdefault(key, figure)
            if hit := _balance(chapter, line.text, line.paragraph, named_figures, told.tolerance):
                yield hit


def _balance(
    chapter: Chapter, line: str, paragraph: int, found: dict[str, Figure], tolerance: Decimal
) -> Hit | None:
    if len(found) < 3 or found["in"].unit != found["out"].unit or not found["in"].value:
        return None
    stated = found["difference"]
    actual = abs(found["in"].value - found["out"].value) / found["in"].value * 100
    if abs(actual - stated.value) <= max(tolerance, stated.step / 2):
        return None
    return Hit(
        message=_("“%(chapter)s”写平衡偏差 %(stated)s，按所写的输入 %(in)s、输出 %(out)s 计算为 %(actual)s%%")
        % {
            "chapter": chapter.label,
            "stated": stated.written,
            "in": found["in"].written,
            "out": found["out"].written,
            "actual": f"{actual:.2f}",
        },
        place=chapter.place(paragraph),
        excerpt=excerpt(line, around=stated.written),
        mend=_("核对输入、输出的数值和偏差的算法"),
    )


@named
def table_sums(material: Material, _told: Nothing) -> Iterator[Hit]:
    """Rows called 合计 that are not the sum of the rows above. Tables with merged cells or subtotals are left alone."""
    for chapter in material.chapters:
        for table in chapter.text.tables:
            if table.is_plain and len(table.rows) > 2:
                yield from _sums(chapter, table)


def _sums(chapter: Chapter, table: Table) -> Iterator[Hit]:
    at = next((index for index, row in enumerate(table.rows) if _TOTAL.match(row[0])), 0)
    body = table.rows[1:at]
    if len(body) < 2 or any(_PARTS.search(row[0]) for row in body):
        return
    head, total = table.rows[0], table.rows[at]
    if any(len(row) != len(head) for row in (*body, total)):
        return
    for column in range(1, len(head)):
        values, stated = [_value(row[column]) for row in body], _value(total[column])
        if stated is None or None in values or _NO_SUM.search(head[column]):
            continue
        exact = sum((value for value, _step in filter(None, values)), Decimal(0))
        slack = sum((step for _value_, step in filter(None, values)), stated[1]) / 2
        if abs(exact - stated[0]) > slack:
            yield Hit(
                message=_("“%(chapter)s”的表中“%(column)s”合计写 %(stated)s，各行相加为 %(sum)s")
                % {
                    "chapter": chapter.label,
                    "column": head[column][:20],
                    "stated": plain(stated[0]),
                    "sum": plain(exact),
                },
                place=chapter.place(table.paragraph),
                excerpt=excerpt(" | ".join(total)),
                mend=_("核对各行和合计"),
            )


def _value(cell: str) -> tuple[Decimal, Decimal] | None:
    """A plain number (a % may follow) with what its last digit counts."""
    digits = cell.removesuffix("%").strip()
    if not _NUMBER.match(digits):
        return None
    value = number(digits.replace(",", ""))
    if value is None:
        return None
    return value, Decimal(1) / Decimal(10) ** len(digits.partition(".")[2])


@named
def percentages(material: Material, told: Shares) -> Iterator[Hit]:
    for mention in material.mentions:
        figure, text = mention.figure, mention.clause.text
        if figure.unit != "%" or figure.value <= 100 or has_any(text, told.without):
            continue
        if word := nearest(text, figure, (*told.words, *told.falling), within=12):
            yield Hit(
                message=_("“%(chapter)s”写“%(word)s … %(found)s”，不能超过 100%%")
                % {"chapter": mention.chapter.label, "word": word, "found": figure.written},
                place=mention.place,
                excerpt=excerpt(mention.clause.sentence, around=figure.written),
                mend=_("核对小数点和算法"),
            )


@named
def malformed_units(material: Material, _told: Nothing) -> Iterator[Hit]:
    """Units written twice, and cells whose unit is another power of ten than that of their column."""
    for chapter in material.chapters:
        for line in chapter.text.lines:
            if match := _MALFORMED.search(line.text):
                yield Hit(
                    message=_("“%(chapter)s”中的单位“%(unit)s”写重了")
                    % {"chapter": chapter.label, "unit": match["unit"]},
                    place=chapter.place(line.paragraph),
                    excerpt=excerpt(line.text, around=match.group()),
                    mend=_("核对数值和单位"),
                )
        for table in chapter.text.tables:
            yield from _column_units(chapter, table)


def _column_units(chapter: Chapter, table: Table) -> Iterator[Hit]:
    if not table.is_plain or len(table.rows) < 2:
        return
    for column, head in enumerate(table.rows[0]):
        match = _HEAD_UNIT.search(head)
        stated = unit_of(match["unit"]) if match else None
        if stated is None:
            continue
        for row in table.rows[1:]:
            cell = row[column] if column < len(row) else ""
            found = figures(cell)
            if len(found) != 1 or found[0].written != cell:
                continue
            own = unit_of(found[0].written_unit)
            if own is not None and own[0] == stated[0] and own[1] != stated[1]:
                yield Hit(
                    message=_("“%(chapter)s”的表中“%(column)s”列写有“%(cell)s”，单位与表头不同")
                    % {"chapter": chapter.label, "column": head[:20], "cell": cell},
                    place=chapter.place(table.paragraph),
                    excerpt=excerpt(" | ".join(row)),
                    mend=_("按表头的单位换算"),
                )
