"""What all written workbooks share: a book without a clock, cells that never become formulas, widths for Chinese."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qingyuan.workbooks.schema import NA, Column

_LONGEST = 32_767  # characters an Excel cell can hold
_CUT = "…（内容过长，已截断）"
_EXACT = 10**15
FONT = "宋体"


def new_book(target: BinaryIO, *, streamed: bool = False) -> Workbook:
    """A workbook in which text stays text, and whose bytes depend on nothing but its content.

    `streamed`: rows go to a temporary file as they come, in their order; memory does not grow with them.
    """
    book = Workbook(
        target,
        {
            "in_memory": not streamed,
            "constant_memory": streamed,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    book.set_properties(
        {"author": "清源", "created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)}
    )
    return book


def put(sheet: Worksheet, row: int, place: int, value: Any, style: Format | None = None) -> None:
    """Write one value by its type; a number that Excel cannot hold exactly is written as text."""
    if value is None or value == "":
        sheet.write_blank(row, place, None, style)
    elif value is NA:
        sheet.write_string(row, place, "na", style)
    elif isinstance(value, str):
        sheet.write_string(
            row, place, value if len(value) <= _LONGEST else value[: _LONGEST - len(_CUT)] + _CUT, style
        )
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value, style)
    elif isinstance(value, (int, float, Decimal)):
        _put_number(sheet, row, place, value, style)
    elif isinstance(value, (dt.datetime, dt.date)) and value.year >= 1900:
        sheet.write_datetime(
            row, place, value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value, style
        )
    elif isinstance(value, (dt.time, dt.timedelta)):
        sheet.write_datetime(row, place, value, style)
    else:
        sheet.write_string(row, place, str(value), style)


def _put_number(sheet: Worksheet, row: int, place: int, value: float | Decimal, style: Format | None) -> None:
    if isinstance(value, float):
        exact = math.isfinite(value)
    else:
        # Excel keeps 15 digits; codes and money must not lose the sixteenth.
        exact = abs(value) < _EXACT and Decimal(f"{float(value):.15g}") == value
    if exact:
        sheet.write_number(row, place, float(value), style)
    else:
        sheet.write_string(row, place, str(value), style)


def number_format(column: Column) -> str:
    """Excel's format for a column: codes and text stay text, dates read the same everywhere."""
    return {"integer": "0", "decimal": "General", "date": "yyyy-mm-dd"}.get(column.kind, "@")


def width(values: Iterable[Any]) -> int:
    """Column width that shows `values`, a Chinese character as two, kept readable."""
    widest = max(
        (
            sum(2 if ord(character) > 0x2E7F else 1 for character in str(value))
            for value in values
            if value is not None
        ),
        default=0,
    )
    return max(8, min(widest + 3, 48))
