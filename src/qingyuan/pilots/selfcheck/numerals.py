"""Numbers written in Chinese: 三百二十, 三千万, 三点五亿, 二〇五. What is ambiguous (三四十, 三万五) is no number."""

from __future__ import annotations

import re
from decimal import Decimal

NUMERAL = "零〇一二两三四五六七八九十百千万亿点"
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_DIGIT = "[一二两三四五六七八九]"
_SECTION = re.compile(
    rf"(?:(?P<k>{_DIGIT})千)?(?P<gap1>零)?(?:(?P<h>{_DIGIT})百)?(?P<gap2>零)?(?:(?P<t>{_DIGIT})?(?P<ten>十))?(?P<gap3>零)?(?P<o>{_DIGIT})?"
)
_POINT = re.compile(r"(?P<whole>[^点]+)点(?P<rest>[零〇一二三四五六七八九]{1,6})(?P<scale>万亿|[百千万亿])?")
_ROW = re.compile(r"[一二三四五六七八九][零〇一二三四五六七八九]*[零〇][零〇一二三四五六七八九]*")
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "万亿": 10**12}


def value_of(text: str) -> Decimal | None:
    """The number; None for what is not one, or could be two."""
    if match := _POINT.fullmatch(text):
        whole = 0 if match["whole"] in {"零", "〇"} else _whole(match["whole"])
        if whole is None:
            return None
        digits = "".join(str(_DIGITS[digit]) for digit in match["rest"])
        return Decimal(f"{whole}.{digits}") * _SCALES[match["scale"] or ""]
    found = _whole(text)
    return None if found is None else Decimal(found)


def step_of(text: str) -> Decimal:
    """What the last written digit of a number counts: 1 of 三百二十, ten thousand of 三千万, a tenth of it of 三点五万."""
    scale = Decimal(_SCALES[scale_of(text)])
    match = _POINT.fullmatch(text)
    return scale / 10 ** len(match["rest"]) if match else scale


def scale_of(text: str) -> str:
    """The great unit at the end of a number, as people write it before a unit: 万 of 三千万."""
    if text.endswith("万亿"):
        return "万亿"
    if "点" in text and text[-1] in "百千":
        return text[-1]
    return text[-1] if text[-1] in "万亿" else ""


def _whole(text: str) -> int | None:
    if _ROW.fullmatch(text):
        return int("".join(str(_DIGITS[digit]) for digit in text))
    return _parts(text, ("亿", "万"))


def _parts(text: str, units: tuple[str, ...]) -> int | None:
    """High part, unit, low part; a low part of fewer places than the unit has must say so with 零."""
    if not units:
        return _section(text)
    unit, *smaller = units
    if unit not in text:
        return _parts(text, tuple(smaller))
    high, _unit, low = text.rpartition(unit)
    above = _parts(high, units if unit == "亿" and "亿" in high else tuple(smaller))
    if above is None:
        return None
    size = _SCALES[unit]
    if not low:
        return above * size
    below = _parts(low.removeprefix("零"), tuple(smaller))
    if below is None or (below >= size // 10) == low.startswith("零") or below >= size:
        return None
    return above * size + below


def _section(text: str) -> int | None:
    """Up to 9999; a place left out must be said with 零: 三百五 may be 350."""
    match = _SECTION.fullmatch(text)
    if not text or match is None:
        return None
    thousand, hundred, one = (_DIGITS[match[key]] if match[key] else 0 for key in ("k", "h", "o"))
    ten = _DIGITS[match["t"]] if match["t"] else int(bool(match["ten"]))
    value = thousand * 1000 + hundred * 100 + ten * 10 + one
    bare_ten = match["ten"] and not match["t"]
    if not value or (bare_ten and (thousand or hundred)):
        return None
    return value if text in _spellings(thousand, hundred, ten, one) else None


def _spellings(thousand: int, hundred: int, ten: int, one: int) -> set[str]:
    """How a number up to 9999 is rightly written, with 二 or 两 before 千 and 百."""
    names = "零一二三四五六七八九"
    rows = [""]
    gap = False
    for digit, unit in ((thousand, "千"), (hundred, "百"), (ten, "十"), (one, "")):
        if not digit:
            gap = bool(rows[0])
            continue
        heads = {names[digit]} | ({"两"} if digit == 2 and unit != "十" else set())
        if unit == "十" and digit == 1 and not rows[0]:
            heads.add("")
        zero = "零" if gap else ""
        rows = [f"{row}{zero}{head}{unit}" for row in rows for head in sorted(heads)]
        gap = False
    return set(rows)
