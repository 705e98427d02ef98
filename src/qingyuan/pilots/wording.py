"""Answers, sectors and places in the words that people read."""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue import regions, sectors
from qingyuan.catalogue.notices.conditions import Question
from qingyuan.catalogue.notices.model import Notice


def answer_text(question: Question, value: Any) -> str:
    """A stored answer as text; an open question is an empty text, never "no"."""
    if value is None or value in ("", []):
        return ""
    labels = {option.value: option.label for option in question.options}
    if question.kind == "yes_no":
        return _("是") if value in (True, "yes", "true") else _("否")
    if question.kind == "multi_choice":
        return "、".join(labels.get(item, str(item)) for item in value)
    if question.kind == "choice":
        return labels.get(value, str(value))
    return f"{value}{question.unit}" if question.kind == "number" else str(value)


def sector_titles(notice: Notice) -> dict[str, str]:
    known = {sector.id: sector.title for sector in sectors.sectors().values()}
    return {key: known.get(key, key) for key in notice.sectors.ids}


@lru_cache(maxsize=1)
def region_names() -> dict[str, str]:
    return {code: region.name for code, region in regions.regions().items()}


def region_name(code: str) -> str:
    return region_names().get(code, code)


@lru_cache(maxsize=1)
def _prefectures() -> dict[str, str]:
    """Full names of the known prefectures by themselves and by their short forms (洛阳 for 洛阳市)."""
    names = [region.name for region in regions.regions().values() if region.level == "prefecture"]
    short = {name.removesuffix("市").removesuffix("示范区"): name for name in names}
    return {**short, **{name: name for name in names}}


def full_prefecture(name: str) -> str:
    """A prefecture's full name where it is known, else the text as it stands."""
    bare = "".join(name.split()).removeprefix("河南省")
    return _prefectures().get(bare, bare)


def check_prefecture(name: str) -> list[str]:
    """What is wrong with the name of a prefecture; blank is "not stated"."""
    bare = full_prefecture(name)
    if not bare or bare in _prefectures():
        return []
    close = difflib.get_close_matches(bare, _prefectures(), n=1, cutoff=0.5)
    hint = _("，是否为“%s”") % full_prefecture(close[0]) if close else ""
    return [
        _("“%(name)s”不是已知的省辖市（示范区）%(hint)s；省外企业的所在地请写在备注中")
        % {"name": bare[:20], "hint": hint}
    ]
