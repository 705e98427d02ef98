"""Which places belong to the key regions that notices name, by the plans in force on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.model import Part, RegionCode, Slug, Text
from qingyuan.catalogue.regions import region_groups, regions

_FILE = Path(__file__).parent / "data" / "region-members.yaml"


class MemberList(Part):
    """The places that one plan names as a region's, from the first to the last day on which it held."""

    group: Slug
    source: Text
    begins: date
    ends: date | None = None
    codes: tuple[RegionCode, ...]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends and self.ends < self.begins:
            raise ValueError("ends 早于 begins")
        return self

    def holds_on(self, day: date) -> bool:
        return self.begins <= day and (self.ends is None or day <= self.ends)


class _Lists(Part):
    verified: bool
    lists: tuple[MemberList, ...] = Field(min_length=1)


@cache
def _lists() -> _Lists:
    return yamlfile.load(_FILE, _Lists, crosscheck=_known)


def _known(file: _Lists) -> Iterable[yamlfile.Finding]:
    for index, one in enumerate(file.lists):
        if one.group not in region_groups():
            yield yamlfile.Finding(
                ("lists", index, "group"), f"没有区域“{one.group}”", "region-groups.yaml 中的编号"
            )
        for position, code in enumerate(one.codes):
            if code not in regions():
                yield yamlfile.Finding(
                    ("lists", index, "codes", position), f"没有代码 {code}", "已知的区划代码"
                )


def are_verified() -> bool:
    """Were the lists compared with the issuing office's own text?"""
    return _lists().verified


def lists_on(day: date) -> dict[str, MemberList]:
    """The list of each region that has one on a day."""
    return {one.group: one for one in _lists().lists if one.holds_on(day)}


def regions_of(code: str, day: date) -> tuple[str, ...]:
    """Ids of the key regions that name a place (or its whole province) on a day."""
    place = regions().get(code)
    names = {code, place.parent if place else None}
    return tuple(group for group, one in lists_on(day).items() if names & set(one.codes))
