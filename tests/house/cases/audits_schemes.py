"""Schemes and their sheet for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from tests.pilot_maker import credit_code
from tests.schemes_maker import OWNER, scheme_in

KEEPERS = {"park_handler", "park_lead", "park_and_province", "consultant"}


def sheet_rows(_maker: Any, _pilot: Any) -> dict[str, Any]:
    from qingyuan.workbooks.performance import SchemeRow

    row = SchemeRow(
        enterprise_code=credit_code(1),
        kind="low",
        number=None,
        title="演示：余热利用",
        figures={"invest_wan_cny": Decimal(3)},
    )
    return {"rows": [row], "basis": "planned"}


OBJECTS: dict[str, Callable[[Any, str], Any]] = {"audits.scheme": scheme_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "scheme.propose": lambda m, o: {
        "credit_code": credit_code(1),
        "title": "演示：更换灯具",
        "figures": {"invest_wan_cny": Decimal("2.5")},
    },
    "scheme.revise": lambda m, o: {"title": "演示：更换全部灯具", "reason": "演示：范围扩大", **OWNER},
    "scheme.screen": lambda m, o: {"feasibility": "演示：可行"},
    "scheme.confirm": lambda m, o: OWNER,
    "scheme.start": lambda m, o: {"started_on": date(2022, 6, 1)},
    "scheme.finish": lambda m, o: {"finished_on": date(2022, 6, 18), "figures": {}},
    "scheme.measure": lambda m, o: {"figures": {"water_t": Decimal(10)}},
    "scheme.drop": lambda m, o: {"reason": "演示：场地不够"},
    "scheme.restore": lambda m, o: {},
    "scheme.take_in": sheet_rows,
}
MAY: dict[str, set[str]] = dict.fromkeys(ARGUMENTS, KEEPERS)
CONTENT_MAY_REFUSE = {
    # A pilot that is being drafted may have no enterprise in its scope yet.
    "scheme.propose",
    "scheme.take_in",
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "audits.scheme": lambda maker: scheme_in(maker, "running"),
}
