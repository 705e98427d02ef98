"""What the 公示 of a decision waits for; asked for every decision under way, from what was read with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import clock
from qingyuan.kernel.todos import ToDo
from qingyuan.review import publicity as conditions
from qingyuan.review.models import Decision, Publicity
from qingyuan.review.rules import decision as rules


def of_publicity(user: Any, decision: Decision) -> Iterator[ToDo]:
    """For the host's handlers: open it, settle what came in, close it, or send the draft back. No query of its own."""
    if not conditions.is_asked(decision) or not rules.handles_decision.test(user, decision):
        return
    if waiting := conditions.unsettled(decision):
        first = min(waiting, key=lambda one: one.due_at)
        yield ToDo(
            _("办理异议（%(count)d 件）：%(decision)s") % {"count": len(waiting), "decision": decision},
            reverse("review:publicity", args=[first.publicity_id]),
            first.due_at,
            _("公示"),
        )
    if decision.stage != Decision.Stage.AGREED:
        return
    one = conditions.standing(decision)
    if conditions.upheld(decision):
        yield ToDo(
            _("异议成立，退回拟稿：%s") % decision,
            reverse("review:return-decision", args=[decision.pk]),
            None,
            _("公示"),
        )
    elif one is None and not waiting:
        yield ToDo(
            _("公示：%s") % decision,
            reverse("review:publicise-decision", args=[decision.pk]),
            None,
            _("公示"),
        )
    elif one is not None and one.stage == Publicity.Stage.OPEN and not waiting and clock.now() >= one.ends_at:
        yield ToDo(
            _("结束公示：%s") % decision,
            reverse("review:close-publicity", args=[one.pk]),
            None,
            _("公示"),
        )
