"""Cleaned rich text to Word: paragraphs, lists, tables with merged cells and captions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element  # the type only

from qingyuan.papers.picture import size_of
from qingyuan.papers.richtext import BLOCKS, INLINE, PROSE
from qingyuan.papers.word import (
    MOST_COLUMNS,
    Cell,
    Document,
    column_widths,
    paragraph,
    run,
    table,
)
from qingyuan.papers.word_styles import AUTO_NUMBER, TEXT_WIDTH

_SPACE = re.compile(r"[ \t\n\r]+")
_CAPTION = re.compile(
    r"表\s*(?P<number>\d+(?:[-－—–.．]\d+)*)?(?P<mark>[\s\u3000:：、.．]*)(?P<title>.*)", re.DOTALL
)
_HEADINGS = {"h3": "Heading3", "h4": "Heading4", "h5": "Heading5"}
FIGURE = re.compile(r"图\s*(?P<number>\d+(?:[-－—–.．]\d+)*)")
_NONE: frozenset[str] = frozenset()
FOOTNOTE = "footnote"
"""The mark of a span that is the text of a footnote."""
_FOOTNOTE_ONLY = frozenset({FOOTNOTE})
QUOTE = "quote:"
"""Beginning of the mark of a figure quoted from the targets table; what follows is kind, key and field."""
_INDENTS = " \t\u3000\u00a0"
Span = tuple[str, frozenset[str], str]


class Captions:
    """Numbers the tables and figures of a document: a number that an author typed stands, the others get the next free one."""

    def __init__(self, trees: list[Element]) -> None:
        self._taken = {
            ("表", match["number"])
            for tree in trees
            for before, after in itertools.pairwise(tree)
            if after.tag == "table" and (match := table_caption(before)) and match["number"]
        }
        self._taken |= {
            ("图", match["number"])
            for tree in trees
            for picture in tree.iter("img")
            if (match := FIGURE.match(picture.get("alt", "")))
        }
        self._last = {"表": 0, "图": 0}

    def next(self, title: str, *, kind: str = "表") -> str:
        """The caption of a table or figure whose author gave it no number."""
        self._last[kind] += 1
        while (kind, str(self._last[kind])) in self._taken:
            self._last[kind] += 1
        return f"{kind}{self._last[kind]}\u3000{title}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where blocks are set: the document, its captions and pictures, and what names a table without a title."""

    document: Document
    captions: Captions
    pictures: Callable[[str], bytes | None]
    heading: str = ""
    room: int = TEXT_WIDTH
    """Twips from side to side."""
    captioned: bool = True


def blocks(setting: Setting, tree: Element) -> Iterator[str]:
    """Block elements of `tree` (from `richtext.tree`)."""
    children = list(tree)
    pending: str | None = None
    for index, child in enumerate(children):
        following = children[index + 1] if index + 1 < len(children) else None
        if following is not None and following.tag == "table" and (match := table_caption(child)):
            if match["number"]:
                pending = inline(setting.document, child)
            else:
                title = match["title"].strip()
                pending = automatic(setting.captions.next("") + "\u3000") + run(title)
        elif child.tag == "table":
            yield paragraph(pending or automatic(setting.captions.next(setting.heading)), "Caption")
            yield _table(setting, child)
            yield paragraph("", "TableGap")
            pending = None
        else:
            yield from _block(setting, child, style="BodyText", depth=0)


def automatic(shown: str) -> str:
    """A run that the platform wrote and that is no part of the author's text."""
    return run(shown, properties=f'<w:rStyle w:val="{AUTO_NUMBER}"/>')


def _picture(
    setting: Setting, element: Element, *, style: str = "Picture", indent: str = "", inset: int = 0
) -> Iterator[str]:
    alt = element.get("alt", "")
    data = setting.pictures(element.get("data-upload", ""))
    size = size_of(data) if data else None
    if data is None or size is None:
        yield paragraph(run(f"〔图片缺失：{alt}〕"), style, extra=indent)
    else:
        shown = setting.document.pictures.run(data, size, alt=alt, room=max(600, setting.room - inset))
        yield paragraph(shown, style, extra=indent)
    if not setting.captioned:
        return
    if FIGURE.match(alt):
        shown = run(alt)
    else:
        number = setting.captions.next("", kind="图")
        shown = automatic(f"{number}\u3000" if alt else number) + run(alt)
    yield paragraph(shown, "FigureCaption", extra=indent)


