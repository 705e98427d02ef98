"""Commendations, made by the product's own verbs after a pilot has passed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from qingyuan.kernel import clock
from tests.delivery_maker import DURING, project_in

NAME = "演示某甲"
"""A person on the list: stands nowhere but on the departments' pages and paper."""


def words(maker: Any) -> dict[str, Any]:
    from qingyuan.delivery.commending import Body, Person
    from qingyuan.delivery.models import Project

    of_call = Project.objects.filter(pilot__call=maker.world.call)
    project = of_call.filter(conclusion__outcome="passed").first() or of_call.first()
    return {
        "title": "关于表扬清洁生产审核创新试点先进单位的通报（演示）",
        "basis": "演示：试点通过评估和验收。",
        "attachment_number": "演示附件〔2023〕1号",
        "bodies": [Body(project.pk, project.applicant_id, "演示：组织有力")],
        "persons": [Person(NAME, "演示单位", "演示：工作扎实")],
    }


def commendation_in(maker: Any, stage: str) -> Any:
    """A commendation of the park's pilot, brought into the stage by the verbs."""
    from qingyuan.delivery.actions import commendation as actions
    from qingyuan.delivery.models import Commendation

    world = maker.world
    project_in(maker, "passed")
    with clock.at(max(clock.now(), datetime.fromisoformat(DURING))):
        one = actions.draft(world.joint["henan"], by=world.province_handler, **words(maker))
        if stage in {"cosign", "agreed", "disagreed", "issued"}:
            one = actions.send_for_cosign(
                one, by=world.province_handler, due_at=clock.now() + timedelta(days=5)
            )
        seen = {"content_sha256": one.content_sha256}
        if stage in {"agreed", "issued"}:
            actions.consent(one, by=world.province_signer, **seen)
            one = actions.consent(one, by=world.reform_signer, **seen)
        if stage == "disagreed":
            one = actions.dissent(one, by=world.reform_signer, opinion="演示：再议", **seen)
        if stage == "issued":
            paper = {"document_number": "演示〔2023〕9号", "dated_on": date(2022, 9, 20)}
            one = actions.issue(one, by=world.province_signer, **paper)
        if stage == "dropped":
            one = actions.drop(one, by=world.province_handler)
    return Commendation.objects.select_related("joint_body").get(pk=one.pk)
