"""公示 and its objections for the matrices: on the one agreed decision of a call that asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from qingyuan.kernel import clock
from tests.cast import PEOPLE
from tests.house.cases.review_decision import HANDLERS, decision_in

EVERYBODY = {key for key, _name, _places in PEOPLE} | {"operator", "anonymous"}
OBJECTOR, CONTACT = "演示·异议人王某", "异议电话 0371-00000000"


def asks_publicity(round_: Any) -> None:
    """The call of the round asks for 公示."""
    from qingyuan.calls.models import Call

    call = Call.objects.get(pk=round_.call_id)
    Call.objects.filter(pk=call.pk).update(options=call.options | {"publicity": True})


def asking(decision: Any) -> dict[str, Any]:
    """What opens a period of eight days on this decision."""
    asks_publicity(decision.round)
    return {"ends_at": clock.now() + timedelta(days=8), "contact": "演示：某厅科技处", "answer_days": 15}


def objection(**more: Any) -> dict[str, Any]:
    return {"objector": OBJECTOR, "objector_contact": CONTACT, "text": "演示：数据不实", **more}


def moved_back(publicity: Any, *, by: timedelta) -> Any:
    """The same period that much earlier: a test's clock stands still."""
    type(publicity).objects.filter(pk=publicity.pk).update(
        starts_at=publicity.starts_at - by, ends_at=publicity.ends_at - by
    )
    return type(publicity).objects.get(pk=publicity.pk)


def publicity_in(maker: Any, stage: str) -> Any:
    """By the verbs."""
    from qingyuan.review import actions

    decision = decision_in(maker, "agreed")
    by = maker.world.province_handler
    made = actions.publicise(decision, by=by, **asking(decision))
    if stage == "stopped":
        actions.stop_publicity(made, by=by, reason="演示：名单有误")
    elif stage == "closed":
        actions.close_publicity(moved_back(made, by=timedelta(days=9)), by=by)
    return type(made).objects.get(pk=made.pk)


def objection_in(maker: Any, stage: str) -> Any:
    from qingyuan.review import actions

    made = actions.register_objection(
        publicity_in(maker, "open"),
        by=maker.world.province_handler,
        **objection(
            channel="letter",
            received_at=clock.now(),
            upload=maker.upload(by=maker.world.province_handler, name="来信.pdf"),
        ),
    )
    if stage == "settled":
        actions.settle_objection(
            made, by=maker.world.province_handler, outcome="dismissed", answer="演示：经核实，数据属实"
        )
    return type(made).objects.get(pk=made.pk)


def ended(publicity: Any) -> dict[str, Any]:
    """The period is over when the verb is tried."""
    moved_back(publicity, by=timedelta(days=9))
    return {}


OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "review.publicity": publicity_in,
    "review.objection": objection_in,
}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "decision.publicise": lambda m, o: asking(o),
    "publicity.lodge_objection": lambda m, o: objection(),
    "publicity.register_objection": lambda m, o: objection(channel="letter", received_at=clock.now()),
    "publicity.close": lambda m, o: ended(o),
    "publicity.stop": lambda m, o: {"reason": "演示"},
    "objection.settle": lambda m, o: {"outcome": "dismissed", "answer": "演示：经核实，数据属实"},
}
MAY: dict[str, set[str]] = {
    "decision.publicise": HANDLERS,
    "publicity.lodge_objection": EVERYBODY,
    "publicity.register_objection": HANDLERS,
    "publicity.close": HANDLERS,
    "publicity.stop": HANDLERS,
    "objection.settle": HANDLERS,
}


def closed_over_the_decision(maker: Any) -> Any:
    """On the decision that the round has already: one round has one final decision."""
    from qingyuan.review import actions
    from qingyuan.review.models import Decision

    by = maker.world.province_handler
    decision = Decision.objects.get(kind="final", stage="agreed")
    made = actions.publicise(decision, by=by, **asking(decision))
    letter = maker.upload(by=by, name="来信.pdf")
    came = actions.register_objection(
        made, by=by, **objection(channel="letter", received_at=clock.now(), upload=letter)
    )
    actions.settle_objection(came, by=by, outcome="dismissed", answer="演示：经核实，数据属实")
    actions.close_publicity(moved_back(made, by=timedelta(days=9)), by=by)
    return type(made).objects.get(pk=made.pk)


def the_objection(_maker: Any) -> Any:
    from qingyuan.review.models import Objection

    return Objection.objects.get()


ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "review.publicity": closed_over_the_decision,
    "review.objection": the_objection,
}
