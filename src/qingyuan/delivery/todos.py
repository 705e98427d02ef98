"""What waits for whom on the ground of the delivery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.actions import approve
from qingyuan.delivery.queries import project as queries
from qingyuan.kernel import todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES


def pilots_to_start(user: Any) -> Iterator[ToDo]:
    """Approved pilots whose work has not begun (one query for applicants)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(APPLICANTS):
        return
    for case in queries.to_start(user):
        yield ToDo(_("启动试点：%s") % case.title, reverse("delivery:start", args=[case.pk]), None, _("实施"))


def changes_to_decide(user: Any) -> Iterator[ToDo]:
    """Changes that wait for the signer of the host (one query for departments)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(AUTHORITIES):
        return
    for change in queries.changes_waiting(user).distinct():
        if approve.allowed(user, change).ok:
            yield ToDo(
                _("审批变更申请：%s") % change.project.title,
                change.get_absolute_url(),
                None,
                _("实施"),
                str(change),
            )


todos.register(pilots_to_start)
todos.register(changes_to_decide)