def table_caption(element: Element) -> re.Match[str] | None:
    if element.tag != "p" or element.find(".//data") is not None:
        return None  # a title with a quoted figure would change its length with the figure
    written = "".join(element.itertext()).strip()
    match = _CAPTION.fullmatch(written) if len(written) <= 60 else None
    return match if match and (match["number"] or match["mark"]) else None


def _block(setting: Setting, element: Element, *, style: str, depth: int) -> Iterator[str]:
    if element.tag in {"ul", "ol"}:
        yield from _list(setting, element, depth=depth)
    elif element.tag == "table":
        yield _table(setting, element, inset=inset_of(depth))
        yield paragraph("", "TableGap")
    elif element.tag == "img":
        kind = "Picture" if setting.captioned else style
        yield from _picture(setting, element, style=kind, indent=_indent(depth), inset=inset_of(depth))
    elif element.tag == "blockquote":
        for child in element:
            yield from _block(setting, child, style="Quote", depth=depth)
    else:
        level = _HEADINGS.get(element.tag, style) if style == "BodyText" else style
        yield paragraph(inline(setting.document, element), level)


def inset_of(depth: int) -> int:
    """Twips from the left edge at which the text of a list item of the `depth`th level stands."""
    return 640 + 420 * min(depth, 9) if depth else 0


def _indent(depth: int) -> str:
    """Further paragraphs of a list item stand under its text."""
    return f'<w:ind w:left="{inset_of(depth)}" w:firstLineChars="0" w:firstLine="0"/>' if depth else ""


def _list(setting: Setting, element: Element, *, depth: int, style: str = "ListParagraph") -> Iterator[str]:
    document = setting.document
    numbering = document.numbering(depth, ordered=element.tag == "ol")
    further = _indent(depth + 1)
    for item in element:
        if not any(child.tag in BLOCKS for child in item):
            yield paragraph(inline(document, item), style, extra=numbering)
            continue
        numbered = False
        for child in item:
            if child.tag in PROSE:
                yield paragraph(inline(document, child), style, extra=further if numbered else numbering)
            else:
                if not numbered:  # an item must show its number even when it begins with a list or table
                    yield paragraph("", style, extra=numbering)
                yield from _list_child(setting, child, style=style, depth=depth + 1)
            numbered = True


def _list_child(setting: Setting, child: Element, *, style: str, depth: int) -> Iterator[str]:
    if child.tag in {"ul", "ol"}:
        yield from _list(setting, child, depth=depth, style=style)
    elif child.tag == "blockquote":
        for inner in child:
            if inner.tag in PROSE:
                yield paragraph(inline(setting.document, inner), style, extra=_indent(depth))
            else:
                yield from _list_child(setting, inner, style=style, depth=depth)
    else:
        yield from _block(setting, child, style=style, depth=depth)


def inline(document: Document, element: Element) -> str:
    """The runs of a block without inner blocks."""
    runs = []
    for value, marks, url in spans(element):
        if FOOTNOTE in marks:
            runs.append(document.footnotes.run(value))
            continue
        made = run(value, marks=marks, properties='<w:rStyle w:val="Hyperlink"/>' if url else "")
        if place := quote_of(marks):
            made = document.quoted(place, value, made)
        runs.append(document.link(url, made) if url else made)
    return "".join(runs)


def quote_of(marks: frozenset[str]) -> str:
    """Kind, key and field of the figure that a span shows; empty for other text."""
    return next((mark.removeprefix(QUOTE) for mark in marks if mark.startswith(QUOTE)), "")


def is_solid(marks: frozenset[str]) -> bool:
    """Does a span say something even without text? A footnote and a quoted figure do."""
    return FOOTNOTE in marks or bool(quote_of(marks))


def spans(element: Element) -> list[Span]:
    """The texts of a block as Word shall hold them, with their marks and link; a line break is a newline.

    Indents are the style's business; typed ones would double them.
    """
    pieces = list(_spans(element, _NONE, ""))
    while pieces and not pieces[0][0].lstrip(_INDENTS) and not is_solid(pieces[0][1]):
        pieces.pop(0)
    if pieces and not is_solid(pieces[0][1]):
        value, marks, url = pieces[0]
        pieces[0] = value.lstrip(_INDENTS), marks, url
    return pieces


