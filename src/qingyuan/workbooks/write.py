"""Tables to XLSX and CSV: exports, templates to fill in, and a file handed back with its problems marked.

Text never becomes a formula or a link: in XLSX it is written as text, in CSV a ' stands before it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.schema import NA, Column, Table
from qingyuan.workbooks.sheets import FONT, new_book, number_format, put, width

NOTES, CHOICES, PROBLEMS = "填写说明", "选项", "问题清单"
_KINDS = {
    "text": "文字",
    "integer": "整数",
    "decimal": "数字",
    "date": "日期（如 2022-06-30）",
    "choice": "从列表选择",
    "code": "代码（文本格式）",
}
_DANGEROUS = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
_SAMPLE = 300

Row = Mapping[str, Any]


def write_table(
    target: BinaryIO, table: Table, rows: Iterable[Row], *, title: str = "", subtitle: str = ""
) -> None:
    """Write `rows` ({column name: value}) as a workbook that reads back equal."""
    book = new_book(target)
    kept = list(rows)
    _data_sheet(book, table, kept, title=title, subtitle=subtitle, free_rows=0)
    _notes_sheet(book, table, ())
    book.close()


def write_template(target: BinaryIO, table: Table, example_rows: Iterable[Row] = ()) -> None:
    """Write an empty workbook to fill in. Examples stand on the notes sheet, so that nobody has to delete them."""
    book = new_book(target)
    _data_sheet(book, table, [], title="", subtitle="", free_rows=table.max_rows)
    _notes_sheet(book, table, list(example_rows))
    book.close()


def write_book(target: BinaryIO, parts: Sequence[tuple[Table, Sequence[Row]]], *, free_rows: int) -> None:
    """Write several tables as the sheets of one workbook to fill in, and one sheet of notes on all of them.

    A column that `refers` to another of the tables has that table's names as its drop-down. `free_rows` below the rows
    given keep their formats and drop-downs.
    """
    book = new_book(target)
    named = {table.name: table for table, _rows in parts}
    for table, rows in parts:
        kept = list(rows)
        spare = min(free_rows, table.max_rows)
        _data_sheet(book, table, kept, title="", subtitle="", free_rows=len(kept) + spare)
        sheet = book.get_worksheet_by_name(table.sheet)
        for place, column in enumerate(table.columns):
            if column.refers in named:
                _names_of(sheet, named[column.refers], place, final=len(kept) + spare, most=free_rows)
    for number, (table, _rows) in enumerate(parts):
        _notes_sheet(book, table, (), sheet=None if number == 0 else book.get_worksheet_by_name(NOTES))
    book.close()


def write_sheets(target: BinaryIO, parts: Sequence[tuple[Table, Sequence[Row], str]]) -> None:
    """Write finished tables, each a sheet under its title with a line below it: a report, not a form."""
    book = new_book(target)
    for table, rows, subtitle in parts:
        _data_sheet(book, table, list(rows), title=table.title, subtitle=subtitle, free_rows=0)
    book.close()


def write_csv(target: BinaryIO, table: Table, rows: Iterable[Row]) -> None:
    """Write `rows` as UTF-8 CSV with a byte order mark, so that Excel shows the Chinese."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([column.heading for column in table.columns])
    for row in rows:
        writer.writerow([plain(row.get(column.name)) for column in table.columns])
    text.detach()


def write_marked(
    target: BinaryIO, cells: Sequence[Sequence[Any]], problems: Sequence[Problem], *, sheet: str = "数据"
) -> None:
    """Write `cells` (a sheet from A1 on, as `Reading.cells`) back with bad cells coloured and commented, and a list of all problems."""
    book = new_book(target)
    data = book.add_worksheet(sheet or "数据")
    marked: dict[tuple[int, int], list[Problem]] = {}
    for problem in problems:
        if problem.row and problem.letter:
            marked.setdefault((problem.row - 1, _place(problem.letter)), []).append(problem)
    styles: dict[tuple[str, str], Any] = {}

    def style(level: str, value: Any) -> Any:
        form = (
            "yyyy-mm-dd"
            if type(value) is dt.date
            else "yyyy-mm-dd hh:mm"
            if isinstance(value, dt.datetime)
            else ""
        )
        form = form or (
            "hh:mm:ss"
            if isinstance(value, (dt.time, dt.timedelta))
            else "@"
            if isinstance(value, str)
            else "General"
        )
        if (level, form) not in styles:
            fill = {"error": {"bg_color": "#FFC7CE"}, "warning": {"bg_color": "#FFEB9C"}}.get(level, {})
            styles[level, form] = book.add_format({"num_format": form, **fill})
        return styles[level, form]

    for number, row in enumerate(cells):
        for place, value in enumerate(row):
            found = marked.get((number, place), ())
            if value == "" and not found:
                continue
            level = (
                ""
                if not found
                else "error"
                if any(problem.level == "error" for problem in found)
                else "warning"
            )
            put(data, number, place, value, style(level, value))
            if found:
                comment = "\n".join(f"应为：{problem.expected}。{problem.mend}" for problem in found)
                data.write_comment(number, place, comment[:2000], {"author": "清源", "x_scale": 2})
    for place in range(max(map(len, cells), default=0)):
        data.set_column(place, place, width(row[place] for row in cells[:_SAMPLE] if place < len(row)))
    _problem_sheet(book, problems)
    book.close()


