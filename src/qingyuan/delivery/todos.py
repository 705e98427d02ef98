"""What waits for whom on the ground of the delivery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.actions import approve
from qingyuan.delivery.models import ChangeRequest
from qingyuan.delivery.queries import project as queries
from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES
from qingyuan.review.models import Case


def _not_begun(user: Any) -> QuerySet[Case] | None:
    return queries.to_start(user) if user.standing.in_kinds(APPLICANTS) else None


def pilots_to_start(_user: Any, not_begun: QuerySet[Case]) -> Iterator[ToDo]:
    """Approved pilots whose work has not begun, for applicants (one query)."""
    for case in not_begun:
        yield ToDo(_("启动试点：%s") % case.title, reverse("delivery:start", args=[case.pk]), None, _("实施"))


def _undecided(user: Any) -> QuerySet[ChangeRequest] | None:
    return queries.changes_waiting(user).distinct() if user.standing.in_kinds(AUTHORITIES) else None


def changes_to_decide(user: Any, undecided: QuerySet[ChangeRequest]) -> Iterator[ToDo]:
    """Changes that wait for the signer of the host (one query)."""
    for change in undecided:
        if approve.allowed(user, change).ok:
            yield ToDo(
                _("审批变更申请：%s") % change.project.title,
                change.get_absolute_url(),
                None,
                _("实施"),
                str(change),
            )


todos.register(pilots_to_start, among=_not_begun)
todos.register(changes_to_decide, among=_undecided)
