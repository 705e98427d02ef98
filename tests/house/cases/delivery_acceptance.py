"""Evaluation and acceptance for the matrices: what the State approved here, and what is recorded from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests import acceptance_maker as made
from tests.delivery_maker import CONCLUSION, reached
from tests.house.cases.delivery_project import HANDLERS, ORGANISERS

STATE = {"state_handler"}


def evidence(maker: Any) -> Any:
    return maker.upload(by=maker.world.park_handler, name="佐证.pdf")


def attached(maker: Any, rectification: Any) -> Any:
    """A file of the first item; it stays where an answer has it already."""
    from qingyuan.delivery.models import RectificationEvidence
    from qingyuan.kernel import clock

    item = rectification.items.first()
    found = item.evidence.first()
    return found or RectificationEvidence.objects.create(item=item, upload=evidence(maker), at=clock.now())


def answers(maker: Any, rectification: Any) -> Any:
    from qingyuan.delivery.models import RectificationEvidence
    from qingyuan.kernel import clock

    for item in rectification.items.all():
        if not item.evidence.exists():
            RectificationEvidence.objects.create(item=item, upload=evidence(maker), at=clock.now())
    return {"answers": {item.position: "演示：已补充" for item in rectification.items.all()}}


OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "delivery.acceptancefiling": made.filing_in,
    "delivery.rectification": made.rectification_in,
}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "project.conclude": lambda m, o: {
        **CONCLUSION,
        "listed_on": date(2022, 9, 20),
        "evidence": m.upload(by=m.world.province_handler, name="名单.pdf"),
    },
    "project.hand_in": lambda m, o: {"summary": "演示：工作已经完成", "reached": reached(o)},
    "filing.take_in": lambda m, o: {},
    "filing.send_back": lambda m, o: {"reason": "演示：缺少台账"},
    "rectification.attach": lambda m, o: {"position": 1, "upload": evidence(m)},
    "rectification.detach": lambda m, o: {"evidence": attached(m, o)},
    "rectification.answer": answers,
    "rectification.accept": lambda m, o: {},
    "rectification.send_back": lambda m, o: {"remark": "演示：不足", "due_on": date(2024, 3, 1)},
    "rectification.lapse": lambda m, o: {"remark": "演示：逾期"},
}
MAY: dict[str, set[str]] = {
    # The State decides outside the product: the host of the province records.
    "project.conclude": ORGANISERS,
    "project.hand_in": HANDLERS,
    "filing.take_in": STATE,
    "filing.send_back": STATE,
    "rectification.attach": HANDLERS,
    "rectification.detach": HANDLERS,
    "rectification.answer": HANDLERS,
    "rectification.accept": STATE,
    "rectification.send_back": STATE,
    "rectification.lapse": STATE,
}
# The world's clock stands before the day on which the pilot began, and before any day of a rectification has passed;
# tests/delivery runs both at their time.
CONTENT_MAY_REFUSE = {"project.conclude", "rectification.lapse"}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "delivery.acceptancefiling": lambda maker: made.filing_in(maker, "handed_in"),
    "delivery.rectification": lambda maker: made.rectification_in(maker, "asked"),
}
# By the released decision of the State's round.
MOVED_FROM_ELSEWHERE = {"delivery.project": {"rectifying"}}
