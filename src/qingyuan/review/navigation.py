"""Menu entries and case tabs of the ground."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.review import panels, tabs
from qingyuan.review.models import Decision, Round
from qingyuan.review.panels import Panel
from qingyuan.review.queries import state
from qingyuan.review.rules import ground
from qingyuan.ui import navigation

navigation.register(
    navigation.Item(_("评审"), "review:rounds", "scale", visible=ground.is_officer, group=_("评审"), order=60)
)
navigation.register(
    navigation.Item(
        _("公示"),
        "review:public-publicities",
        "speakerphone",
        area="public",
        group=navigation.LISTS,
        order=14,
    )
)
navigation.register(
    navigation.Item(
        _("公布名单"), "review:lists", "list-check", area="public", group=navigation.LISTS, order=15
    )
)
tabs.register(tabs.Tab("overview", _("概况"), "review:case", ground.sees_case_as_officer.test, order=10))
tabs.register(
    tabs.Tab("decision", _("会同决定"), "review:case-decision", ground.sees_case_as_officer.test, order=90)
)
tabs.register(tabs.Tab("materials", _("推荐材料"), "review:case-materials", ground.sees_materials, order=15))
tabs.register(
    tabs.Tab("alike", _("雷同"), "review:case-alike", ground.of_selection(ground.reviews_case.test), order=80)
)
tabs.register(tabs.Tab("papers", _("卷宗"), "review:case-papers", ground.sees_case_as_officer.test, order=95))


def decisions_door(user: Any, round_: Round) -> Panel:
    """How far the decisions of the round are (one query)."""
    del user
    latest = round_.decisions.exclude(stage=Decision.Stage.DROPPED).first()
    return Panel(
        _("会同决定"),
        reverse("review:decisions", args=[round_.pk]),
        f"{latest.kind_title}：{latest.get_stage_display()}" if latest else str(_("尚未拟稿")),
        icon="gavel",
        order=90,
    )


def provinces_door(user: Any, round_: Round) -> Panel | None:
    """At the State: how many projects came, and what is still missing (two queries)."""
    del user
    if not round_.is_state or round_.is_acceptance:
        return None
    bundles, missing = round_.bundles.count(), state.missing_plans(round_)
    said = str(_("收到 %d 批推荐")) % bundles
    if missing:
        said += str(_("，%d 个项目还没有上传方案")) % missing
    return Panel(_("各省推荐"), reverse("review:provinces", args=[round_.pk]), said, icon="inbox", order=20)


def alike_door(user: Any, round_: Round) -> Panel | None:
    """The comparison of plans; nothing is compared before somebody looks."""
    del user
    if round_.is_acceptance:
        return None
    return Panel(
        _("雷同检查"),
        reverse("review:alike", args=[round_.pk]),
        str(_("方案正文与企业")),
        icon="copy",
        order=80,
    )


def archive_door(user: Any, round_: Round) -> Panel | None:
    """The archive directory, once there is a result."""
    del user
    if round_.stage not in {Round.Stage.PUBLISHED, Round.Stage.ARCHIVED}:
        return None
    return Panel(
        _("归档目录"),
        reverse("review:archive", args=[round_.pk]),
        str(round_.get_stage_display()),
        icon="archive",
        order=95,
    )


panels.register(archive_door)
panels.register(alike_door)
panels.register(decisions_door)
panels.register(provinces_door)
