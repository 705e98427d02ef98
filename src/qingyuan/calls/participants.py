"""Who else must hear of a change to a call: rooms above this one say so here (an extension goes to all)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qingyuan.calls.models import Call
from qingyuan.people.models import Organisation

_sources: list[Callable[[Call], Iterable[Organisation]]] = []


def register(source: Callable[[Call], Iterable[Organisation]]) -> None:
    if source not in _sources:
        _sources.append(source)


def of(call: Call) -> list[Organisation]:
    """Addressees and everybody who takes part, each once."""
    bodies = {body.pk: body for body in call.addressees.all()}
    for source in _sources:
        bodies.update({body.pk: body for body in source(call)})
    return list(bodies.values())
