"""Units as they stand in tables: what they measure and how large they are. Pure arithmetic: no factor of any fuel."""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

_TIMES: Final = {"千": 1e3, "万": 1e4, "百万": 1e6, "亿": 1e8}


class Unit(NamedTuple):
    """`size` in the base unit of the dimension: t, m3, m2, m, tce, kWh, MJ, CNY, or the piece itself."""

    dimension: str
    size: float


_MASS = {
    "t": 1.0,
    "吨": 1.0,
    "kg": 1e-3,
    "公斤": 1e-3,
    "千克": 1e-3,
    "g": 1e-6,
    "克": 1e-6,
    "mg": 1e-9,
    "毫克": 1e-9,
}
_VOLUME = {"m3": 1.0, "立方米": 1.0, "方": 1.0, "l": 1e-3, "升": 1e-3}
_KNOWN: Final[dict[str, Unit]] = {
    **{name: Unit("mass", size) for name, size in _MASS.items()},
    **{name: Unit("volume", size) for name, size in _VOLUME.items()},
    **{name: Unit("area", size) for name, size in (("m2", 1.0), ("平方米", 1.0), ("km2", 1e6))},
    **{name: Unit("length", size) for name, size in (("m", 1.0), ("米", 1.0), ("km", 1e3))},
    **{name: Unit("coal", size) for name, size in (("tce", 1.0), ("kgce", 1e-3), ("gce", 1e-6), ("吨标准煤", 1.0), ("吨标煤", 1.0), ("千克标准煤", 1e-3))},
    **{name: Unit("electricity", size) for name, size in (("kwh", 1.0), ("kw·h", 1.0), ("kw.h", 1.0), ("千瓦时", 1.0), ("度", 1.0), ("mwh", 1e3))},
    **{name: Unit("heat", size) for name, size in (("kj", 1e-3), ("mj", 1.0), ("gj", 1e3))},
    **{name: Unit("money", size) for name, size in (("元", 1.0), ("yuan", 1.0), ("cny", 1.0))},
    **{name: Unit(f"piece:{name}", 1.0) for name in ("件", "台", "套", "个", "只", "辆", "条", "张", "块", "双", "箱", "标箱", "重量箱")},
}  # fmt: skip


def unit_of(text: str) -> Unit | None:
    """The unit that `text` means; words after it (t产品) are left out. None where it is not known."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    times = 1.0
    for cut in range(len(plain), 0, -1):
        head, tail = plain[:cut], plain[cut:]
        if any(letter.isascii() for letter in tail):
            break
        for prefix in ("", *sorted(_TIMES, key=len, reverse=True)):
            if head.startswith(prefix) and (found := _KNOWN.get(head.removeprefix(prefix))):
                times = _TIMES.get(prefix, 1.0)
                return Unit(found.dimension, found.size * times)
    return None


def ratio_of(text: str) -> tuple[Unit | None, Unit | None]:
    """Numerator and denominator of a unit such as kgce/t."""
    over, slash, under = text.partition("/")
    return unit_of(over), unit_of(under) if slash else None
