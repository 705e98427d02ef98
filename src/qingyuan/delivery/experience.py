"""Everything by which the experience of pilots enters the house: verbs, facts, to-dos, tabs and menu entries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qingyuan.delivery import facts, tabs, todos_library
from qingyuan.delivery.actions import library
from qingyuan.delivery.navigation import follows_projects
from qingyuan.ui.navigation import Item, register

PARTS = (facts, library, todos_library)
"""Imported, so that they register themselves."""

register(
    Item(_("典型案例"), "delivery:practices", "award", follows_projects, group=_("实施"), order=72),
    Item(_("案例库"), "delivery:cases", "award", area="public", order=16),
)
tabs.register(tabs.Tab("practices", _("典型案例"), "delivery:practices-of", order=92))
