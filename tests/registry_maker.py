"""Enterprises of the registry, made by its verbs as a province would."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.pilot_maker import credit_code


def row(number: int, **more: Any) -> Any:
    from qingyuan.registry.actions.listing import ListRow

    return ListRow(
        **{
            "name": f"演示企业{number}有限公司",
            "credit_code": credit_code(number),
            "region_code": "410300",
            **more,
        }
    )


def take_in(world: Any, *rows: Any) -> Any:
    from qingyuan.registry import actions

    return actions.import_list(world.henan_ecology, by=world.province_handler, rows=list(rows))


def of_code(number: int) -> Any:
    from qingyuan.registry.models import Enterprise

    return Enterprise.objects.select_related("merged_into").get(credit_code=credit_code(number))


def other_enterprise() -> Any:
    """One that stands in Henan, entered as a pilot enters it."""
    from qingyuan.registry.actions import StatedEnterprise, ensure_enterprises

    code = credit_code(70_002)
    return ensure_enterprises([StatedEnterprise("演示乙有限公司", code, is_demo=True)])[code]


def enterprise_in(maker: Any, stage: str) -> Any:
    from qingyuan.registry import actions

    world = maker.world
    take_in(world, row(70_001, listed_on=date(2022, 3, 31)))
    one = of_code(70_001)
    if stage == "closed" and one.stage != stage:
        actions.close(one, by=world.province_handler, on=date(2022, 6, 1), reason="演示：注销")
    if stage == "merged":
        into = other_enterprise()
        actions.merge(one, by=world.province_handler, into=into)
    return of_code(70_001)


def record_in(maker: Any, stage: str) -> Any:
    from qingyuan.registry import actions

    made = actions.record_audit(
        enterprise_in(maker, "active"),
        by=maker.world.province_handler,
        kind="mandatory",
        completed_on=date(2020, 2, 29),
        source="演示〔2020〕1号",
        level="II",
    )
    if stage == "revoked":
        actions.revoke_audit(made, by=maker.world.province_handler, reason="演示：登记有误")
    return type(made).objects.select_related("enterprise").get(pk=made.pk)


def credited(world: Any, *enterprises: Any, reference: str = "project:demo", turn: int = 1) -> list[Any]:
    """Credits as the room of the pilots enters them; the records that were written now."""
    from qingyuan.kernel import clock
    from qingyuan.registry.actions import Basis, Credit, enter_credits

    basis = Basis(
        reference=reference,
        pilot="演示试点",
        list_title="清洁生产审核创新试点项目名单",
        document_number="演示〔2024〕1号",
        listed_on=date(2024, 2, 29),
        completed_on=date(2024, 2, 29),
        issuer=world.henan_ecology,
    )
    given = [Credit(enterprise=one, turn=turn) for one in enterprises]
    return enter_credits(given, basis=basis, now=clock.now())


def certificate_of(maker: Any) -> Any:
    return credited(maker.world, enterprise_in(maker, "active"))[0].certificate
