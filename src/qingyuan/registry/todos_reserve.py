"""What waits for whom in the financing reserve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Authorisation, Role
from qingyuan.registry import reserve, rules
from qingyuan.registry.models import ReserveProject

MOST = 50


def _nominated_in_province(user: Any) -> QuerySet[ReserveProject] | None:
    provinces = {rules.province_of(body.region_code) for body in rules.kept_by(user)}
    if not provinces:
        return None
    waiting = ReserveProject.objects.filter(
        stage=ReserveProject.Stage.NOMINATED, enterprise__province__in=provinces
    )
    return waiting.select_related("enterprise").order_by("nominated_at")[:MOST]


def to_admit(_user: Any, nominated: QuerySet[ReserveProject]) -> Iterator[ToDo]:
    """Nominated projects with nothing missing, for who keeps the registry (one query)."""
    for project in nominated:
        if not reserve.gaps(project):
            yield ToDo(
                _("办理入库：%s") % project.title,
                project.get_absolute_url(),
                None,
                _("储备库"),
                project.enterprise.name,
            )


def _nominated_by(user: Any) -> QuerySet[ReserveProject] | None:
    standing = user.standing
    mine = [pk for pk in standing.organisation_ids if standing.holds(pk, Role.HANDLER, Role.LEAD)]
    mine += [pk for pk, scopes in standing.authorised.items() if Authorisation.Scope.DRAFT in scopes]
    if not mine:
        return None
    waiting = ReserveProject.objects.filter(stage=ReserveProject.Stage.NOMINATED, nominated_by__in=mine)
    return waiting.order_by("nominated_at")[:MOST]


def to_complete(_user: Any, nominated: QuerySet[ReserveProject]) -> Iterator[ToDo]:
    """Nominated projects that lack something, for who nominates (one query)."""
    for project in nominated:
        if gaps := reserve.gaps(project):
            yield ToDo(
                _("补齐入库资料：%s") % project.title,
                project.get_absolute_url(),
                None,
                _("储备库"),
                "；".join(gap.message for gap in gaps[:3]),
            )


todos.register(to_admit, among=_nominated_in_province)
todos.register(to_complete, among=_nominated_by)
