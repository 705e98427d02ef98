"""Read a CSV or XLSX file by a table's schema: typed columns, and every problem at once, exact to the cell."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from qingyuan.workbooks.convert import convert
from qingyuan.workbooks.grid import Grid, Unreadable, open_grid
from qingyuan.workbooks.problems import Problem, letter, shown
from qingyuan.workbooks.schema import NA, Column, Table, fold, headers, split_unit

HEADER_WITHIN = 5
MOST_PROBLEMS = 1000
_NO_UNIT = {"必填", "选填", "可选", "*"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file holds. `columns` gives by name one value per data row (None blank or wrong, NA not applicable).

    `row_numbers` are the spreadsheet rows of the data, `places` the sheet's columns by name, from 0; `cells` the raw sheet from row 1 on, `header_row` counts from 1
    (0: none found). `problem_count` may exceed the problems listed, which stop at 1,000.
    """

    table: Table
    file: str
    sheet: str = ""
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    row_numbers: Sequence[int] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    problem_count: int = 0
    notes: Sequence[str] = ()
    cells: Sequence[Sequence[Any]] = ()
    header_row: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing but warnings was found."""
        return all(problem.level == "warning" for problem in self.problems)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The data row by row, as {column name: value}."""
        names = list(self.columns)
        for values in zip(*self.columns.values(), strict=True):
            yield dict(zip(names, values, strict=True))

    def __len__(self) -> int:
        return len(self.row_numbers)


def read_table(
    source: BinaryIO | bytes | Path, table: Table, *, name: str = "", guarded: bool = False
) -> Reading:
    """Read `source` as `table`. Never raises for what a file may hold: everything wrong is a Problem of the result.

    `name` is the file's name for messages. `guarded` skips the check against harmful workbooks when it has been made.
    """
    if isinstance(source, Path):
        name = name or source.name
        with source.open("rb") as opened:
            return read_table(opened, table, name=name, guarded=guarded)
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    known = headers(table)
    try:
        grid = open_grid(
            stream,
            titles=(table.sheet, table.title, table.name),
            fits=lambda rows: _find_header(rows, known) is not None,
            guarded=guarded,
        )
    except Unreadable as error:
        problem = Problem(file=name, expected=error.expected, mend=error.mend)
        return Reading(table=table, file=name, problems=[problem], problem_count=1)
    return read_grid(grid, table, name=name)


def read_grid(grid: Grid, table: Table, *, name: str = "") -> Reading:
    """Read rows of raw cells, wherever they come from, as `read_table` does."""
    known = headers(table)
    if table.families and (found := _find_header(grid.rows, known)) is not None:
        members = (table.member(str(cell)[:200]) for cell in grid.rows[found])
        table = table.with_members(column for column in members if column is not None)
        known = headers(table)
    return _Reader(table, name, grid, known).read()


def letter_of(reading: Reading, column: str) -> str:
    """The sheet's letter of a column, empty if the file does not have it."""
    return letter(reading.places[column]) if column in reading.places else ""


def _match(header: Any, known: Mapping[str, Column]) -> tuple[Column | None, str]:
    """The column a header means, and the unit it states (folded)."""
    text = str(header)[:200]
    column = known.get(fold(text))
    bare, unit = split_unit(text)
    return column or known.get(bare), "" if unit in _NO_UNIT else unit


def _find_header(rows: list[list[Any]], known: Mapping[str, Column]) -> int | None:
    """Index of the row, among the first five, with the most headers that mean a column."""
    best, most = None, 0
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        matched = len({column.name for cell in row if (column := _match(cell, known)[0])})
        if matched > most:
            best, most = index, matched
    return best


