"""Who may what with a draw: the two departments, and the person who watches."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import Role
from qingyuan.people.rules import in_cosigner, in_host, in_joint_body
from qingyuan.review.models import Draw


@predicate(_("须为主办单位的经办人或牵头负责人"))
def organises_draw(user: Any, draw: Draw) -> bool:
    return in_host(user, draw.round.joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("须为会签单位人员"))
def is_second(user: Any, draw: Draw) -> bool:
    return in_cosigner(user, draw.round.joint_body)


@predicate(_("须为本次抽取的监督人员"))
def supervises(user: Any, draw: Draw) -> bool:
    return is_signed_in.test(user) and draw.supervisor_id == user.pk


@predicate(_("公开值须来自会签单位的密钥"))
def takes_second(_user: Any, draw: Draw) -> bool:
    return draw.has_second


@predicate(_("须为联合单位人员"))
def is_of_joint_body(user: Any, draw: Draw) -> bool:
    return is_signed_in.test(user) and in_joint_body(user, draw.round.joint_body)


# Whoever watches may hold a copy of both sealed envelopes: then no side can hold a draw up.
reveals_public_value = (is_second & takes_second) | supervises
reveals = organises_draw | supervises
voids = organises_draw | is_second | supervises
sees_draw = is_of_joint_body | supervises


def visible_draws(user: Any) -> Q:
    """The same relation as `sees_draw`, for lists."""
    mine = Q(supervisor_id=user.pk)
    return mine | Q(round__call__joint_body__parts__organisation__in=user.standing.organisation_ids)
