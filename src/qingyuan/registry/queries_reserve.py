"""The financing reserve as a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from qingyuan.catalogue import credit_code
from qingyuan.registry import queries, reserve, rules_reserve
from qingyuan.registry.models import ReserveProject

RELATED = ("enterprise", "nominated_by")
TONES = {"nominated": "warn", "admitted": "info", "financed": "good", "withdrawn": "neutral"}
MOST_EXPORTED = 10_000


def projects(user: Any, *, text: str = "", stage: str = "", region: str = "") -> QuerySet[ReserveProject]:
    """What this person sees, narrowed by what the page asks."""
    found = ReserveProject.objects.filter(rules_reserve.visible_projects(user))
    if text := text.strip():
        found = found.filter(
            Q(title__icontains=text)
            | Q(enterprise__name__icontains=text)
            | Q(investment_code__startswith=text)
            | Q(enterprise__credit_code__startswith=credit_code.normalise(text))
        )
    if stage:
        found = found.filter(stage=stage)
    if region:
        found = found.filter(enterprise__region_code__startswith=queries._stem(region))  # noqa: SLF001
    return found.select_related(*RELATED).order_by("-nominated_at", "title")


def lines(
    found: Iterable[ReserveProject],
) -> list[tuple[ReserveProject, reserve.Economics, list[reserve.Gap]]]:
    """Projects with their economics and what is missing (no query)."""
    kept = list(found)
    return [
        (one, figures, reserve.gaps(one) if one.stage == ReserveProject.Stage.NOMINATED else [])
        for one, figures in zip(kept, reserve.economics(kept), strict=True)
    ]
