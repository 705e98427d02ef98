"""Process management of approved pilots for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.delivery_maker import report_in
from tests.house.cases.delivery_project import HANDLERS, ORGANISERS


def first_row(project: Any) -> Any:
    from qingyuan.delivery.phases import PhaseRow

    one = project.scope.select_related("enterprise").first()
    return PhaseRow(one.enterprise.credit_code, 1, date(2022, 6, 1))


OBJECTS: dict[str, Callable[[Any, str], Any]] = {"delivery.progressreport": report_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "project.set_phases": lambda m, o: {"rows": [first_row(o)]},
    "project.begin_report": lambda m, o: {},
    "report.hand_in": lambda m, o: {"draft_revision": o.draft_revision},
    "report.accept": lambda m, o: {},
    "report.send_back": lambda m, o: {"opinion": "演示：请补充佐证"},
    "project.explain_deviation": lambda m, o: {
        "rule": "report_late",
        "item": "2022-09-15",
        "cause": "演示：数据核实",
        "measure": "演示：月底前补报",
        "until": date(2023, 12, 31),
    },
    "call.set_rhythm": lambda m, o: {
        "rhythm": "monthly",
        "due_days": 5,
        "from_on": date(2023, 1, 1),
        "reason": "演示：国家要求按月调度",
    },
}
MAY: dict[str, set[str]] = {
    "project.set_phases": HANDLERS,
    "project.begin_report": HANDLERS,
    "report.hand_in": HANDLERS,
    "project.explain_deviation": HANDLERS,
    "report.accept": ORGANISERS,
    "report.send_back": ORGANISERS,
    "call.set_rhythm": {"state_handler"},
}
CONTENT_MAY_REFUSE = {"project.begin_report", "project.explain_deviation", "report.hand_in"}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "delivery.progressreport": lambda maker: report_in(maker, "handed_in"),
}
