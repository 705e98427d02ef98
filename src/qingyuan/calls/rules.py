"""Who may what with calls."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.calls.models import Call, Supplement
from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import JointBody, Organisation, Role
from qingyuan.people.rules import in_cosigner, in_host, in_joint_body


def visible_calls(user: Any) -> Q:
    """Published calls are for everyone; drafts only for the departments that decide on them."""
    public = Q(stage=Call.Stage.OPEN)
    if not is_signed_in.test(user):
        return public
    return public | Q(joint_body__parts__organisation__in=user.standing.organisation_ids)


@predicate(_("通知尚未发布，仅联合发文单位可见"))
def can_see_call(user: Any, call: Call) -> bool:
    return call.stage == Call.Stage.OPEN or in_joint_body(user, call.joint_body)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_for_host(user: Any, joint_body: JointBody) -> bool:
    return in_host(user, joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_call(user: Any, call: Call) -> bool:
    return in_host(user, call.joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("须为主办单位的签发人"))
def signs_call(user: Any, call: Call) -> bool:
    return in_host(user, call.joint_body, Role.SIGNER)


@predicate(_("须为会签单位的签发人"))
def cosigns_call(user: Any, call: Call) -> bool:
    return in_cosigner(user, call.joint_body, Role.SIGNER)


@predicate(_("须为主办单位的签发人"))
def signs_supplement(user: Any, supplement: Supplement) -> bool:
    return in_host(user, supplement.call.joint_body, Role.SIGNER)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_supplement(user: Any, supplement: Supplement) -> bool:
    return in_host(user, supplement.call.joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("须为会签单位的签发人"))
def cosigns_supplement(user: Any, supplement: Supplement) -> bool:
    return in_cosigner(user, supplement.call.joint_body, Role.SIGNER)


@predicate(_("仅联合发文单位可见"))
def receives_for_call(user: Any, call: Call) -> bool:
    """The departments of the call: they read the register and the received submissions."""
    return in_joint_body(user, call.joint_body)


@predicate(_("补充通知尚未发布，仅联合发文单位可见"))
def can_see_supplement(user: Any, supplement: Supplement) -> bool:
    """An issued supplement is for everyone, like the call; one in consultation for the departments."""
    return supplement.stage == Supplement.Stage.ISSUED or in_joint_body(user, supplement.call.joint_body)


def cosigning_organisations(user: Any, call: Call) -> list[Organisation]:
    """The co-signing departments for which this user may consent."""
    return [body for body in call.joint_body.cosigners if user.standing.holds(body.pk, Role.SIGNER)]
