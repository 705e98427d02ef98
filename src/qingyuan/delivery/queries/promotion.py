"""Promotion activities and support, as lists with their sums."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from qingyuan.catalogue import regions
from qingyuan.delivery.models import Practice, Project, Promotion, Support
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules.project import visible_projects
from qingyuan.delivery.rules.promotion import visible_promotions, visible_supports
from qingyuan.people.models import Organisation, Role
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES
from qingyuan.review.bundles import province_of

TONES = {"recorded": "good", "struck": "neutral"}
WITHIN = ("organiser", "material", *(f"project__{name}" for name in RELATED))
SUPPORT_WITHIN = ("evidence", *(f"project__{name}" for name in RELATED))


def promotions(user: Any) -> QuerySet[Promotion]:
    """Those that this person may see, the newest first."""
    mine = Promotion.objects.filter(visible_promotions(user)).values("pk")
    return (
        Promotion.objects.filter(pk__in=mine)
        .select_related("organiser", "project")
        .annotate(shown=Count("cases"))
        .order_by("-held_on", "title", "pk")
    )


def sums(user: Any) -> dict[str, int]:
    """How many activities, bodies and people, of what was not struck (one query)."""
    standing = Promotion.objects.filter(
        pk__in=Promotion.objects.filter(visible_promotions(user)).values("pk"),
        stage=Promotion.Stage.RECORDED,
    )
    found = standing.aggregate(number=Count("pk"), bodies=Sum("bodies"), people=Sum("people"))
    return {name: found[name] or 0 for name in ("number", "bodies", "people")}


def may_promote(user: Any) -> list[Organisation]:
    """Bodies for which this person may record an activity (no query)."""
    standing = user.standing
    return [
        body
        for body in sorted(standing.organisations.values(), key=lambda one: one.name)
        if (body.kind in AUTHORITIES | APPLICANTS or body.may_apply)
        and standing.holds(body.pk, Role.HANDLER, Role.LEAD)
    ]


def projects_of(user: Any) -> QuerySet[Project]:
    return Project.objects.filter(
        pk__in=Project.objects.filter(visible_projects(user)).values("pk")
    ).order_by("title")


def cases() -> QuerySet[Practice]:
    return Practice.objects.filter(stage=Practice.Stage.PUBLISHED).only("pk", "title").order_by("title")


@dataclass(frozen=True)
class Province:
    """What the pilots of a province got."""

    name: str
    number: int
    pilots: int
    amount: Decimal


def supports(user: Any) -> QuerySet[Support]:
    """Those that this person may see, the newest first."""
    return (
        Support.objects.filter(visible_supports(user))
        .select_related("project__applicant")
        .order_by("-given_on", "pk")
    )


def by_province(user: Any) -> list[Province]:
    """Sums of what was not struck, by province (one query)."""
    rows = (
        Support.objects.filter(visible_supports(user), stage=Support.Stage.RECORDED)
        .values_list("project", "project__region_code")
        .annotate(number=Count("pk"), amount=Sum("amount"))
        .order_by("project__region_code")
    )
    found: dict[str, list[tuple[int, Decimal]]] = {}
    for _project, region, number, amount in rows:
        found.setdefault(province_of(region), []).append((number, amount or Decimal(0)))
    known = regions.regions()
    return [
        Province(
            known[code].name if code in known else "—",
            sum(number for number, _amount in lines),
            len(lines),
            sum((amount for _number, amount in lines), Decimal(0)),
        )
        for code, lines in sorted(found.items())
    ]
