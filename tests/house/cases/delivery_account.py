"""The account of the innovation for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.account_maker import codes_of, effort, effort_in, logged, statement_in
from tests.house.cases.delivery_project import HANDLERS, ORGANISERS


def something_to_state(maker: Any, project: Any) -> dict[str, Any]:
    if project.stage == "running" and not project.efforts.exists():
        logged(maker, project, codes=codes_of(project), person_days=5)
    return {}


OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "delivery.effortentry": effort_in,
    "delivery.accountstatement": statement_in,
}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "project.log_effort": lambda m, o: {"row": effort(person_days=3, note="演示单笔")},
    "project.import_efforts": lambda m, o: {"rows": [effort(money=500, kind="money", note="演示批量")]},
    "effort.void": lambda m, o: {"reason": "演示：记错"},
    "project.assume": lambda m, o: {
        "measure": "money",
        "low": Decimal(60000),
        "mid": Decimal(80000),
        "high": Decimal(120000),
        "source": "演示：2021 年三份审核合同",
    },
    "project.state_coverage": lambda m, o: {
        "quantity": "工业总产值",
        "unit": "亿元",
        "year": 2021,
        "covered": Decimal(30),
        "total": Decimal(40),
        "source": "演示统计年鉴",
    },
    "project.declare_log": lambda m, o: {"measures": ["person_days"]},
    "project.state_account": something_to_state,
    "statement.release": lambda m, o: {},
    "statement.retract": lambda m, o: {"reason": "演示：有误"},
}
MAY: dict[str, set[str]] = {
    **dict.fromkeys(
        (
            "project.log_effort",
            "project.import_efforts",
            "effort.void",
            "project.assume",
            "project.state_coverage",
            "project.declare_log",
            "project.state_account",
        ),
        HANDLERS,
    ),
    "statement.release": ORGANISERS,
    "statement.retract": ORGANISERS,
}
CONTENT_MAY_REFUSE = {"project.state_account"}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "delivery.effortentry": lambda maker: effort_in(maker, "valid"),
    "delivery.accountstatement": lambda maker: statement_in(maker, "public"),
}
