"""Usual indicators that a pilot may choose for its targets beside the figures that the notice asks for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.model import Part, Slug, Text

_FILE = Path(__file__).parent / "data" / "indicators.yaml"
Kind = Literal[
    "energy", "water", "material", "water-pollutant", "air-pollutant", "carbon", "heavy-metal", "waste"
]
KINDS: Final[dict[Kind, str]] = {
    "energy": "能源",
    "water": "水资源",
    "material": "原辅材料",
    "water-pollutant": "水污染物",
    "air-pollutant": "大气污染物",
    "carbon": "温室气体",
    "heavy-metal": "重金属",
    "waste": "固体废物",
}


class Indicator(Part):
    """A quantity with the units it may be stated in, the usual one first. `better`: the direction of improvement."""

    id: Slug
    title: Text
    kind: Kind
    better: Literal["lower", "higher"]
    units: tuple[Text, ...] = Field(min_length=1)

    @property
    def unit(self) -> str:
        return self.units[0]


class _Indicators(Part):
    source: Text
    verified: bool
    indicators: tuple[Indicator, ...] = Field(min_length=1)


@cache
def indicators() -> dict[str, Indicator]:
    """The indicators by id, in the order of the file."""
    return {indicator.id: indicator for indicator in _file().indicators}


def by_kind() -> list[tuple[str, list[Indicator]]]:
    """The indicators grouped under the titles of their kinds."""
    return [
        (title, [indicator for indicator in indicators().values() if indicator.kind == kind])
        for kind, title in KINDS.items()
    ]


@cache
def _file() -> _Indicators:
    return yamlfile.load(_FILE, _Indicators, crosscheck=_crosscheck)


def _crosscheck(file: _Indicators) -> Iterable[yamlfile.Finding]:
    seen: set[str] = set()
    for index, indicator in enumerate(file.indicators):
        if indicator.id in seen:
            yield yamlfile.Finding(("indicators", index, "id"), f"编号“{indicator.id}”重复", "唯一的编号")
        seen.add(indicator.id)
        if len(set(indicator.units)) != len(indicator.units):
            yield yamlfile.Finding(("indicators", index, "units"), "单位重复", "每个单位只列一次")
