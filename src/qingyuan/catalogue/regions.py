"""Places: provinces and prefectures by code, and the named regions and basins of the notice."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from qingyuan.catalogue import csvfile, yamlfile
from qingyuan.catalogue.model import Part, RegionCode, Slug, Text
from qingyuan.catalogue.problems import CatalogueError, Problem

_DATA = Path(__file__).parent / "data"
VARIABLE = "QINGYUAN_REGIONS"


class Region(Part):
    """A place with a six-digit code. `standard` is false where the code is practice, not GB/T 2260."""

    code: RegionCode
    name: Text
    level: Literal["province", "prefecture", "county"]
    parent: RegionCode | None = None
    addressee: bool = True
    standard: bool = True
    note: str = ""


class RegionGroup(Part):
    """A region or basin that the notice names. Its member places are not claimed: no official list was read."""

    id: Slug
    title: Text
    kind: Literal["region", "basin"]
    note: str = ""


class _Groups(Part):
    source: Text
    verified: bool
    groups: tuple[RegionGroup, ...] = Field(min_length=1)


def load_regions(path: Path, *, known: Iterable[str] = ()) -> tuple[Region, ...]:
    """Regions of a CSV file; `known` are codes that may serve as parents besides the file's own.

    Raises CatalogueError with the line of every row that repeats a code or hangs below an unknown parent.
    """
    table = csvfile.load_table(path, Region)
    parents = {*known, *(region.code for region in table.rows)}
    first: dict[str, int] = {}
    problems = []
    for line, region in zip(table.lines, table.rows, strict=True):
        if region.code in first:
            problems.append(
                Problem(
                    file=path.name,
                    line=line,
                    path="code",
                    reason=f"代码 {region.code} 重复，先见于第 {first[region.code]} 行",
                    expected="每个代码一行",
                )
            )
        first.setdefault(region.code, line)
        if region.level == "province" and region.parent:
            reason, expected = "省级没有上级代码", "parent 留空"
        elif region.level != "province" and region.parent not in parents:
            reason, expected = f"上级代码“{region.parent or ''}”不存在", "本表或已有区划中的代码"
        else:
            continue
        problems.append(Problem(file=path.name, line=line, path="parent", reason=reason, expected=expected))
    if problems:
        raise CatalogueError(problems)
    return table.rows


@cache
def regions(*extra: Path) -> dict[str, Region]:
    """All regions by code, in the order of the codes: the shipped ones, those of the files that QINGYUAN_REGIONS names
    (a path list), and those of `extra` files; later ones win. Read once: a changed file needs a restart.
    """
    found: dict[str, Region] = {}
    named = (Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part)
    for path in (_DATA / "regions-provinces.csv", _DATA / "regions-henan.csv", *named, *extra):
        found |= {region.code: region for region in load_regions(path, known=found)}
    return dict(sorted(found.items()))


def children(code: str, *extra: Path) -> tuple[Region, ...]:
    """The regions directly below a code."""
    return tuple(region for region in regions(*extra).values() if region.parent == code)


@cache
def region_groups() -> dict[str, RegionGroup]:
    """The named regions and basins by id."""
    return {
        group.id: group
        for group in yamlfile.load(_DATA / "region-groups.yaml", _Groups, crosscheck=_repeated).groups
    }


def _repeated(file: _Groups) -> Iterable[yamlfile.Finding]:
    seen: set[str] = set()
    for index, group in enumerate(file.groups):
        if group.id in seen:
            yield yamlfile.Finding(("groups", index, "id"), f"编号“{group.id}”重复", "唯一的编号")
        seen.add(group.id)
