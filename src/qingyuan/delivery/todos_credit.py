"""What waits for whom after a pilot passed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.actions import credit
from qingyuan.delivery.queries.credit import to_credit
from qingyuan.kernel import todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import AUTHORITIES


def credits_to_enter(user: Any) -> Iterator[ToDo]:
    """One query for departments and their supervising bodies."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(AUTHORITIES):
        return
    for project in to_credit(user):
        if credit.allowed(user, project).ok:
            yield ToDo(
                _("计入审核记录：%s") % project.title,
                reverse("delivery:credits", args=[project.pk]),
                None,
                _("实施"),
                _("试点已列入通过名单")
                if getattr(project, "still", None) is None
                else _("上次中断，还有企业未计入"),
            )


todos.register(credits_to_enter)
