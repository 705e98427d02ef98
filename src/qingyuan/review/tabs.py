"""The parts of a case's page: each idea of the review registers its own, with who sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from qingyuan.review.models import Case


@dataclass(frozen=True)
class Tab:
    """One part. `visible(user, case)` must not ask the database more than the request already did."""

    slug: str
    title: str | Promise
    url_name: str
    visible: Callable[[Any, Case], bool]
    order: int = 100


_tabs: dict[str, Tab] = {}


def register(*tabs: Tab) -> None:
    _tabs.update({tab.slug: tab for tab in tabs})


def of(user: Any, case: Case, *, current: str) -> list[dict[str, Any]]:
    """What a page shows above the part: title, address, whether it is the present one."""
    return [
        {
            "title": tab.title,
            "url": reverse(tab.url_name, args=[case.pk]),
            "current": tab.slug == current,
        }
        for tab in sorted(_tabs.values(), key=lambda tab: tab.order)
        if tab.visible(user, case)
    ]
