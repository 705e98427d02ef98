"""Who may what with bodies, people and authorisations."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_operator, is_signed_in, predicate
from qingyuan.people.models import Authorisation, Expert, JointBody, JointMember, Organisation, Role


@predicate(_("须为本单位的牵头负责人"))
def is_lead(user: Any, organisation: Organisation) -> bool:
    return is_signed_in.test(user) and user.standing.holds(organisation.pk, Role.LEAD)


@predicate(_("须为本单位人员"))
def is_member(user: Any, organisation: Organisation) -> bool:
    return is_signed_in.test(user) and user.standing.holds(organisation.pk)


can_see_organisation = is_member | is_operator
can_manage_members = is_lead | is_operator


@predicate(_("须为授权单位的牵头负责人或签发人"))
def is_lead_or_signer(user: Any, organisation: Organisation) -> bool:
    return is_signed_in.test(user) and user.standing.holds(organisation.pk, Role.LEAD, Role.SIGNER)


@predicate(_("本单位须为可以申报的单位"))
def may_apply(_user: Any, organisation: Organisation) -> bool:
    return organisation.may_apply


can_authorise = is_lead_or_signer & may_apply


@predicate(_("须为授权单位的牵头负责人或签发人"))
def gave_authorisation(user: Any, authorisation: Authorisation) -> bool:
    return is_signed_in.test(user) and user.standing.holds(authorisation.applicant_id, Role.LEAD, Role.SIGNER)


@predicate(_("须为本授权的双方单位人员"))
def is_party(user: Any, authorisation: Authorisation) -> bool:
    return is_signed_in.test(user) and (
        user.standing.holds(authorisation.applicant_id) or user.standing.holds(authorisation.service_body_id)
    )


@predicate(_("须为专家本人"))
def is_this_expert(user: Any, expert: Expert) -> bool:
    return is_signed_in.test(user) and expert.user_id == user.pk


@predicate(_("须为令牌所有人"))
def owns_token(user: Any, token: Any) -> bool:
    return is_signed_in.test(user) and token.user_id == user.pk


@predicate(_("须为发件单位的经办人或牵头负责人"))
def handles_mail(user: Any, mail: Any) -> bool:
    return is_signed_in.test(user) and user.standing.holds(mail.sender_id, Role.HANDLER, Role.LEAD)


@predicate(_("须为发件单位人员"))
def sees_mail(user: Any, mail: Any) -> bool:
    return is_signed_in.test(user) and user.standing.holds(mail.sender_id)


def visible_mail(user: Any) -> Q:
    """The same relation as `sees_mail`, for lists."""
    return Q(sender_id__in=user.standing.organisation_ids)


def _part(user: Any, joint_body: JointBody | None, part: str, *roles: str) -> bool:
    if joint_body is None or not is_signed_in.test(user):
        return False
    members = [p.organisation_id for p in joint_body.seats if not part or p.part == part]
    return any(user.standing.holds(pk, *roles) for pk in members)


def in_joint_body(user: Any, joint_body: JointBody | None, *roles: str) -> bool:
    """Does the person hold such a role in one of the departments of the joint body?"""
    return _part(user, joint_body, "", *roles)


def in_host(user: Any, joint_body: JointBody | None, *roles: str) -> bool:
    return _part(user, joint_body, JointMember.Part.HOST, *roles)


def in_cosigner(user: Any, joint_body: JointBody | None, *roles: str) -> bool:
    return _part(user, joint_body, JointMember.Part.COSIGNER, *roles)


__all__ = [
    "can_authorise",
    "can_manage_members",
    "can_see_organisation",
    "in_cosigner",
    "in_host",
    "in_joint_body",
]
