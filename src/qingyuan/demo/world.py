"""Builds the demo by the product's own verbs, on the days on which it would have happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from qingyuan.calls import actions as calls
from qingyuan.calls.models import Call
from qingyuan.calls.notices import notice_of
from qingyuan.demo import actions, cast, pilots
from qingyuan.demo.scenes import FIRST, SCENES
from qingyuan.kernel import clock, outbox
from qingyuan.people import actions as people
from qingyuan.people.models import JointBody, Organisation, User

MAILBOX = f"sjsd-2022@{cast.DOMAIN}"
SILENT = "django.core.mail.backends.dummy.EmailBackend"


class NotOurs(Exception):  # noqa: N818 (a sentence for the person at the terminal)
    """The database holds data of somebody else: a demo must not be built into it."""


@dataclass
class World:
    """What the demo consists of, by the keys of `cast`."""

    operator: User
    bodies: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    joint: dict[str, JointBody] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)


def is_built() -> bool:
    return User.objects.filter(username=cast.OPERATOR.key, is_demo=True).exists()


def foreign() -> list[str]:
    """What stands in the database that no demo made, in words; empty where a demo may be built (or stands)."""
    tables = connection.introspection.table_names()
    if User._meta.db_table not in tables or is_built():
        return []
    found = []
    for model, name in ((User, "个用户"), (Organisation, "个单位")):
        if model._meta.db_table in tables and (count := model._default_manager.filter(is_demo=False).count()):
            found.append(f"{count} {name}")
    return found


def deadline() -> datetime | None:
    """When the demo's provincial call closes."""
    return Call.objects.filter(notice_id="henan-2022").values_list("closes_at", flat=True).first()


def build(*, scene: str = FIRST) -> bool:
    """Build everything, or nothing where it stands already (one transaction). Says whether anything was made.

    What the scenes hold says `scenes.SCENES`.

    The invitations and notices of these acts are marked as sent without a word on the console.
    """
    if is_built():
        return False
    if strangers := foreign():
        raise NotOurs(f"数据库里已有不是演示的数据（{'、'.join(strangers)}）")
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, SILENT
    try:
        with transaction.atomic():
            with clock.at("2022-05-23T09:00:00+08:00"):
                world = World(actions.create_operator())
                register(world)
            publish_calls(world, publicity=scene == "publicity")
            pilots.build(world, computed=scene == FIRST)
            if scene != FIRST:
                from qingyuan.demo import review

                review.apply(world)
                if scene == "review":
                    review.run(world)
                elif scene == "decided":
                    review.finish(world)
                elif scene == "publicity":
                    review.lie_open(world)
                elif scene in {"approved", "passed"}:
                    from qingyuan.demo import delivery, state

                    review.finish(world)
                    state.run(world)
                    if scene == "passed":
                        delivery.run(world)
            with clock.at(SCENES[scene] - timedelta(minutes=1)):
                while outbox.deliver():
                    pass
    finally:
        settings.EMAIL_BACKEND = backend
    return True


def register(world: World) -> None:
    """Bodies, people with their roles, the two joint bodies, an authorisation and an expert."""
    bodies = (
        *cast.STATE,
        *cast.provincial_bodies(),
        *cast.HENAN_DESKS,
        *cast.prefecture_bodies(),
        *cast.APPLICANTS,
        *cast.OTHERS,
    )
    for body in bodies:
        has_mailbox = body.region.startswith("41") and body.kind != "desk"
        world.bodies[body.key] = people.register_organisation(
            by=world.operator,
            kind=body.kind,
            name=body.name,
            region_code=body.region,
            parent=world.bodies[body.parent] if body.parent else None,
            email=f"{body.key}@{cast.DOMAIN}" if has_mailbox else "",
            is_demo=True,
        )
    for person in cast.PEOPLE:
        for body_key, role in person.places:
            people.add_member(
                world.bodies[body_key], by=world.operator, email=person.email, name=person.name, role=role
            )
    world.people = actions.open_accounts(world.operator)
    for key, level, region, host, cosigner in [
        ("state", "state", "", "mee", "ndrc"),
        ("henan", "province", cast.HENAN, "ecology-410000", "reform-410000"),
    ]:
        parts = [world.bodies[host], world.bodies[cosigner]]
        world.joint[key] = people.form_joint_body(
            by=world.operator,
            name="、".join(body.name for body in parts),
            level=level,
            region_code=region,
            host=parts[0],
            cosigners=parts[1:],
        )
    people.enrol_expert(
        by=world.operator,
        user=world.people["zhuanjia"],
        code="Y-001",
        fields=["electroplating", "petrochemical"],
        employer=world.bodies["institute"],
        region_code="410100",
        title="高级工程师（演示）",
    )
    for applicant, lead, scope in (
        ("park", "yuanqu-qiantou", "draft"),
        ("bureau", "gongxin-jingban", "read"),
    ):
        people.grant_authorisation(
            world.bodies[applicant],
            by=world.people[lead],
            service_body=world.bodies["service"],
            scope=scope,
            valid_from=date(2022, 5, 23),
            valid_until=date(2022, 12, 31),
        )


def publish_calls(world: World, *, publicity: bool = False) -> None:
    """The national letter and below it the Henan notice: prepared, consented to and published.

    `publicity`: the provincial call asks for 公示, as the notice of 2022 did not.
    """
    provinces = [body for key, body in world.bodies.items() if body.kind.startswith("province_")]
    prefectures = [body for key, body in world.bodies.items() if body.kind.startswith("prefecture_")]
    world.calls["state"] = _publish(
        world,
        notice_id="national-2022",
        joint="state",
        day="2022-05-24",
        addressees=provinces,
        who=("bu-jingban", "wei-qianfa", "bu-qianfa"),
    )
    world.calls["henan"] = _publish(
        world,
        notice_id="henan-2022",
        joint="henan",
        day="2022-05-31",
        addressees=prefectures,
        who=("ting-jingban", "fagai-qianfa", "ting-qianfa"),
        parent=world.calls["state"],
        mailbox=MAILBOX,
        options={"publicity": publicity},
    )


def _publish(
    world: World,
    *,
    notice_id: str,
    joint: str,
    day: str,
    addressees: Iterable[Organisation],
    who: tuple[str, str, str],
    **more: Any,
) -> Call:
    handler, cosigner, signer = (world.people[key] for key in who)
    with clock.at(f"{day}T09:30:00+08:00"):
        call = calls.prepare(
            world.joint[joint],
            by=handler,
            notice_id=notice_id,
            opens_at=datetime.fromisoformat(f"{day}T00:00:00+08:00"),
            closes_at=notice_of(notice_id).closes.ends,
            addressees=list(addressees),
            **more,
        )
    with clock.at(f"{day}T10:00:00+08:00"):
        calls.send_for_cosign(call, by=handler)
    with clock.at(f"{day}T14:00:00+08:00"):
        calls.consent(call, by=cosigner)
    with clock.at(f"{day}T16:00:00+08:00"):
        calls.publish(call, by=signer)
    call.refresh_from_db()
    return call
