"""Cleaned rich text to Word: paragraphs, lists, tables with merged cells and captions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element  # the type only

from qingyuan.papers.richtext import BLOCKS, INLINE
from qingyuan.papers.word import MOST_COLUMNS, Cell, Document, paragraph, run, table

_SPACE = re.compile(r"[ \t\n\r]+")
_CAPTION = re.compile(
    r"表\s*(?P<number>\d+(?:[-－—–.．]\d+)*)?(?P<mark>[\s\u3000:：、.．]*)(?P<title>.*)", re.DOTALL
)
_HEADINGS = {"h3": "Heading3", "h4": "Heading4", "h5": "Heading5"}
_NONE: frozenset[str] = frozenset()


class Captions:
    """Numbers the tables of a document: a number that an author typed stands, the others get the next free one."""

    def __init__(self, trees: list[Element]) -> None:
        self._taken = {
            match["number"]
            for tree in trees
            for before, after in itertools.pairwise(tree)
            if after.tag == "table" and (match := _caption(before)) and match["number"]
        }
        self._last = 0

    def next(self, title: str) -> str:
        """The caption of a table whose author gave it no number."""
        self._last += 1
        while str(self._last) in self._taken:
            self._last += 1
        return f"表{self._last}\u3000{title}".rstrip()


def blocks(document: Document, tree: Element, *, captions: Captions, heading: str) -> Iterator[str]:
    """Block elements of `tree` (from `richtext.tree`); `heading` names tables that have no caption of their own."""
    children = list(tree)
    pending: str | None = None
    for index, child in enumerate(children):
        following = children[index + 1] if index + 1 < len(children) else None
        if following is not None and following.tag == "table" and (match := _caption(child)):
            pending = (
                "".join(child.itertext()).strip()
                if match["number"]
                else captions.next(match["title"].strip())
            )
        elif child.tag == "table":
            yield paragraph(run(pending or captions.next(heading)), "Caption")
            yield _table(document, child)
            yield paragraph("", "TableGap")
            pending = None
        else:
            yield from _block(document, child, style="BodyText", depth=0)


def _caption(element: Element) -> re.Match[str] | None:
    if element.tag != "p":
        return None
    written = "".join(element.itertext()).strip()
    match = _CAPTION.fullmatch(written) if len(written) <= 60 else None
    return match if match and (match["number"] or match["mark"]) else None


def _block(document: Document, element: Element, *, style: str, depth: int) -> Iterator[str]:
    if element.tag in {"ul", "ol"}:
        yield from _list(document, element, depth=depth)
    elif element.tag == "table":
        yield _table(document, element)
        yield paragraph("", "TableGap")
    elif element.tag == "blockquote":
        for child in element:
            yield from _block(document, child, style="Quote", depth=depth)
    else:
        yield paragraph(inline(document, element), _HEADINGS.get(element.tag, style))


def _list(document: Document, element: Element, *, depth: int) -> Iterator[str]:
    numbering = document.numbering(depth, ordered=element.tag == "ol")
    further = f'<w:ind w:left="{640 + 420 * (min(depth, 8) + 1)}"/>'
    for item in element:
        if not any(child.tag in BLOCKS for child in item):
            yield paragraph(inline(document, item), "ListParagraph", extra=numbering)
            continue
        numbered = False
        for child in item:
            if child.tag == "p":
                yield paragraph(
                    inline(document, child), "ListParagraph", extra=further if numbered else numbering
                )
            else:
                if not numbered:  # an item must show its number even when it begins with a list or table
                    yield paragraph("", "ListParagraph", extra=numbering)
                yield from _block(document, child, style="ListParagraph", depth=depth + 1)
            numbered = True


def inline(document: Document, element: Element) -> str:
    """The runs of a block without inner blocks."""
    pieces = list(_spans(element, _NONE, ""))
    # Indents are the style's business; typed ones would double them.
    while pieces and not pieces[0][0].lstrip(" \t\u3000\u00a0"):
        pieces.pop(0)
    runs = []
    for index, (value, marks, url) in enumerate(pieces):
        content = value.lstrip(" \t\u3000\u00a0") if index == 0 else value
        if url:
            runs.append(
                document.link(url, run(content, marks=marks, properties='<w:rStyle w:val="Hyperlink"/>'))
            )
        else:
            runs.append(run(content, marks=marks))
    return "".join(runs)


def _spans(element: Element, marks: frozenset[str], url: str) -> Iterator[tuple[str, frozenset[str], str]]:
    if element.text:
        yield _SPACE.sub(" ", element.text), marks, url
    for child in element:
        if child.tag == "br":
            yield "\n", marks, url
        elif child.tag == "a":
            yield from _spans(child, marks, child.get("href", ""))
        else:
            yield from _spans(child, marks | {child.tag} if child.tag in INLINE else marks, url)
        if child.tail:
            yield _SPACE.sub(" ", child.tail), marks, url


def _table(document: Document, element: Element) -> str:
    rows = [(row, part.tag == "thead") for part in element for row in (part if part.tag != "tr" else [part])]
    header_rows = 0
    for row, in_head in rows:
        if not in_head and any(cell.tag == "td" for cell in row):
            break
        header_rows += 1
    if header_rows == len(rows):
        header_rows = min(header_rows, 1)
    width, grid = _grid([row for row, _ in rows])
    widest = [4] * width
    for line in grid:
        for column, (cell, span, _merge) in line.items():
            if span == 1 and cell is not None:
                widest[column] = max(widest[column], min(30, _width("".join(cell.itertext()))))
    return table(
        (_row(document, line, width, header=index < header_rows) for index, line in enumerate(grid)),
        weights=widest,
        header_rows=header_rows,
    )


_Place = tuple[Element | None, int, str]


def _grid(rows: list[Element]) -> tuple[int, list[dict[int, _Place]]]:
    """Place cells on the grid as browsers do: column -> (cell, columns spanned, part in a vertical merge)."""
    grid: list[dict[int, _Place]] = []
    hanging: dict[int, tuple[int, int]] = {}  # column -> rows still to fill, columns spanned
    width = 1
    for index, row in enumerate(rows):
        line: dict[int, _Place] = {}
        below: dict[int, tuple[int, int]] = {}
        column = 0
        waiting = list(row)
        while column < MOST_COLUMNS and (waiting or any(start >= column for start in hanging)):
            if column in hanging:
                left, span = hanging.pop(column)
                line[column] = (None, span, "continue")
                if left > 1:
                    below[column] = (left - 1, span)
                column += span
            elif waiting:
                cell = waiting.pop(0)
                room = (
                    min((start for start in hanging if column < start < MOST_COLUMNS), default=MOST_COLUMNS)
                    - column
                )
                span = min(int(cell.get("colspan", "1")), room)
                tall = min(int(cell.get("rowspan", "1")), len(rows) - index)
                line[column] = (cell, span, "restart" if tall > 1 else "")
                if tall > 1:
                    below[column] = (tall - 1, span)
                column += span
            else:
                column += 1
        hanging = below
        width = max([width, *(start + place[1] for start, place in line.items())])
        grid.append(line)
    return width, grid


def _row(document: Document, line: dict[int, _Place], width: int, *, header: bool) -> list[Cell]:
    style = "TableHead" if header else "TableText"
    cells, column = [], 0
    while column < width:
        if column not in line:
            cells.append(Cell(content=paragraph("", style)))
            column += 1
            continue
        cell, span, merge = line[column]
        cells.append(
            Cell(
                content=paragraph("", style) if cell is None else _cell(document, cell, style),
                span=span,
                merge=merge,
            )
        )
        column += span
    return cells


def _cell(document: Document, cell: Element, style: str) -> str:
    if cell.tag == "th":
        style = "TableHead"
    if not any(child.tag in BLOCKS for child in cell):
        return paragraph(inline(document, cell), style)
    pieces = []
    for child in cell.iter():
        holds_text = child.tag in {"p", "h3", "h4", "h5"} or (
            child.tag == "li" and not any(inner.tag in BLOCKS for inner in child)
        )
        if holds_text:
            pieces.append(paragraph(inline(document, child), style))
    return "".join(pieces) or paragraph("", style)


def _width(value: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in value)
