"""Which enterprises a pilot's audits cover: those of the application, unless a room above knows the final scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from qingyuan.pilots.models import Pilot, ScopeEntry


@dataclass(frozen=True)
class Covered:
    """One enterprise, as the pilot names it."""

    id: UUID
    name: str
    credit_code: str
    entry: ScopeEntry | None = None
    """What the application states of it, where asked for (`stated`) and where it names it."""


Source = Callable[[Pilot], list[Covered] | None]
_sources: list[Source] = []


def register(source: Source) -> None:
    """`source(pilot)` gives the final scope in one query, or None where it knows nothing of this pilot."""
    if source not in _sources:
        _sources.append(source)


def of(pilot: Pilot) -> list[Covered]:
    """The enterprises in the order of their codes (one or two queries, whatever their number)."""
    for source in _sources:
        found = source(pilot)
        if found is not None:
            return found
    rows = pilot.scope.order_by("enterprise__credit_code").values_list(
        "enterprise_id", "stated_name", "enterprise__credit_code"
    )
    return [Covered(*row) for row in rows]


def stated(pilot: Pilot) -> list[Covered]:
    """The same enterprises with what the application states of them: in its order, then those that came later (two queries)."""
    entries = {entry.enterprise_id: entry for entry in pilot.scope.order_by("pk")}
    order = {pk: place for place, pk in enumerate(entries)}
    found = [replace(one, entry=entries.get(one.id)) for one in of(pilot)]
    return sorted(found, key=lambda one: order.get(one.id, len(order)))
