"""Menu entries of this room, and how the shell names who is signed in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_operator
from qingyuan.people.pool.rules import can_see_pool
from qingyuan.ui.navigation import Identity, Item, register, register_identity


def has_body(user: Any) -> bool:
    return is_operator.test(user) or bool(user.standing.roles)


def sends_mail(user: Any) -> bool:
    return bool(user.standing.roles)


def may_be_expert(user: Any) -> bool:
    """Experts, and who stands alone: most of those are experts, and the menu asks the database nothing."""
    return bool(user.is_expert) if user.standing.roles else not is_operator.test(user)


def identify(user: Any) -> Identity:
    """The person, and the body; with several bodies the first by name and how many there are."""
    names = sorted(body.name for body in user.standing.organisations.values())
    if not names:
        return Identity(name=str(user), organisation=gettext("平台运维") if is_operator.test(user) else "")
    if len(names) == 1:
        return Identity(name=str(user), organisation=names[0])
    return Identity(
        name=str(user),
        organisation=gettext("%(first)s 等 %(count)d 个单位") % {"first": names[0], "count": len(names)},
    )


register(
    Item(_("单位与人员"), "people:organisations", "building-community", has_body, group=_("单位"), order=70),
    Item(_("发件箱"), "people:outbox", "mail-forward", sends_mail, group=_("单位"), order=75),
    Item(_("专家库"), "people:experts", "school", can_see_pool.test, group=_("单位"), order=80),
    Item(_("利益关系申报"), "people:interests", "scale", may_be_expert, area="account", order=40),
    Item(_("接口令牌"), "people:tokens", "key", area="account", order=60),
)
register_identity(identify)
