"""Who sees the pool of experts, and who keeps which part of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_operator, is_signed_in, predicate
from qingyuan.people.models import Expert, Kind, Organisation, Role
from qingyuan.people.models.organisation import AUTHORITIES
from qingyuan.people.rules import is_this_expert

STATE = frozenset({Kind.STATE_ECOLOGY, Kind.STATE_REFORM})


@predicate(_("本单位须为国家或省级主管部门"))
def is_authority(_user: Any, organisation: Organisation) -> bool:
    return organisation.kind in AUTHORITIES


@predicate(_("须为本单位的经办人或牵头负责人"))
def handles_organisation(user: Any, organisation: Organisation) -> bool:
    return is_signed_in.test(user) and user.standing.holds(organisation.pk, Role.HANDLER, Role.LEAD)


keeps_pool = handles_organisation & is_authority


@predicate(_("须为主管部门人员"))
def works_in_an_authority(user: Any, _obj: Any = None) -> bool:
    return is_signed_in.test(user) and bool(user.standing.in_kinds(AUTHORITIES))


@predicate(_("须为本专家入库单位的经办人或牵头负责人"))
def handles_keeper(user: Any, expert: Expert) -> bool:
    return is_signed_in.test(user) and user.standing.holds(expert.keeper_id, Role.HANDLER, Role.LEAD)


@predicate(_("须为可以使用该专家的主管部门人员"))
def may_use_expert(user: Any, expert: Expert) -> bool:
    return is_signed_in.test(user) and visible_to(user, expert)


def visible_to(user: Any, expert: Expert) -> bool:
    """The same relation as `visible_experts`, for one expert."""
    bodies = user.standing.in_kinds(AUTHORITIES)
    if not bodies:
        return False
    keeper = expert.keeper
    return (
        keeper is None
        or keeper.kind in STATE
        or any(body.kind in STATE or body.region_code == keeper.region_code for body in bodies)
    )


def visible_experts(user: Any) -> Q:
    """The State sees every pool; a province its own, the State's, and what no department keeps."""
    if is_operator.test(user):
        return Q()
    bodies = user.standing.in_kinds(AUTHORITIES)
    if not bodies:
        return Q(pk__in=[])
    if any(body.kind in STATE for body in bodies):
        return Q()
    regions = {body.region_code for body in bodies}
    return Q(keeper=None) | Q(keeper__kind__in=STATE) | Q(keeper__region_code__in=regions)


keeps_expert = handles_keeper | is_operator
can_see_pool = works_in_an_authority | is_operator
can_see_expert = may_use_expert | is_this_expert | is_operator
can_describe_expert = handles_keeper | is_this_expert | is_operator


def kept_bodies(user: Any) -> list[Organisation]:
    """The departments for which this person keeps a pool."""
    if not is_signed_in.test(user):
        return []
    return [
        body
        for body in user.standing.in_kinds(AUTHORITIES)
        if user.standing.holds(body.pk, Role.HANDLER, Role.LEAD)
    ]
