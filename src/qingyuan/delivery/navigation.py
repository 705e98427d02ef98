"""Menu entry and tabs of the ground."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.delivery import tabs
from qingyuan.kernel import clause_places
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES
from qingyuan.ui import navigation


def follows_projects(user: Any) -> bool:
    """Departments, bodies that can carry out a pilot, and who works for one (no query)."""
    return bool(user.standing.authorised or user.standing.in_kinds(AUTHORITIES | APPLICANTS))


navigation.register(
    navigation.Item(
        _("试点实施"), "delivery:projects", "player-play", follows_projects, group=_("实施"), order=65
    )
)
navigation.register(
    navigation.Item(_("定期调度"), "delivery:progress", "report", follows_projects, group=_("实施"), order=66)
)
navigation.register(
    navigation.Item(
        _("通过名单"), "delivery:passed", "file-certificate", area="public", group=navigation.LISTS, order=16
    )
)
navigation.register(
    navigation.Item(_("创新账"), "delivery:accounts", "scale", follows_projects, group=_("实施"), order=67)
)
navigation.register(
    navigation.Item(
        _("创新成效"), "delivery:public-account", "scale", area="public", group=navigation.RESULTS, order=60
    )
)
clause_places.register(
    clause_places.Place(_("各试点的创新账"), "delivery:accounts", ("N1",)),
    clause_places.Place(_("审核创新的成效汇总"), "delivery:public-account", ("N1",)),
)
tabs.register(
    tabs.Tab("overview", _("基线"), "delivery:project", order=10),
    tabs.Tab("scope", _("范围内企业"), "delivery:scope", order=20),
    tabs.Tab("process", _("过程"), "delivery:process", order=22),
    tabs.Tab("account", _("创新账"), "delivery:account", order=45),
    tabs.Tab("outputs", _("产出成果"), "delivery:outputs", order=40),
    tabs.Tab("reports", _("定期调度"), "delivery:reports", order=24),
    tabs.Tab("deviations", _("偏差"), "delivery:deviations", order=26),
    tabs.Tab("changes", _("变更"), "delivery:changes", order=30),
    tabs.Tab("acceptance", _("评估验收"), "delivery:acceptance", order=80),
    tabs.Tab("credits", _("计入审核"), "delivery:credits", order=85),
)
