"""Numbers with their units in Chinese text: 30家, 1200万元, 3.5万吨, 20%, 200 万kWh, 三百二十家, 百分之十二."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from qingyuan.pilots.selfcheck import numerals

_SCALES = {
    "": Decimal(1),
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10) ** 4,
    "十万": Decimal(10) ** 5,
    "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8,
    "万亿": Decimal(10) ** 12,
}
# As written -> (the unit in which figures are compared, how many of it).
_UNITS: dict[str, tuple[str, str]] = {
    "吨标准煤": ("吨标准煤", "1"),
    "吨标煤": ("吨标准煤", "1"),
    "tce": ("吨标准煤", "1"),
    "千瓦时": ("千瓦时", "1"),
    "kWh": ("千瓦时", "1"),
    "kwh": ("千瓦时", "1"),
    "KWh": ("千瓦时", "1"),
    "兆瓦时": ("千瓦时", "1000"),
    "MWh": ("千瓦时", "1000"),
    "度电": ("千瓦时", "1"),
    "度": ("千瓦时", "1"),
    "立方米": ("立方米", "1"),
    "m³": ("立方米", "1"),
    "m3": ("立方米", "1"),
    "方水": ("立方米", "1"),
    "千克": ("吨", "0.001"),
    "公斤": ("吨", "0.001"),
    "kg": ("吨", "0.001"),
    "吨": ("吨", "1"),
    "元": ("元", "1"),
    "百分点": ("百分点", "1"),
    "个百分点": ("百分点", "1"),
    "%": ("%", "1"),
    "家": ("个", "1"),
    "户": ("个", "1"),
    "个工作日": ("工作日", "1"),
    "工作日": ("工作日", "1"),
    "个月": ("月", "1"),
    "个": ("个", "1"),
    "天": ("天", "1"),
    "人天": ("人天", "1"),
    "人": ("人", "1"),
    "平方公里": ("平方公里", "1"),
    "公顷": ("公顷", "1"),
    "亩": ("亩", "1"),
    "项": ("项", "1"),
    "t": ("吨", "1"),
}
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_FIGURE = re.compile(
    r"(?<![0-9.A-Za-z])(?P<number>[0-9]{1,3}(?:,[0-9]{3}){1,5}(?:\.[0-9]{1,8})?|[0-9]{1,15}(?:\.[0-9]{1,8})?)"
    r"\s?(?P<scale>万亿|千万|百万|十万|亿|万|千|百)?\s?"
    rf"(?P<unit>{_UNIT})(?![A-Za-z])(?P<per>\s?[/／](?!\s?(?:年|a\b)))?"
)
# In words. 第三方, 三分之一, 每一家, 数十家 and 上百家 are no counts.
_WORDS = re.compile(
    rf"(?<![0-9.{numerals.NUMERAL}第之每任统唯同数几上近])"
    rf"(?P<number>[零〇一二两三四五六七八九十][{numerals.NUMERAL}]*)\s?(?P<unit>{_UNIT})(?![A-Za-z])(?P<per>\s?[/／](?!\s?(?:年|a\b)))?"
)
_OF_HUNDRED = re.compile(
    rf"(?P<base>[百千])分之(?:(?P<words>[{numerals.NUMERAL}]+)|(?P<digits>[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?))"
)
# 两个方面, 三项任务, 一家一策: below ten these say no quantity that tables hold.
_LOOSE_UNITS = frozenset({"个", "项", "人", "度", "方水", "户", "天", "个月"})
_RANGE = re.compile(rf"[0-9{numerals.NUMERAL}]\s?(?:[%万亿千百]|元|吨|家|天)?\s?[-~～—–至到]\s?(?:百分之)?$")
_ABOUT = re.compile(r"(?:约|近|大约|左右|大致)为?\s?$")
_BOUND = re.compile(
    r"(?:超过|不少于|不低于|不超过|不多于|不高于|高于|低于|少于|多于|大于|小于|至少|至多|最多|最高|最低|突破|>|<|≥|≤)\s?$"
)
_AFTER_BOUND = re.compile(r"\s?(?:以上|以下|以内|余|多|左右)")
_STATED_UNIT = re.compile(rf"^(?P<scale>万亿|千万|百万|十万|亿|万|千|百)?(?P<unit>{_UNIT})(?:/年)?$")


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`; `step` is what the last written digit counts."""

    value: Decimal
    unit: str
    written: str
    written_unit: str
    start: int
    end: int
    step: Decimal
    is_exact: bool
    """Neither a range nor a bound nor a rate."""
    is_about: bool

    def equals(self, other: Decimal) -> bool:
        """Whether a value, rounded as this figure is written, is this figure (“约” allows five per cent)."""
        slack = max(self.step / 2, abs(other) / 20 if self.is_about else Decimal(0))
        return abs(self.value - other) <= slack


