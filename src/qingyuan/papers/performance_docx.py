"""The performance sheet 绩效表 as a Word file: one ruled table across landscape pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qingyuan.papers import word_styles
from qingyuan.papers.word import Cell, Document, paragraph, run, table

WIDE = word_styles.PAGE_HEIGHT - word_styles.LEFT - word_styles.RIGHT
LANDSCAPE = word_styles.page(numbered=True, orientation="landscape")
_RIGHT = '<w:jc w:val="right"/>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """`rows` as texts in the order of `headings`; `numbers` says which columns are numbers."""

    title: str
    project: str
    body: str
    on: dt.date
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[bool]
    note: str = ""


def write_performance(paper: Paper) -> bytes:
    """The same paper gives the same bytes."""
    document = Document(title=paper.title, author=paper.body, on=paper.on, subject=paper.project)
    document.add(paragraph(run(paper.title), "Title"))
    add_performance(document, paper)
    return document.to_bytes(final_section=LANDSCAPE)


def add_performance(document: Document, paper: Paper) -> None:
    """The sheet without its title, for a landscape section."""
    document.add(
        paragraph(run(f"项目名称：{paper.project}"), "TableNote"),
        paragraph(run(f"实施单位：{paper.body}　　日期：{paper.on.isoformat()}"), "TableNote"),
    )
    if paper.headings:
        rows = [[_cell(text, "TableHead") for text in paper.headings]]
        rows += [
            [
                _cell(text, extra=_RIGHT if number else "")
                for text, number in zip(line, paper.numbers, strict=True)
            ]
            for line in paper.rows
        ]
        document.add(table(rows, weights=_weights(paper), across=WIDE))
    if not paper.rows:
        document.add(paragraph(run("还没有方案。")))
    if paper.note:
        document.add(paragraph(run(paper.note), "TableNote"))


def _cell(text: str, style: str = "TableText", *, extra: str = "") -> Cell:
    return Cell(content=paragraph(run(text), style, extra=extra))


def _weights(paper: Paper) -> list[int]:
    """Room by the longest text of a column, within bounds."""
    longest = [
        max([len(heading) // 2 + 1, *(min(len(line[place]), 40) for line in paper.rows)])
        for place, heading in enumerate(paper.headings)
    ]
    return [max(3, min(size, 18)) for size in longest]
