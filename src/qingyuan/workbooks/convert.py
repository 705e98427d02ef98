"""Raw cells of one column to typed values: whole columns where every cell is as expected, else cell by cell.

Blank is None, na is NA, 0 is 0. Excel's floats become the Decimal of their shortest text.
"""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from qingyuan.workbooks.decimals import Decimals
from qingyuan.workbooks.schema import NA, NA_WORDS, Column

Converted = tuple[Sequence[Any], dict[int, tuple[str, str]]]
_EXACT = 1e15  # Excel keeps 15 digits
_PLAIN_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:e[+-]?\d{1,2})?", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)
_DATE = re.compile(
    r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?(?:[ T]+0?0:00(?::00(?:\.0+)?)?)?|(\d{4})(\d{2})(\d{2})"
)
_ERRORS = {"#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"}
_NA_SPELLED = {
    "".join(letters)
    for word in NA_WORDS
    for letters in itertools.product(*((c.lower(), c.upper()) for c in word))
}
_CLOSER_LOOK = _ERRORS | _NA_SPELLED
_NUMBER_TEXTS = re.compile(r"(?:-?\d{1,15}(?:\.\d{1,15})?)?(?:\n(?:-?\d{1,15}(?:\.\d{1,15})?)?)*", re.ASCII)
"""A column of plain numbers as texts, or blanks, a line each."""
_EPOCH = dt.date(1899, 12, 30)
_MOST_HINTS = 200
_EARLIEST, _LATEST = 1900, 2200


class _Bad(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, expected: str, mend: str) -> None:
        super().__init__(expected)
        self.complaint = (expected, mend)


def convert(column: Column, cells: Sequence[Any]) -> Converted:
    """Values of `cells`, and by index what was expected and how to mend it where a cell is wrong (its value is None)."""
    complaints: dict[int, tuple[str, str]] = {}
    values = _FAST[column.kind](column, cells, set(map(type, cells)))
    if values is None:
        values, complaints = _each(column, cells)
    if column.required and None in values:
        for index, value in enumerate(values):
            if value is None and index not in complaints:
                na = "，确实不适用的填 na" if column.allow_na else ""
                complaints[index] = ("必填，不能空白", f"请填写{_wanted(column)}{na}。")
    if column.validate is not None:
        values = list(values)
        _validate(column, column.validate, values, complaints)
    return values, complaints


def _each(column: Column, cells: Sequence[Any]) -> Converted:
    parse = _PARSE[column.kind]
    known: dict[tuple[type, Any], Any] = {}
    values: list[Any] = []
    complaints: dict[int, tuple[str, str]] = {}
    for index, cell in enumerate(cells):
        if cell == "":
            values.append(None)
            continue
        seen = (cell.__class__, cell)
        if seen not in known:
            if len(complaints) == _MOST_HINTS and column.kind == "choice":
                parse = _choice_without_hint  # guessing at each of 100,000 wrong cells would take minutes
            try:
                known[seen] = _one(column, cell, parse)
            except _Bad as bad:
                known[seen] = bad
        value = known[seen]
        if value.__class__ is _Bad:
            complaints[index] = value.complaint
            value = None
        values.append(value)
    return values, complaints


def _one(column: Column, cell: Any, parse: Callable[[Column, Any], Any]) -> Any:
    if isinstance(cell, str):
        cell = cell.strip()
        if not cell:
            return None
        if cell in _ERRORS:
            raise _Bad(_wanted(column), "这是公式的错误值，请修正公式，或复制后“选择性粘贴为数值”。")
        if cell in _NA_SPELLED:
            if not column.allow_na:
                raise _Bad(_wanted(column), "这一列不能填 na（不适用）。")
            return NA
    return parse(column, cell)


def _validate(
    column: Column,
    check: Callable[[str], list[str]],
    values: list[Any],
    complaints: dict[int, tuple[str, str]],
) -> None:
    answers: dict[Any, list[str]] = {None: [], NA: []}
    for index, value in enumerate(values):
        if value not in answers:
            answers[value] = check(str(value))
        if wrong := answers[value]:
            complaints[index] = ("；".join(wrong).rstrip("。"), column.note or "请核对后改正。")
            values[index] = None


