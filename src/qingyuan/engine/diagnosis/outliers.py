"""Values that stand out from their sector: robust z, slips of unit by powers of ten, rows copied from another.

Robust z = (x - median) / (1.4826 MAD), after Iglewicz and Hoaglin (1993); where more than half are equal the mean absolute
deviation (times 1.2533) stands in. Columns of positive numbers are looked at by their logarithms, so that too small shows like too
large. An outlier that fits the others after moving the point by whole places is a slip of unit: kg for t, or 万.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from qingyuan.engine.diagnosis.plausibility import Flag, shown, times
from qingyuan.engine.diagnosis.sector import Numbers

FEWEST: Final = 5
_MAD, _MEAN = 1.4826, 1.2533
_POSITIVE = 0.9
_HINTS = {3: "（如 kg 与 t）", 4: "（如 t 与 万t）", 6: "（如 g 与 t）"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Values of n enterprises, nan where there is none."""

    name: str
    title: str
    values: Numbers


def robust_z(values: Numbers) -> Numbers:
    """(n,) z of each value; nan for nan, 0 where all are equal."""
    known = values[np.isfinite(values)]
    if not len(known):
        return np.full(len(values), np.nan)
    middle = np.median(known)
    apart = np.abs(known - middle)
    spread = _MAD * np.median(apart) or _MEAN * apart.mean()
    found: Numbers = np.where(np.isfinite(values), 0.0, np.nan) if spread == 0 else (values - middle) / spread
    return found


def stand_out(column: Column, names: Sequence[str], *, limit: float) -> Iterator[Flag]:
    """A flag for each outlier of a column of at least five values."""
    values = column.values
    known = np.isfinite(values)
    positive = known & (values > 0)
    by_size = known.any() and positive.sum() >= _POSITIVE * known.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        looked_at = np.where(positive, np.log10(values), np.nan) if by_size else values
    if np.isfinite(looked_at).sum() < FEWEST:
        return
    z = robust_z(looked_at)
    middle = float(np.nanmedian(looked_at))
    spread = _spread(looked_at, z, middle)
    for place in np.flatnonzero(np.abs(z) > limit).tolist():
        value = float(values[place])
        moved = round(float(looked_at[place]) - middle) if by_size else 0
        fits = moved != 0 and abs(looked_at[place] - middle - moved) <= limit * spread
        usual = 10**middle if by_size else middle
        yield Flag(
            rule="unit_slip" if fits else "outlier",
            level="warning",
            enterprise=names[place],
            where=column.name,
            message=f"{column.title} {shown(value)}，同行业中位数 {shown(usual)}"
            + (
                f"，约为其{times(moved)}{_HINTS.get(abs(moved), '')}，可能是单位写错"
                if fits
                else f"，稳健 z 值 {z[place]:.1f}"
            ),
            value=value,
            expected=f"约 {shown(value / 10**moved)}" if fits else f"稳健 z 值不超过 {limit:g}",
        )


def copied(columns: Sequence[Column], names: Sequence[str], *, fewest: int = 4) -> Iterator[Flag]:
    """Enterprises whose measured values are all the same as those of an earlier one, at least `fewest` of them."""
    if not columns:
        return
    rows = np.column_stack([column.values for column in columns])
    first: dict[bytes, int] = {}
    for place, row in enumerate(rows):
        if np.isfinite(row).sum() < fewest:
            continue
        key = np.where(np.isfinite(row), row + 0.0, np.inf).tobytes()
        earlier = first.setdefault(key, place)
        if earlier != place:
            yield Flag(
                rule="copied",
                level="warning",
                enterprise=names[place],
                where="指标数据",
                message=f"各项数值与“{names[earlier]}”完全相同",
                value=None,
                expected="本企业的实际数据",
            )


def _spread(values: Numbers, z: Numbers, middle: float) -> float:
    known = np.isfinite(z) & (z != 0)
    place = int(np.flatnonzero(known)[0]) if known.any() else -1
    return float((values[place] - middle) / z[place]) if place >= 0 else 0.0
