"""Everything by which the experience of pilots enters the house: verbs, facts, to-dos, tabs and menu entries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qingyuan.delivery import archive_parts, facts, tabs, todos_library, todos_summary
from qingyuan.delivery.actions import archive, library, summary
from qingyuan.delivery.navigation import follows_projects
from qingyuan.ui.navigation import Item, register

PARTS = (archive, archive_parts, facts, library, summary, todos_library, todos_summary)
"""Imported, so that they register themselves."""

register(
    Item(_("典型案例"), "delivery:practices", "award", follows_projects, group=_("实施"), order=72),
    Item(_("案例库"), "delivery:cases", "award", area="public", order=16),
)
tabs.register(
    tabs.Tab("summary", _("总结报告"), "delivery:summary", order=90),
    tabs.Tab("practices", _("典型案例"), "delivery:practices-of", order=92),
    tabs.Tab("archive", _("归档"), "delivery:archive", order=99),
)
