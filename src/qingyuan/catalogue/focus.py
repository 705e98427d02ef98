"""By which factors, with which weights, the focus of an audit is chosen: dated data, another province's is another entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, RootModel

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.model import Part, Slug, Text
from qingyuan.catalogue.yamlfile import Finding

_FILE = Path(__file__).parent / "data" / "focus.yaml"


class FocusFactor(Part):
    """What candidates are scored by."""

    id: Slug
    title: Text
    weight: Decimal = Field(gt=0)


class FocusMethod(Part):
    """Factors with weights, and the scales of both; `origin` is "official" only where an official list was read."""

    id: Slug
    title: Text
    origin: Literal["official", "self-made"]
    source: Text
    verified: bool
    valid_from: date
    valid_to: date | None = None
    weight_most: Decimal = Field(gt=0)
    score_most: Decimal = Field(gt=0)
    factors: tuple[FocusFactor, ...] = Field(min_length=1)

    def holds(self, *, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class _Methods(RootModel[tuple[FocusMethod, ...]]):
    pass


def load_methods(path: Path) -> tuple[FocusMethod, ...]:
    """All methods of a file; raises CatalogueError with every problem."""
    return yamlfile.load(path, _Methods, crosscheck=_check).root


@cache
def focus_methods() -> tuple[FocusMethod, ...]:
    return load_methods(_FILE)


def focus_method(*, on: date) -> FocusMethod:
    """The method of that day; of several the latest. Raises KeyError where there is none."""
    holding = [one for one in focus_methods() if one.holds(on=on)]
    if not holding:
        raise KeyError(f"{on} 没有可用的审核重点因素表")
    return max(holding, key=lambda one: (one.valid_from, one.id))


def _check(methods: _Methods) -> Iterable[Finding]:
    for index, one in enumerate(methods.root):
        if (one.origin == "self-made") != ("自拟" in one.source):
            yield Finding((index, "source"), "来源与 origin 不一致", "自拟的在来源中写明“自拟”，官方的不写")
        if one.origin == "self-made" and one.verified:
            yield Finding((index, "verified"), "自拟的不能标为已核对", "false")
        ids = [factor.id for factor in one.factors]
        if len(set(ids)) != len(ids):
            yield Finding((index, "factors"), "编号重复", "唯一的编号")
        for place, factor in enumerate(one.factors):
            if factor.weight > one.weight_most:
                yield Finding(
                    (index, "factors", place, "weight"), "权重超过上限", f"不超过 {one.weight_most}"
                )
