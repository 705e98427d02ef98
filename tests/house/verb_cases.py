"""For every verb: objects in every stage of its aggregate, and arguments with which it would succeed.

Each room keeps its own tables in `tests/house/cases/`; here they come together.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from tests.house import cases as rooms

OBJECTS: dict[str, Callable[[Any, str], Any]] = {}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {}
MAY: dict[str, set[str]] = {}
"""Who of the cast may, by verb."""
CONTENT_MAY_REFUSE: set[str] = set()
"""Verbs that some right holders are refused for a reason of content; everywhere else the table must be exact."""
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {}
"""Objects of routes by the label of their model."""
MOVED_FROM_ELSEWHERE: dict[str, set[str]] = {}
"""Stages into which the verb of another aggregate brings an object."""

for _module in iter_modules(rooms.__path__, f"{rooms.__name__}."):
    _room = import_module(_module.name)
    for _mine, _theirs in (
        (OBJECTS, "OBJECTS"),
        (ARGUMENTS, "ARGUMENTS"),
        (MAY, "MAY"),
        (ROUTE_OBJECTS, "ROUTE_OBJECTS"),
    ):
        _table: dict[str, Any] = getattr(_room, _theirs, {})
        assert not _table.keys() & _mine.keys(), f"{_module.name} says again: {_table.keys() & _mine.keys()}"
        _mine.update(_table)
    CONTENT_MAY_REFUSE |= getattr(_room, "CONTENT_MAY_REFUSE", set())
    for _label, _stages in getattr(_room, "MOVED_FROM_ELSEWHERE", {}).items():
        MOVED_FROM_ELSEWHERE.setdefault(_label, set()).update(_stages)
