"""What waits for whom on the ground of the review."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.review.models import Round
from qingyuan.review.queries import ground as queries
from qingyuan.review.rules import ground


def rounds_to_open(user: Any) -> Iterator[ToDo]:
    """Closed calls without a review, and reviews that were arranged but not started (two queries)."""
    if not is_signed_in.test(user) or not ground.is_officer(user):
        return
    for call in queries.openable_calls(user):
        yield ToDo(_("建立评审：%s") % call.title, reverse("review:open", args=[call.pk]), None, _("评审"))
    for round_ in queries.rounds(user).filter(stage=Round.Stage.PREPARING):
        if ground.handles_round.test(user, round_):
            yield ToDo(
                _("设定评审安排并开始：%s") % round_.call.title,
                reverse("review:round", args=[round_.pk]),
                None,
                _("评审"),
            )


todos.register(rounds_to_open)
