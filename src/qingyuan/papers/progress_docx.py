"""A progress report of a pilot 试点进展报告 as Word, from the version that was handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from qingyuan.papers import word_styles
from qingyuan.papers.drawn import Drawn, Pictures, no_picture, set_in
from qingyuan.papers.receipt_docx import SHANGHAI, shanghai_time
from qingyuan.papers.word import Cell, Document, paragraph, run, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One target: what was promised, and what was measured. All as written."""

    indicator: str
    unit: str
    baseline: str
    target: str
    previous: str
    value: str
    measured_on: str
    note: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One step of the plan and how far it is."""

    title: str
    starts: str
    ends: str
    state: str
    done_on: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the report shows. `parts` are blocks of facts that the platform adds, each with its title."""

    project: str
    body: str
    period: str
    starts: dt.date
    ends: dt.date
    version: int
    handed_in_at: dt.datetime
    sha256: str
    baseline: int
    texts: tuple[tuple[str, tuple[str | Drawn, ...]], ...]
    """Each title with the pieces of its text, charts in their places."""
    figures: tuple[Figure, ...]
    milestones: tuple[Milestone, ...]
    parts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()


def write_report(sheet: Sheet, *, pictures: Pictures = no_picture) -> bytes:
    """Return the report as a .docx file; the same sheet and `pictures` of its charts give the same bytes."""
    day = sheet.handed_in_at.astimezone(SHANGHAI).date()
    document = Document(
        title=f"试点进展报告 {sheet.period}", author=sheet.body, on=day, subject=sheet.project
    )
    document.add(paragraph(run("清洁生产审核创新试点进展报告"), "Title"))
    facts = [
        ("试点项目", sheet.project),
        ("实施单位", sheet.body),
        ("报告期", f"{sheet.period}（{sheet.starts.isoformat()} 至 {sheet.ends.isoformat()}）"),
        ("报送", f"{shanghai_time(sheet.handed_in_at)}，第 {sheet.version} 版，按基线第 {sheet.baseline} 版"),
    ]
    document.add(_pairs(facts))
    number = iter("一二三四五六七八九十")
    figure = count(1)
    for title, pieces in sheet.texts:
        document.add(document.heading(f"{next(number)}、{title}", level=1))
        for piece in pieces or ("无",):
            if isinstance(piece, Drawn):
                document.add(*set_in(document, piece, pictures, number=next(figure)))
                continue
            document.add(*(paragraph(run(line.strip())) for line in piece.split("\n") if line.strip()))
    document.add(document.heading(f"{next(number)}、工作目标", level=1), _figures(sheet.figures))
    document.add(document.heading(f"{next(number)}、节点", level=1), _milestones(sheet.milestones))
    if sheet.parts:
        document.add(document.heading(f"{next(number)}、平台数据", level=1))
        for title, pairs in sheet.parts:
            document.add(document.heading(title, level=2), _pairs(list(pairs)))
    document.add(
        paragraph(run(f"本报告由平台按报送封存的内容生成，内容指纹（SHA-256）{sheet.sha256}。"), "TableNote")
    )
    return document.to_bytes(final_section=word_styles.page(numbered=True))


def _figures(figures: tuple[Figure, ...]) -> str:
    if not figures:
        return paragraph(run("实施方案没有列出目标。"))
    heads = ("指标", "单位", "基准值", "目标值", "上期", "本期", "测算日期", "说明和佐证")
    rows = [
        (
            one.indicator,
            one.unit,
            one.baseline,
            one.target,
            one.previous,
            one.value,
            one.measured_on,
            "；".join(filter(None, (one.note, *one.files))),
        )
        for one in figures
    ]
    return _grid(heads, rows, [5, 2, 3, 3, 3, 3, 4, 5])


def _milestones(milestones: tuple[Milestone, ...]) -> str:
    if not milestones:
        return paragraph(run("实施方案没有列出节点。"))
    heads = ("节点", "计划起止", "进度", "完成日期", "说明")
    rows = [
        (one.title, f"{one.starts} 至 {one.ends}", one.state, one.done_on, one.note) for one in milestones
    ]
    return _grid(heads, rows, [6, 6, 3, 4, 6])


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]], weights: list[int]) -> str:
    body = [[_cell(value or "—") for value in row] for row in rows]
    return table([[_cell(head, "TableHead") for head in heads], *body], weights=weights)


def _pairs(pairs: list[tuple[str, str]]) -> str:
    rows = ([_cell(name, "TableHead"), _cell(value or "—")] for name, value in pairs)
    return table(rows, weights=[3, 8], header_rows=0)


def _cell(value: str, style: str = "TableText") -> Cell:
    return Cell(content=paragraph(run(value), style))
