"""What of a review is public (X1): the list that a released decision makes, and nothing that names a person or a refusal.

The State's approved list is the result that its notice names. A province's result is a letter to each project: its list
is published only where the call asks for 公示.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from qingyuan.catalogue import regions
from qingyuan.kernel import clock
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review.bundles import province_of
from qingyuan.review.decisions import positive
from qingyuan.review.models import Case, Decision
from qingyuan.review.queries.decisions import result_title

_POSITIVE = (Case.Stage.APPROVED, Case.Stage.RECOMMENDED)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One project as the public sees it."""

    number: int
    title: str
    applicant: str
    category: str
    place: str


@dataclass(frozen=True, kw_only=True)
class Published:
    """A published list without its lines."""

    call_id: UUID
    title: str
    programme: str
    batch: str
    bodies: tuple[str, ...]
    document_number: str
    on: dt.date
    released_at: dt.datetime
    number: int


def public_decisions() -> QuerySet[Decision]:
    """The released final decisions whose list may be public, the newest first."""
    return (
        # Of selection only: the passed list is a list of its own (delivery.queries.passed).
        Decision.objects.filter(kind=Decision.Kind.FINAL, stage=Decision.Stage.RELEASED)
        .filter(Q(round__call__joint_body__level="state") | Q(round__call__options__publicity=True))
        .select_related("round__call__joint_body")
        .prefetch_related("round__call__joint_body__parts__organisation")
        .annotate(chosen=Count("items", filter=Q(items__outcome__in=_POSITIVE)))
        .order_by("-released_at")
    )


def published() -> list[Published]:
    """All published lists, the newest first (three queries)."""
    return [described(decision) for decision in public_decisions()]


def of_call(call_id: Any) -> Decision | None:
    """The decision behind the public list of a call; None while there is none."""
    return public_decisions().filter(round__call_id=call_id).first()


def described(decision: Decision) -> Published:
    """The head of a list."""
    assert decision.released_at is not None
    call = decision.round.call
    parts = sorted(decision.round.joint_body.seats, key=lambda part: part.part != "host")
    return Published(
        call_id=call.pk,
        title=result_title(decision),
        programme=call.notice.programme,
        batch=call.notice.batch,
        bodies=tuple(part.organisation.name for part in parts),
        document_number=decision.document_number,
        on=decision.dated_on or clock.local(decision.released_at).date(),
        released_at=decision.released_at,
        number=decision.chosen,  # type: ignore[attr-defined]
    )


def lines(decision: Decision) -> list[Line]:
    """The selected projects in the order of the decision (one query)."""
    found = (
        decision.items.filter(outcome=positive(decision.round)).select_related("case").order_by("position")
    )
    titles = {category.id: category.title for category in decision.round.notice.categories}
    return [
        Line(
            number=number,
            title=item.case.title,
            applicant=item.case.applicant_name,
            category=titles.get(item.case.category_id, ""),
            place=_place(item.case.region_code),
        )
        for number, item in enumerate(found, start=1)
    ]


def _place(code: str) -> str:
    known = regions.regions()
    names = dict.fromkeys(known[one].name for one in (province_of(code), code) if one in known)
    return "".join(names)


def fingerprint(decision: Decision) -> str:
    """Changes when anything that the page shows changes."""
    return sha256_hex(
        canonical_bytes(
            [
                str(decision.pk),
                decision.content_sha256,
                decision.document_number,
                decision.dated_on.isoformat() if decision.dated_on else "",
            ]
        )
    )
