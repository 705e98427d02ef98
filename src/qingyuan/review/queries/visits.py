"""Reads for site visits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.people.models import Expert, User
from qingyuan.review.avoidance import bars_among
from qingyuan.review.models import Case, Round, Visit, VisitItem
from qingyuan.review.rules.visits import sees_visit, visible_visits

TONES: dict[str, str] = {
    Visit.Stage.PLANNED: "warn",
    Visit.Stage.NOTIFIED: "info",
    Visit.Stage.DONE: "info",
    Visit.Stage.REPLIED: "warn",
    Visit.Stage.SIGNED: "good",
    Visit.Stage.CANCELLED: "neutral",
}
RELATED = ("case__round__call__joint_body", "case__submission", "case__applicant", "draw")


def visits_of(round_: Round) -> QuerySet[Visit]:
    """The visits of a round in the order of travel, with how much of each checklist is done (one query)."""
    return (
        Visit.objects.filter(case__round=round_)
        .select_related(*RELATED)
        .annotate(
            total=Count("items", distinct=True),
            answered=Count("items", filter=~Q(items__answer=""), distinct=True),
        )
        .order_by("day", "position", "case__number")
    )


def my_visits(user: Any) -> list[Visit]:
    """The visits that concern this user and are under way, in the order of travel, those with a conflict left out."""
    return without_conflicts(user, under_way(user))


def without_conflicts(user: Any, visits_under_way: Iterable[Visit]) -> list[Visit]:
    """Of `under_way` those that the user may see.

    What binds the user as an expert is found for all visits of a round at once, so that the rules ask no more.
    """
    found = list(visits_under_way)
    seats: dict[Any, list[Visit]] = {}
    for visit in found:
        if any(one.user_id == user.pk and one.expert for one in visit.team.all()):
            seats.setdefault(visit.case.round_id, []).append(visit)
    for visits in seats.values():
        experts = {
            one.expert.pk: one.expert
            for visit in visits
            for one in visit.team.all()
            if one.expert and one.user_id == user.pk
        }
        known = bars_among(visits[0].case.round, [one.case for one in visits], list(experts.values()))
        for visit in visits:
            visit.known_bars = {pk: known[visit.case_id, pk] for pk in experts}
    return [visit for visit in found if sees_visit.test(user, visit)]


def under_way(user: Any) -> QuerySet[Visit]:
    """The visits that concern this user, in the order of travel; the caller leaves out those with a conflict."""
    seen = Visit.objects.filter(visible_visits(user)).exclude(stage__in=["signed", "cancelled"]).values("pk")
    return (
        Visit.objects.filter(pk__in=seen)
        .select_related(*RELATED)
        .prefetch_related("team__expert", "case__round__call__joint_body__parts")
        .order_by("day", "position", "pk")
    )


def is_planned(case: Case) -> bool:
    return Visit.objects.filter(case=case).exclude(stage=Visit.Stage.CANCELLED).exists()


def visit_of(case: Case) -> Visit | None:
    """The visit of a case that was not cancelled (one query)."""
    return (
        Visit.objects.filter(case=case).exclude(stage=Visit.Stage.CANCELLED).select_related(*RELATED).first()
    )


def place_of(visit: Visit) -> tuple[float, float] | None:
    if visit.latitude is None or visit.longitude is None:
        return None
    return float(visit.latitude), float(visit.longitude)


def counts(items: list[VisitItem]) -> dict[str, int]:
    """How many claims stand under each answer; "" are those not yet looked at."""
    found = Counter(item.answer for item in items)
    return {value: found[value] for value in ("", *VisitItem.Answer.values)}


def findings(items: list[VisitItem]) -> list[VisitItem]:
    """What the applicant has to reply to."""
    return [
        item
        for item in items
        if item.answer in {VisitItem.Answer.INCONSISTENT, VisitItem.Answer.UNVERIFIABLE}
    ]


def content_hash(visit: Visit) -> str:
    """Of everything that both sides sign: checklist, photos, conclusion, reply."""
    return sha256_hex(
        canonical_bytes(
            {
                "visit": str(visit.pk),
                "items": [[one.position, one.claim, one.answer, one.note] for one in visit.items.all()],
                "photos": sorted(visit.photos.values_list("upload__sha256", flat=True)),
                "conclusion": visit.conclusion,
                "other_matters": visit.other_matters,
                "reply": visit.reply,
            }
        )
    )


def officers(round_: Round) -> QuerySet[User]:
    """Who of the departments can go."""
    departments = round_.joint_body.parts.values("organisation_id")
    return (
        User.objects.filter(is_active=True, memberships__organisation__in=departments)
        .distinct()
        .order_by("display_name", "pk")
    )


def experts(round_: Round) -> QuerySet[Expert]:
    """Those who were asked for this round and did not decline."""
    asked = round_.appointments.filter(stage__in=["invited", "accepted"]).values("expert_id")
    return Expert.objects.filter(pk__in=asked).select_related("user", "employer").order_by("code")
