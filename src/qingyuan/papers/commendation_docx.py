"""通报表扬 as an official paper: its opening, the bodies as an annex, and the people as an annex of their own.

The number and the date come from the office system: where they are not known yet, a blank is left for them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from qingyuan.papers import word_styles
from qingyuan.papers.official_docx import BLANK_NUMBER, Issue
from qingyuan.papers.word import PAGE_BREAK, Cell, Document, paragraph, run, table

_RIGHT = '<w:jc w:val="right"/>'


def write_commendation(
    *,
    title: str,
    basis: str,
    bodies: Sequence[tuple[str, str, str]],
    persons: Sequence[tuple[str, str, str]],
    attachment_number: str,
    signatures: Sequence[str],
    issue: Issue,
    created_on: dt.date,
) -> bytes:
    """Return the paper as a .docx file. `bodies`: body, pilot, reason; `persons`: name, body, reason. Same content, same bytes."""
    document = Document(title=title, author="、".join(signatures), on=created_on)
    annexes = ["附件 1：表扬单位名单"]
    if attachment_number:
        annexes.append(f"附件 2：表扬个人名单（{attachment_number}，另纸印发，不公开）")
    document.add(
        paragraph(run(title), "Title", extra='<w:spacing w:after="240"/>'),
        paragraph(run(issue.number or BLANK_NUMBER), "TableNote", extra=_RIGHT),
        *(paragraph(run(text), "BodyText") for text in basis.splitlines() if text.strip()),
        paragraph(
            run("对通过国家评估和验收的试点项目中表现突出的有关单位，现予以通报表扬。名单见附件。"),
            "BodyText",
        ),
        *(paragraph(run(text), "BodyText") for text in annexes),
        *(paragraph(run(f"{name}（盖章）"), "BodyText", extra=_RIGHT) for name in signatures),
        paragraph(run(issue.date), "BodyText", extra=_RIGHT),
        PAGE_BREAK,
        paragraph(run(f"附件 1　表扬单位名单（共 {len(bodies)} 个）"), "TableHead"),
        _table(("序号", "单位", "试点项目", "理由"), bodies, weights=[1, 4, 5, 6]),
    )
    if persons:
        document.add(
            PAGE_BREAK,
            paragraph(run(f"附件 2　表扬个人名单（共 {len(persons)} 名）"), "TableHead"),
            _table(("序号", "姓名", "单位", "事由"), persons, weights=[1, 2, 5, 6]),
            paragraph(run("本附件含个人信息，仅供主办、会签单位使用，不公开。"), "TableNote"),
        )
    return document.to_bytes(final_section=word_styles.page(numbered=True))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, weights: list[int]) -> str:
    lines = [[_cell(head, "TableHead") for head in heads]]
    lines += [[_cell(str(number)), *map(_cell, row)] for number, row in enumerate(rows, start=1)]
    return table(lines, weights=weights)


def _cell(value: str, style: str = "TableText") -> Cell:
    return Cell(content=paragraph(run(value), style))
