"""Draws for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.draw_maker import MINE, THEIRS, announcement, draw_in, promise

ORGANISERS = {"province_handler", "park_and_province"}
SECONDS = {"reform_handler", "reform_signer"}
WATCHER = {"province_signer"}

OBJECTS: dict[str, Callable[[Any, str], Any]] = {"review.draw": draw_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "draw.announce": lambda m, o: announcement(m.world),
    "draw.commit_second": lambda m, o: {"commitment": promise(o)},
    "draw.supervise": lambda m, o: {},
    "draw.reveal_public": lambda m, o: {"value": THEIRS},
    "draw.reveal": lambda m, o: {"secret": MINE},
    "draw.void": lambda m, o: {"party": "other", "reason": "演示：名单有误"},
}
MAY: dict[str, set[str]] = {
    "draw.announce": ORGANISERS,
    "draw.commit_second": SECONDS,
    "draw.supervise": WATCHER,
    "draw.reveal_public": SECONDS | WATCHER,
    "draw.reveal": ORGANISERS | WATCHER,
    "draw.void": ORGANISERS | SECONDS | WATCHER,
}
# Once the public value is known, nobody may void before the time to reveal is over.
CONTENT_MAY_REFUSE = {"draw.void"}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {"review.draw": lambda maker: draw_in(maker, "drawn")}
