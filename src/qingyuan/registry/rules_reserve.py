"""Who keeps and who sees the financing reserve."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_operator, is_signed_in, predicate
from qingyuan.people.models import Authorisation, Role
from qingyuan.registry import rules
from qingyuan.registry.models import ReserveProject


@predicate(_("须为企业所在省生态环境主管部门的经办人或牵头负责人"))
def keeps_project(user: Any, project: ReserveProject) -> bool:
    return rules.keeps_enterprise.test(user, project.enterprise)


@predicate(_("须为推荐单位的经办人、牵头负责人或其授权编写的咨询服务机构人员"))
def nominated_project(user: Any, project: ReserveProject) -> bool:
    return is_signed_in.test(user) and (
        user.standing.holds(project.nominated_by_id, Role.HANDLER, Role.LEAD)
        or Authorisation.Scope.DRAFT in user.standing.authorised.get(project.nominated_by_id, ())
    )


completes_project = keeps_project | nominated_project


@predicate(_("仅推荐单位及其授权人员、国家和企业所在省的主管部门可见"))
def sees_project(user: Any, project: ReserveProject) -> bool:
    return is_signed_in.test(user) and (
        user.standing.holds(project.nominated_by_id)
        or project.nominated_by_id in user.standing.authorised
        or rules.sees_enterprise.test(user, project.enterprise)
    )


def visible_projects(user: Any) -> Q:
    """The same relation as `sees_project`, for lists."""
    if is_operator.test(user):
        return Q()
    standing = user.standing
    mine = Q(nominated_by__in=[*standing.organisation_ids, *standing.authorised])
    bodies = standing.in_kinds(rules.AUTHORITIES)
    if any(body.kind in rules.STATE for body in bodies):
        return Q()
    provinces = {rules.province_of(body.region_code) for body in bodies if body.region_code}
    return mine | Q(enterprise__province__in=provinces)
