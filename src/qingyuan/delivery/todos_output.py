"""Results that are due or late, and results that wait to be accepted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.actions.output import accept, hand_in
from qingyuan.delivery.queries import output as queries
from qingyuan.kernel import clock, todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES

SOON = timedelta(days=30)


def outputs_due(user: Any) -> Iterator[ToDo]:
    """Late results, and those due within a month (one query for applicants)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(APPLICANTS):
        return
    today = queries.today()
    for output in queries.late(user, until=today + SOON):
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


def outputs_to_judge(user: Any) -> Iterator[ToDo]:
    """Handed-in results that wait for the host's word (one query for departments)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(AUTHORITIES):
        return
    for output in queries.waiting(user).distinct():
        if accept.allowed(user, output).ok:
            yield ToDo(
                _("审阅产出成果：%s") % output.title,
                output.get_absolute_url(),
                None,
                _("实施"),
                output.project.title,
            )


todos.register(outputs_due)
todos.register(outputs_to_judge)
