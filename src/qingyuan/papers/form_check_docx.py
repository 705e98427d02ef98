"""形式校核意见表: what the rule set found, what the officer judged, for signature and file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qingyuan.papers import word_styles
from qingyuan.papers.receipt_docx import shanghai_time
from qingyuan.papers.word import Cell, Document, paragraph, run, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was judged."""

    title: str
    word: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The sheet of one check; `at` is the aware instant of its conclusion, None while it is open."""

    number: str
    project: str
    applicant: str
    notice: str
    received: str
    sealed_sha256: str
    rule_set: str
    findings_sha256: str
    state: str
    dimensions: Sequence[Line]
    findings: Sequence[Line]
    opinion: str
    who: str
    at: dt.datetime | None
    on: dt.date


def write_sheet(sheet: Sheet) -> bytes:
    """Return the sheet as a .docx file; the same sheet gives the same bytes."""
    document = Document(
        title=f"形式校核意见表 {sheet.project}", author=sheet.applicant, on=sheet.on, subject=sheet.notice
    )
    facts = [
        ("项目编号", sheet.number),
        ("项目名称", sheet.project),
        ("申报单位", sheet.applicant),
        ("依据", sheet.notice),
        ("收件登记", sheet.received),
        ("封存材料 SHA-256", sheet.sealed_sha256),
        ("规则集", sheet.rule_set),
        ("问题清单 SHA-256", sheet.findings_sha256),
    ]
    document.add(
        paragraph(run("形式校核意见表"), "Title", extra='<w:spacing w:after="360"/>'),
        _facts(facts),
        document.heading("一、校核内容", level=1),
        _judged(("校核内容", "判断", "说明"), sheet.dimensions),
        document.heading("二、规则集发现的问题", level=1),
        _judged(("问题", "是否成立", "说明"), sheet.findings)
        if sheet.findings
        else paragraph(run("规则集没有发现问题。")),
        document.heading("三、结论", level=1),
        _facts(
            [
                ("结论", sheet.state),
                ("总体意见", sheet.opinion),
                ("校核人", sheet.who),
                ("时间", shanghai_time(sheet.at) if sheet.at else ""),
            ]
        ),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=True))


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    return table(
        ([_cell(name, "TableHead"), _cell(value)] for name, value in facts), weights=[2, 7], header_rows=0
    )


def _judged(heads: tuple[str, str, str], lines: Sequence[Line]) -> str:
    rows = [[_cell(head, "TableHead") for head in heads]]
    rows += [[_cell(line.title), _cell(line.word), _cell(line.note)] for line in lines]
    return table(rows, weights=[6, 2, 5])


def _cell(text: str, style: str = "TableText") -> Cell:
    return Cell(content=paragraph(run(text), style))
