"""Draws of a round, made by their verbs; the secrets are known to the tests."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from qingyuan.kernel import clock
from tests.review_maker import round_in

MINE, THEIRS = (hashlib.sha256(word).hexdigest() for word in (b"mine", b"theirs"))
SALT = hashlib.sha256(b"salt").hexdigest()
STAGES = ("announced", "committed", "revealed", "drawn")


def announcement(world: Any, **changes: Any) -> dict[str, Any]:
    """Arguments of `draw.announce`: the public value in an hour, an hour to reveal; the signer watches."""
    from qingyuan.kernel.draws import ORGANISER, commitment

    draw_id = changes.pop("draw_id", None) or uuid.uuid4()
    return {
        "draw_id": draw_id,
        "kind": "sites",
        "take": 1,
        "reserves": 0,
        "strata": "none",
        "exclusions": [],
        "public_kind": "second_body",
        "source": "演示：会签单位的密钥",
        "public_at": clock.now() + timedelta(hours=1),
        "reveal_by": clock.now() + timedelta(hours=2),
        "supervisor": world.province_signer,
        "supervisor_role": "监督人员",
        "salt": SALT,
        "commitment": commitment(draw=str(draw_id), role=ORGANISER, secret=MINE),
        "reason": "",
        **changes,
    }


def promise(draw: Any) -> str:
    """The second body's commitment."""
    from qingyuan.kernel.draws import SECOND, commitment

    return commitment(draw=str(draw.pk), role=SECOND, secret=THEIRS)


def fresh(draw: Any) -> Any:
    return type(draw).objects.select_related("round__call__joint_body", "supervisor").get(pk=draw.pk)


def conduct(world: Any, round_: Any, *, until: str = "drawn", **changes: Any) -> Any:
    """Take a draw through its steps, each at its time, by the people who do them."""
    from qingyuan.review import actions

    start = clock.now()
    draw = actions.announce_draw(round_, by=world.province_handler, **announcement(world, **changes))
    wanted = STAGES.index(until)
    if wanted >= 1 and draw.has_second:
        actions.commit_second(draw, by=world.reform_handler, commitment=promise(draw))
    if wanted >= 1:
        actions.supervise(draw, by=world.province_signer)
    with clock.at(start + timedelta(hours=1, minutes=5)):
        if wanted >= 2:
            if draw.has_second:
                actions.reveal_public(draw, by=world.reform_handler, value=THEIRS)
            else:
                actions.reveal_public(draw, by=world.province_signer, value="01 07 12 19 26 33 04")
        if wanted >= 3:
            actions.reveal(draw, by=world.province_handler, secret=MINE)
    return fresh(draw)


def draw_in(maker: Any, stage: str) -> Any:
    """For the matrices: a draw in a stage at a time at which that stage's next step can be done now."""
    from qingyuan.review import actions

    round_ = round_in(maker, "reviewing")
    world = maker.world
    if stage == "announced":
        return conduct(world, round_, until="announced")
    with clock.at(clock.now() - timedelta(minutes=65)):
        draw = conduct(world, round_, until="committed" if stage == "void" else stage)
    if stage == "void":
        actions.void_draw(draw, by=world.province_handler, party="other", reason="演示：名单有误")
    return fresh(draw)
