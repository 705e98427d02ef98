"""Summary reports that wait for the department which takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qingyuan.delivery.actions.summary import accept
from qingyuan.delivery.models import Summary
from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import AUTHORITIES


def _handed_in(user: Any) -> QuerySet[Summary] | None:
    if not user.standing.in_kinds(AUTHORITIES):
        return None
    found = Summary.objects.filter(
        stage=Summary.Stage.HANDED_IN,
        project__pilot__call__joint_body__parts__organisation__in=user.standing.organisation_ids,
    ).select_related("project__pilot__call__joint_body")
    return found.distinct()


def summaries_to_take(user: Any, handed_in: QuerySet[Summary]) -> Iterator[ToDo]:
    """Handed-in reports, for departments (one query)."""
    for one in handed_in:
        if accept.allowed(user, one).ok:
            yield ToDo(_("审阅经验总结报告：%s") % one.project.title, one.get_absolute_url(), None, _("经验"))


todos.register(summaries_to_take, among=_handed_in)
