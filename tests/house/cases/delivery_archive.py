"""The archive of a project for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.house.cases.delivery_project import ORGANISERS


def volume_of(project: Any) -> Any:
    from qingyuan.delivery import volume

    return volume.make(project)


ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "project.archive": lambda m, o: {"volume": volume_of(o)}
}
MAY: dict[str, set[str]] = {"project.archive": ORGANISERS}
