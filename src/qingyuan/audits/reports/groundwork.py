"""Chapters one and two: who audits what by which data, and how things stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse

from qingyuan.audits import datasets
from qingyuan.audits.reports.model import Draft, Missing
from qingyuan.audits.reports.results import Result
from qingyuan.kernel import clock
from qingyuan.papers.audit_docx import Grid
from qingyuan.pilots.models import Pilot
from qingyuan.workbooks.collected import Collected, Sheet

UNKNOWN = "未填写"
MOST_ROWS = 20


def organise(draft: Draft, pilot: Pilot, results: Sequence[Result]) -> None:
    """筹划与组织: the body, the parties of a region, the data, the plan of work."""
    covered = pilot.scope.count()
    draft.paragraphs.append(
        f"本次审核由{pilot.applicant.name}组织，类别为{pilot.category.title}，对象为{pilot.object_name or pilot.name}，"
        f"试点范围内企业 {covered} 家。"
    )
    parties = list(pilot.parties.all())
    if parties:
        rows = tuple((one.name, str(one.get_part_display()), one.duties) for one in parties)
        draft.grids.append(
            Grid(title="牵头和参与单位的分工", heads=("单位", "分工", "职责"), rows=rows, weights=(3, 1, 5))
        )
    elif pilot.category_id == "region":
        draft.missing.append(
            Missing(
                what="没有牵头和参与单位的分工",
                where="申报—协同组织",
                url=reverse("pilots:joint", args=[pilot.pk]),
            )
        )
    draft.grids.append(
        Grid(
            title="审核所依据的数据和计算",
            heads=("数据集", "数据年份", "版次", "定版日期", "计算", "结果校验值"),
            rows=tuple(
                (
                    one.run.dataset.title,
                    str(one.run.dataset.year),
                    f"第 {one.run.version.number} 版",
                    clock.local(one.run.version.made_at).date().isoformat(),
                    f"第 {one.run.number} 次",
                    one.run.result_sha256[:16],
                )
                for one in results
            ),
            weights=(4, 2, 2, 3, 2, 4),
        )
    )
    steps = list(pilot.milestones.all())
    if steps:
        draft.grids.append(
            Grid(
                title="审核工作计划",
                heads=("工作", "起", "止", "产出", "责任单位"),
                rows=tuple(
                    (
                        one.title,
                        one.starts.isoformat(),
                        one.ends.isoformat(),
                        one.outputs or "—",
                        one.responsible or "—",
                    )
                    for one in steps
                ),
                weights=(4, 2, 2, 4, 3),
            )
        )
    else:
        draft.missing.append(
            Missing(
                what="没有审核工作计划",
                where="申报—实施计划",
                url=reverse("pilots:schedule", args=[pilot.pk]),
            )
        )


def survey(draft: Draft, pilot: Pilot, results: Sequence[Result]) -> None:
    """预评估: the enterprises, what they discharge, and how they compare with their sector."""
    for one in results:
        content = datasets.collected(one.run.version)
        if (firms := content.by_name.get("enterprises")) is not None:
            draft.grids.append(_enterprises(firms, one))
        draft.grids += _emissions(content, one)
    if not any(one.is_sector for one in results):
        draft.missing.append(
            Missing(
                what="没有企业清洁生产水平的对标（指标与基准值）",
                where="审核数据—新建数据集（行业审核数据采集表），算出后在本页一并选入",
                url=reverse("audits:begin-dataset", args=[pilot.pk]),
            )
        )


def _enterprises(firms: Sheet, result: Result) -> Grid:
    """How many there are of each sector and size, and no enterprise by name."""
    counted: Counter[tuple[str, ...]] = Counter()
    known = [name for name in ("sector", "process", "size", "county") if name in firms.columns]
    titles = {"sector": "行业", "process": "工艺", "size": "规模", "county": "区县"}
    places = [firms.columns.index(name) for name in known]
    for row in firms.rows:
        counted[tuple(row[place] or UNKNOWN for place in places)] += 1
    lines = sorted(counted.items())
    return Grid(
        title=f"企业构成（{result.run.dataset.title}，共 {len(firms.rows)} 家）",
        heads=(*(titles[name] for name in known), "企业数"),
        rows=tuple((*key, str(count)) for key, count in lines[:MOST_ROWS]),
        weights=(*(3 for _name in known), 1),
        numeric=frozenset({len(known)}),
        note=f"另有 {len(lines) - MOST_ROWS} 类。" if len(lines) > MOST_ROWS else "",
    )


def _emissions(content: Collected, result: Result) -> list[Grid]:
    """Sums by pollutant with the number of rows that state them: blank is not zero."""
    sheet = content.by_name.get("emissions")
    if sheet is None or not {"pollutant", "discharge_t"} <= set(sheet.columns):
        return []
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    stated: Counter[tuple[str, str]] = Counter()
    blank: Counter[tuple[str, str]] = Counter()
    for row in sheet.rows:
        cells: dict[str, Any] = dict(zip(sheet.columns, row, strict=True))
        key = (cells.get("medium") or UNKNOWN, cells["pollutant"] or UNKNOWN)
        if cells["discharge_t"] in {None, "na"}:
            blank[key] += 1
        else:
            sums[key] += Decimal(cells["discharge_t"])
            stated[key] += 1
    keys = sorted({*sums, *blank})
    return [
        Grid(
            title=f"污染物排放现状（{result.run.dataset.title}）",
            heads=("介质", "污染物", "排放量（t/a）", "有数据", "没有数据"),
            rows=tuple(
                (*key, f"{sums[key]:,f}" if key in sums else "—", str(stated[key]), str(blank[key]))
                for key in keys
            ),
            weights=(2, 3, 3, 2, 2),
            numeric=frozenset({2, 3, 4}),
        )
    ]
