"""Who asks for, records and sees the evaluation and acceptance of an enterprise's audit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.audits import evaluating
from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.rules import scheme as schemes
from qingyuan.kernel.permission import predicate
from qingyuan.people.models import Role
from qingyuan.people.rules import in_host
from qingyuan.pilots import rules as pilots
from qingyuan.pilots.models import Pilot

asks_review = schemes.writes_schemes
"""On a pilot."""


@predicate(_("须为申报单位人员或其有效授权的咨询服务机构人员，或受理该申报的联合单位人员（提交之后）"))
def sees_review(user: Any, review: AuditReview) -> bool:
    return schemes.sees_audits.test(user, review.pilot)


@predicate(_("须为申报单位的经办人或牵头负责人，或其授权编写的咨询服务机构人员"))
def keeps_review(user: Any, review: AuditReview) -> bool:
    return schemes.writes_schemes.test(user, review.pilot)


@predicate(_("须为评分表所定的组织单位（默认为受理申报的主办单位）的经办人或牵头负责人"))
def records_review(user: Any, review: AuditReview) -> bool:
    bodies = evaluating.sheet_of(review).recorded_by
    return (
        "joint_body" in bodies and in_host(user, review.pilot.call.joint_body, Role.HANDLER, Role.LEAD)
    ) or ("applicant" in bodies and pilots.handles_pilot.test(user, review.pilot))


@predicate(_("须为评分表所定的组织单位（默认为受理申报的主办单位）的经办人或牵头负责人"))
def records_reviews(user: Any, pilot: Pilot) -> bool:
    """On a pilot, by the sheets that hold today; whose sitting each single one is, the verb asks again."""
    bodies = {
        body for kind in AuditReview.Kind.values for body in evaluating.sheet_for(pilot, kind).recorded_by
    }
    return ("joint_body" in bodies and in_host(user, pilot.call.joint_body, Role.HANDLER, Role.LEAD)) or (
        "applicant" in bodies and pilots.handles_pilot.test(user, pilot)
    )