def _wanted(column: Column) -> str:
    unit = f"，单位 {column.unit}" if column.unit else ""
    if column.kind == "choice":
        return "以下之一：" + "、".join(column.choices)
    return {
        "text": "文字",
        "integer": "整数",
        "decimal": "数字",
        "date": "日期，如 2022-06-30",
        "code": "代码",
    }[column.kind] + unit


# Whole columns. Each returns None when a cell needs a closer look.


def _fast_text(column: Column, cells: Sequence[Any], types: set[type]) -> list[Any] | None:
    if not types or not types <= {str, float}:
        return None
    values: list[Any] = (
        [cell.strip() if cell.__class__ is str else repr(cell).removesuffix(".0") for cell in cells]
        if float in types
        else list(map(str.strip, cells))
    )
    unique = set(values)
    if not unique.isdisjoint(_CLOSER_LOOK) or max(map(len, unique)) > column.longest:
        return None
    return [value or None for value in values] if "" in unique else values


def _fast_integer(_column: Column, cells: Sequence[Any], types: set[type]) -> list[Any] | None:
    if types == {str} and set(cells) == {""}:
        return [None] * len(cells)
    if (
        types != {float}
        or not all(map(float.is_integer, cells))
        or not -_EXACT < min(cells) <= max(cells) < _EXACT
    ):
        return None
    return list(map(int, cells))


def _fast_decimal(_column: Column, cells: Sequence[Any], types: set[type]) -> Sequence[Any] | None:
    if types == {float}:
        if not -_EXACT < min(cells) <= max(cells) < _EXACT:
            return None
        return Decimals(cells)
    if not types or not types <= {str, float}:
        return None
    texts = [repr(cell).removesuffix(".0") if cell.__class__ is float else cell for cell in cells]
    together = "\n".join(texts)
    if together.count("\n") != len(texts) - 1 or not _NUMBER_TEXTS.fullmatch(together):
        return None
    return [Decimal(text) if text else None for text in texts]


def _fast_date(_column: Column, cells: Sequence[Any], types: set[type]) -> list[Any] | None:
    if types != {dt.date} or not _EARLIEST <= min(cells).year <= max(cells).year < _LATEST:
        return None
    return list(cells)


def _fast_choice(column: Column, cells: Sequence[Any], types: set[type]) -> list[Any] | None:
    allowed = {"": None, **{choice: choice for choice in column.choices}}
    if types != {str} or not set(cells) <= allowed.keys():
        return None
    return [allowed[cell] for cell in cells]


def _fast_code(_column: Column, _cells: Sequence[Any], _types: set[type]) -> list[Any] | None:
    return None  # codes are folded one by one; each distinct one once


_FAST: dict[str, Callable[[Column, Sequence[Any], set[type]], Sequence[Any] | None]] = {
    "text": _fast_text,
    "integer": _fast_integer,
    "decimal": _fast_decimal,
    "date": _fast_date,
    "choice": _fast_choice,
    "code": _fast_code,
}


# Single cells.


def _text(column: Column, cell: Any) -> str:
    if isinstance(cell, bool):
        cell = "是" if cell else "否"
    elif isinstance(cell, float):
        cell = repr(cell).removesuffix(".0")
    elif isinstance(cell, dt.datetime):
        cell = cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    value = str(cell)
    if len(value) > column.longest:
        raise _Bad(f"不超过 {column.longest} 字", f"现有 {len(value)} 字，请删减，详细内容放在附件里。")
    return value


def _code(column: Column, cell: Any) -> str:
    if isinstance(cell, float):
        if abs(cell) >= _EXACT:
            raise _Bad(
                "文本格式的代码",
                "单元格是数字格式，Excel 只保留前 15 位，后面的位数已经丢失；请先把这一列设为“文本”格式，再重新输入完整代码。",
            )
        if cell != int(cell) or cell < 0:
            raise _Bad("文本格式的代码", "代码里不应有小数点或负号，请把这一列设为“文本”格式后重新输入。")
        return str(int(cell))
    if not isinstance(cell, str):
        raise _Bad("文本格式的代码", "请把这一列设为“文本”格式后重新输入。")
    value = re.sub(r"[\s\u200b-\u200d\ufeff]+", "", unicodedata.normalize("NFKC", cell)).upper()
    if _SCIENTIFIC.fullmatch(value):
        raise _Bad(
            "文本格式的代码",
            "代码被 Excel 改成了科学计数法，位数已经丢失；请先把这一列设为“文本”格式，再重新输入完整代码。",
        )
    return _text(column, value)


