"""Who may what with a site visit: those who organise it, the team, and the applicant from the notice on."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import Role
from qingyuan.people.rules import in_host, in_joint_body
from qingyuan.review import avoidance
from qingyuan.review.models import Visit, VisitPhoto

TOLD = (Visit.Stage.NOTIFIED, Visit.Stage.DONE, Visit.Stage.REPLIED, Visit.Stage.SIGNED)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_visit(user: Any, visit: Visit) -> bool:
    return in_host(user, visit.case.round.joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("须为联合单位人员"))
def is_officer(user: Any, visit: Visit) -> bool:
    return is_signed_in.test(user) and in_joint_body(user, visit.case.round.joint_body)


@predicate(_("须为调查组成员，且没有须回避的关系"))
def in_team(user: Any, visit: Visit) -> bool:
    if not is_signed_in.test(user):
        return False
    member = next((one for one in visit.team.all() if one.user_id == user.pk), None)
    if member is None:
        return False
    if member.expert is None:
        return True
    known = visit.known_bars.get(member.expert.pk)
    return not (avoidance.bars(visit.case, member.expert) if known is None else known)


@predicate(_("须为调查组组长"))
def leads_team(user: Any, visit: Visit) -> bool:
    return any(one.is_lead and one.user_id == user.pk for one in visit.team.all()) and in_team.test(
        user, visit
    )


@predicate(_("须为收到现场调查通知的申报单位人员"))
def is_told_applicant(user: Any, visit: Visit) -> bool:
    return (
        is_signed_in.test(user)
        and visit.stage in TOLD
        and visit.case.applicant_id is not None
        and user.standing.holds(visit.case.applicant_id)
    )


def _applicant(user: Any, visit: Visit, *roles: str) -> bool:
    """Of an imported case nobody stands on the platform: the office enters what came on paper."""
    body = visit.case.applicant_id
    if body is None:
        return handles_visit.test(user, visit)
    return is_signed_in.test(user) and user.standing.holds(body, *roles)


@predicate(_("须为申报单位的经办人或牵头负责人；导入的项目由主办单位登记书面答复"))
def replies(user: Any, visit: Visit) -> bool:
    return _applicant(user, visit, Role.HANDLER, Role.LEAD)


@predicate(_("须为申报单位的签发人；导入的项目由主办单位登记书面签字"))
def signs_for_applicant(user: Any, visit: Visit) -> bool:
    return _applicant(user, visit, Role.SIGNER)


sees_visit = is_officer | in_team | is_told_applicant
works_on_visit = is_officer | in_team


@predicate(_("须为调查组成员或组织单位人员"))
def sees_photo(user: Any, photo: VisitPhoto) -> bool:
    return works_on_visit.test(user, photo.visit)


def visible_visits(user: Any) -> Q:
    """For lists. Of an expert's visits those with a conflict are dropped afterwards (`in_team`)."""
    mine = user.standing.organisation_ids
    return (
        Q(case__round__call__joint_body__parts__organisation__in=mine)
        | Q(team__user_id=user.pk)
        | Q(case__applicant_id__in=mine, stage__in=TOLD)
    )
