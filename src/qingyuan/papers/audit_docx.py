"""A report of a whole audit as a Word file: chapters of paragraphs, tables and figures, in the manner of official papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from qingyuan.papers import word_styles
from qingyuan.papers.performance_docx import LANDSCAPE, Paper, add_performance
from qingyuan.papers.picture import size_of
from qingyuan.papers.word import Cell, Document, paragraph, run, table

_CENTRE = '<w:jc w:val="center"/>'
_RIGHT = '<w:jc w:val="right"/>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table with its title; `numeric` are the places of columns of figures."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    weights: tuple[int, ...]
    numeric: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure as PNG, with its title and a sentence for whoever cannot see it."""

    title: str
    alt: str
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """`number` as printed, such as 一、."""

    number: str
    title: str
    paragraphs: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    title: str
    subject: str
    on: dt.date
    chapters: tuple[Chapter, ...] = field(default=())
    annex: Paper | None = None
    """The performance sheet, on landscape pages after the chapters."""


def write_audit(report: Report) -> bytes:
    """The report; the same content gives the same bytes. Tables and figures are numbered through the report."""
    document = Document(title=report.title, author="清源", on=report.on, subject=report.subject)
    document.add(
        paragraph(run(report.title), "Title", extra='<w:spacing w:after="240"/>'),
        paragraph(run(report.subject), "TableNote", extra=_CENTRE),
    )
    tables = figures = 0
    for chapter in report.chapters:
        document.add(document.heading(f"{chapter.number}{chapter.title}", level=1))
        document.add(*(paragraph(run(text), "BodyText") for text in chapter.paragraphs))
        for grid in chapter.grids:
            tables += 1
            document.add(paragraph(run(f"表 {tables}  {grid.title}"), "Caption"))
            document.add(_grid(grid))
            document.add(paragraph(run(grid.note), "TableNote") if grid.note else paragraph("", "TableGap"))
        for picture in chapter.pictures:
            figures += 1
            size = size_of(picture.png)
            assert size is not None
            shown = document.pictures.run(picture.png, size, alt=picture.alt, room=word_styles.TEXT_WIDTH)
            document.add(paragraph(shown, "Picture"))
            document.add(paragraph(run(f"图 {figures}  {picture.title}"), "FigureCaption"))
    portrait = word_styles.page(numbered=True)
    if report.annex is None:
        return document.to_bytes(final_section=portrait)
    document.add(paragraph("", "TableGap", extra=portrait))
    document.add(document.heading(report.annex.title, level=1))
    add_performance(document, report.annex)
    return document.to_bytes(final_section=LANDSCAPE)


def _grid(grid: Grid) -> str:
    rows: list[Sequence[Cell]] = [[_cell(head, "TableHead") for head in grid.heads]]
    rows += [
        [_cell(value, extra=_RIGHT if place in grid.numeric else "") for place, value in enumerate(row)]
        for row in grid.rows
    ]
    return table(rows, weights=grid.weights)


def _cell(text: str, style: str = "TableText", *, extra: str = "") -> Cell:
    return Cell(content=paragraph(run(text), style, extra=extra))
