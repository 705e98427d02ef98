"""Schemes as lists and as one, and what they bring together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from qingyuan.audits.models.scheme import Scheme, SchemeFigures
from qingyuan.audits.rules import scheme as rules
from qingyuan.catalogue import credit_code
from qingyuan.catalogue.performance import QUANTITIES
from qingyuan.pilots.models import Pilot
from qingyuan.workbooks.performance import SchemeRow

RELATED = ("call__joint_body", "applicant")
TONES: Mapping[str, str] = {
    Scheme.Stage.PROPOSED: "neutral",
    Scheme.Stage.FEASIBLE: "info",
    Scheme.Stage.CONFIRMED: "info",
    Scheme.Stage.RUNNING: "warn",
    Scheme.Stage.DONE: "good",
    Scheme.Stage.DROPPED: "neutral",
}


def pilots(user: Any) -> QuerySet[Pilot]:
    """Pilots whose audits this person sees, with how far their schemes are."""
    seen = Pilot.objects.filter(rules.visible_audits(user)).values("pk")

    def count(*stages: str) -> Count:
        return Count("schemes", filter=Q(schemes__stage__in=stages))

    return (
        Pilot.objects.filter(pk__in=seen)
        .exclude(stage=Pilot.Stage.WITHDRAWN)
        .select_related("applicant", "call")
        .annotate(
            open_schemes=count(Scheme.Stage.PROPOSED, Scheme.Stage.FEASIBLE),
            confirmed_schemes=count(Scheme.Stage.CONFIRMED, Scheme.Stage.RUNNING),
            done_schemes=count(Scheme.Stage.DONE),
            enterprises=Count("schemes__enterprise", distinct=True),
        )
        .order_by("-created_at")
    )


def schemes(
    pilot: Pilot, *, text: str = "", kind: str = "", stage: str = "", enterprise: str = ""
) -> QuerySet[Scheme]:
    """The pilot's schemes, narrowed, with their figures (two queries for a page)."""
    found = Scheme.objects.filter(pilot=pilot).select_related("enterprise")
    if text := text.strip():
        found = found.filter(
            Q(title__icontains=text)
            | Q(enterprise__name__icontains=text)
            | Q(enterprise__credit_code__startswith=credit_code.normalise(text))
        )
    if enterprise:
        found = found.filter(enterprise__credit_code=enterprise)
    if kind:
        found = found.filter(kind=kind)
    if stage:
        found = found.filter(stage=stage)
    return found.prefetch_related(Prefetch("figures", to_attr="all_figures")).order_by(
        "enterprise__credit_code", "-kind", "number"
    )


def basis_of(scheme: Any, basis: str) -> SchemeFigures | None:
    """From the figures that came with the scheme (no query)."""
    return next((row for row in scheme.all_figures if row.basis == basis), None)


def tally(pilot: Pilot) -> dict[str, Any]:
    """How many of each kind stand where, and the sums of what was planned and measured (two queries)."""
    counts: dict[str, dict[str, int]] = {
        kind: dict.fromkeys(Scheme.Stage.values, 0) for kind in Scheme.Kind.values
    }
    by = Scheme.objects.filter(pilot=pilot).order_by().values("kind", "stage").annotate(n=Count("pk"))
    for one in by:
        counts[one["kind"]][one["stage"]] = one["n"]
    sums: dict[str, dict[str, Decimal | None]] = {}
    standing = SchemeFigures.objects.filter(scheme__pilot=pilot).exclude(scheme__stage=Scheme.Stage.DROPPED)
    totals = {f"sum_{name}": Sum(name) for name in QUANTITIES}
    row: Any
    for row in standing.order_by().values("basis").annotate(**totals):
        sums[row["basis"]] = {name: row[f"sum_{name}"] for name in QUANTITIES}
    blank: dict[str, Decimal | None] = dict.fromkeys(QUANTITIES)
    return {"counts": counts, "sums": {basis: sums.get(basis, blank) for basis in SchemeFigures.Basis.values}}


def sheet_rows(found: Iterable[Any], *, basis: str) -> list[tuple[str, SchemeRow]]:
    """Schemes as rows of the sheet, with the enterprise's name; dropped ones are none of it."""
    from qingyuan.audits.figures import values_of

    rows = []
    for scheme in found:
        if scheme.stage == Scheme.Stage.DROPPED:
            continue
        figures = basis_of(scheme, basis)
        values = values_of(figures)
        rows.append(
            (
                scheme.enterprise.name,
                SchemeRow(
                    enterprise_code=scheme.enterprise.credit_code,
                    kind=scheme.kind,
                    number=scheme.number,
                    title=scheme.title,
                    content=scheme.content,
                    other=figures.other if figures else "",
                    figures={name: values[name] for name in QUANTITIES},
                ),
            )
        )
    return rows
