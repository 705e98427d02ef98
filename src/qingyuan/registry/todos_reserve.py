"""What waits for whom in the financing reserve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.kernel import todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Authorisation, Role
from qingyuan.registry import reserve, rules
from qingyuan.registry.models import ReserveProject

MOST = 50


def to_admit(user: Any) -> Iterator[ToDo]:
    """Nominated projects with nothing missing (one query for who keeps the registry)."""
    provinces = {rules.province_of(body.region_code) for body in rules.kept_by(user)}
    if not provinces:
        return
    waiting = ReserveProject.objects.filter(
        stage=ReserveProject.Stage.NOMINATED, enterprise__province__in=provinces
    )
    for project in waiting.select_related("enterprise").order_by("nominated_at")[:MOST]:
        if not reserve.gaps(project):
            yield ToDo(
                _("办理入库：%s") % project.title,
                project.get_absolute_url(),
                None,
                _("储备库"),
                project.enterprise.name,
            )


def to_complete(user: Any) -> Iterator[ToDo]:
    """Nominated projects that lack something (one query for who nominates)."""
    if not is_signed_in.test(user):
        return
    standing = user.standing
    mine = [pk for pk in standing.organisation_ids if standing.holds(pk, Role.HANDLER, Role.LEAD)]
    mine += [pk for pk, scopes in standing.authorised.items() if Authorisation.Scope.DRAFT in scopes]
    if not mine:
        return
    waiting = ReserveProject.objects.filter(stage=ReserveProject.Stage.NOMINATED, nominated_by__in=mine)
    for project in waiting.order_by("nominated_at")[:MOST]:
        if gaps := reserve.gaps(project):
            yield ToDo(
                _("补齐入库资料：%s") % project.title,
                project.get_absolute_url(),
                None,
                _("储备库"),
                "；".join(gap.message for gap in gaps[:3]),
            )


todos.register(to_admit)
todos.register(to_complete)
