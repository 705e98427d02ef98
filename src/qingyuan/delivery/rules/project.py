"""Who may what with an approved pilot."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import ChangeRequest, Project
from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import Role
from qingyuan.people.rules import in_host, in_joint_body
from qingyuan.pilots import rules as pilots
from qingyuan.review.models import Case
from qingyuan.review.rules.ground import handles_case


def visible_projects(user: Any) -> Q:
    """The same relation as `sees_project`, for lists."""
    mine = user.standing.organisation_ids
    return (
        Q(applicant__in=[*mine, *user.standing.authorised])
        | Q(pilot__call__joint_body__parts__organisation__in=mine)
        | Q(case__round__call__joint_body__parts__organisation__in=mine)
    )


@predicate(_("仅试点实施单位及其授权人员、受理申报和批准试点的联合单位可见"))
def sees_project(user: Any, project: Project) -> bool:
    return is_signed_in.test(user) and (
        pilots.can_see_pilot.test(user, project.pilot)
        or in_joint_body(user, project.supervisor)
        or in_joint_body(user, project.case.round.joint_body)
    )


@predicate(_("须为试点实施单位的经办人或牵头负责人"))
def handles_project(user: Any, project: Project) -> bool:
    return is_signed_in.test(user) and user.standing.holds(project.applicant_id, Role.HANDLER, Role.LEAD)


@predicate(_("须为受理申报的主办单位的经办人或牵头负责人"))
def supervises_project(user: Any, project: Project) -> bool:
    return in_host(user, project.supervisor, Role.HANDLER, Role.LEAD)


@predicate(_("须为受理申报的主办单位的签发人"))
def signs_for_supervisor(user: Any, project: Project) -> bool:
    return in_host(user, project.supervisor, Role.SIGNER)


# --- a case that was approved


def approved_elsewhere(case: Case) -> bool:
    """A province's recommendation on which the State decides outside the product."""
    return case.stage == Case.Stage.RECOMMENDED


@predicate(_("须为试点实施单位的经办人或牵头负责人"))
def handles_for_applicant(user: Any, case: Case) -> bool:
    return is_signed_in.test(user) and user.standing.holds(case.applicant_id, Role.HANDLER, Role.LEAD)


starts_project = handles_for_applicant | handles_case
"""Which of the two depends on where the State decided: the verb says it."""


@predicate(_("仅试点实施单位及其授权人员、组织评审的联合单位可见"))
def sees_approved_case(user: Any, case: Case) -> bool:
    """The applicant learns of its own case here only once there is a published result in its favour."""
    if not is_signed_in.test(user):
        return False
    if in_joint_body(user, case.round.joint_body):
        return True
    return case.stage == Case.Stage.APPROVED and (
        user.standing.holds(case.applicant_id) or case.applicant_id in user.standing.authorised
    )


# --- changes


@predicate(_("仅试点实施单位及其授权人员、受理申报和批准试点的联合单位可见"))
def sees_change(user: Any, change: ChangeRequest) -> bool:
    return sees_project.test(user, change.project)


@predicate(_("须为试点实施单位的经办人或牵头负责人"))
def handles_change(user: Any, change: ChangeRequest) -> bool:
    return handles_project.test(user, change.project)


@predicate(_("须为受理申报的主办单位的签发人"))
def decides_change(user: Any, change: ChangeRequest) -> bool:
    return signs_for_supervisor.test(user, change.project)
