"""A record as Word: facts, tables and sentences under numbered headings, for the file. Same content, same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qingyuan.papers import word_styles
from qingyuan.papers.word import Cell, Document, paragraph, run, table

Row = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading with what stands under it: sentences, then facts, then a table (`heads` with `rows`)."""

    title: str
    sentences: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    heads: Row = ()
    rows: Sequence[Row] = ()
    weights: Sequence[int] = ()
    none: str = ""
    """What is said where there are no rows."""


def write_record(
    *, title: str, author: str, on: dt.date, sections: Sequence[Section], note: str = "", subject: str = ""
) -> bytes:
    """Return the record as a .docx file."""
    document = Document(title=title, author=author, on=on, subject=subject)
    document.add(paragraph(run(title), "Title", extra='<w:spacing w:after="360"/>'))
    for section in sections:
        document.add(document.heading(section.title, level=1))
        document.add(*(paragraph(run(text)) for text in section.sentences))
        if section.facts:
            rows = ([_cell(name, "TableHead"), _cell(value)] for name, value in section.facts)
            document.add(table(rows, weights=[2, 7], header_rows=0), paragraph("", "TableGap"))
        if section.rows:
            document.add(_table(section), paragraph("", "TableGap"))
        elif section.none:
            document.add(paragraph(run(section.none)))
    if note:
        document.add(paragraph(run(note), "TableNote"))
    return document.to_bytes(final_section=word_styles.page(numbered=True))


def _table(section: Section) -> str:
    lines = [[_cell(head, "TableHead") for head in section.heads]]
    lines += [[_cell(value) for value in row] for row in section.rows]
    return table(lines, weights=list(section.weights) or [1] * len(section.heads))


def _cell(value: str, style: str = "TableText") -> Cell:
    return Cell(content=paragraph(run(value), style))
