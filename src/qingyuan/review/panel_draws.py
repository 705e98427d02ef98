"""The door to the draws on a round's page, and the public entry."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.review import panels
from qingyuan.review.models import Draw, Round
from qingyuan.ui import navigation


def door(user: Any, round_: Round) -> panels.Panel:
    """One query."""
    del user
    stages = list(Draw.objects.filter(round=round_).order_by().values_list("stage", flat=True))
    done = sum(stage == Draw.Stage.DRAWN for stage in stages)
    state = _("%(done)d / %(all)d 已抽取") % {"done": done, "all": len(stages)} if stages else ""
    return panels.Panel(_("随机抽取"), reverse("review:draws", args=[round_.pk]), state, "dice-5", order=30)


panels.register(door)
navigation.register(
    navigation.Item(
        gettext_lazy("随机抽取记录"), "review:public-draws", icon="dice-5", area="footer", order=25
    )
)
