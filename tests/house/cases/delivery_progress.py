"""Process management of approved pilots for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.house.cases.delivery_project import HANDLERS


def first_row(project: Any) -> Any:
    from qingyuan.delivery.phases import PhaseRow

    one = project.scope.select_related("enterprise").first()
    return PhaseRow(one.enterprise.credit_code, 1, date(2022, 6, 1))


ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "project.set_phases": lambda m, o: {"rows": [first_row(o)]},
}
MAY: dict[str, set[str]] = {
    "project.set_phases": HANDLERS,
}
