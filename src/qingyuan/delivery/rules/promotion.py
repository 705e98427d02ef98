"""Who may what with promotion activities and with support."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import Project, Promotion, Support
from qingyuan.delivery.rules import project as projects
from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import Organisation, Role
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES


def visible_promotions(user: Any) -> Q:
    """The same relation as `sees_promotion`, for lists."""
    seen = Project.objects.filter(projects.visible_projects(user)).values("pk")
    return Q(organiser__in=user.standing.organisation_ids) | Q(project__in=seen)


@predicate(_("仅主办单位，以及看得到所属试点的单位可见"))
def sees_promotion(user: Any, promotion: Promotion) -> bool:
    if not is_signed_in.test(user):
        return False
    if user.standing.holds(promotion.organiser_id):
        return True
    return promotion.project is not None and projects.sees_project.test(user, promotion.project)


@predicate(_("须为本单位的经办人或牵头负责人"))
def handles_body(user: Any, organisation: Organisation) -> bool:
    return is_signed_in.test(user) and user.standing.holds(organisation.pk, Role.HANDLER, Role.LEAD)


@predicate(_("本单位须为主管部门或者可以申报的单位"))
def may_promote(_user: Any, organisation: Organisation) -> bool:
    return organisation.kind in AUTHORITIES | APPLICANTS or organisation.may_apply


records_promotion = handles_body & may_promote


@predicate(_("须为活动主办单位的经办人或牵头负责人"))
def handles_promotion(user: Any, promotion: Promotion) -> bool:
    return is_signed_in.test(user) and user.standing.holds(promotion.organiser_id, Role.HANDLER, Role.LEAD)


# --- support


def visible_supports(user: Any) -> Q:
    """The same relation as `sees_support`, for lists."""
    return Q(project__in=Project.objects.filter(projects.visible_projects(user)).values("pk"))


@predicate(_("仅试点实施单位及其授权人员、受理申报和批准试点的联合单位可见"))
def sees_support(user: Any, support: Support) -> bool:
    return projects.sees_project.test(user, support.project)


records_support = projects.handles_project | projects.supervises_project
"""The body that got it, or the department that follows the pilot."""


@predicate(_("须为试点实施单位，或者受理申报的主办单位的经办人或牵头负责人"))
def handles_support(user: Any, support: Support) -> bool:
    return records_support.test(user, support.project)
