"""A workbook of several sheets handed back: bad cells coloured and commented, and one list of everything wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from xlsxwriter import Workbook

from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.sheets import FONT, new_book, put, width

_SAMPLE = 300
_FILLS = {"error": "#FFC7CE", "warning": "#FFEB9C"}


def write_marked_book(target: BinaryIO, readings: Mapping[str, Reading], problems: Sequence[Problem]) -> None:
    """Write the sheets that were read back as they came, with `problems` marked where they stand."""
    book = new_book(target)
    _list(book, problems)
    for reading in readings.values():
        name = reading.sheet or reading.table.sheet
        if reading.cells and book.get_worksheet_by_name(name) is None:
            _sheet(book, name, reading.cells, [one for one in problems if one.sheet == reading.sheet])
    book.close()


def _sheet(book: Workbook, name: str, cells: Sequence[Sequence[Any]], problems: Sequence[Problem]) -> None:
    data = book.add_worksheet(name)
    marked: dict[tuple[int, int], list[Problem]] = {}
    for problem in problems:
        if problem.row and problem.letter:
            marked.setdefault((problem.row - 1, _place(problem.letter)), []).append(problem)
    styles: dict[tuple[str, str], Any] = {}
    for number, row in enumerate(cells):
        for place, value in enumerate(row):
            found = marked.get((number, place), ())
            if value == "" and not found:
                continue
            level = min((problem.level for problem in found), default="")
            form = _format_of(value)
            if (level, form) not in styles:
                fill = {"bg_color": _FILLS[level]} if level else {}
                styles[level, form] = book.add_format({"num_format": form, **fill})
            put(data, number, place, value, styles[level, form])
            if found:
                comment = "\n".join(f"应为：{problem.expected}。{problem.mend}" for problem in found)
                data.write_comment(number, place, comment[:2000], {"author": "清源", "x_scale": 2})
    for place in range(max(map(len, cells), default=0)):
        data.set_column(place, place, width(row[place] for row in cells[:_SAMPLE] if place < len(row)))


def _format_of(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return "yyyy-mm-dd hh:mm"
    if isinstance(value, dt.date):
        return "yyyy-mm-dd"
    return "@" if isinstance(value, str) else "General"


def _list(book: Workbook, problems: Sequence[Problem]) -> None:
    sheet = book.add_worksheet("问题清单")
    bold = book.add_format({"bold": True, "font_name": FONT, "border": 1})
    heads = (
        ("工作表", 16),
        ("行", 8),
        ("列", 24),
        ("现在的内容", 30),
        ("应为", 40),
        ("怎样改", 60),
        ("级别", 8),
    )
    for place, (text, size) in enumerate(heads):
        put(sheet, 0, place, text, bold)
        sheet.set_column(place, place, size)
    for number, problem in enumerate(problems, start=1):
        level = "错误" if problem.level == "error" else "提示"
        said = (
            problem.sheet,
            problem.row or None,
            problem.column,
            problem.value,
            problem.expected,
            problem.mend,
            level,
        )
        for place, value in enumerate(said):
            put(sheet, number, place, value)
    sheet.freeze_panes(1, 0)


def _place(letters: str) -> int:
    number = 0
    for character in letters:
        number = number * 26 + ord(character) - 64
    return number - 1