def _data_sheet(
    book: Workbook, table: Table, rows: list[Row], *, title: str, subtitle: str, free_rows: int
) -> None:
    sheet = book.add_worksheet(table.sheet)
    top = 0
    last = len(table.columns) - 1
    for text, size in ((title, 16), (subtitle, 11)):
        if text:
            style = book.add_format({"bold": size > 11, "font_name": FONT, "font_size": size})
            put(sheet, top, 0, text, style)
            top += 1
    for place, column in enumerate(table.columns):
        style = book.add_format(
            {
                "bold": True,
                "font_name": FONT,
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
                "bg_color": "#FDE9D9" if column.required else "#EEF2F5",
            }
        )
        put(sheet, top, place, column.heading, style)
        cell = book.add_format({"num_format": number_format(column), "font_name": FONT})
        values = [row.get(column.name) for row in rows]
        shown = [value for value in values[:_SAMPLE] if value is not NA]
        sheet.set_column(place, place, width([column.heading, *shown]), cell)
        for number, value in enumerate(values, start=top + 1):
            put(sheet, number, place, value, cell)
        _validation(book, sheet, column, place, first=top + 1, final=top + max(len(rows), free_rows, 1))
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, top + max(len(rows), 1), last)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def _validation(
    book: Workbook, sheet: Worksheet, column: Column, place: int, *, first: int, final: int
) -> None:
    """The drop-down of a choice; long lists stand on a hidden sheet because Excel takes 255 characters in place."""
    if column.kind != "choice":
        return
    offered = [*column.choices, *(["na"] if column.allow_na else [])]
    source: Any = offered
    if len(",".join(offered)) > 255 or any("," in choice for choice in offered):
        hidden = book.get_worksheet_by_name(CHOICES) or book.add_worksheet(CHOICES)
        hidden.hide()
        free = 0 if hidden.dim_colmax is None else hidden.dim_colmax + 1
        for number, choice in enumerate(offered):
            put(hidden, number, free, choice)
        from xlsxwriter.utility import xl_range_abs

        source = f"='{CHOICES}'!{xl_range_abs(0, free, len(offered) - 1, free)}"
    options = {
        "validate": "list",
        "source": source,
        "error_title": column.title_zh[:32],
        "error_message": "请从列表中选择。",
    }
    sheet.data_validation(first, place, final, place, options)


def _names_of(sheet: Worksheet, table: Table, place: int, *, final: int, most: int) -> None:
    """Offer the names that stand in another sheet; others may be typed, and are refused when the book is read."""
    from xlsxwriter.utility import xl_range_abs

    key = [column.name for column in table.columns].index(table.key[0])
    source = f"='{table.sheet}'!{xl_range_abs(1, key, max(most, 1), key)}"
    sheet.data_validation(
        1, place, final, place, {"validate": "list", "source": source, "error_type": "warning"}
    )


def _notes_sheet(
    book: Workbook, table: Table, examples: Sequence[Row], *, sheet: Worksheet | None = None
) -> None:
    start = 0
    if sheet is None:
        sheet = book.add_worksheet(NOTES)
    else:
        start = sheet.dim_rowmax + 3
    bold = book.add_format({"bold": True, "font_name": FONT})
    plain = book.add_format({"font_name": FONT, "text_wrap": True, "valign": "top"})
    put(sheet, start, 0, f"{table.title}　{NOTES}", bold)
    line = start + 2
    for number, note in enumerate(table.notes, start=1):
        put(sheet, line, 0, f"{number}. {note}")
        line += 1
    line += 1
    for place, text in enumerate(("列", "填什么", "单位", "是否必填", "说明")):
        put(sheet, line, place, text, bold)
    for column in table.columns:
        line += 1
        choices = f"可选：{'、'.join(column.choices)}。" if column.choices else ""
        values = (
            column.title_zh,
            _KINDS[column.kind],
            column.unit,
            "必填" if column.required else "选填",
            column.note + choices,
        )
        for place, value in enumerate(values):
            put(sheet, line, place, value, plain)
    for place, size in enumerate((22, 22, 12, 10, 60)):
        sheet.set_column(place, place, size)
    if examples:
        line += 2
        put(sheet, line, 0, "示例（不会被读取）", bold)
        for place, column in enumerate(table.columns):
            put(sheet, line + 1, place, column.heading, bold)
            for number, row in enumerate(examples, start=line + 2):
                put(
                    sheet,
                    number,
                    place,
                    row.get(column.name),
                    book.add_format({"num_format": number_format(column), "font_name": FONT}),
                )


def _problem_sheet(book: Workbook, problems: Sequence[Problem]) -> None:
    sheet = book.add_worksheet(PROBLEMS)
    bold = book.add_format({"bold": True, "font_name": FONT, "border": 1})
    for place, (text, size) in enumerate(
        (("行", 8), ("列", 24), ("现在的内容", 30), ("应为", 40), ("怎样改", 60), ("级别", 8))
    ):
        put(sheet, 0, place, text, bold)
        sheet.set_column(place, place, size)
    for number, problem in enumerate(problems, start=1):
        level = "错误" if problem.level == "error" else "提示"
        for place, value in enumerate(
            (problem.row or None, problem.column, problem.value, problem.expected, problem.mend, level)
        ):
            put(sheet, number, place, value)
    sheet.freeze_panes(1, 0)


def _place(letters: str) -> int:
    number = 0
    for character in letters:
        number = number * 26 + ord(character) - 64
    return number - 1


def plain(value: Any) -> str:
    """A value for CSV; what a spreadsheet would take for a formula gets a ' before it."""
    if value is None:
        return ""
    if value is NA:
        return "na"
    if isinstance(value, str):
        return f"'{value}" if _DANGEROUS.match(value) else value
    return str(value)
