"""What the process asks of whom: statutory days of the enterprises in the scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.models import Project
from qingyuan.delivery.queries import process as queries
from qingyuan.kernel import clock, todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Role
from qingyuan.people.models.organisation import APPLICANTS


def handled(user: Any) -> list[Project]:
    """Pilots under way that this person handles (no query for who handles none, else one)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(APPLICANTS):
        return []
    mine = [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, Role.HANDLER, Role.LEAD)]
    return list(Project.objects.filter(applicant__in=mine, stage=Project.Stage.RUNNING)) if mine else []


def end_of(day: Any) -> datetime:
    """The last instant of a day in Asia/Shanghai, for sorting by deadline."""
    return datetime.combine(day, time.max, tzinfo=clock.SHANGHAI)


def statutory_days(user: Any) -> Iterator[ToDo]:
    """One to-do a pilot: the enterprises whose statutory day has passed or is near, the nearest day."""
    projects = handled(user)
    urgent = queries.urgent(projects, on=queries.today())
    for project in projects:
        if (found := urgent.get(project.pk)) is None:
            continue
        state = "overdue" if found.late else "soon"
        yield ToDo(
            _("督促企业按期审核：%s") % project.title,
            f"{reverse('delivery:process', args=[project.pk])}?state={state}",
            end_of(found.first),
            _("实施"),
            _("法定期限已过 %(late)d 家，即将到期 %(soon)d 家") % {"late": found.late, "soon": found.soon},
        )


todos.register(statutory_days)
