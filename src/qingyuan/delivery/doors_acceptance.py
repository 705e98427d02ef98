"""Where acceptance shows up in the review: the door of its round to what was handed in."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.models import AcceptanceFiling
from qingyuan.delivery.queries.acceptance import filings_of_round
from qingyuan.review import panels
from qingyuan.review.models import Round


def filings_door(_user: Any, round_: Round) -> panels.Panel | None:
    """How many filings wait (one query, in rounds of acceptance only)."""
    if not round_.is_acceptance:
        return None
    waiting = filings_of_round(round_).filter(stage=AcceptanceFiling.Stage.HANDED_IN).count()
    state = _("%d 份待接收") % waiting if waiting else _("没有待接收的")
    return panels.Panel(_("验收材料"), reverse("delivery:filings", args=[round_.pk]), state, "inbox", 15)


panels.register(filings_door)
