"""A column of Excel's numbers as decimals that are made when somebody looks at them: most computations want the floats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import overload


class Decimals(Sequence[Decimal]):
    """Numbers that were checked as the file holds them. `floats` are those; an item is the Decimal of the shortest text.

    Both say the same: the float of such a Decimal is the float it came from. Equal to any sequence with the same items.
    """

    def __init__(self, floats: Sequence[float]) -> None:
        self.floats = floats

    @cached_property
    def _items(self) -> list[Decimal]:
        return [Decimal(repr(one).removesuffix(".0")) for one in self.floats]

    @overload
    def __getitem__(self, place: int) -> Decimal: ...
    @overload
    def __getitem__(self, place: slice) -> Decimals: ...
    def __getitem__(self, place: int | slice) -> Decimal | Decimals:
        return Decimals(self.floats[place]) if isinstance(place, slice) else self._items[place]

    def __len__(self) -> int:
        return len(self.floats)

    def __iter__(self) -> Iterator[Decimal]:
        return iter(self._items)

    def __contains__(self, value: object) -> bool:
        # Nothing is missing and nothing is not applicable: asked of every required column, and no reason to make them.
        return isinstance(value, (Decimal, int, float)) and value in self._items

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Decimals):
            return list(self.floats) == list(other.floats)
        return isinstance(other, Sequence) and self._items == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._items)
