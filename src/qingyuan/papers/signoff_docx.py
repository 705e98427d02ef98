"""The internal sign-off sheet 签批单: who of the applicant did what with which content, for the file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qingyuan.papers import word_styles
from qingyuan.papers.receipt_docx import SHANGHAI, shanghai_time
from qingyuan.papers.word import Cell, Document, paragraph, run, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the sheet; `at` is an aware instant, `content` the hash of what was signed off."""

    title: str
    who: str
    at: dt.datetime
    remark: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the sheet shows, the oldest step first."""

    project: str
    applicant: str
    notice: str
    state: str
    printed_at: dt.datetime
    steps: tuple[Step, ...]


def write_sheet(sheet: Sheet) -> bytes:
    """Return the sheet as a .docx file; the same sheet gives the same bytes."""
    day = sheet.printed_at.astimezone(SHANGHAI).date()
    document = Document(title=f"签批单 {sheet.project}", author=sheet.applicant, on=day, subject=sheet.notice)
    facts = [
        ("项目名称", sheet.project),
        ("申报单位", sheet.applicant),
        ("申报依据", sheet.notice),
        ("当前状态", sheet.state),
    ]
    heads = ("环节", "办理人", "时间", "意见", "内容指纹")
    rows = [
        (step.title, step.who, shanghai_time(step.at), step.remark, step.content[:16]) for step in sheet.steps
    ]
    document.add(
        paragraph(run("签批单"), "Title", extra='<w:spacing w:after="360"/>'),
        table(
            ([_cell(name, "TableHead"), _cell(value)] for name, value in facts), weights=[2, 7], header_rows=0
        ),
        paragraph("", "TableGap"),
        table(
            [
                [_cell(head, "TableHead") for head in heads],
                *([_cell(value) for value in row] for row in rows),
            ],
            weights=[2, 2, 4, 5, 3],
        ),
        paragraph(
            run(f"本表由平台按签审记录生成，打印时间 {shanghai_time(sheet.printed_at)}。"), "TableNote"
        ),
        paragraph(run("签发人（签字）：　　　　　　　　　　　　年　　月　　日"), "BodyText"),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=False))


def _cell(value: str, style: str = "TableText") -> Cell:
    return Cell(content=paragraph(run(value), style))
