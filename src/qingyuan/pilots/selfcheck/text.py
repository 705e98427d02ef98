"""A chapter's HTML as lines, sentences, clauses and tables. Cached by content: pages of one plan read it many times."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import lru_cache

from qingyuan.papers import richtext

_SENTENCES = re.compile(r"(?<=[。！？；;!?])")
# A comma inside 1,200 does not end a clause.
_CLAUSES = re.compile(r"[，；。！？;!?、]|,(?![0-9])|(?<![0-9]),")
_WIDE = "\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffef\u2014\u2026\u201c\u201d"
_WORDS = re.compile(f"[{_WIDE}]|[^\\s{_WIDE}]+")
_OWN_LINE = {"br", "li", "p", "h3", "h4", "h5", "tr", "td", "th", "blockquote"}
_TAGS = re.compile(r"<[^<>]*>")
# One character for one, so that positions stay: full-width digits, point and per cent.
_PLAIN = str.maketrans("０１２３４５６７８９．％", "0123456789.%")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, list item, heading or table cell; `paragraph` counts the blocks of the chapter from 1."""

    text: str
    paragraph: int
    is_cell: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece between commas, with its sentence. A table row is one clause."""

    text: str
    sentence: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of a table; `is_plain`: no cell spans rows or columns."""

    rows: tuple[tuple[str, ...], ...]
    paragraph: int
    is_plain: bool


@dataclass(frozen=True, slots=True)
class ChapterText:
    lines: tuple[Line, ...]
    sentences: tuple[tuple[str, int], ...]
    clauses: tuple[Clause, ...]
    tables: tuple[Table, ...]
    words: int
    whole: str
    has_pictures: bool


@lru_cache(maxsize=512)
def read(html: str) -> ChapterText:
    """The text of clean HTML (papers.richtext). Never raises: what is no clean HTML is read as plain text."""
    lines: list[Line] = []
    rows: list[tuple[str, int]] = []
    tables: list[Table] = []
    for number, block in enumerate(_blocks(html), start=1):
        if block.tag == "table":
            table = _table(block, number)
            tables.append(table)
            lines += [Line(cell, number, is_cell=True) for row in table.rows for cell in row if cell]
            rows += [("\t".join(row), number) for row in table.rows]
        else:
            found = [Line(text, number) for text in _texts(block)]
            lines += found
            rows += [(line.text, number) for line in found]
    sentences = [
        (sentence.strip(), number)
        for text, number in rows
        for sentence in ([text] if "\t" in text else _SENTENCES.split(text))
        if sentence.strip()
    ]
    clauses = [
        Clause(piece, sentence, number)
        for sentence, number in sentences
        for piece in ([sentence] if "\t" in sentence else _CLAUSES.split(sentence))
        if piece.strip()
    ]
    whole = "\n".join(line.text for line in lines)
    return ChapterText(
        lines=tuple(lines),
        sentences=tuple(sentences),
        clauses=tuple(clauses),
        tables=tuple(tables),
        words=len(_WORDS.findall(whole)),
        whole=whole,
        has_pictures="<img " in html,
    )


def _blocks(html: str) -> list[ET.Element]:
    try:
        return list(richtext.tree(html))
    except ET.ParseError:
        paragraph = ET.Element("p")
        paragraph.text = _TAGS.sub(" ", html)
        return [paragraph]


def _table(block: ET.Element, number: int) -> Table:
    rows = [tuple(_joined(cell) for cell in row if cell.tag in {"td", "th"}) for row in block.iter("tr")]
    spans = any(
        cell.get("colspan") or cell.get("rowspan") for cell in block.iter() if cell.tag in {"td", "th"}
    )
    return Table(tuple(row for row in rows if row), number, is_plain=not spans)


def _texts(block: ET.Element) -> list[str]:
    """Lines of a block: list items one by one, breaks as line ends."""
    pieces: list[str] = []

    def walk(element: ET.Element) -> None:
        ends = element.tag in _OWN_LINE
        pieces.append("\n" if ends else "")
        pieces.append(element.text or "")
        for child in element:
            walk(child)
            pieces.append(child.tail or "")
        pieces.append("\n" if ends else "")

    walk(block)
    return _lines("".join(pieces))


def _joined(cell: ET.Element) -> str:
    return " ".join(" ".join(cell.itertext()).translate(_PLAIN).split())


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.translate(_PLAIN).split("\n") if line.strip()]
