"""Answers, sectors and places in the words that people read."""

from __future__ import annotations

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
