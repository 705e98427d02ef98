"""Promotion activities and support, recorded by the product's own verbs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qingyuan.kernel import clock
from tests.delivery_maker import DURING, project_in

ACTIVITY: dict[str, Any] = {
    "title": "演示现场会",
    "kind": "meeting",
    "held_on": date(2022, 6, 1),
    "place": "演示园区",
    "bodies": 30,
    "people": 120,
}
SUPPORT: dict[str, Any] = {
    "kind": "reward",
    "amount": Decimal("50.5"),
    "basis": "演示〔2023〕7号",
    "given_by": "演示市财政局",
    "given_on": date(2022, 9, 20),
}


def promotion_in(maker: Any, stage: str) -> Any:
    from qingyuan.delivery.actions import promotion as actions
    from qingyuan.delivery.models import Promotion
    from qingyuan.delivery.queries.promotion import WITHIN

    world = maker.world
    project = project_in(maker, "running")
    one = actions.record(world.park, by=world.park_handler, project=project.pk, **ACTIVITY)
    if stage == "struck":
        actions.strike(one, by=world.park_handler, reason="演示：重复登记")
    return Promotion.objects.select_related(*WITHIN).get(pk=one.pk)


def support_in(maker: Any, stage: str) -> Any:
    from qingyuan.delivery.actions import promotion as actions
    from qingyuan.delivery.models import Support
    from qingyuan.delivery.queries.promotion import SUPPORT_WITHIN

    world = maker.world
    project = project_in(maker, "passed")
    with clock.at(max(clock.now(), datetime.fromisoformat(DURING))):
        one = actions.record_support(project, by=world.province_handler, **SUPPORT)
        if stage == "struck":
            actions.strike_support(one, by=world.park_handler, reason="演示：重复登记")
    return Support.objects.select_related(*SUPPORT_WITHIN).get(pk=one.pk)
