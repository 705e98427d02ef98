"""Menu entries of the public pages and of the home."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_operator
from qingyuan.ui.navigation import VERIFICATION, Item, register


def _is_signed_in(user: Any) -> bool:
    return bool(user and user.is_authenticated)


register(
    Item(_("为何可见"), "why", "eye", is_operator.test, group=_("运维"), order=95),
    Item(_("待办"), "home", icon="home", visible=_is_signed_in, order=0),
    Item(_("通知"), "notices", icon="speakerphone", area="public", order=10),
    Item(_("统计"), "statistics", icon="chart-bar", area="public", order=18),
    Item(_("条款对照表"), "clauses", icon="list-check", area="public", group=VERIFICATION, order=70),
    Item(_("台账核验"), "ledger", icon="hash", area="public", group=VERIFICATION, order=72),
    Item(_("条款对照表"), "clauses", icon="list-check", area="footer", order=10),
    Item(_("公开的链头"), "ledger", icon="hash", area="footer", order=20),
    Item(_("核验回执"), "ledger-check", icon="shield-check", area="footer", order=30),
)
