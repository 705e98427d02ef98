"""The fixed cast: one person for every role, and a world in which the Henan call of 2022 is open.

Everything is made by the product's own verbs, so that a test begins where a user would.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

import pytest

from qingyuan.kernel import clock
from tests import world_rows

OPENS, CLOSES = "2022-05-31T00:00:00+08:00", "2022-06-30T18:00:00+08:00"


@dataclass
class World:
    """Bodies by key, people by key, the joint bodies, and the open call."""

    bodies: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    joint: dict[str, Any] = field(default_factory=dict)
    operator: Any = None
    call: Any = None

    def __getattr__(self, name: str) -> Any:
        for group in ("people", "bodies"):
            if name in self.__dict__.get(group, {}):
                return self.__dict__[group][name]
        raise AttributeError(name)


BODIES = [
    # key, kind, name, region
    ("mee", "state_ecology", "生态环境部", ""),
    ("ndrc", "state_reform", "国家发展改革委", ""),
    ("henan_ecology", "province_ecology", "河南省生态环境厅", "410000"),
    ("henan_reform", "province_reform", "河南省发展和改革委员会", "410000"),
    ("luoyang_ecology", "prefecture_ecology", "洛阳市生态环境局", "410300"),
    ("luoyang_reform", "prefecture_reform", "洛阳市发展改革委", "410300"),
    ("park", "park", "演示·洛阳新材料产业园区管委会", "410300"),
    ("city", "government", "演示·焦作市人民政府", "410800"),
    ("department", "department", "演示·新乡市工业和信息化局", "410700"),
    ("service", "service", "演示·清洁生产咨询中心", "410100"),
    ("institute", "institute", "演示·环境科学研究院", "410100"),
]
PEOPLE = [
    # key, name, [(body, role)]
    ("state_handler", "演示部经办", [("mee", "handler")]),
    ("state_signer", "演示部签发", [("mee", "signer")]),
    ("ndrc_signer", "演示委签发", [("ndrc", "signer")]),
    ("province_handler", "演示厅经办", [("henan_ecology", "handler")]),
    ("province_signer", "演示厅签发", [("henan_ecology", "signer")]),
    ("reform_handler", "演示省委经办", [("henan_reform", "handler")]),
    ("reform_signer", "演示省委签发", [("henan_reform", "signer")]),
    ("prefecture_handler", "演示市局经办", [("luoyang_ecology", "handler")]),
    ("park_lead", "演示园区牵头", [("park", "lead")]),
    ("park_handler", "演示园区经办", [("park", "handler")]),
    ("park_reviewer", "演示园区审核", [("park", "reviewer")]),
    ("park_signer", "演示园区签发", [("park", "signer")]),
    ("city_handler", "演示市府经办", [("city", "handler")]),
    ("city_all", "演示市府多岗", [("city", "handler"), ("city", "reviewer"), ("city", "signer")]),
    (
        "department_handler",
        "演示部门经办",
        [("department", "handler"), ("department", "reviewer"), ("department", "signer")],
    ),
    ("consultant", "演示咨询师", [("service", "handler")]),
    ("expert", "演示专家", [("institute", "handler")]),
    ("stranger", "演示路人", []),
    # Two roles in two bodies: the unions of rights are tested with them.
    ("park_and_province", "演示双岗", [("park", "handler"), ("henan_ecology", "handler")]),
]


def build_world() -> World:
    """Bodies, people, joint bodies, the national and the open Henan call."""
    from qingyuan.calls import actions as calls
    from qingyuan.people import actions as people
    from qingyuan.people.models import Membership, User

    world = World()
    world.operator = User.objects.create_superuser(
        "operator", "operator@example.org", "operator-pass", display_name="演示运维"
    )
    for key, kind, name, region in BODIES:
        world.bodies[key] = people.register_organisation(
            by=world.operator,
            kind=kind,
            name=name,
            region_code=region,
            email=f"{key.replace('_', '-')}@example.org",
            is_demo=True,
        )
    for key, name, roles in PEOPLE:
        user = User.objects.create_user(
            key, f"{key.replace('_', '-')}@example.org", "demo-pass-2022", display_name=name
        )
        world.people[key] = user
        Membership.objects.bulk_create(
            Membership(user=user, organisation=world.bodies[body], role=role, since=clock.now())
            for body, role in roles
        )
    for key, level, region, host, cosigner in [
        ("state", "state", "", "mee", "ndrc"),
        ("henan", "province", "410000", "henan_ecology", "henan_reform"),
    ]:
        world.joint[key] = people.form_joint_body(
            by=world.operator,
            name=f"{world.bodies[host].name}、{world.bodies[cosigner].name}",
            level=level,
            region_code=region,
            host=world.bodies[host],
            cosigners=[world.bodies[cosigner]],
        )
    people.enrol_expert(
        by=world.operator,
        user=world.expert,
        code="E-001",
        fields=["electroplating"],
        employer=world.institute,
    )
    people.grant_authorisation(
        world.park,
        by=world.park_lead,
        service_body=world.service,
        scope="draft",
        valid_from=date(2022, 1, 1),
        valid_until=date(2022, 12, 31),
    )
    world.call = open_call(world)
    del calls
    return world


def open_call(world: World, *, notice_id: str = "henan-2022", closes: str = CLOSES) -> Any:
    """Take a provincial call through consultation to publication."""
    from qingyuan.calls import actions as calls

    call = calls.prepare(
        world.joint["henan"],
        by=world.province_handler,
        notice_id=notice_id,
        opens_at=datetime.fromisoformat(OPENS),
        closes_at=datetime.fromisoformat(closes),
        addressees=[world.luoyang_ecology, world.luoyang_reform],
        mailbox="call-2022@example.org",
    )
    calls.send_for_cosign(call, by=world.province_handler)
    calls.consent(call, by=world.reform_signer)
    calls.publish(call, by=world.province_signer)
    call.refresh_from_db()
    return call


def the_world() -> World:
    """Made by the verbs the first time, and then put back as rows (tests/world_rows.py)."""
    keys = world_rows.once("world", lambda: keys_of(build_world()))
    rows = {model: model._default_manager.in_bulk(wanted) for model, wanted in by_model(keys).items()}
    made = World()
    for name, value in keys.items():
        if isinstance(value, dict):
            setattr(made, name, {key: rows[model][pk] for key, (model, pk) in value.items()})
        else:
            setattr(made, name, rows[value[0]][value[1]])
    return made


def keys_of(world: World) -> dict[str, Any]:
    """Model and primary key of everybody and everything, by name."""

    def key(row: Any) -> Any:
        return (type(row), row.pk)

    return {
        one.name: {name: key(row) for name, row in value.items()} if isinstance(value, dict) else key(value)
        for one in fields(world)
        for value in [getattr(world, one.name)]
    }


def by_model(keys: dict[str, Any]) -> dict[Any, set[Any]]:
    wanted: dict[Any, set[Any]] = {}
    for value in keys.values():
        for model, pk in value.values() if isinstance(value, dict) else [value]:
            wanted.setdefault(model, set()).add(pk)
    return wanted


@pytest.fixture
def world(db: None) -> World:
    return the_world()


@pytest.fixture
def live_world(transactional_db: None) -> World:
    """The same in a database with real transactions."""
    return the_world()
