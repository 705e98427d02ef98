"""Reads of the public pages and of the homes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q
from django.db.models.functions import TruncDate

from qingyuan.calls.models import Call
from qingyuan.calls.notices import known_notices
from qingyuan.catalogue.notices.model import Notice
from qingyuan.kernel import clock
from qingyuan.kernel.models import LedgerEntry
from qingyuan.people.models import Kind, Membership, Organisation, Role, User

HEADS = 400
"""Days of which the ledger page publishes the last head."""


def open_calls() -> list[Call]:
    """Published calls that have not closed, the nearest deadline first."""
    calls = Call.objects.filter(stage=Call.Stage.OPEN, closes_at__gt=clock.now())
    return list(
        calls.select_related("joint_body").prefetch_related("joint_body__parts").order_by("closes_at")
    )


@dataclass(frozen=True)
class PublishedNotice:
    """A notice that everybody may read, with the call that puts it to work (if there is one yet)."""

    notice: Notice
    call: Call | None


def published_notices() -> list[PublishedNotice]:
    """Notices that are issued (their day has come) or whose call is published, the newest first.

    A file that was prepared for a coming notice is not told to anybody before its day.
    """
    calls = {
        call.notice_id: call
        for call in Call.objects.filter(stage=Call.Stage.OPEN).select_related("joint_body")
    }
    today = clock.local(clock.now()).date()
    found = [
        PublishedNotice(notice, calls.get(notice.id))
        for notice in known_notices().values()
        if notice.id in calls or notice.issued.day <= today
    ]
    return sorted(found, key=lambda item: (item.notice.issued.day, item.notice.level), reverse=True)


def published_notice(notice_id: str) -> PublishedNotice | None:
    return next((item for item in published_notices() if item.notice.id == notice_id), None)


@dataclass(frozen=True)
class MyBody:
    """A body of the signed-in person, with the roles held there in words."""

    organisation: Organisation
    roles: list[str]


def my_bodies(user: Any) -> list[MyBody]:
    """From the person's standing: no query of its own."""
    standing = user.standing
    return [
        MyBody(body, [str(label) for value, label in Role.choices if value in standing.roles[body.pk]])
        for body in sorted(standing.organisations.values(), key=lambda body: body.name)
    ]


@dataclass(frozen=True)
class Head:
    """The chain's end as it stood at the end of a day (or stands now)."""

    day: date
    seq: int
    hash: str


def daily_heads() -> list[Head]:
    """The last entry of each of the latest days on which something was written (two queries)."""
    days = (
        LedgerEntry.objects.annotate(day=TruncDate("at", tzinfo=clock.SHANGHAI))
        .values("day")
        .annotate(last=Max("seq"))
        .order_by("-day")[:HEADS]
    )
    by_seq = {row["last"]: row["day"] for row in days}
    hashes = LedgerEntry.objects.filter(seq__in=by_seq).values_list("seq", "hash")
    heads = (Head(by_seq[seq], seq, digest) for seq, digest in hashes)
    return sorted(heads, key=lambda head: head.seq, reverse=True)


def hash_of_entry(seq: int) -> str | None:
    """The hash with which an entry ended the chain; None for a number that was never given."""
    if not 0 < seq < 2**63:
        return None
    return LedgerEntry.objects.filter(seq=seq).values_list("hash", flat=True).first()


@dataclass(frozen=True)
class CastGroup:
    """The people of one body, for the demo's role switcher."""

    body: str
    people: list[tuple[User, str]]


_ORDER = {kind: number for number, kind in enumerate(Kind.values)}


def _place(body: Organisation) -> tuple[int, str, str]:
    return _ORDER.get(body.kind, len(_ORDER)), body.region_code, body.name


def demo_cast() -> list[CastGroup]:
    """Everybody of the demo's cast by body, in the order in which a pilot meets them (two queries)."""
    memberships = (
        Membership.objects.filter(user__is_demo=True, user__is_active=True)
        .select_related("user", "organisation")
        .order_by("user__pk")
    )
    by_place = sorted(memberships, key=lambda one: _place(one.organisation))
    seat: dict[User, Organisation] = {}
    groups: dict[Organisation, dict[User, list[str]]] = {}
    for membership in by_place:
        # Each person once: in the first of their bodies.
        if seat.setdefault(membership.user, membership.organisation) == membership.organisation:
            roles = groups.setdefault(membership.organisation, {}).setdefault(membership.user, [])
            roles.append(str(membership.get_role_display()))
    cast = [
        CastGroup(body.name, [(user, "、".join(roles)) for user, roles in people.items()])
        for body, people in groups.items()
    ]
    others = User.objects.filter(Q(memberships__isnull=True), is_demo=True, is_active=True).order_by("pk")
    if loose := [(user, "平台运维" if user.is_superuser else "") for user in others]:
        cast.append(CastGroup("", loose))
    return cast
