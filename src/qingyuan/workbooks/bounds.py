"""Checks of numbers that columns share: `Column.validate` gets the text of a value and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal


def not_negative(text: str) -> list[str]:
    """For columns in which a negative number is impossible."""
    return ["不得为负数"] if Decimal(text) < 0 else []


def above_zero(text: str) -> list[str]:
    """For columns in which zero is impossible too."""
    return not_negative(text) or (["须大于 0"] if Decimal(text) == 0 else [])


def between(low: float, high: float) -> Callable[[str], list[str]]:
    """For columns whose values lie from `low` to `high`."""

    def check(text: str) -> list[str]:
        return (
            []
            if Decimal(str(low)) <= Decimal(text) <= Decimal(str(high))
            else [f"{low:g} 至 {high:g} 之间的数"]
        )

    return check
