"""To-dos: what waits for whom. Each room contributes; the home page asks.

A room registers a source together with the rows among which something could wait for a person. The home asks the
database ONE question about all sources of all rooms (is there a row?) and runs those that have something, so that
a page costs what waits, not what might.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, overload

from django.contrib.auth import get_user_model
from django.db.models import Exists, QuerySet

from qingyuan.kernel.permission import is_signed_in


@dataclass(frozen=True)
class ToDo:
    """One thing that waits for a user; sorted by its deadline, those without one last."""

    title: str
    url: str
    due: datetime | None = None
    kind: str = ""
    detail: str = ""


Rows = Callable[[Any], QuerySet[Any] | None]
"""From a user to the rows among which something could wait; None: nothing of this kind ever waits for this user."""


class _Source(NamedTuple):
    find: Callable[..., Iterable[ToDo]]
    among: Rows | None


_sources: list[_Source] = []


@overload
def register(source: Callable[[Any], Iterable[ToDo]]) -> None: ...
@overload
def register(source: Callable[[Any, Any], Iterable[ToDo]], *, among: Rows) -> None: ...
def register(source: Callable[..., Iterable[ToDo]], *, among: Rows | None = None) -> None:
    """Let a room say what waits for a signed-in user: `source(user, rows)` with the rows of `among(user)`.

    The source iterates the rows it is given and does not word their condition again. It is not run where there are
    none. Sources with the same `among` get the very same rows: what one has read, the next does not read again.
    Without `among` the source is `source(user)` and is always run: for what no rows can tell.
    """
    if (known := _Source(source, among)) not in _sources:
        _sources.append(known)


def of(user: Any) -> list[ToDo]:
    """Everything that waits for this user, the nearest deadline first (one query, and those of what waits)."""
    if not is_signed_in.test(user):
        return []
    waiting = _with_something(user)
    found: list[ToDo] = []
    for source in _sources:
        if source.among is None:
            found += source.find(user)
        elif source.among in waiting:
            found += source.find(user, waiting[source.among])
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda todo: todo.due or far)


def _with_something(user: Any) -> dict[Rows, QuerySet[Any]]:
    """The rows of the sources that have any for this user (one query for all, none if no source is concerned)."""
    asked: dict[Rows, QuerySet[Any]] = {}
    for among in dict.fromkeys(source.among for source in _sources):
        if among is not None and (rows := among(user)) is not None:
            asked[among] = rows
    if not asked:
        return {}
    answers = get_user_model().objects.values_list(*map(_exists, asked.values())).get(pk=user.pk)
    return {among: rows for (among, rows), there in zip(asked.items(), answers, strict=True) if there}


def _exists(rows: QuerySet[Any]) -> Exists:
    """A limit would keep the database from stopping at the first row (a sliced DISTINCT is read whole)."""
    query = rows.query.clone()
    if not query.low_mark:
        query.clear_limits()
    return Exists(query)
