"""To-dos: what waits for whom. Each room contributes; the home page asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class ToDo:
    """One thing that waits for a user; sorted by its deadline, those without one last."""

    title: str
    url: str
    due: datetime | None = None
    kind: str = ""
    detail: str = ""


_sources: list[Callable[[Any], Iterable[ToDo]]] = []


def register(source: Callable[[Any], Iterable[ToDo]]) -> None:
    if source not in _sources:
        _sources.append(source)


def of(user: Any) -> list[ToDo]:
    """Everything that waits for this user, the nearest deadline first."""
    far = datetime.max.replace(tzinfo=UTC)
    return sorted((todo for source in _sources for todo in source(user)), key=lambda todo: todo.due or far)
