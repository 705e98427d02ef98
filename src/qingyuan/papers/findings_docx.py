"""The result of a self-check on paper: what was found, where, and how to mend it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qingyuan.papers import word_styles
from qingyuan.papers.word import Cell, Document, paragraph, run, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One finding in words."""

    level: str
    clause: str
    message: str
    excerpt: str = ""
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Findings by area, under a summary such as “须完成 2 处，请核对 3 处”."""

    title: str
    project: str
    applicant: str
    rule_set: str
    at: str
    on: dt.date
    summary: str
    groups: Sequence[tuple[str, Sequence[Line]]]


def write_docx(report: Report) -> bytes:
    """The report as a .docx file; the same report gives the same bytes."""
    document = Document(title=report.title, author=report.applicant, on=report.on, subject=report.project)
    document.add(
        paragraph(run(report.title), "Title"), *[paragraph(run(line), "TableNote") for line in _head(report)]
    )
    for title, lines in report.groups:
        rows = [[_cell(word, "TableHead") for word in ("程度", "条款", "问题和改法")]]
        rows += [
            [
                _cell(line.level),
                _cell(line.clause),
                Cell(content="".join(paragraph(run(text), "TableText") for text in _texts(line))),
            ]
            for line in lines
        ]
        document.add(document.heading(title, level=1), table(rows, weights=[2, 2, 12]))
    return document.to_bytes(final_section=word_styles.page(numbered=True))


def write_text(report: Report) -> bytes:
    """The same as plain text (UTF-8, line ends of Windows)."""
    lines = [report.title, *_head(report)]
    for title, found in report.groups:
        lines += ["", f"【{title}】"]
        for number, line in enumerate(found, start=1):
            first, *more = _texts(line)
            lines.append(
                f"{number}. [{line.level}] {first}" + (f"（条款 {line.clause}）" if line.clause else "")
            )
            lines += [f"   {text}" for text in more]
    return ("\r\n".join(" ".join(line.split("\n")) for line in lines) + "\r\n").encode()


def _head(report: Report) -> list[str]:
    return [
        f"项目名称：{report.project}",
        f"申报单位：{report.applicant}",
        f"规则集：{report.rule_set}    自查时间：{report.at}",
        report.summary,
    ]


def _texts(line: Line) -> list[str]:
    texts = [line.message]
    if line.excerpt:
        texts.append(f"原文：{line.excerpt}")
    if line.mend:
        texts.append(f"怎么改：{line.mend}")
    return texts


def _cell(text: str, style: str = "TableText") -> Cell:
    return Cell(content=paragraph(run(text), style))
