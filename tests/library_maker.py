"""Cases of the library, made by the product's own verbs from a pilot under way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qingyuan.kernel import clock
from tests.delivery_maker import DURING, project_in

SECRET = "演示秘密配方"
"""Stands in a field that is marked as a secret: it must appear nowhere outside."""
WORDS: dict[str, Any] = {
    "title": "演示园区蒸汽梯级利用",
    "sectors": ["petrochemical"],
    "pollutants": ["vocs"],
    "measures": ["energy-cascade", "joint-audit"],
    "background": SECRET,
    "done": "演示：十家企业合建一套余热回收系统。",
    "replicability": "演示：有三家以上用汽企业的园区可以照做。",
    "conditions": "演示：管线不超过两公里。",
    "quoted": ["enterprises", "days", "changes"],
    "secrets": {"background": "演示：涉及配方", "fact:days": "演示：涉及合同"},
    "office": "演示科室",
    "phone": "0379-00000000",
}


def practice_in(maker: Any, stage: str, **more: Any) -> Any:
    """A case brought into the stage by the verbs."""
    from qingyuan.delivery.actions import library as actions
    from qingyuan.delivery.models import Practice
    from qingyuan.delivery.queries.library import WITHIN

    world = maker.world
    project = project_in(maker, "running")
    with clock.at(max(clock.now(), datetime.fromisoformat(DURING))):
        one = actions.write(project, by=world.park_handler, **{**WORDS, **more})
        if stage != "draft":
            one = actions.hand_in(one, by=world.park_handler)
        if stage in {"published", "withdrawn"}:
            one = actions.publish(one, by=world.province_signer, content_sha256=one.content_sha256)
        if stage == "withdrawn":
            actions.withdraw(one, by=world.province_signer, reason="演示：数据有误")
    return Practice.objects.select_related(*WITHIN).get(pk=one.pk)
