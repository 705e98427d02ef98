"""Cases of the library for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.house.cases.delivery_project import HANDLERS, ORGANISERS, SIGNER
from tests.library_maker import WORDS, practice_in

OBJECTS: dict[str, Callable[[Any, str], Any]] = {"delivery.practice": practice_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "practice.write": lambda m, o: dict(WORDS),
    "practice.revise": lambda m, o: {**WORDS, "done": "演示：改过"},
    "practice.hand_in": lambda m, o: {},
    "practice.return": lambda m, o: {"remark": "演示：写得具体些"},
    "practice.publish": lambda m, o: {"content_sha256": o.content_sha256},
    "practice.withdraw": lambda m, o: {"reason": "演示：数据有误"},
}
MAY: dict[str, set[str]] = {
    "practice.write": HANDLERS,
    "practice.revise": HANDLERS,
    "practice.hand_in": HANDLERS,
    "practice.return": ORGANISERS,
    "practice.publish": SIGNER,
    "practice.withdraw": SIGNER,
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "delivery.practice": lambda maker: practice_in(maker, "published")
}
