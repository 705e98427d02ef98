"""Who may what with a commendation."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import Commendation
from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import JointBody, Organisation, Role
from qingyuan.people.rules import in_cosigner, in_host, in_joint_body


def visible_commendations(user: Any) -> Q:
    """The same relation as `sees_commendation`, for lists."""
    return Q(joint_body__parts__organisation__in=user.standing.organisation_ids)


@predicate(_("仅主办和会签单位可见"))
def sees_commendation(user: Any, commendation: Commendation) -> bool:
    return is_signed_in.test(user) and in_joint_body(user, commendation.joint_body)


@predicate(_("须为联合单位人员"))
def sees_joint_body(user: Any, joint_body: JointBody) -> bool:
    return is_signed_in.test(user) and in_joint_body(user, joint_body)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def commends(user: Any, joint_body: JointBody) -> bool:
    return in_host(user, joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_commendation(user: Any, commendation: Commendation) -> bool:
    return in_host(user, commendation.joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("须为会签单位的经办人、牵头负责人或签发人"))
def edits_for_cosigner(user: Any, commendation: Commendation) -> bool:
    return in_cosigner(user, commendation.joint_body, Role.HANDLER, Role.LEAD, Role.SIGNER)


@predicate(_("须为主办单位的签发人"))
def signs_commendation(user: Any, commendation: Commendation) -> bool:
    return in_host(user, commendation.joint_body, Role.SIGNER)


@predicate(_("须为会签单位的签发人"))
def cosigns_commendation(user: Any, commendation: Commendation) -> bool:
    return in_cosigner(user, commendation.joint_body, Role.SIGNER)


def bodies_of(user: Any, commendation: Commendation, *roles: str) -> list[Organisation]:
    """The departments of the commendation in which this user holds one of the roles."""
    seats = commendation.joint_body.seats
    return [part.organisation for part in seats if user.standing.holds(part.organisation_id, *roles)]
