"""Who may what with a round of acceptance."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.calls.models import Call
from qingyuan.kernel.permission import predicate
from qingyuan.people.models import JointBody
from qingyuan.review.models import Round
from qingyuan.review.rules import ground


@predicate(_("评估验收由国家联合单位组织"))
def is_call_of_the_state(_user: Any, call: Call) -> bool:
    return call.joint_body.level == JointBody.Level.STATE


@predicate(_("只用于评估验收"))
def is_acceptance(_user: Any, round_: Round) -> bool:
    return round_.is_acceptance


opens_acceptance = ground.handles_call & is_call_of_the_state
finishes_acceptance = ground.handles_round & is_acceptance
