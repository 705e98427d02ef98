"""What a joint body needs to put a notice to work: which notices fit, to whom they go, when they open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from qingyuan.calls.models import Call
from qingyuan.calls.notices import known_notices
from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.regions import children, regions
from qingyuan.kernel import clock
from qingyuan.people.models import JointBody, JointMember, Kind, Organisation, Role

LEVELS = {"national": JointBody.Level.STATE, "provincial": JointBody.Level.PROVINCE}
ADDRESSED = {
    "province": (Kind.PROVINCE_ECOLOGY, Kind.PROVINCE_REFORM),
    "prefecture": (Kind.PREFECTURE_ECOLOGY, Kind.PREFECTURE_REFORM),
}


def hosted(user: Any) -> list[JointBody]:
    """The joint bodies for which a person handles calls."""
    bodies = [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, Role.HANDLER, Role.LEAD)]
    if not bodies:
        return []
    found = JointBody.objects.filter(
        parts__organisation__in=bodies, parts__part=JointMember.Part.HOST
    ).distinct()
    return list(found.order_by("level", "name"))


def fits(notice: Notice, joint_body: JointBody) -> bool:
    """Is this notice one that this joint body issues: of its level, and of its province?"""
    if LEVELS[notice.level] != joint_body.level:
        return False
    return notice.level == "national" or notice.region == joint_body.region_code


@dataclass(frozen=True)
class Offer:
    """A notice that a joint body can put to work, or has already."""

    joint_body: JointBody
    notice: Notice
    call: Call | None


def offers(joint_bodies: Sequence[JointBody]) -> list[Offer]:
    """Every fitting notice of the catalogue, the newest first."""
    made = {
        (call.notice_id, call.joint_body_id): call
        for call in Call.objects.filter(joint_body__in=joint_bodies)
    }
    found = [
        Offer(joint_body, notice, made.get((notice.id, joint_body.pk)))
        for joint_body in joint_bodies
        for notice in known_notices().values()
        if fits(notice, joint_body)
    ]
    return sorted(
        found,
        key=lambda offer: (offer.call is not None, -offer.notice.issued.day.toordinal(), offer.notice.id),
    )


def addressed_regions(notice: Notice) -> list[str]:
    """The codes of the places to whose bodies the notice goes."""
    wanted = notice.addressees
    if wanted.within:
        return [region.code for region in children(wanted.within) if region.addressee]
    return [region.code for region in regions().values() if region.level == wanted.level and region.addressee]


def addressees(notice: Notice) -> list[Organisation]:
    """The registered bodies to which the notice goes, in the order of the places."""
    found = Organisation.objects.filter(
        kind__in=ADDRESSED[notice.addressees.level],
        region_code__in=addressed_regions(notice),
        stage=Organisation.Stage.ACTIVE,
    )
    return list(found.order_by("region_code", "kind", "name"))


def unregistered_places(notice: Notice, bodies: Iterable[Organisation]) -> list[str]:
    """Places to which the notice goes, of which not every kind of body is registered yet."""
    kinds = ADDRESSED[notice.addressees.level]
    present = {(body.region_code, body.kind) for body in bodies}
    return [
        regions()[code].name
        for code in addressed_regions(notice)
        if any((code, kind) not in present for kind in kinds)
    ]


def parent_call(notice: Notice) -> Call | None:
    """The published call of the notice above, under which a provincial call hangs."""
    if not notice.parent:
        return None
    return (
        Call.objects.filter(notice_id=notice.parent, stage=Call.Stage.OPEN).order_by("published_at").first()
    )


def opening(notice: Notice) -> datetime:
    """When applications open: as the notice says, else on its day of issue, else now."""
    if notice.opens:
        return notice.opens.at
    if notice.issued.on:
        return datetime.combine(notice.issued.on, datetime.min.time(), tzinfo=clock.SHANGHAI)
    return clock.now().replace(second=0, microsecond=0)


def forwarding(notice: Notice) -> dict[str, Any]:
    """Until when prefecture bureaus forward and whether jointly, as the notice says it; empty where it is direct."""
    said = notice.options.forwarding
    if said is None or not said.on:
        return {}
    return {
        "forward_closes_at": notice.closes.ends + timedelta(days=max(said.days, 1)),
        "forward_jointly": said.jointly,
    }
