"""经验总结报告 as Word: a title page, and the chapters with their texts. Same content, same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qingyuan.papers import richtext, word_styles
from qingyuan.papers.drawn import Pictures, no_picture
from qingyuan.papers.plan_docx import chinese_date
from qingyuan.papers.word import PAGE_BREAK, Document, paragraph, run
from qingyuan.papers.word_html import Captions, Setting, blocks

_CENTRE = '<w:jc w:val="center"/>'
_NUMBERS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryChapter:
    """A heading and its text: clean HTML with every figure filled in."""

    title: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryReport:
    """The report of one project; `on` is the day on the title page."""

    project: str
    body: str
    category: str
    on: dt.date
    chapters: Sequence[SummaryChapter]


def write_summary(report: SummaryReport, *, pictures: Pictures = no_picture) -> bytes:
    """Return the report as a .docx file; `pictures` gives the bytes of a picture by its upload."""
    title = f"{report.project}经验总结报告"
    document = Document(title=title, author=report.body, on=report.on, subject=report.category)
    trees = [richtext.tree(richtext.clean(chapter.html)) for chapter in report.chapters]
    setting = Setting(document=document, captions=Captions(trees), pictures=pictures)
    document.add(
        *(paragraph("", "BodyText") for _ in range(7)),
        paragraph(run(report.project), "Title", extra='<w:spacing w:after="240"/>'),
        paragraph(run("经验总结报告"), "Title", extra='<w:spacing w:after="2400"/>'),
        paragraph(run(f"类别：{report.category}"), "BodyText", extra=_CENTRE),
        paragraph(run(f"实施单位：{report.body}"), "BodyText", extra=_CENTRE),
        paragraph(run(chinese_date(report.on)), "BodyText", extra=_CENTRE),
        PAGE_BREAK,
    )
    for number, (chapter, tree) in enumerate(zip(report.chapters, trees, strict=True)):
        document.add(
            document.heading(f"{_NUMBERS[number]}、{chapter.title}", level=1),
            *blocks(replace(setting, heading=chapter.title), tree),
        )
    return document.to_bytes(final_section=word_styles.page(numbered=True))
