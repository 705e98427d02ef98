"""Menu entries and case tabs of the ground."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.review import panels, tabs
from qingyuan.review.models import Decision, Round
from qingyuan.review.panels import Panel
from qingyuan.review.rules import ground
from qingyuan.ui import navigation

navigation.register(
    navigation.Item(_("评审"), "review:rounds", "scale", visible=ground.is_officer, group=_("评审"), order=60)
)
tabs.register(tabs.Tab("overview", _("概况"), "review:case", ground.sees_case_as_officer.test, order=10))
tabs.register(
    tabs.Tab("decision", _("会同决定"), "review:case-decision", ground.sees_case_as_officer.test, order=90)
)


def decisions_door(user: Any, round_: Round) -> Panel:
    """How far the decisions of the round are (one query)."""
    del user
    latest = round_.decisions.exclude(stage=Decision.Stage.DROPPED).first()
    return Panel(
        _("会同决定"),
        reverse("review:decisions", args=[round_.pk]),
        f"{latest.get_kind_display()}：{latest.get_stage_display()}" if latest else str(_("尚未拟稿")),
        icon="gavel",
        order=90,
    )


panels.register(decisions_door)
