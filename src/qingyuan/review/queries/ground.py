"""Rounds and cases as lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from qingyuan.calls.models import Call
from qingyuan.catalogue import regions
from qingyuan.kernel import clock
from qingyuan.people.models import JointBody
from qingyuan.review.models import Case, Round
from qingyuan.review.rules import ground

TONES: Mapping[str, str] = {
    Case.Stage.FORM_CHECK: "info",
    Case.Stage.RETURNED: "warn",
    Case.Stage.ASSESSMENT: "info",
    Case.Stage.DECISION: "warn",
    Case.Stage.RECOMMENDED: "good",
    Case.Stage.APPROVED: "good",
    Case.Stage.NOT_SELECTED: "neutral",
    Case.Stage.REJECTED: "bad",
    Case.Stage.WITHDRAWN: "neutral",
    Case.Stage.RECTIFYING: "warn",
    Case.Stage.EVALUATED: "good",
    Case.Stage.PASSED: "good",
    Case.Stage.FAILED: "bad",
}
ROUND_TONES: Mapping[str, str] = {
    Round.Stage.PREPARING: "warn",
    Round.Stage.REVIEWING: "info",
    Round.Stage.DECIDING: "info",
    Round.Stage.PUBLISHED: "good",
    Round.Stage.ARCHIVED: "neutral",
}
LONGEST_SEARCH = 80


def rounds(user: Any) -> QuerySet[Round]:
    """The rounds of the user's departments with their cases counted (one query)."""
    return (
        Round.objects.filter(pk__in=Round.objects.filter(ground.visible_rounds(user)).values("pk"))
        .select_related("call__joint_body")
        .annotate(
            total=Count("cases"),
            still_open=Count(
                "cases",
                filter=Q(cases__stage__in=["form_check", "returned", "assessment", "decision", "rectifying"]),
            ),
        )
    )


def at(user: Any, *stages: str) -> QuerySet[Round]:
    """The rounds of the user's departments at these stages, with who organises them (two queries)."""
    return (
        Round.objects.filter(ground.visible_rounds(user), stage__in=stages)
        .select_related("call__joint_body")
        .prefetch_related("call__joint_body__parts")
        .distinct()
    )


def openable_calls(user: Any) -> list[Call]:
    """Closed calls for which the user may open a review (one query and the parts)."""
    return [call for call in without_round(user) if ground.handles_call.test(user, call)]


def without_round(user: Any) -> QuerySet[Call]:
    """Closed calls of the user's departments for which no review was opened."""
    return (
        Call.objects.filter(
            stage=Call.Stage.OPEN,
            closes_at__lte=clock.now(),
            joint_body__parts__organisation__in=user.standing.organisation_ids,
        )
        .exclude(rounds__kind=Round.Kind.SELECTION)
        .select_related("joint_body")
        .prefetch_related("joint_body__parts")
        .distinct()
    )


def acceptable_calls(user: Any) -> list[Call]:
    """Calls of the State whose approved list is out and whose acceptance was not opened (one query and the parts).

    With two sittings a call comes back for the second once a pilot passed the first: `is_evaluated` says so.
    """
    decided = Round.objects.filter(
        kind=Round.Kind.SELECTION, stage__in=[Round.Stage.PUBLISHED, Round.Stage.ARCHIVED]
    )
    found = (
        Call.objects.filter(
            stage=Call.Stage.OPEN,
            rounds__in=decided,
            joint_body__level=JointBody.Level.STATE,
            joint_body__parts__organisation__in=user.standing.organisation_ids,
        )
        .exclude(rounds__sitting__in=[Round.Sitting.WHOLE, Round.Sitting.ACCEPTANCE])
        .annotate(
            is_evaluating=Exists(Round.objects.filter(call=OuterRef("pk"), sitting=Round.Sitting.EVALUATION)),
            is_evaluated=Exists(Case.objects.filter(round__call=OuterRef("pk"), stage=Case.Stage.EVALUATED)),
        )
        .filter(Q(is_evaluating=False) | Q(is_evaluated=True))
        .select_related("joint_body")
        .prefetch_related("joint_body__parts")
        .distinct()
    )
    return [call for call in found if ground.handles_call.test(user, call)]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the reader of a list of cases asked for; unknown values are dropped by `read`."""

    category: str = ""
    prefecture: str = ""
    stage: str = ""
    search: str = ""

    @classmethod
    def read(cls, round_: Round, given: Mapping[str, str]) -> Filters:
        def known(name: str, values: Any) -> str:
            value = given.get(name, "")
            return value if value in values else ""

        return cls(
            category=known("category", {category.id for category in round_.notice.categories}),
            prefecture=known("prefecture", regions.regions()),
            stage=known("stage", set(Case.Stage.values)),
            search=" ".join(given.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH],
        )

    @property
    def narrows(self) -> bool:
        return any((self.category, self.prefecture, self.stage, self.search))


def cases(round_: Round, filters: Filters | None = None) -> QuerySet[Case]:
    """The cases of a round in the order of their numbers."""
    found = Case.objects.filter(round=round_).order_by("number")
    if filters is None:
        return found
    if filters.category:
        found = found.filter(category_id=filters.category)
    if filters.prefecture:
        found = found.filter(region_code=filters.prefecture)
    if filters.stage:
        found = found.filter(stage=filters.stage)
    if filters.search:
        found = found.filter(Q(title__icontains=filters.search) | Q(applicant_name__icontains=filters.search))
    return found


@dataclass(frozen=True)
class Census:
    """Where the cases of a round stand and come from; stages in their order, prefectures by code."""

    stages: list[tuple[str, str, int]]
    """(stage, title, number of cases), of the stages that occur."""
    prefectures: list[tuple[str, str]]
    """(code, name)."""


def census(round_: Round) -> Census:
    """One query for both."""
    grouped = Case.objects.filter(round=round_).order_by().values_list("stage", "region_code")
    found: Counter[str] = Counter()
    codes = set()
    for stage, code, number in grouped.annotate(n=Count("pk")):
        found[stage] += number
        codes.add(code)
    known = regions.regions()
    return Census(
        [(value, str(title), found[value]) for value, title in Case.Stage.choices if value in found],
        [(code, known[code].name) for code in sorted(codes) if code in known],
    )
