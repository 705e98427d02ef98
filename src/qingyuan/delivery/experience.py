"""Everything by which the experience of pilots enters the house: verbs, facts, to-dos, tabs and menu entries."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.delivery import (
    archive_parts,
    experience_parts,
    facts,
    tabs,
    todos_commendation,
    todos_library,
    todos_summary,
)
from qingyuan.delivery.actions import archive, commendation, library, promotion, summary
from qingyuan.delivery.navigation import follows_projects
from qingyuan.people.models.organisation import AUTHORITIES
from qingyuan.ui.navigation import RESULTS, Item, register


def commends(user: Any) -> bool:
    """Works for a department (no query)."""
    return bool(user.standing.in_kinds(AUTHORITIES))


PARTS = (
    experience_parts,
    archive,
    archive_parts,
    commendation,
    facts,
    library,
    promotion,
    summary,
    todos_commendation,
    todos_library,
    todos_summary,
)
"""Imported, so that they register themselves."""

register(
    Item(_("典型案例"), "delivery:practices", "award", follows_projects, group=_("实施"), order=72),
    Item(_("推广活动"), "delivery:promotions", "speakerphone", follows_projects, group=_("实施"), order=74),
    Item(_("奖励支持"), "delivery:supports", "coin", follows_projects, group=_("实施"), order=76),
    Item(_("通报表扬"), "delivery:commendations", "award", commends, group=_("实施"), order=78),
    Item(_("通报表扬"), "delivery:honours", "award", area="public", group=RESULTS, order=22),
    Item(_("案例库"), "delivery:cases", "book", area="public", group=RESULTS, order=20),
)
tabs.register(
    tabs.Tab("summary", _("总结报告"), "delivery:summary", order=90),
    tabs.Tab("practices", _("典型案例"), "delivery:practices-of", order=92),
    tabs.Tab("support", _("奖励支持"), "delivery:supports-of", order=94),
    tabs.Tab("archive", _("归档"), "delivery:archive", order=99),
)
