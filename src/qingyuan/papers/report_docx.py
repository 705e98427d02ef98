"""A plain report in Word: a title, a table of facts, sections of text and tables. Same content, same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from qingyuan.papers import word_styles
from qingyuan.papers.drawn import Drawn, Pictures, no_picture, set_in
from qingyuan.papers.word import Cell, Document, paragraph, run, table

NUMERALS = (*"一二三四五六七八九十", *(f"十{unit}" for unit in "一二三四五六七八九"), "二十")
NARROW, WIDE = 1, 4
LONG = 12
"""Columns with a cell longer than this get the greater width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One chapter of the report; `rows` stand under `columns`."""

    title: str
    pieces: Sequence[str | Drawn] = ()
    """Texts, a paragraph a line, and the charts between them."""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def write(
    *,
    title: str,
    facts: Sequence[tuple[str, str]],
    sections: Sequence[Section],
    author: str,
    created_on: dt.date,
    pictures: Pictures = no_picture,
) -> bytes:
    """`facts` are name and value; a section without text and rows says that it has none."""
    document = Document(title=title, author=author, on=created_on)
    document.add(
        paragraph(run(title), "Title", extra='<w:spacing w:after="240"/>'),
        table(
            ([_cell(name, "TableHead"), _cell(value)] for name, value in facts),
            weights=[2, 7],
            header_rows=0,
        ),
    )
    figure = count(1)
    for number, section in enumerate(sections):
        document.add(paragraph(run(f"{_numeral(number)}、{section.title}"), "Heading1"))
        for piece in section.pieces:
            if isinstance(piece, Drawn):
                document.add(*set_in(document, piece, pictures, number=next(figure)))
            else:
                lines = (line for line in piece.splitlines() if line.strip())
                document.add(*(paragraph(run(line), "BodyText") for line in lines))
        if section.rows:
            document.add(
                table(
                    [
                        [_cell(name, "TableHead") for name in section.columns],
                        *([_cell(value) for value in row] for row in section.rows),
                    ],
                    weights=_weights(section),
                ),
                paragraph("", "TableGap"),
            )
        elif not section.pieces:
            document.add(paragraph(run("无。"), "BodyText"))
    return document.to_bytes(final_section=word_styles.page(numbered=True))


def _numeral(number: int) -> str:
    return NUMERALS[number] if number < len(NUMERALS) else str(number + 1)


def _weights(section: Section) -> list[int]:
    return [
        WIDE
        if any(len(row[index]) > LONG for row in section.rows if index < len(row))
        else NARROW + min(len(name) // 3, 2)
        for index, name in enumerate(section.columns)
    ]


def _cell(value: str, style: str = "TableText") -> Cell:
    return Cell(content=paragraph(run(value), style))
