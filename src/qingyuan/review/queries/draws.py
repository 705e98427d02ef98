"""Reads for draws: who can be drawn, the record of one, the public list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from qingyuan.catalogue import regions
from qingyuan.kernel import ledger
from qingyuan.kernel.draws import KIND, ORGANISER, SECOND, VERSION, Candidate
from qingyuan.kernel.draws.record import ENTRIES
from qingyuan.kernel.models import LedgerEntry
from qingyuan.people.models import Expert, Organisation, User
from qingyuan.review.models import Case, Draw, Round
from qingyuan.review.queries.drawable import drawable
from qingyuan.review.rules.draws import visible_draws

PUBLIC_STAGES = (Round.Stage.PUBLISHED, Round.Stage.ARCHIVED)
NONE, PLACE, GROUP = "none", "place", "group"
OPEN_STAGES = (Case.Stage.FORM_CHECK, Case.Stage.RETURNED, Case.Stage.ASSESSMENT, Case.Stage.DECISION)


def candidates(round_: Round, kind: str, *, strata: str = NONE, case: Case | None = None) -> list[Candidate]:
    """Everyone who could be drawn, with the stratum by which the draw spreads.

    Experts are those of the round's pool who are not appointed yet; with a case, nobody who must stand back from it.
    """
    if kind == Draw.Kind.SITES:
        titles = {category.id: category.title for category in round_.notice.categories}
        found = []
        for one in Case.objects.filter(round=round_, stage__in=OPEN_STAGES).order_by("number"):
            one.round = round_
            by = {PLACE: one.place, GROUP: titles.get(one.category_id, one.category_id)}
            found.append(Candidate(one.label, by.get(strata, "")))
        return found
    return of_experts(drawable(round_, case).experts, strata=strata)


def of_experts(experts: Iterable[Expert], *, strata: str = NONE) -> list[Candidate]:
    """Experts by their codes, each with its stratum."""
    return [
        Candidate(
            one.code, {PLACE: _place(one.region_code), GROUP: str((one.fields or [""])[0])}.get(strata, "")
        )
        for one in experts
    ]


def drawn_for(round_: Round) -> list[Case]:
    """The cases for which experts can be drawn, by number (one query)."""
    cases = list(Case.objects.filter(round=round_, stage__in=Case.ASSIGNABLE).order_by("number"))
    for case in cases:
        case.round = round_
    return cases


def _place(code: str) -> str:
    known = regions.regions().get(code)
    return known.name if known else code


def supervisors(round_: Round) -> QuerySet[User]:
    """Who could watch: people of the departments and of the desks below them (机关纪委 and the like)."""
    departments = round_.joint_body.parts.values("organisation_id")
    bodies = Organisation.objects.filter(pk__in=departments) | Organisation.objects.filter(
        parent__in=departments
    )
    return (
        User.objects.filter(
            is_active=True, memberships__organisation__in=bodies.filter(stage=Organisation.Stage.ACTIVE)
        )
        .distinct()
        .order_by("display_name", "pk")
    )


def draws_of(round_: Round) -> QuerySet[Draw]:
    return Draw.objects.filter(round=round_).select_related("round__call__joint_body", "supervisor")


def waiting(user: Any) -> QuerySet[Draw]:
    """Draws under way that this user may see (one query)."""
    under_way = [Draw.Stage.ANNOUNCED, Draw.Stage.COMMITTED, Draw.Stage.REVEALED]
    seen = Draw.objects.filter(visible_draws(user), stage__in=under_way).values("pk")
    return (
        Draw.objects.filter(pk__in=seen)
        .select_related("round__call__joint_body")
        .prefetch_related("round__call__joint_body__parts")
    )


def public_draws() -> QuerySet[Draw]:
    """Draws of rounds whose results are published: done, void and never finished ones alike."""
    return (
        Draw.objects.filter(round__stage__in=PUBLIC_STAGES)
        .select_related("round__call__joint_body")
        .order_by("-announced_at", "pk")
    )


def result_rows(draw: Draw) -> list[dict[str, Any]]:
    """The result for those who organise the review: codes with what they stand for (one query)."""
    codes = [*draw.selected, *draw.reserves]
    named = _named_cases(draw, codes) if draw.kind == Draw.Kind.SITES else _named_experts(codes)
    strata = {one["code"]: one["stratum"] for one in draw.terms["candidates"]}
    return [
        {
            "code": code,
            "stratum": strata.get(code, ""),
            "is_reserve": place >= len(draw.selected),
            **named.get(code, {}),
        }
        for place, code in enumerate(codes)
    ]


def _named_cases(draw: Draw, codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    wanted = set(codes)
    rows = {}
    for case in Case.objects.filter(round=draw.round):
        case.round = draw.round
        if case.label in wanted:
            rows[case.label] = {"title": case.title, "detail": case.applicant_name, "case": case}
    return rows


def _named_experts(codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    experts = Expert.objects.filter(code__in=list(codes)).select_related("user", "employer")
    return {one.code: {"title": str(one.user), "detail": str(one.employer or "")} for one in experts}


def drawn_cases(draw: Draw) -> list[Case]:
    """The cases that a draw of sites selected, in the order of the draw."""
    named = _named_cases(draw, draw.selected)
    return [named[code]["case"] for code in draw.selected if code in named]


def drawn_experts(round_: Round, draw: str, *, reserves: bool = False) -> list[Any]:
    """The ids of the experts whom a draw of this round selected (or of its reserves), for the invitation to follow."""
    try:
        found = Draw.objects.filter(
            round=round_, pk=draw, kind=Draw.Kind.EXPERTS, stage=Draw.Stage.DRAWN
        ).first()
    except ValidationError:
        return []
    codes = (found.reserves if reserves else found.selected) if found else []
    return list(Expert.objects.filter(code__in=codes).values_list("pk", flat=True))


def entries(draw: Draw) -> dict[str, LedgerEntry]:
    """The ledger's entry of each act of the draw, by the name that the record gives it (one query)."""
    names = {verb: name for name, verb in ENTRIES.items()}
    rows = LedgerEntry.objects.filter(subject_type="review.draw", subject_id=str(draw.pk)).order_by("seq")
    return {names[row.verb]: row for row in rows if row.verb in names}


def record(draw: Draw) -> dict[str, Any]:
    """The record of a draw that was done, for anyone to verify (docs/draws.md)."""
    commitments = {ORGANISER: draw.organiser_commitment}
    if draw.has_second:
        commitments[SECOND] = draw.second_commitment
    return {
        "kind": KIND,
        "version": VERSION,
        "terms": draw.terms,
        "terms_sha256": draw.terms_sha256,
        "commitments": commitments,
        "revealed": {ORGANISER: draw.organiser_secret, "public_value": draw.public_value},
        "seed": draw.seed,
        "outcome": draw.outcome,
        "supervisor": {"body": draw.supervisor_body, "role": draw.supervisor_role},
        "ledger": {name: ledger.receipt(entry) for name, entry in entries(draw).items()},
    }


def stamp(instant: datetime) -> str:
    """As the terms write an instant."""
    return ledger.stamp(instant)
