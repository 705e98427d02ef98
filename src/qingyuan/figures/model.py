"""A figure: what ECharts draws, and the same data as a table for whoever cannot or will not look at it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Cell = str | float | None


class FigureError(ValueError):
    """The data cannot be drawn; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """The figure's data as a table; blank cells are None."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One definition for page, Word and terminal. `option` is ECharts' own, plain JSON without functions.

    `name` is a file's stem. `alt` says in a sentence what is to be seen. Width and height in CSS pixels.
    """

    name: str
    title: str
    alt: str
    option: Mapping[str, Any]
    data: Data
    width: int = 960
    height: int = 540


def number(value: float) -> str:
    """A figure for a label: three significant digits, thousands kept apart, no exponent."""
    if not math.isfinite(value):
        raise FigureError(f"{value} 不是有限的数")
    size = abs(value)
    if size >= 100 or value == 0:
        return f"{value:,.0f}"
    digits = 2 - math.floor(math.log10(size))
    text = f"{value:,.{min(digits, 8)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def finite(values: Sequence[float], what: str) -> list[float]:
    """The values as floats; FigureError where one is not finite."""
    found = [float(value) for value in values]
    if not all(map(math.isfinite, found)):
        raise FigureError(f"{what}：有不是数的值")
    return found
