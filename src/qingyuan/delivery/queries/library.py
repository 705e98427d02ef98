"""The case library as the public reads it, and cases as those inside see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from qingyuan.delivery import library
from qingyuan.delivery.models import Practice, PracticeTag
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules.library import visible_practices
from qingyuan.papers.canonical import canonical_bytes, sha256_hex

TONES: Mapping[str, str] = {
    Practice.Stage.DRAFT: "neutral",
    Practice.Stage.HANDED_IN: "warn",
    Practice.Stage.PUBLISHED: "good",
    Practice.Stage.WITHDRAWN: "bad",
}
WITHIN = tuple(f"project__{name}" for name in RELATED)
MOST_WORDS = 8


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody looks for; empty is anything."""

    words: str = ""
    category: str = ""
    region: str = ""
    sector: str = ""
    pollutant: str = ""
    measure: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """One published case in a list: from its sealed content alone."""

    pk: Any
    content: dict[str, Any]
    published_at: datetime

    @property
    def titles(self) -> list[str]:
        return [one["title"] for name in ("sectors", "measures") for one in self.content[name]]

    @property
    def best(self) -> list[dict[str, str]]:
        """The first results."""
        return list(self.content["results"][:2])


@dataclass(frozen=True)
class Version:
    """What the pages of the library are made of, as a fingerprint: it changes with every publication and taking down."""

    fingerprint: str
    changed_at: datetime | None = field(default=None)


def published(wanted: Wanted | None = None) -> QuerySet[Practice]:
    """Published cases that fit, the newest first. Reads nothing but the public content."""
    wanted = wanted or Wanted()
    found = Practice.objects.filter(stage=Practice.Stage.PUBLISHED)
    if wanted.category:
        found = found.filter(category_id=wanted.category)
    if wanted.region:
        found = found.filter(
            region_code__startswith=wanted.region[:2] if wanted.region.endswith("0000") else wanted.region
        )
    for kind in PracticeTag.Kind.values:
        if value := getattr(wanted, kind):
            found = found.filter(pk__in=PracticeTag.objects.filter(kind=kind, value=value).values("practice"))
    for word in wanted.words.casefold().split()[:MOST_WORDS]:
        found = found.filter(search_text__contains=word)
    return found.only("pk", "content", "published_at").order_by("-published_at", "pk")


def card(practice: Practice) -> Card:
    assert practice.published_at is not None
    return Card(pk=practice.pk, content=practice.content, published_at=practice.published_at)


def offered() -> dict[str, list[tuple[str, str]]]:
    """The choices that lead to a case, with how many (two queries)."""
    tags = (
        PracticeTag.objects.filter(practice__stage=Practice.Stage.PUBLISHED)
        .values_list("kind", "value")
        .annotate(number=Count("pk"))
        .order_by("kind", "value")
    )
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in PracticeTag.Kind.values}
    titles = {kind: library.words(name) for name, kind in library.LISTS.items()}
    for kind, value, number in tags:
        found[kind].append((value, f"{titles[PracticeTag.Kind(kind)].get(value, value)}（{number}）"))
    places: dict[str, str] = {}
    categories: dict[str, str] = {}
    shown = Practice.objects.filter(stage=Practice.Stage.PUBLISHED)
    for category, region, title, named in shown.values_list(
        "category_id", "region_code", "content__category__title", "content__region__title"
    ).distinct():
        categories.setdefault(category, title)
        if region:
            places.setdefault(region, named)
    found["category"] = sorted(categories.items(), key=lambda one: one[1])
    found["region"] = sorted(places.items())
    return found


def one_published(pk: Any) -> Practice | None:
    return Practice.objects.filter(pk=pk, stage=Practice.Stage.PUBLISHED).first()


def version(*more: str) -> Version:
    """Of the whole library (one query); `more` belongs to it as well: the question, the language."""
    stands = Q(stage=Practice.Stage.PUBLISHED)
    found = Practice.objects.aggregate(
        number=Count("pk", filter=stands), last=Max("published_at"), gone=Max("withdrawn_at")
    )
    changed = max((one for one in (found["last"], found["gone"]) if one), default=None)
    state = [str(found["number"]), changed.isoformat() if changed else "", *more]
    return Version(sha256_hex(canonical_bytes(state))[:32], changed)


def practices(user: Any) -> QuerySet[Practice]:
    """Every case that this person may see inside, in whatever state."""
    return (
        Practice.objects.filter(visible_practices(user))
        .select_related("project__applicant")
        .defer("search_text", "background", "done", "replicability", "conditions")
        .order_by("-written_at", "pk")
    )


def waiting(user: Any) -> QuerySet[Practice]:
    """Handed-in cases of this person's departments (the caller judges each)."""
    return Practice.objects.filter(
        stage=Practice.Stage.HANDED_IN,
        project__pilot__call__joint_body__parts__organisation__in=user.standing.organisation_ids,
    ).select_related("project__pilot__call__joint_body")
