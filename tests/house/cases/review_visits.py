"""Site visits for the matrices: the park's, led by an officer of the co-signing department."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from qingyuan.kernel import clock
from tests.visit_maker import answer_all, members, photo_in, visit_in

ORGANISERS = {"province_handler", "park_and_province"}


def tomorrow() -> Any:
    return clock.local(clock.now()).date() + timedelta(days=1)


def arrange(maker: Any, round_: Any) -> dict[str, Any]:
    """There must be something to arrange."""
    from qingyuan.review import actions

    case = round_.cases.order_by("number").first()
    actions.plan_visit(case, by=maker.world.province_handler, reason="演示")
    return {"days": [tomorrow()], "start": None}


def conclude(_maker: Any, visit: Any) -> dict[str, Any]:
    answer_all(visit)
    return {"conclusion": "演示：总体相符"}


OBJECTS: dict[str, Callable[[Any, str], Any]] = {"review.visit": visit_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "visit.plan": lambda m, o: {"reason": "演示：专家建议核实"},
    "visit.plan_drawn": lambda m, o: {},
    "visit.arrange": arrange,
    "visit.schedule": lambda m, o: {
        "day": tomorrow(),
        "position": 1,
        "address": "演示路 2 号",
        "place": None,
    },
    "visit.set_team": lambda m, o: {"members": members(m.world), "lead": m.world.reform_handler},
    "visit.notify": lambda m, o: {},
    "visit.conclude": conclude,
    "visit.reply": lambda m, o: {"reply": "演示：无意见"},
    "visit.sign_team": lambda m, o: {},
    "visit.sign_applicant": lambda m, o: {},
    "visit.cancel": lambda m, o: {"reason": "演示：改期"},
}
MAY: dict[str, set[str]] = {
    **dict.fromkeys(
        (
            "visit.plan",
            "visit.plan_drawn",
            "visit.arrange",
            "visit.schedule",
            "visit.set_team",
            "visit.notify",
            "visit.cancel",
        ),
        ORGANISERS,
    ),
    "visit.conclude": {"reform_handler"},
    "visit.sign_team": {"reform_handler"},
    "visit.reply": {"park_handler", "park_lead", "park_and_province"},
    "visit.sign_applicant": {"park_signer"},
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "review.visit": lambda maker: visit_in(maker, "notified"),
    "review.visitphoto": photo_in,
}
