"""Menu entry of the financing reserve."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES
from qingyuan.ui.navigation import Item, register


def follows_reserve(user: Any) -> bool:
    """Departments, bodies that nominate, and who works for one (no query)."""
    return bool(user.standing.authorised or user.standing.in_kinds(AUTHORITIES | APPLICANTS))


register(
    Item(_("金融支持储备库"), "registry:reserve", "building-bank", follows_reserve, group=_("实施"), order=88)
)
