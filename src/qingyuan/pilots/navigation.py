"""Menu entries of this room."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.people.models.organisation import APPLICANTS, PREFECTURE_BUREAUS, Kind
from qingyuan.pilots import area
from qingyuan.ui import navigation


def works_on_pilots(user: Any) -> bool:
    """People of bodies that may apply, and of service bodies at work for one."""
    standing = user.standing
    return bool(standing.in_kinds(APPLICANTS | PREFECTURE_BUREAUS) or standing.authorised)


def certifies(user: Any) -> bool:
    """Works for an office of the kind that certifies; others find a request through their to-dos. Asks no database."""
    return bool(user.standing.in_kinds({Kind.DESK, Kind.DEPARTMENT, *PREFECTURE_BUREAUS}))


navigation.register(
    navigation.Item(
        _("证明函"),
        "pilots:certificates-asked",
        "file-certificate",
        visible=certifies,
        group=_("申报"),
        order=46,
    )
)
navigation.register(
    navigation.Item(_("本地试点"), "pilots:area", "map-pin", visible=area.is_asked, group=_("申报"), order=45)
)
navigation.register(
    navigation.Item(
        _("我的试点"), "pilots:list", "target-arrow", visible=works_on_pilots, group=_("申报"), order=40
    )
)
