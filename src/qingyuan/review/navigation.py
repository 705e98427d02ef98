"""Menu entries and case tabs of the ground."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qingyuan.review import tabs
from qingyuan.review.rules import ground
from qingyuan.ui import navigation

navigation.register(
    navigation.Item(_("评审"), "review:rounds", "scale", visible=ground.is_officer, group=_("评审"), order=60)
)
tabs.register(tabs.Tab("overview", _("概况"), "review:case", ground.sees_case_as_officer.test, order=10))
