"""Promotion activities and support for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.delivery_maker import after_passing
from tests.house.cases.delivery_project import HANDLERS, ORGANISERS
from tests.promotion_maker import ACTIVITY, SUPPORT, promotion_in, support_in

OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "delivery.promotion": promotion_in,
    "delivery.support": support_in,
}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "promotion.record": lambda m, o: dict(ACTIVITY),
    "promotion.strike": lambda m, o: {"reason": "演示：重复登记"},
    "support.record": lambda m, o: dict(SUPPORT),
    "support.strike": lambda m, o: {"reason": "演示：重复登记"},
}
MAY: dict[str, set[str]] = {
    "promotion.record": HANDLERS,
    "promotion.strike": HANDLERS,
    "support.record": HANDLERS | ORGANISERS,
    "support.strike": HANDLERS | ORGANISERS,
}
# An archived pilot may have been stopped: that one has no support. And the matrices' clock may stand before the list.
CONTENT_MAY_REFUSE = {"support.record"}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "delivery.promotion": lambda maker: promotion_in(maker, "recorded"),
    "delivery.support": lambda maker: after_passing(lambda m: support_in(m, "recorded"), maker),
}
