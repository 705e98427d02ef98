"""From files to mappings: another province's or year's form is only a file in a folder that is looked at."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.filings.model import Filing
from qingyuan.catalogue.problems import CatalogueError, Problem
from qingyuan.catalogue.yamlfile import Finding

SHIPPED = Path(__file__).parent
VARIABLE = "QINGYUAN_FILINGS"


def load_filing(path: Path) -> Filing:
    """One mapping; raises CatalogueError with every problem."""

    def crosscheck(filing: Filing) -> Iterable[Finding]:
        return _check(filing, stem=path.stem)

    return yamlfile.load(path, Filing, crosscheck=crosscheck)


def filings() -> dict[str, Filing]:
    """All mappings by id: the shipped ones, and those of the folders in QINGYUAN_FILINGS (a path list).

    Read once: a changed file needs a restart. Raises CatalogueError with the problems of all files.
    """
    named = (Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part)
    return dict(_load_all((SHIPPED, *named)))


def filings_for(template: str, *, on: date) -> list[Filing]:
    """The mappings of that day that have any figure of this data sheet."""
    return [
        one
        for one in filings().values()
        if one.holds(on=on) and any(template in item.targets for item in one.items)
    ]


@cache
def _load_all(folders: tuple[Path, ...]) -> dict[str, Filing]:
    found: dict[str, Filing] = {}
    problems: list[Problem] = []
    for path in (path for folder in dict.fromkeys(folders) for path in sorted(folder.glob("*.yaml"))):
        try:
            filing = load_filing(path)
        except CatalogueError as error:
            problems += error.problems
            continue
        if filing.id in found:
            reason = f"编号“{filing.id}”重复"
            problems.append(Problem(file=str(path), line=1, path="id", reason=reason, expected="另取文件名"))
        found[filing.id] = filing
    if problems:
        raise CatalogueError(problems)
    return found


def _check(filing: Filing, *, stem: str) -> Iterable[Finding]:
    if filing.id != stem:
        yield Finding(("id",), f"编号“{filing.id}”与文件名不同", stem)
    if (filing.origin == "self-made") != ("自拟" in filing.source):
        yield Finding(("source",), "来源与 origin 不一致", "自拟的对应关系在来源中写明“自拟”，官方的不写")
    if filing.origin == "self-made" and filing.verified:
        yield Finding(("verified",), "自拟的不能标为已核对", "false")
    if filing.valid_to is not None and filing.valid_to < filing.valid_from:
        yield Finding(("valid_to",), "失效日期早于生效日期", f"不早于 {filing.valid_from}")
    needed = {
        "items": ("item_headings", "value_headings", "unit_headings"),
        "columns": ("enterprise_headings",),
    }
    for name in needed[filing.shape]:
        if not getattr(filing, name):
            yield Finding((name,), "没有写明表头", "至少一个表头")
    seen: dict[str, int] = {}
    targets: dict[str, int] = {}
    for index, item in enumerate(filing.items):
        for name in (item.title, *item.aliases):
            folded = "".join(unicodedata.normalize("NFKC", name).split()).casefold()
            if seen.setdefault(folded, index) != index:
                yield Finding(("items", index), f"“{name}”出现两次", "一个名称只指一项")
        for template, target in item.targets.items():
            place = f"{template}{target.table}{target.column}{sorted(target.where.items())}"
            if targets.setdefault(place, index) != index:
                yield Finding(
                    ("items", index, "targets"), f"与第 {targets[place] + 1} 项指同一个数值", "一项一个数值"
                )
