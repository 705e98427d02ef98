"""Deviations as to-dos: for the body that must explain, and for the department where it has not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.models import Project
from qingyuan.delivery.queries import deviation as queries
from qingyuan.delivery.queries import report as reports
from qingyuan.delivery.queries.deviation import Standing
from qingyuan.delivery.queries.process import today
from qingyuan.delivery.todos_process import handled
from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import AUTHORITIES

SHOWN = 3


def deviations_to_explain(_user: Any, projects: QuerySet[Project]) -> Iterator[ToDo]:
    """One to-do a pilot that this person handles."""
    found = queries.standing(projects, on=today())
    for project in projects:
        waiting = [one for one in found[project.pk] if one.is_open and one.deviation.who == "handler"]
        if waiting:
            yield _todo(_("说明并处理偏差：%s") % project.title, project, waiting)


def _supervised(user: Any) -> QuerySet[Project] | None:
    return reports.supervised(user) if user.standing.in_kinds(AUTHORITIES) else None


def deviations_to_follow(_user: Any, projects: QuerySet[Project]) -> Iterator[ToDo]:
    """Those that nobody explained in time, for the host's handlers."""
    found = queries.standing(projects, on=today())
    for project in projects:
        if waiting := [one for one in found[project.pk] if one.is_escalated]:
            yield _todo(_("督促说明偏差：%s") % project.title, project, waiting)


def _todo(title: str, project: Any, waiting: list[Standing]) -> ToDo:
    said = [one.deviation.reason for one in waiting[:SHOWN]]
    if len(waiting) > SHOWN:
        said.append(_("等 %d 项") % len(waiting))
    return ToDo(title, reverse("delivery:deviations", args=[project.pk]), None, _("实施"), "；".join(said))


todos.register(deviations_to_explain, among=handled)
todos.register(deviations_to_follow, among=_supervised)
