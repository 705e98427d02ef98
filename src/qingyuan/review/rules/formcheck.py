"""Who may what in the form check and the examination of truth: officers of the host, never for their own application."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import predicate
from qingyuan.people.models import JointBody, Role
from qingyuan.people.rules import in_host
from qingyuan.review.models import Case, FormCheck, Truthfulness
from qingyuan.review.rules import ground


def _belongs_to_applicant(user: Any, case: Case) -> bool:
    return bool(user.standing.holds(case.applicant_id)) or case.applicant_id in user.standing.authorised


@predicate(_("申报单位人员及其授权的咨询服务机构人员不得校核本单位的申报（回避）"))
def is_not_of_applicant(user: Any, case: Case) -> bool:
    return bool(user.is_authenticated) and not _belongs_to_applicant(user, case)


checks_case = ground.handles_case & is_not_of_applicant


@predicate(_("须为主办单位的经办人或牵头负责人，且与申报单位无关联（回避）"))
def does_check(user: Any, check: FormCheck) -> bool:
    return checks_case.test(user, check.case)


@predicate(_("本次申报的通知没有设置“退回补充完善”环节"))
def call_takes_supplements(_user: Any, check: FormCheck) -> bool:
    return bool(check.case.round.call.options.get("return_for_supplement"))


@predicate(_("仅组织评审的联合单位可见"))
def sees_check(user: Any, check: FormCheck) -> bool:
    return ground.sees_case_as_officer.test(user, check.case)


# --- 真实性: by the province (N14)


@predicate(_("真实性由省级审查，国家评审以省级签发的为准"))
def is_provincial(_user: Any, case: Case) -> bool:
    return case.round.level == JointBody.Level.PROVINCE


@predicate(_("须为主办单位的经办人、审核人或牵头负责人"))
def examines_for_host(user: Any, case: Case) -> bool:
    return in_host(user, case.round.joint_body, Role.HANDLER, Role.REVIEWER, Role.LEAD)


examines_case = examines_for_host & is_provincial & is_not_of_applicant


@predicate(_("须为主办单位的签发人，且与申报单位无关联（回避）"))
def signs_truthfulness(user: Any, one: Truthfulness) -> bool:
    return ground.signs_case.test(user, one.case) and is_not_of_applicant.test(user, one.case)


@predicate(_("不得签发自己审查的材料，须由另一人签发"))
def is_not_examiner(user: Any, one: Truthfulness) -> bool:
    return bool(one.examined_by_id != user.pk)


@predicate(_("仅组织评审的联合单位可见"))
def sees_truthfulness(user: Any, one: Truthfulness) -> bool:
    return ground.sees_case_as_officer.test(user, one.case)
