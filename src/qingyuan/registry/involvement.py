"""In which pilots an enterprise takes part: the rooms that know it register here; this room does not import them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from qingyuan.registry.standing import Participation


@dataclass(frozen=True)
class Involvement:
    """One pilot: its title, address, and how the enterprise stands in it."""

    title: str
    url: str
    state: str


Source = Callable[[Any, list[UUID]], Iterable[Involvement]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """`source(user, enterprise ids)` gives what this user may see, in a constant number of queries."""
    if source not in _sources:
        _sources.append(source)


def of(user: Any, enterprises: list[UUID]) -> list[Involvement]:
    return [one for source in _sources for one in source(user, enterprises)]


Participations = Callable[[list[UUID]], Iterable[tuple[UUID, Participation]]]
_participations: list[Participations] = []


def register_participations(source: Participations) -> None:
    """`source(enterprise ids)` says in which approved pilots each stands and how it ended, whoever asks (constant queries).

    Who may read the answer is decided where it is shown: the enterprise itself, and the departments that keep it.
    """
    if source not in _participations:
        _participations.append(source)


def participations(enterprises: list[UUID]) -> list[tuple[UUID, Participation]]:
    return [one for source in _participations for one in source(enterprises)]
