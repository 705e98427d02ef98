"""The prefectures in whose rows the register counts applications."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qingyuan.catalogue import regions
from qingyuan.pilots.wording import region_name

ELSEWHERE = "-"
"""Prefecture of those whose place is not stated or not known to the catalogue."""


def prefecture_of(code: str) -> str:
    """The prefecture in whose row a place is counted: itself, or the one that its code lies in; else ELSEWHERE."""
    known = regions.regions()
    for candidate in (code, f"{code[:4]}00"):
        if candidate in known and known[candidate].level == "prefecture":
            return candidate
    return ELSEWHERE


def prefectures(*, found_in: str = "") -> list[str]:
    """Codes of all prefectures known to the catalogue, or of those of one province."""
    return [
        region.code
        for region in regions.regions().values()
        if region.level == "prefecture" and found_in in {"", region.parent}
    ]


def place(code: str) -> str:
    return _("其他") if code == ELSEWHERE else region_name(code)
