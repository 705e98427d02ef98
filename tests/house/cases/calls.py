"""Calls and their supplements for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from qingyuan.kernel import clock

LATER = datetime.fromisoformat("2022-07-05T18:00:00+08:00")


def call_in(maker: Any, stage: str) -> Any:
    """The State's call: Henan's is open already."""
    from qingyuan.calls import actions as calls
    from qingyuan.calls.models import Call

    world = maker.world
    call = calls.prepare(
        world.joint["state"],
        by=world.state_handler,
        notice_id="national-2022",
        opens_at=clock.now(),
        closes_at=LATER,
        addressees=[world.henan_ecology],
    )
    if stage != "draft":
        calls.send_for_cosign(call, by=world.state_handler)
        calls.consent(call, by=world.ndrc_signer)
    if stage == "open":
        calls.publish(call, by=world.state_signer)
    return Call.objects.get(pk=call.pk)


def supplement_in(maker: Any, stage: str) -> Any:
    from qingyuan.calls import actions as calls

    world = maker.world
    supplement = calls.propose_supplement(
        world.call, by=world.province_handler, new_closes_at=LATER, reason="演示"
    )
    if stage == "dropped":
        calls.drop_supplement(supplement, by=world.province_handler)
    else:
        calls.consent_to_supplement(supplement, by=world.reform_signer)
        if stage == "issued":
            calls.issue_supplement(supplement, by=world.province_signer)
    return type(supplement).objects.get(pk=supplement.pk)


OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "calls.call": call_in,
    "calls.supplement": supplement_in,
}


ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "call.consent": lambda m, o: {},
    "call.prepare": lambda m, o: {
        "notice_id": "national-2022",
        "opens_at": clock.now(),
        "closes_at": LATER,
        "addressees": [],
    },
    "call.publish": lambda m, o: {},
    "call.return_to_draft": lambda m, o: {"remark": "演示"},
    "call.revise": lambda m, o: {"opens_at": clock.now(), "closes_at": LATER, "addressees": []},
    "call.send_for_cosign": lambda m, o: {},
    "supplement.consent": lambda m, o: {},
    "supplement.drop": lambda m, o: {},
    "supplement.issue": lambda m, o: {},
    "supplement.propose": lambda m, o: {"new_closes_at": LATER + timedelta(days=5), "reason": "演示"},
}


MAY: dict[str, set[str]] = {
    "call.consent": {"ndrc_signer"},
    "call.prepare": {"state_handler"},
    "call.publish": {"state_signer"},
    "call.return_to_draft": {"ndrc_signer", "state_handler"},
    "call.revise": {"state_handler"},
    "call.send_for_cosign": {"state_handler"},
    "supplement.consent": {"reform_signer"},
    "supplement.drop": {"province_handler", "park_and_province", "reform_signer"},
    "supplement.issue": {"province_signer"},
    "supplement.propose": {"state_handler"},
}