@lru_cache(maxsize=16384)
def figures(text: str) -> tuple[Figure, ...]:
    """Every number with a known unit in the text, in order."""
    found = chain(
        (_in_digits(text, match) for match in _FIGURE.finditer(text)),
        (_in_words(text, match) for match in _WORDS.finditer(text)),
        (_of_hundred(text, match) for match in _OF_HUNDRED.finditer(text)),
    )
    return tuple(sorted(filter(None, found), key=lambda figure: figure.start))


def _in_digits(text: str, match: re.Match[str]) -> Figure:
    base, factor = _UNITS[match["unit"]]
    scale = _SCALES[match["scale"] or ""] * Decimal(factor)
    digits = match["number"].replace(",", "")
    decimals = len(digits.partition(".")[2])
    written = (match["scale"] or "") + match["unit"]
    value, step = Decimal(digits) * scale, scale / Decimal(10) ** decimals
    return _made(text, match, value=value, step=step, unit=base, written_unit=written, rate=match["per"])


def _in_words(text: str, match: re.Match[str]) -> Figure | None:
    words, unit = match["number"], match["unit"]
    value = numerals.value_of(words)
    if value is None or (value < 10 and (unit in _LOOSE_UNITS or words == "一")):
        return None
    base, factor = _UNITS[unit]
    step, written = numerals.step_of(words) * Decimal(factor), numerals.scale_of(words) + unit
    return _made(
        text,
        match,
        value=value * Decimal(factor),
        step=step,
        unit=base,
        written_unit=written,
        rate=match["per"],
    )


def _of_hundred(text: str, match: re.Match[str]) -> Figure | None:
    """百分之十二, 百分之12.5, 千分之三: always in per cent."""
    if match["digits"]:
        value = Decimal(match["digits"])
        step = Decimal(1) / Decimal(10) ** len(match["digits"].partition(".")[2])
    else:
        said = numerals.value_of(match["words"])
        if said is None:
            return None
        value, step = said, numerals.step_of(match["words"])
    part = Decimal(1) if match["base"] == "百" else Decimal("0.1")
    return _made(text, match, value=value * part, step=step * part, unit="%", written_unit="%", rate=None)


def _made(
    text: str,
    match: re.Match[str],
    *,
    value: Decimal,
    step: Decimal,
    unit: str,
    written_unit: str,
    rate: str | None,
) -> Figure:
    before, after = text[max(0, match.start() - 8) : match.start()], text[match.end() : match.end() + 3]
    loose = _RANGE.search(before) or _BOUND.search(before) or rate
    bounded = _AFTER_BOUND.match(after)
    return Figure(
        value=value,
        unit=unit,
        written=match.group().rstrip("/／ "),
        written_unit=written_unit,
        start=match.start(),
        end=match.end(),
        step=step,
        is_exact=not loose and not (bounded and "左右" not in bounded.group()),
        is_about=bool(_ABOUT.search(before)) or bool(bounded and "左右" in bounded.group()),
    )


def unit_of(stated: str) -> tuple[str, Decimal] | None:
    """万元 -> (元, 10000): the unit of a table column or a target; None for one that texts do not compare with."""
    match = _STATED_UNIT.match(stated.strip())
    if match is None:
        return None
    base, factor = _UNITS[match["unit"]]
    return base, _SCALES[match["scale"] or ""] * Decimal(factor)


def nearest(text: str, figure: Figure, words: tuple[str, ...], *, within: int = 24) -> str:
    """The word that stands last before the figure, at most `within` characters away; empty where none does."""
    pattern, longest = _any_of(words)
    last = ""
    for match in pattern.finditer(text, max(0, figure.start - within - longest), figure.start):
        if figure.start - match.end() <= within:
            last = match.group()
    return last


@lru_cache(maxsize=256)
def _any_of(words: tuple[str, ...]) -> tuple[re.Pattern[str], int]:
    """A pattern of the words, longer ones first, and the length of the longest. It matches nothing without words."""
    kept = sorted(filter(None, words), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, kept)) or r"(?!)"), max(map(len, kept), default=0)


def power_of_ten(one: Decimal, other: Decimal, *, least: int = 1) -> int:
    """K where the greater is the lesser times 10**k with k >= least; 0 where it is not."""
    low, high = sorted((abs(one), abs(other)))
    if not low or low == high:
        return 0
    ratio, power = high / low, 0
    while ratio >= 10 and ratio == ratio.to_integral_value() and not ratio % 10:
        ratio, power = ratio / 10, power + 1
    return power if ratio == 1 and power >= least else 0


def has_any(text: str, words: tuple[str, ...]) -> bool:
    return _any_of(words)[0].search(text) is not None
