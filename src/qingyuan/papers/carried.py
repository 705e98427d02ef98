"""What Word carries of a chapter's text: two texts that look the same in Word have the same carried form.

Pure writing habits of editors are levelled: where paragraphs are wrapped in cells and items, how marks nest, headings
inside lists and cells, quotes inside quotes. Whether a file says something new is asked of the carried forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from xml.etree.ElementTree import Element  # the type only

from qingyuan.papers import richtext
from qingyuan.papers.word_html import (
    FOOTNOTE,
    QUOTE,
    Place,
    Span,
    is_solid,
    quote_of,
    spans,
    table_caption,
    table_grid,
)

_SPACES = re.compile("[ \\t\u00a0]+")
_MARKS = ("strong", "em", "u", "s", "sub", "sup")


def carried(html: str) -> str:
    """The carried form of `html`. Idempotent. A quoted figure counts by what it quotes, not by the number that it shows."""
    root = richtext.tree(richtext.clean(html))
    for quote in root.iter("data"):
        quote.text = None
        for child in list(quote):
            quote.remove(child)
    return "".join(_top(list(root)))


def inline_html(pieces: Iterable[Span]) -> str:
    """Spans as HTML: one order of marks, neighbours of the same kind joined."""
    made = []
    for (marks, url), group in groupby(pieces, key=lambda piece: (_looks(piece[1]), piece[2])):
        if FOOTNOTE in marks:
            made += [(f'<span data-footnote="{escape(value)}"></span>', "") for value, _marks, _url in group]
            continue
        texts = []
        for place, same in groupby(group, key=lambda piece: quote_of(piece[1])):
            values = [value for value, _marks, _url in same]
            if place:
                texts += [
                    f'<data data-quote="{place}">{escape(value, quote=False)}</data>' for value in values
                ]
            else:
                # Word shows a run of spaces, fixed or not, as its files happen to keep it: to readers it is one space.
                text = _SPACES.sub(" ", "".join(values))
                texts.append(escape(text, quote=False).replace("\n", "<br>"))
        text = "".join(texts)
        for mark in reversed(_MARKS):
            if mark in marks:
                text = f"<{mark}>{text}</{mark}>"
        made.append((text, url))
    parts = []
    for url, linked in groupby(made, key=lambda part: part[1]):
        text = "".join(part for part, _url in linked)
        parts.append(f'<a href="{escape(url)}">{text}</a>' if url else text)
    return "".join(parts)


def _looks(marks: frozenset[str]) -> frozenset[str]:
    """Marks that readers see: a quoted figure stands in a line like any text."""
    return frozenset(mark for mark in marks if not mark.startswith(QUOTE))


def is_blank(pieces: Iterable[Span]) -> bool:
    return not any(is_solid(marks) or value.strip() for value, marks, _url in pieces)


def table_html(
    grid: Sequence[dict[int, tuple[str | None, int, str]]], *, width: int, heads: Sequence[set[int] | None]
) -> str:
    """A table of finished cells: per row, column -> (content or None where a merge goes on, columns, part in the merge).

    `heads` holds per row the columns that are heads, or None where the whole row stands in the table's head.
    """
    rows = []
    for index, line in enumerate(grid):
        cells, column = [], 0
        while column < width:
            content, span, merge = line.get(column, ("", 1, ""))
            if merge != "continue":
                tall = 1
                while (
                    merge
                    and index + tall < len(grid)
                    and grid[index + tall].get(column, ("", 1, ""))[2] == "continue"
                ):
                    tall += 1
                head = heads[index]
                tag = "th" if head is None or column in head else "td"
                wide = f' colspan="{span}"' if span > 1 else ""
                high = f' rowspan="{tall}"' if tall > 1 else ""
                cells.append(f"<{tag}{wide}{high}>{content or ''}</{tag}>")
            column += span
        rows.append((heads[index] is None, f"<tr>{''.join(cells)}</tr>" if cells else ""))
    parts = [
        f"<{'thead' if head else 'tbody'}>{''.join(row for _head, row in group)}</{'thead' if head else 'tbody'}>"
        for head, group in groupby(rows, key=lambda row: row[0])
    ]
    return f"<table>{''.join(parts)}</table>"


def _top(children: list[Element]) -> Iterator[str]:
    pieces: list[tuple[bool, str]] = []
    for index, child in enumerate(children):
        following = children[index + 1] if index + 1 < len(children) else None
        if (
            following is not None
            and following.tag == "table"
            and (match := table_caption(child))
            and not match["number"]
        ):
            title = match["title"].strip()
            pieces.append(
                (False, f"<p>{escape(f'表：{title}' if title else '', quote=False)}</p>" if title else "")
            )
        else:
            pieces += _block(child)
    for quoted, group in groupby((piece for piece in pieces if piece[1]), key=lambda piece: piece[0]):
        text = "".join(part for _quoted, part in group)
        yield f"<blockquote>{text}</blockquote>" if quoted else text


def _block(element: Element) -> Iterator[tuple[bool, str]]:
    """Pieces of a block, and whether each stands in a quote."""
    if element.tag == "blockquote":
        for child in element:
            if child.tag in richtext.PROSE:
                yield True, _paragraph(child, "p")
            else:
                yield from _block(child)
    elif element.tag in richtext.PROSE:
        yield False, _paragraph(element, element.tag)
    else:
        yield False, _other(element)


def _other(element: Element) -> str:
    if element.tag == "img":
        return f'<img data-upload="{element.get("data-upload", "")}" alt="{escape(element.get("alt", ""))}">'
    if element.tag == "table":
        return _table(element)
    items = "".join(f"<li>{_inside(item)}</li>" for item in element)
    return f"<{element.tag}>{items}</{element.tag}>"


def _paragraph(element: Element, tag: str) -> str:
    pieces = spans(element)
    return "" if is_blank(pieces) else f"<{tag}>{inline_html(pieces)}</{tag}>"


def _inside(element: Element) -> str:
    """The content of an item or a cell: paragraphs, lists, pictures and tables."""
    if not any(child.tag in richtext.BLOCKS for child in element):
        return _paragraph(element, "p")
    made = []
    for child in element:
        if child.tag == "blockquote":
            made.append(_inside(child))
        elif child.tag in richtext.PROSE:
            made.append(_paragraph(child, "p"))
        else:
            made.append(_other(child))
    return "".join(made)


def _table(element: Element) -> str:
    width, grid, header_rows = table_grid(element)
    # A full row of heads alone right below the head is one of the head's to readers: Word knows no difference.
    # Where cells are missing, Word has empty ones that are no heads.
    while (
        0 < header_rows < len(grid) - 1
        and (cells := [cell for cell, _span, _merge in grid[header_rows].values() if cell is not None])
        and all(cell.tag == "th" for cell in cells)
        and sum(span for _cell, span, _merge in grid[header_rows].values()) == width
    ):
        header_rows += 1
    lines = [{column: _cell(place) for column, place in line.items()} for line in grid]
    heads = [
        None
        if index < header_rows
        else {
            column for column, (cell, _span, _merge) in line.items() if cell is not None and cell.tag == "th"
        }
        for index, line in enumerate(grid)
    ]
    return table_html(lines, width=width, heads=heads)


def _cell(place: Place) -> tuple[str | None, int, str]:
    cell, span, merge = place
    return None if cell is None else _inside(cell), span, merge
