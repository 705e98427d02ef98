"""What a progress report shows that nobody types again: every idea of the delivery registers its own part.

    progress_parts.register("schemes", _("清洁生产方案"), facts, order=40)

where `facts(project, period)` gives pairs of label and value in words, as of the period's end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from qingyuan.delivery.calendar import Period
from qingyuan.delivery.models import Project

Facts = Callable[[Project, Period], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Part:
    """One block of facts; sealed with the report as plain words."""

    slug: str
    title: str | Promise
    facts: Facts
    order: int = 100


_parts: dict[str, Part] = {}


def register(slug: str, title: str | Promise, facts: Facts, *, order: int = 100) -> None:
    _parts[slug] = Part(slug, title, facts, order)


def of(project: Project, period: Period) -> list[dict[str, Any]]:
    """All parts that have something to say, as they are sealed."""
    found = []
    for part in sorted(_parts.values(), key=lambda part: part.order):
        facts = [[str(label), str(value)] for label, value in part.facts(project, period)]
        if facts:
            found.append({"slug": part.slug, "title": str(part.title), "facts": facts})
    return found
