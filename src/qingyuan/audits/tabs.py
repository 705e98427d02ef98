"""The parts of a pilot's audits: each idea of the room registers its own, with who sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from qingyuan.pilots.models import Pilot


@dataclass(frozen=True)
class Tab:
    """One part. `visible(user, pilot)` must not ask the database more than the request already did.

    A room above gives an `address(user, pilot)` of its own (one query at most; empty: there is nothing to open).
    """

    slug: str
    title: str | Promise
    url_name: str = ""
    order: int = 100
    visible: Callable[[Any, Pilot], bool] = lambda _user, _pilot: True
    address: Callable[[Any, Pilot], str] | None = None

    def url(self, user: Any, pilot: Pilot) -> str:
        if not self.visible(user, pilot):
            return ""
        return self.address(user, pilot) if self.address else reverse(self.url_name, args=[pilot.pk])


_tabs: dict[str, Tab] = {}


def register(*tabs: Tab) -> None:
    _tabs.update({tab.slug: tab for tab in tabs})


def of(user: Any, pilot: Pilot, *, current: str) -> list[dict[str, Any]]:
    """What a page shows above the part: title, address, whether it is the present one."""
    return [
        {"title": tab.title, "url": url, "current": tab.slug == current}
        for tab in sorted(_tabs.values(), key=lambda tab: tab.order)
        if (url := tab.url(user, pilot))
    ]
