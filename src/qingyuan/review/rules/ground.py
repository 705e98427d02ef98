"""Who may what with a round and its cases, as an officer. Experts come in by their own gate, never by these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.calls.models import Call
from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import Role
from qingyuan.people.models.organisation import AUTHORITIES
from qingyuan.people.rules import in_cosigner, in_host, in_joint_body
from qingyuan.review.models import Case, Round


def is_officer(user: Any) -> bool:
    """Works for a department that can hold a review (asks no database beyond the person's standing)."""
    return bool(user.standing.in_kinds(AUTHORITIES))


def visible_rounds(user: Any) -> Q:
    return Q(call__joint_body__parts__organisation__in=user.standing.organisation_ids)


def visible_cases(user: Any) -> Q:
    """The same relation as `sees_case_as_officer`, for lists."""
    mine = user.standing.organisation_ids
    return Q(round__call__joint_body__parts__organisation__in=mine) | Q(
        onward__round__call__joint_body__parts__organisation__in=mine
    )


@predicate(_("仅组织评审的联合单位可见"))
def sees_round(user: Any, round_: Round) -> bool:
    return is_signed_in.test(user) and in_joint_body(user, round_.joint_body)


@predicate(_("仅组织评审的联合单位，以及收到推荐的上级联合单位可见"))
def sees_case_as_officer(user: Any, case: Case) -> bool:
    """Those who review it; and read-only those to whom it was recommended, once their round has taken it in."""
    if not is_signed_in.test(user):
        return False
    return in_joint_body(user, case.round.joint_body) or reads_as_superior(user, case)


def of_selection(sees: Callable[[Any, Case], bool]) -> Callable[[Any, Case], bool]:
    """The same for cases of selection only: acceptance knows no form check and no recommendation."""
    return lambda user, case: not case.round.is_acceptance and sees(user, case)


def sees_materials(user: Any, case: Case) -> bool:
    """What a province handed in stands on the State's cases alone: a province's own has nothing of the kind."""
    return case.round.is_state and not case.round.is_acceptance and sees_case_as_officer.test(user, case)


def reads_as_superior(user: Any, case: Case) -> bool:
    """Does the person work for a department that received this case from below?"""
    return is_officer(user) and any(user.standing.holds(pk) for pk in case.onward_bodies)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_call(user: Any, call: Call) -> bool:
    return in_host(user, call.joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_round(user: Any, round_: Round) -> bool:
    return in_host(user, round_.joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_case(user: Any, case: Case) -> bool:
    return in_host(user, case.round.joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("须为主办单位的签发人"))
def signs_round(user: Any, round_: Round) -> bool:
    return in_host(user, round_.joint_body, Role.SIGNER)


@predicate(_("须为主办单位的签发人"))
def signs_case(user: Any, case: Case) -> bool:
    return in_host(user, case.round.joint_body, Role.SIGNER)


@predicate(_("须为会签单位的签发人"))
def cosigns_round(user: Any, round_: Round) -> bool:
    return in_cosigner(user, round_.joint_body, Role.SIGNER)


@predicate(_("仅组织评审的联合单位可见"))
def reviews_case(user: Any, case: Case) -> bool:
    return is_signed_in.test(user) and in_joint_body(user, case.round.joint_body)


@predicate(_("须为会签单位人员"))
def works_for_cosigner(user: Any, round_: Round) -> bool:
    return in_cosigner(user, round_.joint_body)
