"""Who may what with a joint decision."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import Organisation, Role
from qingyuan.people.rules import in_cosigner, in_host, in_joint_body
from qingyuan.review.models import Case, Decision


def visible_decisions(user: Any) -> Q:
    return Q(round__call__joint_body__parts__organisation__in=user.standing.organisation_ids)


@predicate(_("仅会同决定的各单位可见"))
def sees_decision(user: Any, decision: Decision) -> bool:
    return is_signed_in.test(user) and in_joint_body(user, decision.round.joint_body)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_decision(user: Any, decision: Decision) -> bool:
    return in_host(user, decision.round.joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("须为主办单位的签发人"))
def signs_decision(user: Any, decision: Decision) -> bool:
    return in_host(user, decision.round.joint_body, Role.SIGNER)


@predicate(_("须为会签单位的签发人"))
def cosigns_decision(user: Any, decision: Decision) -> bool:
    return in_cosigner(user, decision.round.joint_body, Role.SIGNER)


@predicate(_("须为会签单位的经办人、牵头负责人或签发人"))
def edits_for_cosigner(user: Any, decision: Decision) -> bool:
    return in_cosigner(user, decision.round.joint_body, Role.HANDLER, Role.LEAD, Role.SIGNER)


@predicate(_("须为会签单位的经办人、牵头负责人或签发人"))
def checks_for_cosigner(user: Any, case: Case) -> bool:
    return in_cosigner(user, case.round.joint_body, Role.HANDLER, Role.LEAD, Role.SIGNER)


def bodies_of(user: Any, decision: Decision, *roles: str) -> list[Organisation]:
    """The departments of the decision in which this user holds one of the roles."""
    seats = decision.round.joint_body.seats
    return [part.organisation for part in seats if user.standing.holds(part.organisation_id, *roles)]
