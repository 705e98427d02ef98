"""Menu entry of the registry."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.people.models.organisation import Kind
from qingyuan.registry.rules import sees_registry
from qingyuan.ui.navigation import Item, register


def works_for_an_enterprise(user: Any) -> bool:
    """No query."""
    return bool(user.standing.in_kinds({Kind.ENTERPRISE}))


register(
    Item(
        _("企业基础信息库"),
        "registry:enterprises",
        "building-factory-2",
        sees_registry.test,
        group=_("实施"),
        order=85,
    ),
    Item(
        _("本企业的清洁生产审核"),
        "registry:mine",
        "file-certificate",
        works_for_an_enterprise,
        group=_("实施"),
        order=86,
    ),
)
