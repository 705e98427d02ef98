"""Cases that wait for the department which publishes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.actions.library import publish, send_back
from qingyuan.delivery.queries.library import waiting
from qingyuan.kernel import todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import AUTHORITIES


def cases_to_publish(user: Any) -> Iterator[ToDo]:
    """Handed-in cases (one query for departments)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(AUTHORITIES):
        return
    for one in waiting(user).distinct():
        if publish.allowed(user, one).ok or send_back.allowed(user, one).ok:
            yield ToDo(
                _("核对并发布典型案例：%s") % one.title,
                one.get_absolute_url(),
                None,
                _("经验"),
                one.project.title,
            )


todos.register(cases_to_publish)
