"""A report that an enterprise files elsewhere, read by its mapping: figures in our units, and every problem to the cell."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qingyuan.catalogue.filings import Filing, Item
from qingyuan.workbooks.convert import convert
from qingyuan.workbooks.grid import Grid, Unreadable, open_grid
from qingyuan.workbooks.problems import Problem, letter, shown
from qingyuan.workbooks.schema import NA, Column, fold

HEADER_WITHIN = 10
_UNIT = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]\s*$")
_NUMBER = Column(name="value", title_zh="数值", kind="decimal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """One figure: as the report states it, and in the unit of our table. NA where the report says 不适用."""

    item: Item
    cell: str
    """As C7."""
    stated: str
    stated_unit: str
    value: Any
    factor: Decimal


@dataclass(frozen=True, kw_only=True)
class Filed:
    """What a file brings. `others`: items or columns that mean no figure of ours, with their cell; none of them is lost unsaid."""

    brought: Sequence[Brought] = ()
    others: Sequence[tuple[str, str]] = ()
    problems: Sequence[Problem] = ()
    sheet: str = ""
    blank: Sequence[str] = field(default_factory=tuple)
    """Known items that stand there without a number."""

    @property
    def ok(self) -> bool:
        return not self.problems


def read_filing(content: bytes, filing: Filing, *, name: str, whose: Sequence[str] = ()) -> Filed:
    """Read `content` (XLSX or CSV). `whose`: names and code by which the enterprise's row is known. Never raises."""
    headings = _headings(filing)
    try:
        grid = open_grid(
            io.BytesIO(content),
            titles=(filing.title,),
            fits=lambda rows: _header(rows, filing, headings) is not None,
        )
    except Unreadable as error:
        return Filed(problems=[Problem(file=name, expected=error.expected, mend=error.mend)])
    place = _header(grid.rows, filing, headings)
    if place is None:
        wanted = "、".join(
            heading[0]
            for heading in (
                (filing.item_headings, filing.value_headings, filing.unit_headings)
                if filing.shape == "items"
                else ((filing.items[0].title,),)
            )
        )
        problem = Problem(
            file=name,
            sheet=grid.sheet,
            expected=f"前 {HEADER_WITHIN} 行中有表头：{wanted}",
            mend="请按说明的列整理后再上传。",
        )
        return Filed(problems=[problem], sheet=grid.sheet)
    reader = _Reader(filing, grid, place, name=name, whose=whose)
    return reader.by_items(headings) if filing.shape == "items" else reader.by_columns()


def _bare(text: Any) -> tuple[str, str]:
    """A heading without the unit in brackets at its end, folded; and the unit."""
    plain = unicodedata.normalize("NFKC", str(text)).strip()
    found = _UNIT.search(plain)
    return (fold(plain[: found.start()]), found[1].strip()) if found else (fold(plain), "")


def _headings(filing: Filing) -> dict[str, str]:
    """Folded heading -> item, value, unit or enterprise."""
    parts = {
        "item": filing.item_headings,
        "value": filing.value_headings,
        "unit": filing.unit_headings,
        "enterprise": filing.enterprise_headings,
    }
    return {fold(heading): part for part, names in parts.items() for heading in names}


def _known(filing: Filing) -> dict[str, Item]:
    return {fold(name): item for item in filing.items for name in (item.title, *item.aliases)}


def _header(rows: list[list[Any]], filing: Filing, headings: Mapping[str, str]) -> int | None:
    known = _known(filing)
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        bare = [_bare(cell)[0] for cell in row if cell != ""]
        parts = {headings[one] for one in bare if one in headings}
        if {"item", "value"} <= parts if filing.shape == "items" else any(one in known for one in bare):
            return index
    return None


