"""Experts of a round in every state, made by the product's own verbs; ends of the way that need a score are set."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from qingyuan.catalogue import promises
from qingyuan.kernel import clock
from tests.review_maker import case_in, round_in


def due(days: int = 10) -> Any:
    return clock.now() + timedelta(days=days)


def invited(round_: Any, experts: list[Any], *, by: Any, is_reserve: bool = False) -> list[Any]:
    from qingyuan.review import actions

    return actions.invite_experts(round_, by=by, experts=experts, reply_due_at=due(), is_reserve=is_reserve)


def ready(appointment: Any, *, interests: Any = ()) -> Any:
    """Accepted, promised and declared by the expert."""
    from qingyuan.review import actions
    from qingyuan.review.models import Appointment

    form = promises.form_on(clock.local(clock.now()).date())
    person = appointment.expert.user
    actions.accept(appointment, by=person, promises_sha256=form.sha256)
    actions.declare(appointment, by=person, interests=interests)
    return Appointment.objects.select_related(
        "expert__user", "expert__employer", "round__call__joint_body"
    ).get(pk=appointment.pk)


def pool(world: Any, count: int, **same: Any) -> list[Any]:
    """Experts of Henan's pool: H-01, H-02, … with accounts of their own."""
    from qingyuan.people.models import Expert
    from qingyuan.people.pool import actions
    from qingyuan.people.pool.actions import PoolRow

    rows = [
        PoolRow(
            code=f"H-{number:02}",
            name=f"演示专家{number}",
            email=f"h{number:02}@example.org",
            fields=("electroplating",) if number % 2 else ("papermaking",),
            **same,
        )
        for number in range(1, count + 1)
    ]
    actions.import_pool(world.henan_ecology, by=world.province_handler, rows=rows)
    return list(
        Expert.objects.filter(code__startswith="H-").select_related("user", "employer").order_by("code")
    )


def assigned(case: Any, appointment: Any, *, by: Any, is_reserve: bool = False) -> Any:
    from qingyuan.review import actions
    from qingyuan.review.models import Assignment

    made = actions.assign(
        case.round, by=by, case=case, appointment=appointment, due_at=due(), is_reserve=is_reserve
    )
    return Assignment.objects.select_related(
        "case__round__call__joint_body", "case__submission", "appointment__expert__user"
    ).get(pk=made.pk)


def appointment_in(maker: Any, stage: str) -> Any:
    """The cast's expert asked for a round."""
    from qingyuan.review import actions
    from qingyuan.review.models import Appointment

    world = maker.world
    round_ = round_in(maker, "reviewing")
    known = Appointment.objects.filter(round=round_, expert=world.expert.expert).first()
    made = known or invited(round_, [world.expert.expert], by=world.province_handler)[0]
    if stage in {"accepted", "released"} and made.stage == Appointment.Stage.INVITED:
        ready(made)
    if stage == "declined":
        actions.decline(made, by=world.expert, reason="演示")
    if stage == "released":
        actions.release_expert(made, by=world.province_handler, reason="演示")
    return Appointment.objects.select_related("expert__user", "round__call__joint_body").get(pk=made.pk)


def assignment_in(maker: Any, stage: str) -> Any:
    """A case under assessment given to the cast's expert."""
    from qingyuan.review.models import Assignment

    case = case_in(maker, "assessment")
    made = assigned(case, appointment_in(maker, "accepted"), by=maker.world.province_handler)
    Assignment.objects.filter(pk=made.pk).update(stage=stage)
    return Assignment.objects.select_related(
        "case__round__call__joint_body", "case__submission", "appointment__expert__user"
    ).get(pk=made.pk)
