"""From files to layouts: another province's sheet is only a file in a folder that is looked at."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.factors import energy_factors
from qingyuan.catalogue.performance.model import QUANTITIES, TEXTS, Layout
from qingyuan.catalogue.problems import CatalogueError, Problem
from qingyuan.catalogue.yamlfile import Finding

SHIPPED = Path(__file__).parent
VARIABLE = "QINGYUAN_PERFORMANCE_SHEETS"
ANYWHERE = "00"


def load_layout(path: Path) -> Layout:
    """One layout; raises CatalogueError with every problem."""

    def crosscheck(layout: Layout) -> Iterable[Finding]:
        return _check(layout, stem=path.stem)

    return yamlfile.load(path, Layout, crosscheck=crosscheck)


def layouts() -> dict[str, Layout]:
    """All layouts by id: the shipped ones, and those of the folders in QINGYUAN_PERFORMANCE_SHEETS (a path list).

    Read once: a changed file needs a restart. Raises CatalogueError with the problems of all files.
    """
    named = (Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part)
    return dict(_load_all((SHIPPED, *named)))


def layout_for(region_code: str, *, on: date) -> Layout:
    """The province's own sheet of that day, else the one for wherever there is none; of several the latest."""
    holding = [one for one in layouts().values() if one.holds(on=on)]
    for province in (region_code[:2], ANYWHERE):
        found = [one for one in holding if one.province == province]
        if found:
            return max(found, key=lambda one: (one.valid_from, one.id))
    raise KeyError(f"{region_code} 在 {on} 没有可用的绩效表")


@cache
def _load_all(folders: tuple[Path, ...]) -> dict[str, Layout]:
    found: dict[str, Layout] = {}
    problems: list[Problem] = []
    for path in (path for folder in dict.fromkeys(folders) for path in sorted(folder.glob("*.yaml"))):
        try:
            layout = load_layout(path)
        except CatalogueError as error:
            problems += error.problems
            continue
        if layout.id in found:
            reason = f"编号“{layout.id}”重复"
            problems.append(Problem(file=str(path), line=1, path="id", reason=reason, expected="另取文件名"))
        found[layout.id] = layout
    if problems:
        raise CatalogueError(problems)
    return found


def _check(layout: Layout, *, stem: str) -> Iterable[Finding]:
    if layout.id != stem:
        yield Finding(("id",), f"编号“{layout.id}”与文件名不同", stem)
    if layout.valid_to is not None and layout.valid_to < layout.valid_from:
        yield Finding(("valid_to",), "失效日期早于生效日期", f"不早于 {layout.valid_from}")
    for name, part in (("cost_classes", layout.cost_classes), ("plausibility", layout.plausibility)):
        if (part.origin == "self-made") != ("自拟" in part.source):
            yield Finding((name, "source"), "来源与 origin 不一致", "自拟的在来源中写明“自拟”")
        if part.origin == "self-made" and part.verified:
            yield Finding((name, "verified"), "自拟的不能标为已核对", "false")
    if layout.cost_classes.low_up_to_wan_cny >= layout.cost_classes.medium_up_to_wan_cny:
        yield Finding(("cost_classes", "medium_up_to_wan_cny"), "中费界限不高于低费界限", "大于低费界限")
    known = {factor.id for factor in energy_factors().rows}
    if layout.plausibility.electricity_factor not in known:
        yield Finding(("plausibility", "electricity_factor"), "没有这个能源系数", "、".join(sorted(known)))
    yield from _check_columns(layout)


def _check_columns(layout: Layout) -> Iterable[Finding]:
    means = [column.means for column in layout.columns]
    for index, column in enumerate(layout.columns):
        place = ("columns", index)
        if column.means not in QUANTITIES and column.means not in TEXTS:
            yield Finding(
                (*place, "means"), f"“{column.means}”不是方案的量", "、".join((*TEXTS, *QUANTITIES))
            )
        if column.means in means[:index]:
            yield Finding((*place, "means"), f"“{column.means}”出现两次", "每个量一列")
        if column.means in QUANTITIES and not column.unit:
            yield Finding((*place, "unit"), "数量列没有单位", "如 t、万元")
        if column.factor.normalize().as_tuple().digits != (1,):
            yield Finding((*place, "factor"), "换算系数不是 10 的整数次幂", "如 1、0.001、10000")
        if column.factor == 1 and column.means in QUANTITIES and column.unit != QUANTITIES[column.means]:
            yield Finding(
                (*place, "factor"), "单位与记录所用的不同，没有写换算系数", QUANTITIES[column.means]
            )
    for needed in ("code", "title", "invest_wan_cny"):
        if needed not in means:
            yield Finding(("columns",), f"缺少“{needed}”", "序号（方案编号）、项目名称和投资额不能缺")
