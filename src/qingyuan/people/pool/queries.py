"""Reads of the pool that pages, exports and the API share."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from qingyuan.people.models import Expert
from qingyuan.people.pool import rules


def experts(user: Any, *, text: str = "", field: str = "", stage: str = "") -> QuerySet[Expert]:
    """The experts whom a person may use, narrowed by what the page asks."""
    found = Expert.objects.filter(rules.visible_experts(user)).select_related("user", "employer", "keeper")
    if text := text.strip():
        found = found.filter(
            Q(code__icontains=text)
            | Q(user__display_name__icontains=text)
            | Q(employer__name__icontains=text)
            | Q(employer_name__icontains=text)
        )
    if stage:
        found = found.filter(stage=stage)
    if field:
        # JSON lists of words: the quoted key occurs in the text of the list, on every database alike.
        found = found.filter(fields__icontains=f'"{field}"')
    return found.annotate(declared=Count("interests")).order_by("code")
