"""Menu entries of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qingyuan.ui.navigation import Item, register

register(Item(_("申报通知"), "calls:list", "speakerphone", group=_("申报"), order=30))
