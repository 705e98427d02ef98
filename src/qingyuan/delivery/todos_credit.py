"""What waits for whom after a pilot passed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.actions import credit
from qingyuan.delivery.models import Project
from qingyuan.delivery.queries.credit import to_credit
from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import AUTHORITIES


def _uncredited(user: Any) -> QuerySet[Project] | None:
    return to_credit(user) if user.standing.in_kinds(AUTHORITIES) else None


def credits_to_enter(user: Any, uncredited: QuerySet[Project]) -> Iterator[ToDo]:
    """For departments and their supervising bodies (one query)."""
    for project in uncredited:
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


todos.register(credits_to_enter, among=_uncredited)
