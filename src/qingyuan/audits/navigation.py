"""Menu entries of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingyuan.pilots.navigation import works_on_pilots
from qingyuan.ui import navigation

navigation.register(
    navigation.Item(
        _("审核数据"),
        "audits:datasets",
        "database",
        works_on_pilots,
        group=pgettext_lazy("menu", "审核"),
        order=55,
    )
)
