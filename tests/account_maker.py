"""A pilot's log of efforts and its statements, by the verbs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.delivery_maker import project_in

DAY = date(2022, 6, 18)


def effort(*, codes: tuple[str, ...] = (), kind: str = "work", note: str = "", **amounts: Any) -> Any:
    from qingyuan.delivery.efforts import EffortRow

    return EffortRow(
        day=DAY,
        kind=kind,
        enterprises=codes,
        note=note,
        done_by="演示服务机构",
        **{name: None if value is None else Decimal(str(value)) for name, value in amounts.items()},
    )


def codes_of(project: Any) -> tuple[str, ...]:
    return tuple(
        project.scope.filter(dropped_on=None).values_list("enterprise__credit_code", flat=True).order_by("pk")
    )


def logged(maker: Any, project: Any, **arguments: Any) -> Any:
    from qingyuan.delivery.actions import account as verbs

    return verbs.log_effort(project, by=maker.world.park_handler, row=effort(**arguments))


def effort_in(maker: Any, stage: str) -> Any:
    from qingyuan.delivery.actions import account as verbs
    from qingyuan.delivery.models import EffortEntry
    from qingyuan.delivery.queries.account import EFFORT_RELATED

    project = project_in(maker, "running")
    made = logged(
        maker, project, codes=codes_of(project), person_days=30, note=f"演示{project.efforts.count()}"
    )
    if stage == "voided":
        verbs.void(made, by=maker.world.park_handler, reason="演示：记错")
    return EffortEntry.objects.select_related("evidence", *EFFORT_RELATED).get(pk=made.pk)


def statement_in(maker: Any, stage: str) -> Any:
    from qingyuan.delivery.actions import account as verbs
    from qingyuan.delivery.models import AccountStatement
    from qingyuan.delivery.queries.account import EFFORT_RELATED

    project = effort_in(maker, "valid").project
    made = verbs.state_account(project, by=maker.world.park_handler)
    if stage in ("public", "retracted"):
        verbs.release(made, by=maker.world.province_handler)
    if stage == "retracted":
        verbs.retract(made, by=maker.world.province_handler, reason="演示：有误")
    return AccountStatement.objects.select_related(*EFFORT_RELATED).get(pk=made.pk)
