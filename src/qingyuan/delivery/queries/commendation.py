"""Commendations as lists and as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet

from qingyuan.delivery.models import Commendation
from qingyuan.delivery.rules.commendation import visible_commendations
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.people.models import JointBody, JointMember, Role

TONES: Mapping[str, str] = {
    Commendation.Stage.DRAFTING: "neutral",
    Commendation.Stage.COSIGN: "info",
    Commendation.Stage.AGREED: "info",
    Commendation.Stage.DISAGREED: "bad",
    Commendation.Stage.ISSUED: "good",
    Commendation.Stage.DROPPED: "neutral",
}
RELATED = ("joint_body",)


@dataclass(frozen=True)
class Word:
    """A department's word on the present content; `agrees` None: none yet."""

    body: str
    part: str
    agrees: bool | None
    opinion: str
    at: datetime | None


def commendations(user: Any) -> QuerySet[Commendation]:
    """Those of this person's joint bodies, with how many they commend."""
    mine = Commendation.objects.filter(visible_commendations(user)).values("pk")
    return (
        Commendation.objects.filter(pk__in=mine)
        .select_related("joint_body")
        .annotate(number=Count("bodies", distinct=True))
        .order_by("-drafted_at")
    )


def drafts_for(user: Any) -> list[JointBody]:
    """Joint bodies for which this person may draft (one query)."""
    mine = [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, Role.HANDLER, Role.LEAD)]
    if not mine:
        return []
    hosted = JointBody.objects.filter(
        parts__organisation__in=mine, parts__part=JointMember.Part.HOST
    ).distinct()
    return list(hosted)


def words(commendation: Commendation) -> list[Word]:
    """The word of every seat on the content that stands (one query)."""
    said = {
        one.organisation_id: one
        for one in commendation.consents.filter(content_sha256=commendation.content_sha256)
    }
    return [
        Word(
            seat.organisation.name,
            str(seat.get_part_display()),
            one.agrees if (one := said.get(seat.organisation_id)) else None,
            one.opinion if one else "",
            one.at if one else None,
        )
        for seat in commendation.joint_body.seats
    ]


def published() -> QuerySet[Commendation]:
    """Issued ones, the newest first."""
    return (
        Commendation.objects.filter(stage=Commendation.Stage.ISSUED)
        .select_related("joint_body")
        .annotate(number=Count("bodies", distinct=True))
        .order_by("-dated_on", "-issued_at")
    )


def version() -> str:
    """Changes with every issue (one query)."""
    found = Commendation.objects.filter(stage=Commendation.Stage.ISSUED).aggregate(
        number=Count("pk"), last=Max("issued_at")
    )
    state = [found["number"], found["last"].isoformat() if found["last"] else ""]
    return sha256_hex(canonical_bytes(state))[:32]
