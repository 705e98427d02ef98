"""Menu entries of this room."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingyuan.people.models import Kind
from qingyuan.pilots.navigation import works_on_pilots
from qingyuan.ui import navigation


def fills_in(user: Any) -> bool:
    """People of an enterprise (no query)."""
    return bool(user.standing.in_kinds({Kind.ENTERPRISE}))


navigation.register(
    navigation.Item(
        _("本企业填报"),
        "audits:my-sheets",
        "writing",
        fills_in,
        group=pgettext_lazy("menu", "审核"),
        order=56,
    )
)
navigation.register(
    navigation.Item(
        _("审核数据"),
        "audits:datasets",
        "database",
        works_on_pilots,
        group=pgettext_lazy("menu", "审核"),
        order=55,
    )
)
