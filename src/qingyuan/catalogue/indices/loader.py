"""From files to index systems: another sector's table is only a file in a folder that is looked at."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.indices.build import build
from qingyuan.catalogue.indices.model import Condition, Group, Indicator, SystemFile
from qingyuan.catalogue.problems import CatalogueError, Problem
from qingyuan.catalogue.yamlfile import Finding, Place
from qingyuan.engine.indices.doubts import Doubt, doubts_of
from qingyuan.engine.indices.expressions import parse
from qingyuan.engine.indices.system import IndexSystem

SHIPPED = Path(__file__).parent
VARIABLE = "QINGYUAN_INDICES"


@dataclass(frozen=True, kw_only=True)
class LoadedSystem:
    """A file, the system that it states, and its doubts with the line of each."""

    path: Path
    file: SystemFile
    system: IndexSystem
    doubts: tuple[tuple[Doubt, int], ...]

    def standing(self, *, indicators_only: bool) -> list[tuple[Doubt, int]]:
        """The doubts that forbid the rating asked for; single rows are rated whatever stands above them."""
        if indicators_only:
            return []
        return [(doubt, line) for doubt, line in self.doubts if doubt.touches != "none"]

    @property
    def doubtful(self) -> frozenset[str]:
        """Rows whose own benchmarks are in doubt."""
        return frozenset(doubt.id for doubt, _ in self.doubts if doubt.touches == "indicator")


def load_system(path: Path, *, catalogued: bool = False) -> LoadedSystem:
    """One system, checked whole; raises CatalogueError with every problem of the file. Doubts do not raise.

    `catalogued`: it stands in a folder that is looked through, and its id must be the file's name.
    """
    document = yamlfile.Document(path=path)
    file = yamlfile.validate(document, SystemFile)
    if found := list(_check(file, stem=path.stem if catalogued else file.id)):
        raise CatalogueError([document.problem(finding) for finding in found])
    system = build(file)
    places: dict[str, Place] = {}
    for number, group in enumerate(file.groups):
        places[group.id] = ("groups", number)
        for row, one in enumerate(group.indicators):
            places[one.id] = ("groups", number, "indicators", row)
    doubts = tuple(
        (doubt, document.line(places.get(doubt.id, ("completeness",)))) for doubt in doubts_of(system)
    )
    return LoadedSystem(path=path, file=file, system=system, doubts=doubts)


def systems() -> dict[str, LoadedSystem]:
    """All systems by id: the shipped ones, and those of the folders in QINGYUAN_INDICES (a path list `a:b`).

    Read once: a changed file needs a restart. Raises CatalogueError with the problems of all files.
    """
    named = (Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part)
    return dict(_load_all((SHIPPED, *named)))


@cache
def _load_all(folders: tuple[Path, ...]) -> dict[str, LoadedSystem]:
    found: dict[str, LoadedSystem] = {}
    problems: list[Problem] = []
    for folder in dict.fromkeys(folders):
        if not folder.is_dir():
            reason = "指标体系目录不存在"
            problems.append(Problem(file=str(folder), line=1, path="", reason=reason, expected="一个目录"))
            continue
        for path in sorted(folder.glob("*.yaml")):
            if path.stem in found:
                reason = f"编号“{path.stem}”与 {found[path.stem].path} 重复"
                problems.append(
                    Problem(file=str(path), line=1, path="id", reason=reason, expected="另取文件名")
                )
                continue
            try:
                found[path.stem] = load_system(path, catalogued=True)
            except CatalogueError as error:
                problems += error.problems
    if problems:
        raise CatalogueError(problems)
    return found


def _check(file: SystemFile, *, stem: str) -> Iterable[Finding]:
    if file.id != stem:
        yield Finding(("id",), f"编号“{file.id}”与文件名不同", stem)
    if file.valid_from and file.valid_to and file.valid_to < file.valid_from:
        yield Finding(("valid_to",), "失效日期早于生效日期", f"不早于 {file.valid_from}")
    for level in ("I", "II", "III"):
        if parse(getattr(file.decision, level).index).names:
            yield Finding(("decision", level, "index"), "综合评价指数的界限须是数", "如 85")
    for number, group in enumerate(file.groups):
        yield from _check_group(group, ("groups", number))
    yield from _check_unique(file)


def _check_group(group: Group, place: Place) -> Iterable[Finding]:
    rows = [one.id for one in group.indicators]
    shared = [name for share in group.shares for name in share.outputs]
    for name in shared:
        if name not in rows:
            yield Finding((*place, "shares"), f"“{name}”不是本组的指标", "、".join(rows))
    if len(set(shared)) != len(shared):
        yield Finding((*place, "shares"), "同一指标在两处分摊权重", "每个指标只出现一次")
    if group.at_least is not None and group.at_least > len(rows):
        yield Finding((*place, "at_least"), f"at_least 大于本组指标数 {len(rows)}", f"不超过 {len(rows)}")
    for row, one in enumerate(group.indicators):
        inner = (*place, "indicators", row)
        yield from _check_row(one, inner)
        if one.id in shared and one.weight is not None:
            yield Finding((*inner, "weight"), "分摊权重的指标不另写权重", "删去 weight")


def _check_unique(file: SystemFile) -> Iterable[Finding]:
    """Ids and titles are the headers of the data: no two may look alike to the reader of tables."""
    places: list[tuple[Place, str, str]] = [
        (("parameters", number), one.id, one.title) for number, one in enumerate(file.parameters)
    ]
    for number, group in enumerate(file.groups):
        places.append((("groups", number), group.id, ""))
        places += [
            (("groups", number, "indicators", row), one.id, one.title)
            for row, one in enumerate(group.indicators)
        ]
    names = [name for _, name, _ in places]
    seen = dict.fromkeys(("enterprise", "企业名称", "企业", "单位名称"), "enterprise")
    for place, name, title in places:
        for key, text in (("id", name), ("title", title)):
            header = _folded(text)
            if header and seen.setdefault(header, name) != name:
                yield Finding((*place, key), f"“{text}”与“{seen[header]}”的重复", "唯一")
            elif key == "id" and names.count(name) > 1:
                yield Finding((*place, key), f"编号“{name}”重复", "唯一的编号")


def _check_row(one: Indicator, place: Place) -> Iterable[Finding]:
    numeric = one.kind != "qualitative"
    if numeric and any(getattr(one.texts, level) for level in ("I", "II", "III")):
        yield Finding((*place, "texts"), "texts 只用于定性指标", "benchmarks")
    if not numeric and any(getattr(one.benchmarks, level) for level in ("I", "II", "III")):
        yield Finding((*place, "benchmarks"), "定性指标的各级要求写在 texts", "texts")
    if (one.kind == "quantitative") != (one.direction is not None):
        yield Finding((*place, "direction"), "direction 用于定量指标，且只用于定量指标", "lower 或 higher")
    for level in ("I", "II", "III") if numeric else ():
        said = getattr(one.benchmarks, level)
        if said in {None, "--"}:
            continue
        if isinstance(said, Condition) != (one.kind == "conditions"):
            wanted = "条件" if one.kind == "conditions" else "数、算式或 sign_of"
            yield Finding((*place, "benchmarks", level), "基准值的写法与 kind 不符", wanted)


def _folded(title: str) -> str:
    """As the reader of tables compares headers: two columns must not look alike to it."""
    return re.sub(r"[\s*:：_-]+", "", unicodedata.normalize("NFKC", title)).casefold()
