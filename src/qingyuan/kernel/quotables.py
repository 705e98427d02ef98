"""Quotables: figures, tables and charts that other rooms may quote by a versioned key, resolved in batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Key:
    """`kind` names the room's resolver, `id` and `version` the thing; version "" is live."""

    kind: str
    id: str
    version: str = ""


@dataclass(frozen=True)
class Quote:
    """What a key stands for now: the value, its unit, where it comes from, and whether a newer version exists."""

    label: str
    value: Any
    unit: str = ""
    source_url: str = ""
    is_stale: bool = False


_resolvers: dict[str, Callable[[Sequence[Key]], Mapping[Key, Quote]]] = {}


def register(kind: str, resolver: Callable[[Sequence[Key]], Mapping[Key, Quote]]) -> None:
    """Let a room answer for one kind of keys; it gets all keys of a page in one call."""
    if _resolvers.setdefault(kind, resolver) is not resolver:
        raise ValueError(f"two rooms answer for quotables of kind {kind!r}")


def resolve(keys: Sequence[Key]) -> dict[Key, Quote]:
    """Resolve a batch; keys whose thing does not exist (any more) are absent from the answer."""
    by_kind: dict[str, list[Key]] = defaultdict(list)
    for key in keys:
        by_kind[key.kind].append(key)
    found: dict[Key, Quote] = {}
    for kind, batch in by_kind.items():
        if kind in _resolvers:
            found.update(_resolvers[kind](batch))
    return found