class _Reader:
    def __init__(self, filing: Filing, grid: Grid, header: int, *, name: str, whose: Sequence[str]) -> None:
        self.filing, self.grid, self.header, self.name = filing, grid, header, name
        self.whose = {fold(one) for one in whose if one}
        self.known = _known(filing)
        self.brought: list[Brought] = []
        self.others: list[tuple[str, str]] = []
        self.problems: list[Problem] = []
        self.blank: list[str] = []
        self.first: dict[str, str] = {}

    def by_items(self, headings: Mapping[str, str]) -> Filed:
        """An item a row."""
        places: dict[str, int] = {}
        unit_in_heading = ""
        for column, cell in enumerate(self.grid.rows[self.header]):
            bare, unit = _bare(cell)
            part = headings.get(bare)
            if part and part not in places:
                places[part] = column
                unit_in_heading = unit if part == "value" else unit_in_heading
        for row in range(self.header + 1, len(self.grid.rows)):
            cells = self.grid.rows[row]
            title = str(cells[places["item"]]).strip()
            if not title:
                if any(str(cell).strip() for cell in cells):
                    self._wrong(row, places["item"], "", "项目名称", "请写明这一行是什么项目，或删去这一行。")
                continue
            bare, unit_in_item = _bare(title)
            if not self._is_ours(cells, places):
                continue
            item = self.known.get(bare) or self.known.get(fold(title))
            if item is None:
                self.others.append((shown(title), f"{letter(places['item'])}{row + 1}"))
                continue
            unit = str(cells[places["unit"]]).strip() if "unit" in places else ""
            self._take(
                item, row, places["value"], unit or unit_in_item or unit_in_heading, places.get("unit")
            )
        return self._filed()

    def by_columns(self) -> Filed:
        """A column an item; the row is the enterprise's."""
        heads = list(enumerate(self.grid.rows[self.header]))
        keys = [
            column
            for column, cell in heads
            if _bare(cell)[0] in {fold(one) for one in self.filing.enterprise_headings}
        ]
        rows = [
            row
            for row in range(self.header + 1, len(self.grid.rows))
            if any(str(cell).strip() for cell in self.grid.rows[row])
        ]
        mine = [row for row in rows if any(fold(str(self.grid.rows[row][key])) in self.whose for key in keys)]
        if not keys and len(rows) == 1:
            mine = rows
        if len(mine) != 1:
            for row in mine[1:]:
                self._wrong(row, keys[0], "", "本企业只有一行", f"与第 {mine[0] + 1} 行重复，请删去一行。")
            if not mine:
                column = keys[0] if keys else 0
                self._wrong(
                    self.header,
                    column,
                    "",
                    "有本企业的一行",
                    "请核对表中的企业名称或信用代码与平台上的一致。",
                )
            return self._filed()
        for column, cell in heads:
            if column in keys or str(cell).strip() == "":
                continue
            bare, unit = _bare(cell)
            item = self.known.get(bare) or self.known.get(fold(str(cell)))
            if item is None:
                self.others.append((shown(cell), f"{letter(column)}{self.header + 1}"))
            else:
                self._take(item, mine[0], column, unit, None)
        return self._filed()

    def _is_ours(self, cells: Sequence[Any], places: Mapping[str, int]) -> bool:
        """In a file of several enterprises only the rows of this one."""
        if "enterprise" not in places:
            return True
        stated = fold(str(cells[places["enterprise"]]))
        return not stated or stated in self.whose

    def _take(self, item: Item, row: int, column: int, unit: str, unit_column: int | None) -> None:
        cell = self.grid.rows[row][column]
        place = f"{letter(column)}{row + 1}"
        if (first := self.first.setdefault(item.title, place)) != place:
            self._wrong(
                row, column, cell, "一项一个数值", f"“{item.title}”已在 {first}；有几个数值的请先合计。"
            )
            return
        values, complaints = convert(_NUMBER, [cell])
        if complaints:
            expected, mend = complaints[0]
            self._wrong(row, column, cell, expected, mend)
            return
        value = values[0]
        if value is None:
            self.blank.append(item.title)
            return
        if value is not NA and value < 0:
            self._wrong(row, column, cell, "不小于 0 的数字", "请核对。")
            return
        factors = {fold(name): factor for name, factor in item.units.items()}
        factor = Decimal(1) if value is NA else factors.get(fold(unit))
        if factor is None:
            known = "、".join(item.units)
            where = column if unit_column is None else unit_column
            mend = "请写明单位。" if not unit else "请换算成其中一种单位。"
            self._wrong(
                row if unit_column is not None or self.filing.shape == "items" else self.header,
                where,
                unit,
                f"“{item.title}”的单位，以下之一：{known}",
                mend,
            )
            return
        self.brought.append(
            Brought(
                item=item,
                cell=place,
                stated=shown(cell) if value is not NA else "na",
                stated_unit=unit,
                value=NA if value is NA else value * factor,
                factor=factor,
            )
        )

    def _wrong(self, row: int, column: int, value: Any, expected: str, mend: str) -> None:
        title = str(self.grid.rows[self.header][column]) if self.grid.rows else ""
        self.problems.append(
            Problem(
                file=self.name,
                sheet=self.grid.sheet,
                row=row + 1,
                letter=letter(column),
                title=shown(title),
                value=shown(value),
                expected=expected,
                mend=mend,
            )
        )

    def _filed(self) -> Filed:
        return Filed(
            brought=tuple(self.brought),
            others=tuple(self.others),
            problems=tuple(self.problems),
            sheet=self.grid.sheet,
            blank=tuple(self.blank),
        )


def units_of(filing: Filing) -> Iterator[tuple[str, str]]:
    """Items with the units that they may have, for the page that explains the file."""
    for item in filing.items:
        yield item.title, "、".join(item.units)
