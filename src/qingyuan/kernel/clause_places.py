"""Where the product carries out a clause of the notice: rooms say it, the clause page and `qingyuan clauses` ask.

A verb says it with its `clauses=`; pages say it here. An object's page cannot be linked without the object, so a
room also names the list from which its verbs are reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from qingyuan.kernel.actions import verbs

Text = str | Promise


@dataclass(frozen=True)
class Place:
    """A page that carries out clauses; `url_name` with `args` must resolve without an object of the database."""

    title: Text
    url_name: str
    clauses: tuple[str, ...]
    args: tuple[str, ...] = ()
    fragment: str = ""

    @property
    def url(self) -> str:
        address = reverse(self.url_name, args=self.args)
        return f"{address}#{self.fragment}" if self.fragment else address


@dataclass(frozen=True)
class Where:
    """One answer to "where is this clause carried out?"; `verb` is empty for pages."""

    title: str
    url: str
    verb: str = ""


_places: dict[tuple[str, tuple[str, ...], str], Place] = {}
_rooms: dict[str, str] = {}


def register(*places: Place) -> None:
    for place in places:
        _places[place.url_name, place.args, place.fragment] = place


def register_room(room: str, url_name: str) -> None:
    """The list from which the verbs of a room are reached."""
    _rooms[room] = url_name


def of(clause_id: str) -> Iterator[Where]:
    """All places of a clause: pages first, then verbs."""
    for place in _places.values():
        if clause_id in place.clauses:
            yield Where(str(place.title), place.url)
    for verb in verbs().values():
        if clause_id in verb.clauses:
            yield Where(str(verb.title), reverse(_rooms[verb.room]) if verb.room in _rooms else "", verb.name)


def named_clauses() -> set[str]:
    """Every clause id that a place or a verb names, for the test that all of them exist."""
    named = {clause for place in _places.values() for clause in place.clauses}
    return named | {clause for verb in verbs().values() for clause in verb.clauses}
