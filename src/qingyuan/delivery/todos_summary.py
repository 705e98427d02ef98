"""Summary reports that wait for the department which takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.actions.summary import accept
from qingyuan.delivery.models import Summary
from qingyuan.kernel import todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import AUTHORITIES


def summaries_to_take(user: Any) -> Iterator[ToDo]:
    """Handed-in reports (one query for departments)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(AUTHORITIES):
        return
    found = Summary.objects.filter(
        stage=Summary.Stage.HANDED_IN,
        project__pilot__call__joint_body__parts__organisation__in=user.standing.organisation_ids,
    ).select_related("project__pilot__call__joint_body")
    for one in found.distinct():
        if accept.allowed(user, one).ok:
            yield ToDo(_("审阅经验总结报告：%s") % one.project.title, one.get_absolute_url(), None, _("经验"))


todos.register(summaries_to_take)
