"""公示 as everybody sees it, and objections as the departments see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from qingyuan.kernel import clock
from qingyuan.review.models import Case, Decision, Objection, Publicity
from qingyuan.review.queries import lists

TONES: Mapping[str, str] = {
    Publicity.Stage.OPEN: "info",
    Publicity.Stage.CLOSED: "good",
    Publicity.Stage.STOPPED: "bad",
    Objection.Stage.REGISTERED: "warn",
    Objection.Stage.SETTLED: "good",
}
RELATED = ("decision__round__call__joint_body",)
WITH_OBJECTIONS = Prefetch("publicities", Publicity.objects.prefetch_related("objections"))
"""What `review.publicity` asks about a decision, for many decisions at once (two queries)."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A publicity for everybody: the list, the period, where objections go. Nothing of refusals, reasons or objections."""

    id: UUID
    stage: str
    stage_title: str
    title: str
    call_title: str
    bodies: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    contact: str
    answer_days: int
    takes_objections: bool
    number: int
    lines: tuple[lists.Line, ...] = ()


def public() -> QuerySet[Publicity]:
    """All that lay open, the newest first; a stopped one is named, but its list is not shown any more."""
    return (
        Publicity.objects.select_related(*RELATED)
        .prefetch_related("decision__round__call__joint_body__parts__organisation")
        .order_by("-starts_at")
    )


def shown(publicity: Publicity, *, with_lines: bool = True) -> Shown:
    """`publicity` from `public()`; its lines cost one query."""
    call = publicity.decision.round.call
    parts = sorted(publicity.decision.round.joint_body.parts.all(), key=lambda part: part.part != "host")
    is_shown = with_lines and publicity.stage != Publicity.Stage.STOPPED
    found = tuple(lists.lines(publicity.decision)) if is_shown else ()
    return Shown(
        id=publicity.pk,
        stage=publicity.stage,
        stage_title=str(publicity.get_stage_display()),
        title=str(publicity),
        call_title=call.title,
        bodies=tuple(part.organisation.name for part in parts),
        starts_at=publicity.starts_at,
        ends_at=publicity.ends_at,
        ended_at=publicity.ended_at,
        contact=publicity.contact,
        answer_days=publicity.answer_days,
        takes_objections=publicity.stage == Publicity.Stage.OPEN and clock.now() < publicity.ends_at,
        number=len(found),
        lines=found,
    )


def listed_cases(publicity: Publicity) -> QuerySet[Case]:
    """The projects that lie open, in the order of the list: to choose one to object to."""
    from qingyuan.review.decisions import positive

    wanted = positive(publicity.decision.round)
    return Case.objects.filter(
        decision_items__decision=publicity.decision, decision_items__outcome=wanted
    ).order_by("decision_items__position")


def of_decision(decision: Decision) -> list[Publicity]:
    """Its periods with the number of their objections, the newest first (one query)."""
    return list(decision.publicities.annotate(objected=Count("objections")).order_by("-starts_at"))


def objections(publicity: Publicity) -> list[Objection]:
    """In the order of their arrival (one query)."""
    return list(publicity.objections.select_related("case", "upload", "settled_by"))


def by_code(code: str) -> Objection | None:
    """What the holder of a 查询码 may read; the code is long enough not to be guessed."""
    return (
        Objection.objects.filter(code=code)
        .select_related(*(f"publicity__{name}" for name in RELATED))
        .first()
    )


def project(objection: Objection) -> str:
    return objection.case.title if objection.case else ""


def as_public_data(one: Shown) -> dict[str, Any]:
    """The page for programs."""
    return {
        "id": str(one.id),
        "stage": one.stage,
        "title": one.title,
        "call": one.call_title,
        "bodies": list(one.bodies),
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "contact": one.contact,
        "answer_days": one.answer_days,
        "takes_objections": one.takes_objections,
        "projects": [
            {
                "number": line.number,
                "title": line.title,
                "applicant": line.applicant,
                "category": line.category,
                "place": line.place,
            }
            for line in one.lines
        ],
    }
