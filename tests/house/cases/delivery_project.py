"""Approved pilots and changes of their baseline for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.delivery_maker import APPROVAL, change_in, project_in

HANDLERS = {"park_handler", "park_lead", "park_and_province"}
ORGANISERS = {"province_handler", "park_and_province"}
SIGNER = {"province_signer"}

OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "delivery.project": project_in,
    "delivery.changerequest": change_in,
}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "project.start": lambda m, o: {"started_on": date(2022, 9, 15), **APPROVAL},
    "project.ask_change": lambda m, o: {
        "kind": "term",
        "becomes": "2022-06-01 至 2024-12-31",
        "reason": "演示：设备到货推迟",
    },
    "project.stop": lambda m, o: {"reason": "演示：主体工程停建"},
    "change.approve": lambda m, o: {},
    "change.refuse": lambda m, o: {"opinion": "演示：理由不充分"},
    "change.withdraw": lambda m, o: {},
}
MAY: dict[str, set[str]] = {
    # Approved: the applicant starts; recommended, the State deciding elsewhere: the host does.
    "project.start": HANDLERS | ORGANISERS,
    "project.ask_change": HANDLERS,
    "project.stop": SIGNER,
    "change.approve": SIGNER,
    "change.refuse": SIGNER,
    "change.withdraw": HANDLERS,
}
CONTENT_MAY_REFUSE = {"project.start"}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "delivery.project": lambda maker: project_in(maker, "running"),
    "delivery.changerequest": lambda maker: change_in(maker, "asked"),
}
