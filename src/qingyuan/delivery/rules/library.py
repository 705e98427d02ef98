"""Who may what with cases of the library."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import Practice
from qingyuan.delivery.rules import project as projects
from qingyuan.delivery.rules.project import visible_projects
from qingyuan.kernel.permission import predicate


def visible_practices(user: Any) -> Q:
    """The same relation as `sees_practice`, for lists."""
    from qingyuan.delivery.models import Project

    return Q(project__in=Project.objects.filter(visible_projects(user)).values("pk"))


@predicate(_("仅试点实施单位及其授权人员、受理申报和批准试点的联合单位可见"))
def sees_practice(user: Any, practice: Practice) -> bool:
    return projects.sees_project.test(user, practice.project)


@predicate(_("须为试点实施单位的经办人或牵头负责人"))
def writes_practice(user: Any, practice: Practice) -> bool:
    return projects.handles_project.test(user, practice.project)


@predicate(_("须为受理申报的主办单位的经办人或牵头负责人"))
def reads_over_practice(user: Any, practice: Practice) -> bool:
    return projects.supervises_project.test(user, practice.project)


@predicate(_("须为受理申报的主办单位的签发人"))
def publishes_practice(user: Any, practice: Practice) -> bool:
    return projects.signs_for_supervisor.test(user, practice.project)
