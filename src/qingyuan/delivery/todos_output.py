"""Results that are due or late, and results that wait to be accepted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qingyuan.delivery.actions.output import accept, hand_in
from qingyuan.delivery.models import Output
from qingyuan.delivery.queries import output as queries
from qingyuan.kernel import clock, todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES

SOON = timedelta(days=30)


def _due(user: Any) -> QuerySet[Output] | None:
    if not user.standing.in_kinds(APPLICANTS):
        return None
    return queries.late(user, until=queries.today() + SOON)


def outputs_due(user: Any, due: QuerySet[Output]) -> Iterator[ToDo]:
    """Late results, and those due within a month, for applicants (one query)."""
    today = queries.today()
    for output in due:
        if not hand_in.allowed(user, output).ok:
            continue
        title = _("逾期未提交产出成果：%s") if output.due_on < today else _("提交产出成果：%s")
        yield ToDo(
            title % output.title,
            output.get_absolute_url(),
            datetime.combine(output.due_on, time.max, tzinfo=clock.SHANGHAI),
            _("实施"),
            output.project.title,
        )


def _handed_in(user: Any) -> QuerySet[Output] | None:
    return queries.waiting(user).distinct() if user.standing.in_kinds(AUTHORITIES) else None


def outputs_to_judge(user: Any, handed_in: QuerySet[Output]) -> Iterator[ToDo]:
    """Handed-in results that wait for the host's word (one query)."""
    for output in handed_in:
        if accept.allowed(user, output).ok:
            yield ToDo(
                _("审阅产出成果：%s") % output.title,
                output.get_absolute_url(),
                None,
                _("实施"),
                output.project.title,
            )


todos.register(outputs_due, among=_due)
todos.register(outputs_to_judge, among=_handed_in)
