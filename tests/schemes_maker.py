"""Schemes of a submitted pilot, made by the product's own verbs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.pilot_maker import credit_code

OWNER = {"owner": "演示设备部", "due_on": date(2022, 12, 31)}
FIGURES = {
    "invest_wan_cny": Decimal("2.5"),
    "benefit_wan_cny": Decimal("1.2"),
    "electricity_wan_kwh": Decimal("1.5"),
}
HIGH = {"invest_wan_cny": Decimal(120), "benefit_wan_cny": Decimal(40), "cod_t": Decimal("3.25")}


def pilot_of(maker: Any) -> Any:
    """The park's submitted pilot (the one that is there already) with three enterprises, codes 1 to 3."""
    from qingyuan.pilots.models import Pilot

    found = Pilot.objects.filter(call=maker.world.call, applicant=maker.world.park, stage="submitted").first()
    made = found or maker("park", stage="submitted")
    return Pilot.objects.select_related("call__joint_body", "applicant").get(pk=made.pk)


def propose(maker: Any, *, pilot: Any = None, number: int = 1, kind: str = "low", **more: Any) -> Any:
    from qingyuan.audits.actions import scheme as actions

    arguments = {
        "credit_code": credit_code(number),
        "title": "演示：更换照明灯具" if kind == "low" else "演示：膜回收废水",
        "kind": kind,
        "figures": FIGURES if kind == "low" else HIGH,
        **more,
    }
    return actions.propose(pilot or pilot_of(maker), by=maker.world.park_handler, **arguments)


def bring(maker: Any, scheme: Any, stage: str) -> Any:
    """Through the stages up to the one wanted."""
    from qingyuan.audits.actions import scheme as actions
    from qingyuan.audits.models import Scheme

    by = maker.world.park_handler
    if stage == "dropped":
        actions.drop(scheme, by=by, reason="演示：场地不够")
    way = ["proposed", "feasible", "confirmed", "running", "done"]
    wanted = way.index(stage) if stage in way else 0
    if wanted >= 1:
        actions.screen(scheme, by=by, feasibility="演示：技术成熟，投资可收回")
    if wanted >= 2:
        actions.confirm(scheme, by=by, **OWNER)
    if wanted >= 3:
        actions.start(scheme, by=by, started_on=date(2022, 6, 10))
    if wanted >= 4:
        actions.finish(scheme, by=by, finished_on=date(2022, 6, 15), figures={"invest_wan_cny": Decimal(3)})
    return Scheme.objects.select_related("pilot__call__joint_body", "enterprise").get(pk=scheme.pk)


def scheme_in(maker: Any, stage: str) -> Any:
    return bring(maker, propose(maker), stage)