class _Reader:
    def __init__(self, table: Table, file: str, grid: Grid, known: Mapping[str, Column]) -> None:
        self.table = table
        self.file = file
        self.grid = grid
        self.known = known
        self.problems: list[Problem] = []
        self.count = 0
        self.notes = list(grid.notes)

    def read(self) -> Reading:
        found = _find_header(self.grid.rows, self.known)
        if found is None:
            titles = "、".join(column.title_zh for column in self.table.columns if column.required)
            self.report(
                expected=f"前 {HEADER_WITHIN} 行内有表头：{titles}", mend="请使用下载的模板，不要删改表头行。"
            )
            return self._reading({}, [], 0)
        places = self._columns(found)
        rows, numbers = self._data(found, places)
        if not rows and not (self.table.may_be_empty or self.table.optional):
            self.report(expected="至少一行数据", mend="表头下面没有数据，请填写后再上传。")
        columns: dict[str, Sequence[Any]] = {}
        transposed = list(zip(*rows, strict=True)) if rows else [()] * len(self.grid.rows[found])
        for column in self.table.columns:
            place = places.get(column.name)
            if place is None:
                columns[column.name] = [None] * len(rows)
                continue
            values, complaints = convert(column, transposed[place])
            columns[column.name] = values
            for index, (expected, mend) in complaints.items():
                cell = transposed[place][index]
                self.report(
                    column=column,
                    place=place,
                    row=numbers[index],
                    cell=cell,
                    expected=expected,
                    mend=self._merged(mend, numbers[index], place),
                )
        self._keys(columns, places, numbers)
        self.problems.sort(key=lambda problem: problem.row)
        if self.count > len(self.problems):
            self.notes.append(
                f"共有 {self.count} 处问题，这里列出前 {len(self.problems)} 处；改正后再上传可看到其余的。"
            )
        return self._reading(columns, numbers, found + 1, places)

    def _reading(
        self,
        columns: dict[str, Sequence[Any]],
        numbers: Sequence[int],
        header_row: int,
        places: Mapping[str, int] | None = None,
    ) -> Reading:
        return Reading(
            table=self.table, file=self.file, sheet=self.grid.sheet, columns=columns, row_numbers=numbers,
            places=places or {}, problems=self.problems,
            problem_count=self.count, notes=self.notes, cells=self.grid.rows, header_row=header_row,
        )  # fmt: skip

    def report(
        self,
        *,
        expected: str,
        mend: str,
        column: Column | None = None,
        place: int | None = None,
        row: int = 0,
        cell: Any = "",
        level: Any = "error",
    ) -> None:
        self.count += 1
        # Errors are never crowded out by warnings: warnings are few, one a column.
        if len(self.problems) >= MOST_PROBLEMS:
            return
        self.problems.append(
            Problem(
                file=self.file,
                sheet=self.grid.sheet,
                row=row,
                letter="" if place is None else letter(place),
                title=column.title_zh if column else "",
                name=column.name if column else "",
                value=shown(cell),
                expected=expected,
                mend=mend,
                level=level,
            )
        )

    def _columns(self, found: int) -> dict[str, int]:
        """Column name -> index in the sheet; reports unknown, doubled and missing headers and foreign units."""
        places: dict[str, int] = {}
        row = found + 1
        for place, cell in enumerate(self.grid.rows[found]):
            if not str(cell).strip():
                continue
            column, unit = _match(cell, self.known)
            if column is None:
                self.report(
                    place=place,
                    row=row,
                    cell=cell,
                    expected="模板中的列",
                    mend="这一列不会被读取；如应读取，请把表头改成模板中的写法。",
                    level="warning",
                )
            elif column.name in places:
                self.report(
                    column=column,
                    place=place,
                    row=row,
                    cell=cell,
                    expected="每列只出现一次",
                    mend=f"与 {letter(places[column.name])} 列重复，请删去其中一列。",
                )
            else:
                places[column.name] = place
                if unit and column.unit and unit != fold(column.unit) and fold(str(cell)) not in self.known:
                    self.report(
                        column=column,
                        place=place,
                        row=row,
                        cell=cell,
                        expected=f"单位为 {column.unit}",
                        mend=f"请把数值换算成 {column.unit}，并改正表头中的单位。",
                    )
        for column in self.table.columns:
            if column.required and column.name not in places:
                self.report(
                    column=column,
                    row=row,
                    expected=f"有“{column.heading}”列",
                    mend="缺少必填的列，请按模板补上。",
                )
        return places

    def _data(self, found: int, places: Mapping[str, int]) -> tuple[list[list[Any]], Sequence[int]]:
        """Rows below the header that hold anything, and their spreadsheet row numbers."""
        banners = self._banners(found)
        rows = self.grid.rows[found + 1 :]
        numbers: Sequence[int] = range(found + 2, found + 2 + len(rows))
        # Only rows without text in a column that is usually filled can be blank; the others need no look.
        usual = min(places.values(), default=0)
        empty = {
            index
            for index, row in enumerate(rows)
            if row[usual].__class__ is str
            and not row[usual].strip()
            and all(cell.__class__ is str and not cell.strip() for cell in row)
        }
        if skipped := empty | {number - found - 2 for number in banners}:
            kept = [index for index in range(len(rows)) if index not in skipped]
            rows, numbers = [rows[index] for index in kept], [numbers[index] for index in kept]
        if len(rows) > self.table.max_rows:
            self.report(
                row=numbers[self.table.max_rows],
                expected=f"不超过 {self.table.max_rows:,} 行数据",
                mend=f"现有 {len(rows):,} 行，请拆分；多出的行没有检查。",
            )
            rows, numbers = rows[: self.table.max_rows], numbers[: self.table.max_rows]
        if banners:
            self.notes.append(f"跳过了 {len(banners)} 个横向合并的行（小标题），如第 {min(banners)} 行。")
        return rows, numbers

    def _banners(self, found: int) -> set[int]:
        """Rows that hold one cell merged across columns and nothing else: sub-headings, not data."""
        banners = set()
        for top, left, bottom, right in self.grid.merged:
            for row in (
                range(max(top, found + 1), min(bottom + 1, len(self.grid.rows))) if right > left else ()
            ):
                cells = self.grid.rows[row]
                if all(cell == "" for place, cell in enumerate(cells) if not left <= place <= right):
                    banners.add(row + 1)
        return banners

    def _merged(self, mend: str, row: int, place: int) -> str:
        inside = any(
            top < row - 1 <= bottom and left <= place <= right
            for top, left, bottom, right in self.grid.merged
        )
        return f"{mend}这里是合并的单元格，请取消合并后逐行填写。" if inside else mend

    def _keys(
        self, columns: Mapping[str, Sequence[Any]], places: Mapping[str, int], numbers: Sequence[int]
    ) -> None:
        if not self.table.key or any(name not in places for name in self.table.key):
            return
        parts = [columns[name] for name in self.table.key]
        if len(parts) == 1 and len(set(parts[0])) == len(parts[0]):
            return
        keys = list(zip(*parts, strict=True))
        if len(set(keys)) == len(keys):
            return
        first: dict[tuple[Any, ...], int] = {}
        column = self.table.column(self.table.key[0])
        for key, number in zip(keys, numbers, strict=True):
            if any(value is None or value is NA for value in key):
                continue
            if key in first:
                title = "、".join(self.table.column(name).title_zh for name in self.table.key)
                self.report(
                    column=column,
                    place=places[column.name],
                    row=number,
                    cell=" ".join(map(str, key)),
                    expected=f"{title}不重复",
                    mend=f"与第 {first[key]} 行重复，请删去或改正其中一行。",
                )
            else:
                first[key] = number
