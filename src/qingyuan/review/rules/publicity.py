"""Who may what with a publicity and its objections. Everybody reads the list and may object; objections are the host's."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import predicate
from qingyuan.people.models import Role
from qingyuan.people.rules import in_host
from qingyuan.review.models import Objection, Publicity
from qingyuan.review.rules.decision import sees_decision


@predicate(_("任何人都可以在公示期内提出异议"))
def anybody(_user: Any, _publicity: Publicity) -> bool:
    return True


@predicate(_("仅会同决定的各单位可见"))
def sees_publicity(user: Any, publicity: Publicity) -> bool:
    return sees_decision.test(user, publicity.decision)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_publicity(user: Any, publicity: Publicity) -> bool:
    return in_host(user, publicity.decision.round.joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("仅会同决定的各单位可见"))
def sees_objection(user: Any, objection: Objection) -> bool:
    return sees_publicity.test(user, objection.publicity)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_objection(user: Any, objection: Objection) -> bool:
    """Also: reads who objected and how to reach them. The letter as it came may say both."""
    return handles_publicity.test(user, objection.publicity)
