"""Site visits made by their verbs: a team led by an officer of the co-signing department, with an expert."""

from __future__ import annotations

import io
import struct
from datetime import timedelta
from typing import Any

from qingyuan.kernel import clock
from tests.experts_maker import invited, ready
from tests.kernel.gate.samples import jpeg
from tests.review_maker import round_in

STAGES = ("planned", "notified", "done", "replied", "signed")


def members(world: Any) -> list[Any]:
    """Two officers and the cast's expert, who accepted, promised and declared for the round."""
    from qingyuan.people.models import Expert
    from qingyuan.review.actions.visits import Member
    from qingyuan.review.models import Appointment, Round

    expert = Expert.objects.get(code="E-001")
    round_ = Round.objects.get(call=world.call)
    appointment = Appointment.objects.filter(round=round_, expert=expert).first()
    if appointment is None:
        (made,) = invited(round_, [expert], by=world.province_handler)
        appointment = ready(made)
    if not appointment.is_ready:
        return [Member(world.reform_handler), Member(world.province_handler)]
    return [Member(world.reform_handler), Member(world.province_handler), Member(world.expert, expert)]


def fresh(visit: Any) -> Any:
    from qingyuan.review.queries.visits import RELATED

    return type(visit).objects.select_related(*RELATED).get(pk=visit.pk)


def answer_all(visit: Any) -> None:
    """Every claim consistent but the second, which is not."""
    visit.items.update(answer="consistent", note="")
    visit.items.filter(position=2).update(answer="inconsistent", note="演示：实为 2 家")


def prepare(world: Any, visit: Any) -> None:
    from qingyuan.review import actions

    day = clock.local(clock.now()).date() + timedelta(days=2)
    actions.schedule_visit(
        visit, by=world.province_handler, day=day, position=1, address="演示路 1 号", place=None
    )
    actions.set_team(visit, by=world.province_handler, members=members(world), lead=world.reform_handler)


def take(world: Any, case: Any, *, until: str) -> Any:
    """A visit up to a stage, every step by the one whose step it is."""
    from qingyuan.review import actions

    visit = actions.plan_visit(case, by=world.province_handler, reason="演示：专家建议核实")
    prepare(world, visit)
    wanted = STAGES.index(until)
    if wanted >= 1:
        actions.notify_visit(visit, by=world.province_handler)
    if wanted >= 2:
        answer_all(visit)
        actions.conclude_visit(fresh(visit), by=world.reform_handler, conclusion="演示：总体相符，一处不符")
    if wanted >= 3:
        actions.reply_to_visit(visit, by=world.park_handler, reply="演示：已核实，以调查组所见为准")
    if wanted >= 4:
        actions.sign_team(visit, by=world.reform_handler)
        actions.sign_applicant(visit, by=world.park_signer)
    return fresh(visit)


def visit_in(maker: Any, stage: str) -> Any:
    """For the matrices: the visit of the park's case."""
    from qingyuan.review import actions
    from qingyuan.review.models import Visit

    case = round_in(maker, "reviewing").cases.order_by("number").first()
    found = Visit.objects.filter(case=case).first()
    if found is not None:
        return fresh(found)
    if stage == "cancelled":
        visit = take(maker.world, case, until="notified")
        actions.cancel_visit(visit, by=maker.world.province_handler, reason="演示：改期")
        return fresh(visit)
    return take(maker.world, case, until=stage)


def photo_in(maker: Any) -> Any:
    """A photo of that visit, taken by the lead of its team."""
    from qingyuan.review import fieldwork

    visit = visit_in(maker, "notified")
    shot = fieldwork.Shot(data=photo_file(), name="照片.jpg", key="k1", consent=True)
    fieldwork.add_photo(visit, 1, shot, by=maker.world.reform_handler)
    return visit.photos.get()


def exif_block(order: str = "<") -> bytes:
    """What a phone writes: 2022-07-06 09:15:30 +08:00 at 34° 37' 10.92" N, 112° 27' 14.4" E."""

    def entry(tag: int, kind: int, count: int, value: bytes) -> bytes:
        return struct.pack(f"{order}HHI", tag, kind, count) + value.ljust(4, b"\0")

    def offset(at: int) -> bytes:
        return struct.pack(f"{order}I", at)

    def rationals(*pairs: tuple[int, int]) -> bytes:
        return b"".join(struct.pack(f"{order}II", *pair) for pair in pairs)

    head = (b"II*\0" if order == "<" else b"MM\0*") + offset(8)
    # First directory at 8 (2 entries), camera at 38 (2 entries), GPS at 68 (4 entries), then what is longer than 4 bytes.
    first = (
        struct.pack(f"{order}H", 2)
        + entry(0x8769, 4, 1, offset(38))
        + entry(0x8825, 4, 1, offset(68))
        + b"\0" * 4
    )
    camera = (
        struct.pack(f"{order}H", 2)
        + entry(0x9003, 2, 20, offset(122))
        + entry(0x9011, 2, 7, offset(142))
        + b"\0" * 4
    )
    gps = (
        struct.pack(f"{order}H", 4)
        + entry(1, 2, 2, b"N\0")
        + entry(2, 5, 3, offset(150))
        + entry(3, 2, 2, b"E\0")
        + entry(4, 5, 3, offset(174))
        + b"\0" * 4
    )
    texts = b"2022:07:06 09:15:30\0" + b"+08:00\0\0"
    places = rationals((34, 1), (37, 1), (1092, 100)) + rationals((112, 1), (27, 1), (144, 10))
    return head + first + camera + gps + texts + places


def photo_file(*, order: str = "<") -> bytes:
    """A JPEG with time and place in its Exif segment."""
    plain = jpeg()
    block = b"Exif\0\0" + exif_block(order)
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + plain[2:]


def as_file(data: bytes, name: str = "照片.jpg") -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file
