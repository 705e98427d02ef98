"""Whether a workbook can be read without harm, found out before the reader sees it.

The reader (calamine) lays a sheet out as one dense block from its first to its last cell: a file of 6 KB with a cell in
XFD1048576 asks for 549 GB, and the process is aborted. So every part is streamed once and the extent taken from it.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import BinaryIO

MOST_CELLS = 20_000_000
MOST_BYTES = 600 << 20
_EXACT_BYTES = 16 << 20
_PIECE = 1 << 18
_LONGEST_TEXT = 1 << 22

# What nearly every piece holds: references of one letter, rows of at most five digits. What fits needs no closer look.
# Patterns begin with literal text because that is what makes them fast.
_BEYOND = (
    re.compile(rb'<c(?:[>/\t\r\n]| (?!r="[A-Z]\d{1,5}"))'),
    re.compile(rb'<row(?:[>/\t\r\n]| (?!r="\d{1,5}"))'),
    re.compile(rb":(?:c|row)[\s/>]"),
)
# What every program writes.
_ROW = re.compile(rb'<row r="(\d+)"')
_WIDE = re.compile(rb'<c r="([A-Z]{2,3})\d')
_LOW = re.compile(rb'<c r="[A-Z]{1,3}(\d{6,})"')
_LOWEST = 99_999  # rows that may stand in a reference without being caught by _LOW
# Cells without a plain reference, or with a namespace prefix: legal, rare, and then every tag is looked at.
_UNUSUAL = (
    re.compile(rb'<c(?:[>/\t\r\n]| (?!r="[A-Z]{1,3}\d))'),
    re.compile(rb"<row[>/\t\r\n]"),
    re.compile(rb":(?:c|row)[\s/>]"),
)
_TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)>")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']\s*([A-Za-z]*)(\d*)\s*[\"']")
_MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_TEXT = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8|us-ascii|ascii)", re.IGNORECASE)


def refusal(source: BinaryIO) -> tuple[str, str] | None:
    """Return what is expected and how to mend it when `source` must not be read as XLSX; None when it may."""
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            return _of_archive(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, KeyError):
        return (
            "完整的 .xlsx 文件",
            "文件已损坏、加密或不是 Excel 工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。",
        )
    finally:
        source.seek(0)


def _of_archive(archive: zipfile.ZipFile) -> tuple[str, str] | None:
    names = set(archive.namelist())
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names or names & {
        "mimetype",
        "content.xml",
        "xl/workbook.bin",
    }:
        return ".xlsx 格式的工作簿", "请用 Excel 或 WPS 打开后另存为“Excel 工作簿（*.xlsx）”再上传。"
    budget = MOST_BYTES
    for info in archive.infolist():
        cells, used = _extent(archive, info, budget)
        budget -= used
        if budget < 0:
            return (
                f"解压后不超过 {MOST_BYTES >> 20} MB 的文件",
                "文件解压后过大，请删去无关的工作表和图片后再上传。",
            )
        if cells > MOST_CELLS:
            return (
                f"数据区域不超过 {MOST_CELLS:,} 个单元格的工作表",
                "工作表很远处有零散内容或格式。请把数据区域复制到新建工作簿，或删去数据以外的行和列后再上传。",
            )
    if _MAIN not in archive.read("[Content_Types].xml"):
        return "不含宏的 .xlsx 工作簿", "请另存为“Excel 工作簿（*.xlsx）”（不含宏）再上传。"
    return None


def _extent(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: int) -> tuple[int, int]:
    """Cells of the dense block that this part could ask for, and its unpacked bytes."""
    rows, columns, used = _LOWEST, 26, 0
    exact = sheet = False
    tail = b""
    with archive.open(info) as part:
        while piece := part.read(_PIECE):
            if not used and (b"\0" in piece[:4] or _TEXT.search(piece[:200])):
                return MOST_CELLS + 1, len(piece)  # a part in another encoding could hide its references
            used += len(piece)
            if used > budget:
                return 0, used
            whole, opening, rest = (tail + piece).rpartition(b"<")
            tail = opening + rest  # a tag cut in two waits for its other half
            if len(tail) > _LONGEST_TEXT:
                return MOST_CELLS + 1, used
            sheet = sheet or b"sheetData" in whole
            if not any(pattern.search(whole) for pattern in _BEYOND):
                continue  # nothing below row 99,999 or right of column Z
            numbers = _ROW.findall(whole)
            exact = (
                exact
                or len(numbers) != whole.count(b"<row ")
                or any(pattern.search(whole) for pattern in _UNUSUAL)
            )
            rows = max(rows, *map(_number, (*numbers, *_LOW.findall(whole))), 0)
            if _WIDE.search(whole):
                columns = max(columns, *map(_column, set(_WIDE.findall(whole))))
    if not sheet:
        rows = 0
    elif (exact or rows * columns > MOST_CELLS) and used <= _EXACT_BYTES:
        return _exact(archive.read(info)), used
    elif exact:
        return MOST_CELLS + 1, used
    return rows * columns, used


def _column(letters: bytes) -> int:
    number = 0
    for character in letters[:4].upper():
        number = number * 26 + character - 64
    return number


def _number(digits: bytes) -> int:
    return int(digits[:9])


def _exact(text: bytes) -> int:
    row = column = rows = columns = 0
    for tag in _TAG.finditer(text):
        reference = _REFERENCE.search(tag[2])
        if b"&" in tag[2] and re.search(rb"\sr\s*=", tag[2]):
            return MOST_CELLS + 1
        if tag[1] == b"row":
            row = _number(reference[2]) if reference and reference[2] else row + 1
            column = 0
        elif reference and reference[1]:
            column = _column(reference[1])
            row = max(row, _number(reference[2] or b"0"))
        else:
            column += 1
        rows, columns = max(rows, row), max(columns, column)
    return rows * columns
