"""Menu entry of the registry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qingyuan.registry.rules import sees_registry
from qingyuan.ui.navigation import Item, register

register(
    Item(
        _("企业基础信息库"),
        "registry:enterprises",
        "building-factory-2",
        sees_registry.test,
        group=_("实施"),
        order=85,
    )
)
