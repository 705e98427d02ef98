"""What computations give to the chapters: their tables, their sentences, their pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from qingyuan.audits import drawings
from qingyuan.audits.models import Run, RunFile
from qingyuan.audits.queries import run as queries
from qingyuan.audits.reports.model import Draft
from qingyuan.kernel import storage
from qingyuan.papers.audit_docx import Picture
from qingyuan.workbooks import industry_chapters as sector
from qingyuan.workbooks.audit_chapters import WHY, grids, state
from qingyuan.workbooks.audit_wording import PARTS

CHAPTER_OF: Final[Mapping[str, int]] = {
    "balance": 3, "heat": 3, "water": 3, "river": 3, "air": 3, "match": 4, "exchange": 4, "select": 4,
}  # fmt: skip
"""By the part of a computation: 评估 says how things stand and what is possible, 方案 what is to be done."""
SECTOR_PICTURES: Final[Mapping[str, int]] = {"levels": 2, "gaps": 3, "replication": 4}


@dataclass(frozen=True)
class Result:
    """A computation with its result.json and its files by name."""

    run: Run
    said: Mapping[str, Any]
    files: Mapping[str, RunFile]

    @property
    def is_sector(self) -> bool:
        return self.run.command == "diagnose"

    @property
    def source(self) -> str:
        return f"{self.run.dataset.title}第 {self.run.version.number} 版，第 {self.run.number} 次计算"


def of(run: Run) -> Result:
    """The result as it is kept (one query)."""
    files = queries.files_of(run)
    with storage.open_blob(files["result.json"].sha256) as kept:
        return Result(run, json.load(kept), files)


def fill(chapters: Mapping[int, Draft], result: Result) -> None:
    """Put every part of a result into its chapter."""
    if result.is_sector:
        _sector(chapters, result)
        return
    for key in PARTS:
        said = result.said.get(key)
        if said is None:
            continue
        draft = chapters[CHAPTER_OF[key]]
        draft.paragraphs += [f"{PARTS[key].title}（{result.source}）。{WHY[key]}", *state(key, said)]
        draft.grids += grids(key, said)
        draft.pictures += pictures(result, prefix=f"{key}-")
    flags = result.said.get("flags") or ()
    chapters[2].paragraphs += [
        f"核查疑点（{PARTS[one['part']].title}，{one['where'] or '—'}）：{one['message']}" for one in flags
    ]


def _sector(chapters: Mapping[int, Draft], result: Result) -> None:
    said = result.said
    chapters[1].grids += sector.effort(said)
    chapters[2].paragraphs.append(
        f"清洁生产水平（{result.source}）：诊断企业 {said['enterprises']} 家，"
        + (f"采用指标体系 {said['system']}。" if said["system"] else "指标和基准值取自数据集的“评价指标”表。")
    )
    drawn = said.get("sample") or {}
    if drawn.get("enterprises"):
        chapters[2].paragraphs.append(
            f"审核重点：按工艺和规模分层选出 {len(drawn['enterprises'])} 家企业深入审核："
            f"{'、'.join(drawn['enterprises'])}。"
        )
    chapters[2].grids += [*sector.levels(said), *sector.sample(said), *sector.flags(said)]
    chapters[3].paragraphs.append(
        "各企业共同的差距：以下指标经常一起不达标，应当作为行业共性问题从工艺全过程查找原因。"
    )
    chapters[3].grids += [*sector.bundles(said), *sector.potential(said)]
    chapters[4].grids += sector.replication(said)
    for stem, number in SECTOR_PICTURES.items():
        chapters[number].pictures += pictures(result, prefix=stem)


def pictures(result: Result, *, prefix: str) -> list[Picture]:
    """The drawn figures whose names begin so, with the titles that they were drawn with."""
    found = []
    for one in drawings.of(result.files):
        if one.stem.startswith(prefix) and one.png is not None and one.option is not None:
            with storage.open_blob(one.png.sha256) as kept:
                found.append(Picture(title=one.title, alt=one.alt, png=kept.read()))
    return found


def computed(results: Sequence[Result]) -> set[str]:
    """The parts that any of these has; a sector's is called `diagnose`."""
    return {
        key for one in results for key in (("diagnose",) if one.is_sector else one.said) if key != "flags"
    }
