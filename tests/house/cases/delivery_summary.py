"""Summary reports for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.house.cases.delivery_project import HANDLERS, ORGANISERS
from tests.summary_maker import summary_in


def sealed_of(summary: Any) -> Any:
    from qingyuan.delivery import summary_text

    return summary_text.seal(summary)


OBJECTS: dict[str, Callable[[Any, str], Any]] = {"delivery.summary": summary_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "summary.begin": lambda m, o: {},
    "summary.hand_in": lambda m, o: {"sealed": sealed_of(o)},
    "summary.return": lambda m, o: {"remark": "演示：补充数据"},
    "summary.accept": lambda m, o: {"content_sha256": o.content_sha256},
}
MAY: dict[str, set[str]] = {
    "summary.begin": HANDLERS,
    "summary.hand_in": HANDLERS,
    "summary.return": ORGANISERS,
    "summary.accept": ORGANISERS,
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "delivery.summary": lambda maker: summary_in(maker, "writing")
}
