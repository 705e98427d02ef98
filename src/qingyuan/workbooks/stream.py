"""Long tables out, row by row: memory does not grow with the rows. Text never becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from qingyuan.workbooks.sheets import FONT, new_book, put, width
from qingyuan.workbooks.write import plain

PORTION = 500
"""Rows of CSV that are sent at a time."""


def write_xlsx(
    target: BinaryIO,
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str,
    widths: Sequence[int] = (),
) -> int:
    """Write the rows as they come; returns how many."""
    book = new_book(target, streamed=True)
    page = book.add_worksheet(sheet)
    bold = book.add_format({"bold": True, "font_name": FONT, "border": 1, "bg_color": "#EEF2F5"})
    for place, head in enumerate(heads):
        page.set_column(place, place, widths[place] if widths else width([head]))
    page.freeze_panes(1, 0)
    for place, head in enumerate(heads):
        put(page, 0, place, head, bold)
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if value is not None and value != "":
                put(page, count, place, value, days if hasattr(value, "isoformat") else None)
    book.close()
    return count


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, so that Excel shows the Chinese; some hundred rows at a time."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow(heads)
    for number, row in enumerate(rows, start=1):
        writer.writerow([plain(value) for value in row])
        if number % PORTION == 0:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    found = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return found
