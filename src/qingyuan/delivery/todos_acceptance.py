"""What waits for whom at the end of a pilot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.queries import acceptance as queries
from qingyuan.kernel import todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import AUTHORITIES


def results_to_record(user: Any) -> Iterator[ToDo]:
    """Pilots past their term on which the State decides outside the product (one query for departments)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(AUTHORITIES):
        return
    for project in queries.to_record(user):
        yield ToDo(
            _("登记评估验收结果：%s") % project.title,
            reverse("delivery:conclude", args=[project.pk]),
            None,
            _("实施"),
            _("期限已到；国家公布结果后登记"),
        )


todos.register(results_to_record)
