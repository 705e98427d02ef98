"""Evaluation and acceptance for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.delivery_maker import CONCLUSION
from tests.house.cases.delivery_project import ORGANISERS

ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "project.conclude": lambda m, o: {
        **CONCLUSION,
        "listed_on": date(2022, 9, 20),
        "evidence": m.upload(by=m.world.province_handler, name="名单.pdf"),
    },
}
MAY: dict[str, set[str]] = {
    # The State decides outside the product: the host of the province records.
    "project.conclude": ORGANISERS,
}
