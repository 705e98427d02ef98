"""What a text has pinned: a figure or chart as it then was, what newer there is, and taking the newer over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

Place = tuple[str, str]
"""Key and number, as `papers.quoting` gives them."""


class Quoted(Protocol):
    """A figure or a chart of one result."""

    @property
    def code(self) -> str:
        """The same in every result of its kind."""

    @property
    def number(self) -> int:
        """Of the result, counted from the oldest."""

    @property
    def title(self) -> str: ...

    @property
    def text(self) -> str:
        """What a text says in its place."""

    @property
    def sign(self) -> str:
        """Two of the same sign say the same."""

    @property
    def typed(self) -> str:
        """The code that stands for it in texts."""

    @property
    def origin(self) -> str:
        """Which result, in short."""

    @property
    def source(self) -> str:
        """Which result of what."""

    @property
    def url(self) -> str: ...

    @property
    def sha256(self) -> str:
        """Of the result."""


@dataclass(frozen=True)
class Pin:
    """Something as a text quotes it, and what the newest result says of it."""

    code: str
    number: int
    said: Quoted | None
    """None: there is nothing of this code and number."""
    newest: Quoted | None

    @property
    def is_stale(self) -> bool:
        return self.said is not None and self.newest is not None and self.newest.number > self.number

    @property
    def differs(self) -> bool:
        """Would the text change?"""
        return (
            self.is_stale
            and self.newest is not None
            and self.said is not None
            and self.newest.sign != self.said.sign
        )


def newest_of(known: Mapping[tuple[str, int], Quoted]) -> dict[str, Quoted]:
    """By code the one with the highest number; the codes in the order in which they come."""
    found: dict[str, Quoted] = {}
    for (code, number), one in known.items():
        if code not in found or found[code].number < number:
            found[code] = one
    return found


def renewed(found: Mapping[Place, Pin], codes: Collection[str]) -> Callable[[str, str], str]:
    """For `papers.quoting.moved`: the newest result's number for these codes, the old one for all others."""

    def to(key: str, number: str) -> str:
        pin = found.get((key, number))
        return str(pin.newest.number) if pin and pin.newest and pin.code in codes else number

    return to
