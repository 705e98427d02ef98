"""Projects of the financing reserve, made by the product's own verbs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.schemes_maker import bring, propose

COMPLETE = {
    "title": "演示：膜回收废水",
    "investment_code": "2021-410300-26-03-001234",
    "total_invest_wan_cny": Decimal(300),
    "own_funds_wan_cny": Decimal(100),
    "benefit_wan_cny": Decimal(50),
    "om_wan_cny": Decimal(10),
    "life_years": Decimal(10),
    "environmental_benefit": "演示：COD 12 t/年",
    "eia": "obtained",
    "land": "not_needed",
    "permit": "obtained",
    "contact_body": "演示·洛阳新材料产业园区管委会",
}
FINANCED = {"financed_on": date(2022, 6, 19), "financed_wan_cny": Decimal(150), "financed_by": "演示银行"}


def nominated(maker: Any, *, number: int = 1) -> Any:
    """Out of a feasible scheme of the park's pilot."""
    from qingyuan.audits.actions import reserve as schemes

    scheme = bring(maker, propose(maker, number=number, kind="high"), "feasible")
    return schemes.nominate(scheme, by=maker.world.park_handler)


def project_in(maker: Any, stage: str) -> Any:
    from qingyuan.registry.actions import reserve as actions
    from qingyuan.registry.models import ReserveProject

    made, by = nominated(maker), maker.world.province_handler
    if stage in {"admitted", "financed"}:
        actions.revise(made, by=maker.world.park_handler, **COMPLETE)
        actions.admit(made, by=by, admitted_on=date(2022, 6, 18))
    if stage == "financed":
        actions.finance(made, by=by, **FINANCED)
    if stage == "withdrawn":
        actions.withdraw(made, by=by, reason="演示：不再建设")
    return ReserveProject.objects.select_related("enterprise", "nominated_by").get(pk=made.pk)
