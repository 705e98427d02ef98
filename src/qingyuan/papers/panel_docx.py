"""专家评审意见表 of one expert and 评审会议纪要 of a panel, as Word; from plain data, byte for byte repeatable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qingyuan.papers import word_styles
from qingyuan.papers.receipt_docx import SHANGHAI, shanghai_time
from qingyuan.papers.word import Cell, Document, paragraph, run, table


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """One dimension: what was given, the sheet's words for it, the reason, and what is quoted."""

    title: str
    weight: int
    score: str
    anchor: str
    comment: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionSheet:
    """A sealed sheet. `expert` is the code; the signature line is for the hand."""

    title: str
    project: str
    number: str
    applicant: str
    expert: str
    sheet: str
    lines: tuple[ScoreLine, ...]
    criteria: tuple[tuple[str, str], ...]
    total: str
    confidence: str
    overall: str
    opinion: str
    submitted_at: dt.datetime
    times: int
    sha256: str
    printed_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of the discussion."""

    who: str
    at: dt.datetime
    text: str
    edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """What the minutes state; the chair's opinion may still be missing, and the paper says so."""

    project: str
    number: str
    applicant: str
    notice: str
    organisers: str
    sheet: str
    experts: tuple[str, ...]
    chair: str
    dimensions: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """Per expert: code, a score per dimension, total, overall opinion."""
    figures: tuple[tuple[str, str], ...]
    discussion: tuple[Word, ...]
    overall: str
    conclusion: str
    concluded_at: dt.datetime | None
    sha256: str
    printed_at: dt.datetime


def write_opinion(sheet: OpinionSheet) -> bytes:
    """Return the opinion sheet as a .docx file; the same sheet gives the same bytes."""
    day = sheet.printed_at.astimezone(SHANGHAI).date()
    document = Document(
        title=f"{sheet.title} {sheet.project}", author=sheet.expert, on=day, subject=sheet.sheet
    )
    facts = [
        ("项目名称", f"{sheet.project}（{sheet.number}）"),
        ("申报单位", sheet.applicant),
        ("专家编号", sheet.expert),
        ("评分表", sheet.sheet),
    ]
    heads = ("评价方面", "权重", "评分", "对应说明", "理由和依据")
    rows = [
        (
            line.title,
            str(line.weight),
            line.score,
            line.anchor,
            "\n".join(
                filter(None, (line.comment, "；".join(line.evidence) and f"依据：{'；'.join(line.evidence)}"))
            ),
        )
        for line in sheet.lines
    ]
    rows.append(("总分（百分制）", "100", sheet.total, "", ""))
    document.add(
        _title("专家评审意见表"),
        _facts(facts),
        paragraph("", "TableGap"),
        _table(heads, rows, weights=[4, 2, 2, 6, 7]),
    )
    if sheet.criteria:
        document.add(paragraph("", "TableGap"), _table(("评选条件", "判断"), sheet.criteria, weights=[3, 2]))
    document.add(
        paragraph("", "TableGap"),
        _facts(
            [
                ("总体意见", sheet.overall),
                ("评价和建议", sheet.opinion),
                ("把握程度", sheet.confidence),
                (
                    "提交时间",
                    shanghai_time(sheet.submitted_at)
                    + (f"（第 {sheet.times} 次提交）" if sheet.times > 1 else ""),
                ),
                ("内容指纹", sheet.sha256),
            ]
        ),
        paragraph(
            run(f"本表由平台按封存的评分生成，打印时间 {shanghai_time(sheet.printed_at)}。"), "TableNote"
        ),
        paragraph(run("专家（签字）：　　　　　　　　　　　　年　　月　　日"), "BodyText"),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=False))


def write_minutes(minutes: Minutes) -> bytes:
    """Return the minutes as a .docx file; the same minutes give the same bytes."""
    day = minutes.printed_at.astimezone(SHANGHAI).date()
    document = Document(
        title=f"专家评审会议纪要 {minutes.project}", author=minutes.organisers, on=day, subject=minutes.notice
    )
    document.add(
        _title("专家评审会议纪要"),
        _facts(
            [
                ("项目名称", f"{minutes.project}（{minutes.number}）"),
                ("申报单位", minutes.applicant),
                ("评审依据", minutes.notice),
                ("组织单位", minutes.organisers),
                (
                    "专家组",
                    f"{'、'.join(minutes.experts)}（共 {len(minutes.experts)} 人），组长 {minutes.chair or '未指定'}",
                ),
                ("评分表", minutes.sheet),
            ]
        ),
        paragraph(run("一、评分情况"), "Heading2"),
        _table(
            ("专家", *minutes.dimensions, "总分", "总体意见"),
            minutes.rows,
            weights=[3, *[3] * len(minutes.dimensions), 3, 4],
        ),
        paragraph("", "TableGap"),
        _facts(minutes.figures),
        paragraph(run("二、讨论情况"), "Heading2"),
    )
    if not minutes.discussion:
        document.add(paragraph(run("平台上没有讨论记录。"), "BodyText"))
    for word in minutes.discussion:
        edited = "（修改过，原文留存）" if word.edited else ""
        document.add(paragraph(run(f"{word.who}，{shanghai_time(word.at)}{edited}：{word.text}"), "BodyText"))
    document.add(paragraph(run("三、专家组意见"), "Heading2"))
    if minutes.concluded_at is None:
        document.add(paragraph(run("组长尚未提交专家组意见。"), "BodyText"))
    else:
        document.add(
            paragraph(run(f"总体意见：{minutes.overall}"), "BodyText"),
            *(paragraph(run(line), "BodyText") for line in minutes.conclusion.splitlines() if line.strip()),
            paragraph(
                run(f"提交时间 {shanghai_time(minutes.concluded_at)}，内容指纹 {minutes.sha256[:16]}"),
                "TableNote",
            ),
        )
    document.add(
        paragraph(
            run(f"本纪要由平台按评审记录生成，打印时间 {shanghai_time(minutes.printed_at)}。"), "TableNote"
        ),
        paragraph(run("组长（签字）：　　　　　　　　　　　　年　　月　　日"), "BodyText"),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=False))


def _title(text: str) -> str:
    return paragraph(run(text), "Title", extra='<w:spacing w:after="360"/>')


def _facts(pairs: Iterable[tuple[str, str]]) -> str:
    rows = [[_cell(name, "TableHead"), _cell(value)] for name, value in pairs]
    return table(rows, weights=[2, 7], header_rows=0)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, weights: Sequence[int]) -> str:
    return table(
        [[_cell(head, "TableHead") for head in heads], *([_cell(value) for value in row] for row in rows)],
        weights=weights,
    )


def _cell(value: str, style: str = "TableText") -> Cell:
    return Cell(content=paragraph(run(value), style))
