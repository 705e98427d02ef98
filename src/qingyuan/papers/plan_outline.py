"""The outline of the plan as a Word file to write in: numbered headings with what the notice wants under each.

The help texts stand in a style of their own (填写说明), grey, so that `plan_read` leaves them out again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qingyuan.papers import word_styles
from qingyuan.papers.word import Document, paragraph, run


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineHeading:
    """A heading of the outline; `number` as printed before it, `level` from 1; `written` where text goes under it."""

    number: str
    title: str
    level: int
    written: bool = True
    guidance: tuple[str, ...] = ()


HELP_PREFIX = "填写说明："
HOW_TO = (
    "在各标题下直接编写，灰色的填写说明不用删除，上传时会自动略去。",
    "标题的文字和样式请不要改动；需要下一级小标题时，用样式“标题 3”。表格、图片、列表、脚注照常使用，上传后一并带入。",
)


def write_outline(
    *, title: str, applicant: str, notice: str, on: dt.date, headings: Sequence[OutlineHeading]
) -> bytes:
    """Return the outline as a .docx file."""
    document = Document(title=title, author=applicant, on=on, subject=notice)
    document.add(
        document.generated(
            paragraph(run(title), "Title"),
            paragraph(run(f"（{notice}）"), "Subtitle") if notice else "",
            *[help_text(line) for line in HOW_TO],
        )
    )
    for heading in headings:
        document.add(document.heading(f"{heading.number}{heading.title}", level=heading.level))
        document.add(*[help_text(line) for line in heading.guidance])
        if heading.written:
            document.add(paragraph("", "BodyText"))
    return document.to_bytes(final_section=word_styles.page(numbered=True, start=1))


def help_text(line: str) -> str:
    return paragraph(run(f"{HELP_PREFIX}{line}"), "Guidance")