def _decimal(column: Column, cell: Any) -> Decimal:
    wanted = _wanted(column)
    if isinstance(cell, bool) or not isinstance(cell, (str, float, int)):
        raise _Bad(wanted, "请把单元格格式设为“常规”或“数值”后重新输入。")
    if isinstance(cell, float):
        value = Decimal(repr(cell).removesuffix(".0"))
    else:
        plain = unicodedata.normalize("NFKC", str(cell)).replace(" ", "").replace("−", "-")
        if len(plain) > 60 or not _PLAIN_NUMBER.fullmatch(plain):
            raise _Bad(wanted, _why_no_number(column, plain[:60]))
        try:
            value = Decimal(plain.replace(",", ""))
        except InvalidOperation:
            raise _Bad(wanted, _why_no_number(column, plain)) from None
    if abs(value.adjusted()) > 30:
        raise _Bad(wanted, "数值过大或过小，请核对单位。")
    return value


def _why_no_number(column: Column, plain: str) -> str:
    if plain.endswith("%"):
        return f"请去掉百分号，按表头的单位{f'（{column.unit}）' if column.unit else ''}填数字。"
    if re.match(r"[+-]?[\d.,]+\D+$", plain):
        return "请只填数字，不带单位、“万”“约”等字样；单位以表头为准。"
    return "没有数据的留空，不适用的填 na，数值为零的填 0。" if column.allow_na else "请填数字。"


def _integer(column: Column, cell: Any) -> int:
    value = _decimal(column, cell)
    if value != value.to_integral_value():
        raise _Bad(_wanted(column), "请填不带小数的数。")
    if abs(value) >= Decimal(10) ** 18 or (isinstance(cell, float) and abs(cell) >= _EXACT):
        raise _Bad(_wanted(column), "数值过大，请核对；编号、代码类的数请用文本格式。")
    return int(value)


def _date(column: Column, cell: Any) -> dt.date:
    wanted = _wanted(column)
    day: dt.date | None = None
    if isinstance(cell, dt.datetime):
        day = cell.date()
    elif isinstance(cell, dt.date):
        day = cell
    elif isinstance(cell, float) and cell.is_integer() and 0 < cell < 110_000:
        day = _EPOCH + dt.timedelta(days=int(cell))
    elif isinstance(cell, (str, float)) and not isinstance(cell, bool):
        plain = (
            repr(cell).removesuffix(".0")
            if isinstance(cell, float)
            else unicodedata.normalize("NFKC", cell[:40])
        )
        match = _DATE.fullmatch(
            plain if isinstance(cell, float) else re.sub(r"\s*([年月日/.-])\s*", r"\1", plain)
        )
        if not match:
            raise _Bad(wanted, "请写到年月日，如 2022-06-30、2022/6/30 或 2022年6月30日。")
        try:
            day = dt.date(*(int(part) for part in match.groups() if part is not None))
        except ValueError:
            raise _Bad(wanted, "没有这一天，请核对月份和日期。") from None
    if day is None:
        raise _Bad(wanted, "请把单元格格式设为“日期”后重新输入。")
    if not _EARLIEST <= day.year < _LATEST:
        raise _Bad(wanted, f"年份应在 {_EARLIEST} 至 {_LATEST - 1} 之间，请核对。")
    return day


def _choice(column: Column, cell: Any) -> str:
    try:
        return _choice_without_hint(column, cell)
    except _Bad as bad:
        close = difflib.get_close_matches(str(cell)[:40], column.choices, n=1, cutoff=0.5)
        if not close:
            raise
        raise _Bad(bad.complaint[0], f"是否为“{close[0]}”？{bad.complaint[1]}") from None


def _choice_without_hint(column: Column, cell: Any) -> str:
    text = _fold(_text(column, cell))
    for choice in column.choices:
        if _fold(choice) == text:
            return choice
    raise _Bad(_wanted(column), "请从下拉列表中选择。")


@functools.lru_cache(maxsize=4096)
def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


_PARSE: dict[str, Callable[[Column, Any], Any]] = {
    "text": _text,
    "code": _code,
    "decimal": _decimal,
    "integer": _integer,
    "date": _date,
    "choice": _choice,
}
