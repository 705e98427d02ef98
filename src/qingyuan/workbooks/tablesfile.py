"""A book of tables as plain text in JSON: what a program hands on where a person would send a workbook.

It begins with the same bytes always, so that no CSV is taken for it. `file` is the name under which messages and
results speak of it; a sheet's rows are as wide as its heads, every cell is text, blank is null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from qingyuan.workbooks.grid import TABLES_START, Grid, Unreadable

WIDEST, MOST_CELLS = 16_384, 20_000_000


def write_tables(
    target: BinaryIO,
    *,
    file: str,
    sheets: Iterable[tuple[str, Sequence[str], Sequence[Sequence[str | None]]]],
) -> None:
    """Write sheets (name, heads, rows) so that `read_tables` gives them back."""
    said = [{"sheet": name, "heads": heads, "rows": rows} for name, heads, rows in sheets]
    text = json.dumps({"file": file, "sheets": said}, ensure_ascii=False, separators=(",", ":"))
    target.write(TABLES_START)
    target.write(text[1:].encode())


def read_tables(data: bytes) -> tuple[str, list[Grid]]:
    """The name and the sheets, heads in row 1. Raises Unreadable."""
    try:
        said = json.loads(data)
        return str(said["file"])[:255], [_grid(one) for one in said["sheets"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(
            "清源写出的数据表文件（JSON）", "文件不完整或被改动过，请改用 .xlsx 工作簿或重新导出。"
        ) from error


def _grid(said: dict[str, Any]) -> Grid:
    heads, rows = said["heads"], said["rows"]
    width = len(heads)
    if width > WIDEST or width * len(rows) > MOST_CELLS or any(len(row) != width for row in rows):
        raise ValueError("rows are not as wide as the heads, or there are too many")
    cells = [heads, *(["" if cell is None else cell for cell in row] for row in rows)]
    if {kind for row in cells for kind in set(map(type, row))} - {str} or not isinstance(said["sheet"], str):
        raise TypeError("a cell that is not text")
    return Grid(sheet=said["sheet"], rows=cells, text_only=True)