def _spans(element: Element, marks: frozenset[str], url: str) -> Iterator[Span]:
    if element.text:
        yield _SPACE.sub(" ", element.text), marks, url
    for child in element:
        if child.tag == "br":
            yield "\n", marks, url
        elif child.tag == "span":
            yield child.get("data-footnote", ""), _FOOTNOTE_ONLY, ""
        elif child.tag == "data":
            yield "".join(child.itertext()), marks | {QUOTE + child.get("data-quote", "")}, url
        elif child.tag == "a":
            yield from _spans(child, marks, child.get("href", ""))
        elif child.tag == "sup" and "sub" in marks:
            yield from _spans(child, marks, url)
        elif child.tag == "sub" and "sup" in marks:
            yield from _spans(child, marks - {"sup"} | {"sub"}, url)
        else:
            yield from _spans(child, marks | {child.tag} if child.tag in INLINE else marks, url)
        if child.tail:
            yield _SPACE.sub(" ", child.tail), marks, url


def table_grid(element: Element) -> tuple[int, list[dict[int, Place]], int]:
    """A table as Word shall hold it: number of columns, the places of each row, and how many rows are its head."""
    rows = [(row, part.tag == "thead") for part in element for row in (part if part.tag != "tr" else [part])]
    header_rows = 0
    for row, in_head in rows:
        if not in_head and any(cell.tag == "td" for cell in row):
            break
        header_rows += 1
    if header_rows == len(rows):
        header_rows = min(header_rows, 1)
    return *_grid([row for row, _ in rows]), header_rows


def _table(setting: Setting, element: Element, *, inset: int = 0) -> str:
    width, grid, header_rows = table_grid(element)
    widest = [4] * width
    for line in grid:
        for column, (cell, span, _merge) in line.items():
            if span == 1 and cell is not None:
                widest[column] = max(widest[column], min(30, _width("".join(cell.itertext()))))
    rooms = [room - 170 for room in column_widths(widest, inset=inset)]  # without the margins of a cell
    return table(
        (_row(setting, line, rooms, header=index < header_rows) for index, line in enumerate(grid)),
        weights=widest,
        header_rows=header_rows,
        inset=inset,
    )


Place = tuple[Element | None, int, str]


def _grid(rows: list[Element]) -> tuple[int, list[dict[int, Place]]]:
    """Place cells on the grid as browsers do: column -> (cell, columns spanned, part in a vertical merge)."""
    grid: list[dict[int, Place]] = []
    hanging: dict[int, tuple[int, int]] = {}  # column -> rows still to fill, columns spanned
    width = 1
    for index, row in enumerate(rows):
        line: dict[int, Place] = {}
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


def _row(setting: Setting, line: dict[int, Place], rooms: Sequence[int], *, header: bool) -> list[Cell]:
    style = "TableHead" if header else "TableText"
    cells, column = [], 0
    while column < len(rooms):
        if column not in line:
            cells.append(Cell(content=paragraph("", style)))
            column += 1
            continue
        cell, span, merge = line[column]
        cells.append(
            Cell(
                content=paragraph("", style)
                if cell is None
                else _cell(setting, cell, style, room=sum(rooms[column : column + span])),
                span=span,
                merge=merge,
            )
        )
        column += span
    return cells


def _cell(setting: Setting, cell: Element, style: str, *, room: int) -> str:
    if cell.tag == "th":
        style = "TableHead"
    if not any(child.tag in BLOCKS for child in cell):
        return paragraph(inline(setting.document, cell), style)
    inside = replace(setting, room=room, captioned=False)
    return "".join(_in_cell(inside, cell, style)) or paragraph("", style)


def _in_cell(setting: Setting, element: Element, style: str) -> Iterator[str]:
    for child in element:
        if child.tag in PROSE:
            yield paragraph(inline(setting.document, child), style)
        elif child.tag == "img":
            yield from _picture(setting, child, style=style)
        elif child.tag in {"ul", "ol"}:
            yield from _list(setting, child, depth=0, style=style)
        elif child.tag == "blockquote":
            yield from _in_cell(setting, child, style)


def _width(value: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in value)
