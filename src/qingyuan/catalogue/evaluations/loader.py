"""From files to evaluation sheets: a province's own is only a file in a folder that is looked at."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.evaluations.model import Evaluation
from qingyuan.catalogue.problems import CatalogueError, Problem
from qingyuan.catalogue.yamlfile import Finding

SHIPPED = Path(__file__).parent
VARIABLE = "QINGYUAN_EVALUATION_SHEETS"
ANYWHERE = "00"


def load_evaluation(path: Path) -> Evaluation:
    """One sheet; raises CatalogueError with every problem."""

    def crosscheck(sheet: Evaluation) -> Iterable[Finding]:
        return _check(sheet, stem=path.stem)

    return yamlfile.load(path, Evaluation, crosscheck=crosscheck)


def evaluations() -> dict[str, Evaluation]:
    """All sheets by id: the shipped ones, and those of the folders in QINGYUAN_EVALUATION_SHEETS (a path list).

    Read once: a changed file needs a restart. Raises CatalogueError with the problems of all files.
    """
    named = (Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part)
    return dict(_load_all((SHIPPED, *named)))


def evaluation_for(region_code: str, kind: str, *, on: date) -> Evaluation:
    """The province's own sheet of that day, else the one for wherever there is none; of several the latest."""
    holding = [one for one in evaluations().values() if one.kind == kind and one.holds(on=on)]
    for province in (region_code[:2], ANYWHERE):
        found = [one for one in holding if one.province == province]
        if found:
            return max(found, key=lambda one: (one.valid_from, one.id))
    raise KeyError(f"{region_code} 在 {on} 没有可用的评分表（{kind}）")


@cache
def _load_all(folders: tuple[Path, ...]) -> dict[str, Evaluation]:
    found: dict[str, Evaluation] = {}
    problems: list[Problem] = []
    for path in (path for folder in dict.fromkeys(folders) for path in sorted(folder.glob("*.yaml"))):
        try:
            sheet = load_evaluation(path)
        except CatalogueError as error:
            problems += error.problems
            continue
        if sheet.id in found:
            reason = f"编号“{sheet.id}”重复"
            problems.append(Problem(file=str(path), line=1, path="id", reason=reason, expected="另取文件名"))
        found[sheet.id] = sheet
    if problems:
        raise CatalogueError(problems)
    return found


def _check(sheet: Evaluation, *, stem: str) -> Iterable[Finding]:
    if sheet.id != stem:
        yield Finding(("id",), f"编号“{sheet.id}”与文件名不同", stem)
    if (sheet.origin == "self-made") != ("自拟" in sheet.source):
        yield Finding(("source",), "来源与 origin 不一致", "自拟的评分表在来源中写明“自拟”，官方的不写")
    if sheet.origin == "self-made" and sheet.verified:
        yield Finding(("verified",), "自拟的评分表不能标为已核对", "false")
    if sheet.valid_to is not None and sheet.valid_to < sheet.valid_from:
        yield Finding(("valid_to",), "失效日期早于生效日期", f"不早于 {sheet.valid_from}")
    if sheet.points != Decimal(100):
        yield Finding(("groups",), f"分值合计为 {sheet.points}", "合计 100")
    if sheet.pass_from > sheet.points:
        yield Finding(("pass_from",), "通过分数线高于满分", f"不高于 {sheet.points}")
    if sheet.rectify_from > sheet.pass_from:
        yield Finding(("rectify_from",), "整改分数线高于通过分数线", f"不高于 {sheet.pass_from}")
    for index, group in enumerate(sheet.groups):
        for number, item in enumerate(group.items):
            if item.points % sheet.step:
                place = ("groups", index, "items", number, "points")
                yield Finding(place, f"分值 {item.points} 不是 {sheet.step} 的倍数", "最小记分单位的倍数")
    for name, ids in (
        ("groups", [item.id for item in sheet.items]),
        ("vetoes", [veto.id for veto in sheet.vetoes]),
    ):
        if doubled := sorted({one for one in ids if ids.count(one) > 1}):
            yield Finding((name,), f"编号重复：{'、'.join(doubled)}", "唯一的编号")
