"""How far the audit of every enterprise is: its schemes, its evaluation, its acceptance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from qingyuan.audits import evaluating, extent
from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.models.scheme import Scheme
from qingyuan.audits.queries.scheme import RELATED as PILOT
from qingyuan.kernel.actions import Problem
from qingyuan.people.models import Role
from qingyuan.pilots.models import Pilot

RELATED = ("enterprise", "evidence", "organised_by", *(f"pilot__{name}" for name in PILOT))
TONES: Mapping[str, str] = {
    AuditReview.Stage.ASKED: "warn",
    AuditReview.Stage.PASSED: "good",
    AuditReview.Stage.RECTIFY: "warn",
    AuditReview.Stage.FAILED: "bad",
    AuditReview.Stage.WITHDRAWN: "neutral",
    AuditReview.Stage.REVOKED: "neutral",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One enterprise. `problems` by kind: what stands against asking now (empty: it may be asked)."""

    enterprise: extent.Covered
    low: tuple[int, int]
    """Done and standing schemes at no or low cost."""
    high: tuple[int, int]
    latest: Mapping[str, AuditReview | None]
    problems: Mapping[str, list[Problem]]


def lines(pilot: Pilot) -> list[Line]:
    """All enterprises of the pilot in the order of their codes (three or four queries)."""
    schemes: dict[UUID, list[Scheme]] = defaultdict(list)
    for scheme in Scheme.objects.filter(pilot=pilot).only("enterprise_id", "kind", "number", "stage"):
        schemes[scheme.enterprise_id].append(scheme)
    reviews: dict[UUID, list[AuditReview]] = defaultdict(list)
    for review in AuditReview.objects.filter(pilot=pilot):
        reviews[review.enterprise_id].append(review)
    sheets = {kind: evaluating.sheet_for(pilot, kind) for kind in AuditReview.Kind.values}
    return [
        Line(
            enterprise=one,
            low=_counts(schemes[one.id], Scheme.Kind.LOW),
            high=_counts(schemes[one.id], Scheme.Kind.HIGH),
            latest={kind: evaluating.latest(reviews[one.id], kind) for kind in sheets},
            problems={
                kind: evaluating.why_not(kind, sheet, schemes[one.id], reviews[one.id])
                for kind, sheet in sheets.items()
            },
        )
        for one in extent.of(pilot)
    ]


def _counts(schemes: list[Scheme], kind: str) -> tuple[int, int]:
    standing = [one for one in schemes if one.kind == kind and one.stage != Scheme.Stage.DROPPED]
    return sum(one.stage == Scheme.Stage.DONE for one in standing), len(standing)


def reviews(pilot: Pilot) -> QuerySet[AuditReview]:
    return AuditReview.objects.filter(pilot=pilot).select_related(*RELATED)


def waiting_by_sheet(pilot: Pilot, sheet: str) -> QuerySet[AuditReview]:
    """Asked for under one sheet and not held, by credit code."""
    found = AuditReview.objects.filter(pilot=pilot, sheet_id=sheet, stage=AuditReview.Stage.ASKED)
    related = ("enterprise", "pilot__call__joint_body", "pilot__applicant")
    return found.select_related(*related).order_by("enterprise__credit_code")


def sheets_waiting(pilot: Pilot) -> dict[str, int]:
    """How many wait under which sheet (one query)."""
    found = AuditReview.objects.filter(pilot=pilot, stage=AuditReview.Stage.ASKED)
    return dict(found.order_by("sheet_id").values_list("sheet_id").annotate(number=Count("pk")))


def waiting(user: Any) -> QuerySet[AuditReview]:
    """Asked for and not held, of calls whose departments this person works for (the caller judges each)."""
    mine = [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, Role.HANDLER, Role.LEAD)]
    found = AuditReview.objects.filter(
        stage=AuditReview.Stage.ASKED, pilot__call__joint_body__parts__organisation__in=mine
    )
    return found.select_related("enterprise", "pilot__call__joint_body", "pilot__applicant").distinct()


def to_rectify(bodies: list[UUID]) -> QuerySet[AuditReview]:
    """Last rounds of these applicants that must be rectified."""
    later = AuditReview.objects.filter(
        pilot=OuterRef("pilot"),
        enterprise=OuterRef("enterprise"),
        kind=OuterRef("kind"),
        round__gt=OuterRef("round"),
        stage__in=evaluating.COUNTED,
    )
    found = AuditReview.objects.filter(stage=AuditReview.Stage.RECTIFY, pilot__applicant__in=bodies)
    return found.exclude(Exists(later)).select_related("enterprise", "pilot")
