"""Menu entry and tabs of the schemes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingyuan.audits import tabs
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES
from qingyuan.ui import navigation


def follows_schemes(user: Any) -> bool:
    """Departments, bodies that can carry out a pilot, and who works for one (no query)."""
    return bool(user.standing.authorised or user.standing.in_kinds(AUTHORITIES | APPLICANTS))


def works_for_others(user: Any) -> bool:
    """Whose unit an applicant has authorised today (no query)."""
    return bool(user.standing.authorised)


navigation.register(
    navigation.Item(
        _("清洁生产方案"),
        "audits:scheme-pilots",
        "list-check",
        follows_schemes,
        group=pgettext_lazy("menu", "审核"),
        order=57,
    )
)
navigation.register(
    navigation.Item(
        _("受托试点"),
        "audits:consulting",
        "list-check",
        works_for_others,
        group=pgettext_lazy("menu", "审核"),
        order=54,
    )
)
tabs.register(
    tabs.Tab("focus", _("审核重点"), "audits:focus", order=10),
    tabs.Tab("schemes", _("方案"), "audits:schemes", order=20),
    tabs.Tab("reviews", _("评估验收"), "audits:reviews", order=30),
)
