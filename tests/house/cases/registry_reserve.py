"""The financing reserve for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.reserve_maker import COMPLETE, FINANCED, project_in

KEEPERS = {"province_handler", "park_and_province"}
WRITERS = {"park_handler", "park_lead", "park_and_province", "consultant"}

OBJECTS: dict[str, Callable[[Any, str], Any]] = {"registry.reserveproject": project_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "reserve.nominate": lambda m, o: {"title": "演示：余热利用"},
    "reserve.revise": lambda m, o: COMPLETE,
    "reserve.admit": lambda m, o: {"admitted_on": date(2022, 6, 18)},
    "reserve.finance": lambda m, o: FINANCED,
    "reserve.withdraw": lambda m, o: {"reason": "演示：不再建设"},
    "scheme.nominate": lambda m, o: {},
}
MAY: dict[str, set[str]] = {
    "reserve.nominate": KEEPERS,
    "reserve.revise": KEEPERS | WRITERS,
    "reserve.admit": KEEPERS,
    "reserve.finance": KEEPERS,
    "reserve.withdraw": KEEPERS,
    "scheme.nominate": WRITERS,
}
CONTENT_MAY_REFUSE = {
    # The matrix's project lacks what a bank asks; its scheme is one at low cost.
    "reserve.admit",
    "scheme.nominate",
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "registry.reserveproject": lambda maker: project_in(maker, "nominated"),
}
