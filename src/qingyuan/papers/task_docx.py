"""评审任务书: what an expert is asked to do, by when, and what the expert promised."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qingyuan.papers import word_styles
from qingyuan.papers.receipt_docx import SHANGHAI, shanghai_time
from qingyuan.papers.word import Cell, Document, paragraph, run, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    label: str
    title: str
    applicant: str
    category: str
    due_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPaper:
    """`promised_at` and the hash are given once the expert has promised."""

    host: str
    call: str
    expert: str
    employer: str
    printed_at: dt.datetime
    tasks: tuple[Task, ...]
    promises: tuple[tuple[str, str], ...]
    promised_at: dt.datetime | None
    promises_sha256: str


def write_task(paper: TaskPaper) -> bytes:
    """Return the paper as a .docx file; the same paper gives the same bytes."""
    day = paper.printed_at.astimezone(SHANGHAI).date()
    document = Document(title="评审任务书", author=paper.host, on=day, subject=paper.call)
    facts = [
        ("评审依据", paper.call),
        ("组织单位", paper.host),
        ("评审专家", paper.expert),
        ("工作单位", paper.employer or "—"),
    ]
    heads = ("编号", "项目名称", "申报单位", "类别", "完成期限")
    rows = [
        (task.label, task.title, task.applicant, task.category, shanghai_time(task.due_at))
        for task in paper.tasks
    ]
    document.add(
        paragraph(run("评审任务书"), "Title", extra='<w:spacing w:after="360"/>'),
        table(
            ([_cell(name, "TableHead"), _cell(value)] for name, value in facts), weights=[2, 7], header_rows=0
        ),
        paragraph("", "TableGap"),
        table(
            [
                [_cell(head, "TableHead") for head in heads],
                *([_cell(value) for value in row] for row in rows),
            ],
            weights=[2, 5, 4, 4, 3],
        ),
        paragraph(run(f"共 {len(rows)} 项。发现应当回避的，立即在平台提出，不得继续评审。"), "TableNote"),
    )
    for title, text in paper.promises:
        document.add(paragraph(run(f"{title}：{text}"), "BodyText"))
    if paper.promised_at is not None:
        document.add(
            paragraph(
                run(
                    f"承诺时间 {shanghai_time(paper.promised_at)}，承诺文本指纹 {paper.promises_sha256[:16]}。"
                ),
                "TableNote",
            )
        )
    document.add(paragraph(run("评审专家（签字）：　　　　　　　　　　　　年　　月　　日"), "BodyText"))
    return document.to_bytes(final_section=word_styles.page(numbered=False))


def _cell(value: str, style: str = "TableText") -> Cell:
    return Cell(content=paragraph(run(value), style))
