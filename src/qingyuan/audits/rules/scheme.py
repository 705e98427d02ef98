"""Who sees and who writes the schemes of a pilot's enterprises."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.audits.models.scheme import Scheme
from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.rules import in_joint_body
from qingyuan.pilots import rules as pilots
from qingyuan.pilots.models import Pilot

STAGES = tuple(stage for stage in Pilot.Stage.values if stage != Pilot.Stage.WITHDRAWN)
"""Of the pilot: its schemes may be kept before, during and after the application."""


@predicate(_("须为申报单位人员或其有效授权的咨询服务机构人员，或受理该申报的联合单位人员（提交之后）"))
def sees_audits(user: Any, pilot: Pilot) -> bool:
    if not is_signed_in.test(user):
        return False
    received = pilot.stage == Pilot.Stage.SUBMITTED
    return pilots.can_see_pilot.test(user, pilot) or (received and in_joint_body(user, pilot.call.joint_body))


def visible_audits(user: Any) -> Q:
    """The same relation as `sees_audits`, for lists of pilots."""
    standing = user.standing
    return Q(applicant__in=[*standing.organisation_ids, *standing.authorised]) | Q(
        stage=Pilot.Stage.SUBMITTED, call__joint_body__parts__organisation__in=standing.organisation_ids
    )


writes_schemes = pilots.can_write
"""On a pilot: handlers and leads of the applicant, and who drafts for it."""


@predicate(_("须为申报单位人员或其有效授权的咨询服务机构人员，或受理该申报的联合单位人员（提交之后）"))
def sees_scheme(user: Any, scheme: Scheme) -> bool:
    return sees_audits.test(user, scheme.pilot)


@predicate(_("须为申报单位的经办人或牵头负责人，或其授权编写的咨询服务机构人员"))
def keeps_scheme(user: Any, scheme: Scheme) -> bool:
    return writes_schemes.test(user, scheme.pilot)


@predicate(_("试点已撤回"))
def pilot_stands(_user: Any, scheme: Scheme) -> bool:
    return scheme.pilot.stage != Pilot.Stage.WITHDRAWN


writes_scheme = keeps_scheme & pilot_stands
