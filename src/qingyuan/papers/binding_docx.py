"""What turns loose prints into a volume: cover, spine and binding order; and the directory of an archive volume 归档目录."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qingyuan.papers import word_styles
from qingyuan.papers.plan_docx import chinese_date
from qingyuan.papers.word import PAGE_BREAK, Cell, Document, paragraph, run, table

_CENTRE = '<w:jc w:val="center"/>'
LONGEST_SPINE = 28
"""Characters that fit on the spine of a plan one below the other; a longer title is cut there, never on the cover."""
DIRECTORY_HEADS = ("序号", "题名", "责任者", "日期", "页数", "保管期限", "备注")


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """One volume as a notice wants it bound; `parts` in the order of binding."""

    title: str
    subtitle: str
    applicant: str
    recipient: str
    copies: int
    binding: str
    parts: Sequence[str]
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of an archive directory. `pages` is empty where only the print can tell."""

    title: str
    author: str
    on: dt.date | None
    retention: str
    pages: str = ""
    note: str = ""


def write_kit(volume: Volume, *, created_on: dt.date) -> bytes:
    """Cover, spine strip and binding order of one volume, each on its own page. Same content, same bytes."""
    document = Document(title=f"{volume.title}（装订）", author=volume.applicant, on=created_on)
    document.add(
        *(paragraph("", "BodyText") for _ in range(6)),
        paragraph(run(volume.subtitle), "TableHead", extra='<w:spacing w:after="480"/>'),
        paragraph(run(volume.title), "Title", extra='<w:spacing w:after="2400"/>'),
        paragraph(run(f"申报单位：{volume.applicant}"), "BodyText", extra=_CENTRE),
        paragraph(run(chinese_date(created_on)), "BodyText", extra=_CENTRE),
        PAGE_BREAK,
        paragraph(run("书脊（裁下后贴于胶装书脊，自上而下）"), "TableNote"),
        table(
            [[Cell(content=_upright(volume))], [Cell(content="")]],
            weights=[1],
            header_rows=0,
            inset=7200,
        ),
        PAGE_BREAK,
        paragraph(run("装订单"), "Title", extra='<w:spacing w:after="240"/>'),
        table(
            (
                [_cell(name, "TableHead"), _cell(value)]
                for name, value in (
                    ("项目", volume.title),
                    ("报送", volume.recipient),
                    ("份数", f"{volume.copies} 份"),
                    ("装订", volume.binding or "通知没有规定装订方式"),
                    ("期限", volume.due),
                )
            ),
            weights=[2, 8],
            header_rows=0,
        ),
        paragraph("", "TableGap"),
        table(
            [
                [_cell(head, "TableHead") for head in ("次序", "内容", "每份", "已装")],
                *(
                    [_cell(str(number)), _cell(part), _cell("1"), _cell("□")]
                    for number, part in enumerate(["封面", *volume.parts, "封底（空白）"], start=1)
                ),
            ],
            weights=[1, 7, 1, 1],
        ),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=False))


def _upright(volume: Volume) -> str:
    title = volume.title[:LONGEST_SPINE]
    return "".join(paragraph(run(character), "TableHead") for character in title if character.strip())


def write_directory(
    *, title: str, fonds: str, entries: Sequence[Entry], note: str, created_on: dt.date
) -> bytes:
    """归档目录 as Word; the header row repeats on every page."""
    document = Document(title=title, author=fonds, on=created_on)
    document.add(
        paragraph(run("归档目录"), "Title", extra='<w:spacing w:after="240"/>'),
        paragraph(run(f"{title}　立档单位：{fonds}"), "BodyText"),
        table(
            [
                [_cell(head, "TableHead") for head in DIRECTORY_HEADS],
                *(
                    [
                        _cell(value)
                        for value in (
                            str(number),
                            entry.title,
                            entry.author,
                            entry.on.isoformat() if entry.on else "",
                            entry.pages,
                            entry.retention,
                            entry.note,
                        )
                    ]
                    for number, entry in enumerate(entries, start=1)
                ),
            ],
            weights=[1, 6, 4, 2, 1, 2, 3],
        ),
        paragraph(run(note), "TableNote"),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=True))


def _cell(value: str, style: str = "TableText") -> Cell:
    return Cell(content=paragraph(run(value), style))
