"""What the ideas of the review show on a round's page: doors to their own pages, with a number beside each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from qingyuan.review.models import Round


@dataclass(frozen=True)
class Panel:
    """One door: where it leads, what it says. `state` is a short sentence such as “12 / 36 已提交”."""

    title: str | Promise
    url: str
    state: str = ""
    icon: str = "circle"
    order: int = 100


_sources: list[Callable[[Any, Round], Panel | None]] = []


def register(source: Callable[[Any, Round], Panel | None]) -> None:
    if source not in _sources:
        _sources.append(source)


def panels_of(user: Any, round_: Round) -> list[Panel]:
    found = (source(user, round_) for source in _sources)
    return sorted((panel for panel in found if panel is not None), key=lambda panel: panel.order)
