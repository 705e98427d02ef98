"""Cases that wait for the department which publishes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qingyuan.delivery.actions.library import publish, send_back
from qingyuan.delivery.models import Practice
from qingyuan.delivery.queries.library import waiting
from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import AUTHORITIES


def _handed_in(user: Any) -> QuerySet[Practice] | None:
    return waiting(user).distinct() if user.standing.in_kinds(AUTHORITIES) else None


def cases_to_publish(user: Any, handed_in: QuerySet[Practice]) -> Iterator[ToDo]:
    """Handed-in cases, for departments (one query)."""
    for one in handed_in:
        if publish.allowed(user, one).ok or send_back.allowed(user, one).ok:
            yield ToDo(
                _("核对并发布典型案例：%s") % one.title,
                one.get_absolute_url(),
                None,
                _("经验"),
                one.project.title,
            )


todos.register(cases_to_publish, among=_handed_in)
