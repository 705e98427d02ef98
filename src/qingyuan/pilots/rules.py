"""Who may what with a pilot. A right is a union of relations to this pilot, never a property of the person."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.calls.models import Call
from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import Authorisation, Role
from qingyuan.people.models.organisation import APPLICANTS, PREFECTURE_BUREAUS
from qingyuan.people.rules import in_host, in_joint_body
from qingyuan.pilots.models import CertificateRequest, Pilot, Submission, SupplementRequest


def visible_pilots(user: Any) -> Q:
    """Whose working papers a person reads: those of the own bodies, and of applicants that authorised them."""
    standing = user.standing
    return Q(applicant__in=[*standing.organisation_ids, *standing.authorised])


@predicate(_("须为申报单位人员或其有效授权的咨询服务机构人员"))
def can_see_pilot(user: Any, pilot: Pilot) -> bool:
    return is_signed_in.test(user) and (
        user.standing.holds(pilot.applicant_id) or pilot.applicant_id in user.standing.authorised
    )


@predicate(_("须为申报单位的经办人或牵头负责人"))
def handles_pilot(user: Any, pilot: Pilot) -> bool:
    return is_signed_in.test(user) and user.standing.holds(pilot.applicant_id, Role.HANDLER, Role.LEAD)


@predicate(_("须为申报单位授权编写的咨询服务机构人员，且授权在有效期内"))
def drafts_for_applicant(user: Any, pilot: Pilot) -> bool:
    return is_signed_in.test(user) and Authorisation.Scope.DRAFT in user.standing.authorised.get(
        pilot.applicant_id, ()
    )


can_write = handles_pilot | drafts_for_applicant


@predicate(_("须为申报单位的审核人"))
def reviews_pilot(user: Any, pilot: Pilot) -> bool:
    return is_signed_in.test(user) and user.standing.holds(pilot.applicant_id, Role.REVIEWER)


@predicate(_("须为申报单位的签发人"))
def signs_pilot(user: Any, pilot: Pilot) -> bool:
    return is_signed_in.test(user) and user.standing.holds(pilot.applicant_id, Role.SIGNER)


@predicate(_("须为可申报单位的经办人或牵头负责人"))
def handles_an_applicant(user: Any, _call: Call) -> bool:
    return is_signed_in.test(user) and any(
        user.standing.holds(body.pk, Role.HANDLER, Role.LEAD)
        for body in user.standing.in_kinds(APPLICANTS | PREFECTURE_BUREAUS)
    )


@predicate(_("仅受理该申报的联合单位可见"))
def receives_submission(user: Any, submission: Submission) -> bool:
    return is_signed_in.test(user) and in_joint_body(user, submission.call.joint_body)


@predicate(_("须为申报单位人员或其有效授权的咨询服务机构人员"))
def owns_submission(user: Any, submission: Submission) -> bool:
    return can_see_pilot.test(user, submission.pilot)


can_see_submission = owns_submission | receives_submission


def visible_submissions(user: Any) -> Q:
    """The same relation as `can_see_submission`, for lists."""
    standing = user.standing
    return Q(pilot__applicant__in=[*standing.organisation_ids, *standing.authorised]) | Q(
        call__joint_body__parts__organisation__in=standing.organisation_ids
    )


# --- 退回补充完善


@predicate(_("须为受理（主办）单位的经办人或牵头负责人"))
def handles_for_receiver(user: Any, pilot: Pilot) -> bool:
    return in_host(user, pilot.call.joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("本次申报的通知没有设置“退回补充完善”环节"))
def call_takes_supplements(_user: Any, pilot: Pilot) -> bool:
    return bool(pilot.call.options.get("return_for_supplement"))


@predicate(_("须为受理（主办）单位的经办人或牵头负责人"))
def handles_request(user: Any, request: SupplementRequest) -> bool:
    return handles_for_receiver.test(user, request.pilot)


@predicate(_("须为申报单位的经办人或牵头负责人"))
def handles_returned_pilot(user: Any, request: SupplementRequest) -> bool:
    return handles_pilot.test(user, request.pilot)


@predicate(_("仅申报单位及其授权人员、受理该申报的联合单位可见"))
def can_see_request(user: Any, request: SupplementRequest) -> bool:
    return can_see_pilot.test(user, request.pilot) or (
        is_signed_in.test(user) and in_joint_body(user, request.pilot.call.joint_body)
    )


# --- 证明函


@predicate(_("须为申报单位或被请出具证明的单位的经办人、牵头负责人"))
def answers_certificate(user: Any, certificate: CertificateRequest) -> bool:
    return is_signed_in.test(user) and (
        handles_pilot.test(user, certificate.pilot)
        or user.standing.holds(certificate.organisation_id, Role.HANDLER, Role.LEAD)
    )


@predicate(_("仅申报单位及其授权人员、被请出具证明的单位可见"))
def can_see_certificate(user: Any, certificate: CertificateRequest) -> bool:
    return is_signed_in.test(user) and (
        can_see_pilot.test(user, certificate.pilot) or user.standing.holds(certificate.organisation_id)
    )
