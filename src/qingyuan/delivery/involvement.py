"""Tells the registry in which pilots an enterprise takes part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.delivery.models import Project, ScopeEnterprise
from qingyuan.delivery.rules.project import visible_projects
from qingyuan.registry import involvement
from qingyuan.registry.involvement import Involvement


def pilots_of(user: Any, enterprises: list[UUID]) -> Iterator[Involvement]:
    """Projects that this user sees (one query)."""
    seen = Project.objects.filter(visible_projects(user)).values("pk")
    found = ScopeEnterprise.objects.filter(enterprise__in=enterprises, project__in=seen)
    for row in found.select_related("project").order_by("-project__started_on", "pk"):
        state = _("已移出范围") if row.dropped_on else str(row.get_phase_display())
        yield Involvement(row.project.title, row.project.get_absolute_url(), state)


involvement.register(pilots_of)
