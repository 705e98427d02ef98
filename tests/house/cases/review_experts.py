"""Appointments and assignments for the matrices: the cast's expert in Henan's round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from qingyuan.catalogue import promises
from qingyuan.kernel import clock
from tests.experts_maker import appointment_in, assignment_in, pool, ready
from tests.review_maker import case_in

HANDLERS = {"province_handler", "park_and_province"}


def _later() -> Any:
    return clock.now() + timedelta(days=10)


def _given(maker: Any, round_: Any) -> dict[str, Any]:
    """A case under assessment and an expert who is ready for it, without touching the round's stage."""
    from qingyuan.review import actions
    from qingyuan.review.models import Round

    stage = round_.stage
    case = case_in(maker, "assessment")
    (expert,) = pool(maker.world, 1)
    (made,) = actions.invite_experts(
        case.round, by=maker.world.province_handler, experts=[expert], reply_due_at=_later()
    )
    appointment = ready(made)
    Round.objects.filter(pk=round_.pk).update(stage=stage)
    return {"case": case, "appointment": appointment, "due_at": _later()}


def _plan(maker: Any, round_: Any) -> dict[str, Any]:
    given = _given(maker, round_)
    return {"pairs": [(given["case"].pk, given["appointment"].pk)], "due_at": given["due_at"]}


OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "review.appointment": appointment_in,
    "review.assignment": assignment_in,
}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "round.invite_experts": lambda m, o: {"experts": pool(m.world, 2), "reply_due_at": _later()},
    "round.assign": _given,
    "round.assign_all": _plan,
    "appointment.accept": lambda m, o: {
        "promises_sha256": promises.form_on(clock.local(clock.now()).date()).sha256
    },
    "appointment.decline": lambda m, o: {"reason": "演示"},
    "appointment.declare": lambda m, o: {"interests": [{"body_name": "演示单位", "relation": "consulting"}]},
    "appointment.release": lambda m, o: {"reason": "演示"},
    "assignment.recuse": lambda m, o: {"reason": "演示"},
    "assignment.replace": lambda m, o: {"reason": "演示", "by_appointment": None},
}
MAY: dict[str, set[str]] = {
    "round.invite_experts": HANDLERS,
    "round.assign": HANDLERS,
    "round.assign_all": HANDLERS,
    "appointment.accept": {"expert"},
    "appointment.decline": {"expert"},
    "appointment.declare": {"expert"},
    "appointment.release": HANDLERS,
    "assignment.recuse": {"expert"},
    "assignment.replace": HANDLERS,
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "review.appointment": lambda maker: appointment_in(maker, "accepted"),
    "review.assignment": lambda maker: assignment_in(maker, "started"),
}
# Started and submitted with the assessment itself.
MOVED_FROM_ELSEWHERE = {"review.assignment": {"started", "submitted"}, "review.appointment": {"invited"}}
