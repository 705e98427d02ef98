"""The parts of a project's page: each idea of the delivery registers its own, with who sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from qingyuan.delivery.models import Project


@dataclass(frozen=True)
class Tab:
    """One part. `visible(user, project)` must not ask the database more than the request already did."""

    slug: str
    title: str | Promise
    url_name: str
    order: int = 100
    visible: Callable[[Any, Project], bool] = lambda _user, _project: True
    subject: Callable[[Project], Any] = lambda project: project.pk
    """What the address names: the project, or for pages of a room below its pilot."""


_tabs: dict[str, Tab] = {}


def register(*tabs: Tab) -> None:
    _tabs.update({tab.slug: tab for tab in tabs})


def of(user: Any, project: Project, *, current: str) -> list[dict[str, Any]]:
    """What a page shows above the part: title, address, whether it is the present one."""
    return [
        {
            "title": tab.title,
            "url": reverse(tab.url_name, args=[tab.subject(project)]),
            "current": tab.slug == current,
        }
        for tab in sorted(_tabs.values(), key=lambda tab: tab.order)
        if tab.visible(user, project)
    ]
