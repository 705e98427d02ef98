"""From the bytes of a CSV or XLSX file to rows of raw cells, whatever encoding or sheet they are in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from qingyuan.workbooks.guard import refusal

XLSX_START, OLD_EXCEL_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
TABLES_START = b'{"qingyuan-tables":1,'
"""How tables as JSON begin, always: so that no CSV is taken for them."""
MOST_BYTES = 200 << 20
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠\t\r\n]")


class Unreadable(Exception):  # noqa: N818 - named for what is wrong, like the house's other refusals
    """The file as a whole cannot be read; says what was expected and how to mend it."""

    def __init__(self, expected: str, mend: str) -> None:
        super().__init__(f"{expected}。{mend}")
        self.expected = expected
        self.mend = mend


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A sheet as rows of raw cells from A1 on, all of one width; blank is ''. CSV has no sheet name.

    `merged` are (first row, first column, last row, last column), 0-based. `text_only` says that every cell is text.
    """

    sheet: str
    rows: list[list[Any]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    text_only: bool = False
    notes: tuple[str, ...] = field(default=())


def open_grid(
    source: BinaryIO, *, titles: Sequence[str], fits: Callable[[list[list[Any]]], bool], guarded: bool = False
) -> Grid:
    """Read the one sheet that holds the table: the one named by `titles`, else the first visible one that `fits`.

    `guarded` says that `guard.refusal` has already passed this very file. Raises Unreadable.
    """
    source.seek(0, io.SEEK_END)
    if source.tell() > MOST_BYTES:
        raise Unreadable(f"不超过 {MOST_BYTES >> 20} MB 的文件", "请拆分后分次上传。")
    source.seek(0)
    start = source.read(len(TABLES_START))
    source.seek(0)
    if start[:4] == OLD_EXCEL_START:
        raise Unreadable(
            "未加密的 .xlsx 或 .csv 文件", "这是旧版 .xls 或加密文件，请去掉密码并另存为 .xlsx 再上传。"
        )
    if start[:2] == XLSX_START[:2]:
        return _xlsx(source, titles, fits, guarded=guarded)
    if start == TABLES_START:
        return _one_of_tables(source.read(), titles, fits)
    return _csv(source.read())


def _one_of_tables(data: bytes, titles: Sequence[str], fits: Callable[[list[list[Any]]], bool]) -> Grid:
    from qingyuan.workbooks.tablesfile import read_tables

    grids = read_tables(data)[1]
    for grid in sorted(grids, key=lambda one: one.sheet.strip() not in titles):
        if fits(grid.rows):
            return grid
    raise _no_header([grid.sheet for grid in grids], titles)


def _xlsx(
    source: BinaryIO, titles: Sequence[str], fits: Callable[[list[list[Any]]], bool], *, guarded: bool
) -> Grid:
    import python_calamine as calamine

    if not guarded and (refused := refusal(source)):
        raise Unreadable(*refused)
    try:
        with calamine.load_workbook(source) as book:
            visible = [
                (index, sheet.name)
                for index, sheet in enumerate(book.sheets_metadata)
                if sheet.visible == calamine.SheetVisibleEnum.Visible
                and sheet.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            total = len(book.sheet_names)
            # The sheet that bears the table's name comes first; sorting keeps the others in their order.
            for index, name in sorted(visible, key=lambda item: item[1].strip() not in titles):
                sheet = book.get_sheet_by_index(index)
                rows = sheet.to_python(skip_empty_area=False)
                if not fits(rows):
                    continue
                notes = (
                    (f"只读取了工作表“{name}”，其余 {total - 1} 个工作表（含隐藏的）未读取。",)
                    if total > 1
                    else ()
                )
                merged = tuple(
                    (top, left, bottom, right)
                    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
                )
                return Grid(sheet=name, rows=rows, merged=merged, notes=notes)
    except BaseException as error:
        # A panic inside the reader is no Exception; anything else of that rank (Ctrl-C) is not ours.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(
            "完整的 .xlsx 文件", "文件内部有损坏，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
        ) from error
    raise _no_header([name for _, name in visible], titles)


def _no_header(sheets: Sequence[str], titles: Sequence[str]) -> Unreadable:
    names = "、".join(f"“{name}”" for name in sheets) or "无"
    return Unreadable(
        f"有一个可见的工作表，前 5 行内有表头（{'、'.join(titles[:1])}）",
        f"文件中可见的工作表有：{names}，都没有找到表头。请使用下载的模板，不要删改表头行。",
    )


def _csv(data: bytes) -> Grid:
    text = _decode(data)
    if not text.strip():
        raise Unreadable("有表头和数据的文件", "文件是空的，请下载模板填写后再上传。")
    delimiter = _delimiter(text)
    rows = list(_records(text, delimiter))
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend([""] * (width - len(row)))
    return Grid(sheet="", rows=rows, text_only=True)


def _decode(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings = ["utf-16"]
    elif b"\0" in data[:4096]:
        raise Unreadable(".xlsx 或 .csv 文件", "这不是文本或 Excel 文件，请检查是否选错了文件。")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("UTF-8 或 GB18030 编码的 .csv 文件", "请在 Excel 或 WPS 中打开后另存为 .xlsx 再上传。")


def _delimiter(text: str) -> str:
    head = re.sub(r'"[^"]*"', "", text[:20_000])
    lines = [line for line in head.splitlines() if line.strip()][:5]
    counts = {mark: max((line.count(mark) for line in lines), default=0) for mark in ",\t;"}
    return max(counts, key=lambda mark: counts[mark])


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                "单元格不超过 13 万字、引号成对的 .csv 文件",
                f"第 {reader.line_num} 行附近无法读取，请检查引号，或另存为 .xlsx 再上传。",
            ) from error
        yield [cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell for cell in row]
