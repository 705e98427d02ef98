"""Words for what an expert knows: sectors, categories of pilots, methods."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices import notices
from qingyuan.catalogue.regions import regions
from qingyuan.catalogue.sectors import sectors

SEPARATORS = re.compile(r"[,，;；、/\n]+")
MOST_METHODS = 12
LONGEST_METHOD = 30


@cache
def sector_titles() -> dict[str, str]:
    return {key: sector.title for key, sector in sectors().items()}


@cache
def category_titles() -> dict[str, str]:
    """Categories of all notices of the catalogue by id; an id means the same thing in every notice."""
    return {category.id: category.title for notice in notices().values() for category in notice.categories}


def parts(text: str) -> list[str]:
    """`冶金、电镀` as its parts, each once, in order."""
    return list(dict.fromkeys(part for raw in SEPARATORS.split(text) if (part := " ".join(raw.split()))))


def titles(keys: Iterable[str], known: dict[str, str]) -> str:
    return "、".join(known.get(key, key) for key in keys)


def unknown_words(text: str, known: dict[str, str]) -> list[str]:
    """What is wrong with a list of titles."""
    right = set(known.values())
    return [
        _("“%(word)s”不在目录中，应为：%(known)s") % {"word": word[:20], "known": "、".join(right_in_order)}
        for word in parts(text)
        if word not in right
        for right_in_order in [list(known.values())]
    ]


def keys_of(text: str, known: dict[str, str]) -> list[str]:
    by_title = {title: key for key, title in known.items()}
    return [by_title[word] for word in parts(text) if word in by_title]


def method_problems(text: str) -> list[str]:
    words = parts(text)
    found = [_("“%s…”过长，每项不超过 30 字") % word[:20] for word in words if len(word) > LONGEST_METHOD]
    if len(words) > MOST_METHODS:
        found.append(_("最多 %d 项") % MOST_METHODS)
    return found


@cache
def _places() -> dict[str, str]:
    """Names and codes of places -> code; a name that two places bear is not offered."""
    found: dict[str, str] = {}
    doubled: set[str] = set()
    for code, region in regions().items():
        if region.level == "county":
            continue
        if region.name in found:
            doubled.add(region.name)
        found[region.name] = found[code] = code
    return {name: code for name, code in found.items() if name not in doubled}


def region_problems(text: str) -> list[str]:
    text = text.strip()
    return (
        []
        if not text or text in _places()
        else [_("已知的省、设区的市名称或六位区划代码，如“洛阳市”或 410300")]
    )


def region_code(text: str) -> str:
    return _places().get(text.strip(), "")
