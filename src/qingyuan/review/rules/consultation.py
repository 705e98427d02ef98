"""Who may what with a consultation, and with the register of paper."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import Role
from qingyuan.review.models import Consultation, PaperArrival
from qingyuan.review.rules import formcheck, ground

asks = formcheck.checks_case


@predicate(_("须为被征求意见单位的经办人、牵头负责人；平台外单位的复函由主办单位登记"))
def answers(user: Any, one: Consultation) -> bool:
    if one.organisation_id is None:
        return formcheck.checks_case.test(user, one.case)
    return is_signed_in.test(user) and user.standing.holds(one.organisation_id, Role.HANDLER, Role.LEAD)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def withdraws(user: Any, one: Consultation) -> bool:
    return formcheck.checks_case.test(user, one.case)


@predicate(_("仅被征求意见的单位和组织评审的联合单位可见"))
def sees_consultation(user: Any, one: Consultation) -> bool:
    return is_signed_in.test(user) and (
        user.standing.holds(one.organisation_id) or ground.sees_case_as_officer.test(user, one.case)
    )


def asked_of(user: Any) -> Q:
    """Consultations of the user's own bodies (their desk)."""
    return Q(organisation__in=user.standing.organisation_ids)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_arrival(user: Any, one: PaperArrival) -> bool:
    return ground.handles_call.test(user, one.call)


@predicate(_("仅受理该申报的联合单位可见"))
def sees_arrival(user: Any, one: PaperArrival) -> bool:
    from qingyuan.people.rules import in_joint_body

    return is_signed_in.test(user) and in_joint_body(user, one.call.joint_body)
