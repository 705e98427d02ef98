"""Paragraphs, tables and pictures of somebody's Word file, in order, as blocks that know their style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from qingyuan.papers.carried import is_blank, table_html
from qingyuan.papers.docx_html import Block, Figure, Paragraph, Table, to_html
from qingyuan.papers.docx_inline import AUTO, Picture, Piece, Runs, chosen
from qingyuan.papers.docx_package import NO_LEVEL, Package, is_on, number_of, value_of, w
from qingyuan.papers.plan_docx import OWN_TABLES
from qingyuan.papers.word import GENERATED
from qingyuan.papers.word_html import Span
from qingyuan.papers.word_styles import GUIDANCE

_CONTENTS = re.compile(r"(?:toc|目录|contents)\s*(?:\d|heading|标题)?.*")
_FIGURE = re.compile(r"图\s*\d+")
_TABLE_TITLE = re.compile(r"附?表\s*\d*\s*(.*)", re.DOTALL)
_CAPTIONS = {"caption", "题注", "figure caption", "illustration", "figure", "插图", "表格", "table"}
_QUOTES = {"quote", "intense quote", "引用", "明显引用", "quotations"}
_WRAPPERS = {w("ins"), w("moveTo"), w("customXml"), w("smartTag")}
LONGEST_CAPTION = 80


@dataclass(slots=True)
class Blocks:
    """Reads a body, a cell or a text box into blocks."""

    package: Package
    runs: Runs
    own: bool = False
    """The file was written by this platform: its marks mean what they mean there."""
    heading: str = ""
    _generated: set[str] = field(default_factory=set)

    def body(self) -> list[Block]:
        names = self.package.body.iter(w("bookmarkStart"))
        self.own = any(mark.get(w("name"), "").startswith(GENERATED) for mark in names)
        return self._titled(self.read(self.package.body))

    def read(self, element: etree._Element, *, in_cell: bool = False) -> Iterator[Block]:
        for child in element:
            if child.tag == w("p"):
                yield from self._paragraph(child, in_cell=in_cell)
            elif child.tag == w("tbl"):
                yield from self._table_or_text(child, in_cell=in_cell)
            elif child.tag in {w("bookmarkStart"), w("bookmarkEnd")}:
                self._mark(child)
            elif child.tag == w("sdt"):
                content = child.find(w("sdtContent"))
                gallery = next((found.get(w("val"), "") for found in child.iter(w("docPartGallery"))), "")
                if content is not None and gallery != "Table of Contents":
                    yield from self.read(content, in_cell=in_cell)
            elif child.tag in _WRAPPERS:
                yield from self.read(child, in_cell=in_cell)
            elif child.tag in {w("del"), w("moveFrom")}:
                self.runs.note("deleted")
            elif isinstance(child.tag, str) and child.tag.endswith("}AlternateContent"):
                yield from self.read(chosen(child), in_cell=in_cell)

    def _mark(self, mark: etree._Element) -> None:
        identity = mark.get(w("id"), "")
        if mark.tag == w("bookmarkEnd"):
            self._generated.discard(identity)
        elif mark.get(w("name"), "").startswith(GENERATED) and identity in self.package.paired:
            self._generated.add(identity)

    def _is_generated(self, paragraph: etree._Element) -> bool:
        """Programs move marks between blocks into the next paragraph: what counts is where its text begins."""
        found: bool | None = None
        for part in paragraph.iter(
            w("bookmarkStart"), w("bookmarkEnd"), w("t"), w("drawing"), w("footnoteReference")
        ):
            if part.tag in {w("bookmarkStart"), w("bookmarkEnd")}:
                self._mark(part)
            elif found is None:
                found = bool(self._generated)
        return bool(self._generated) if found is None else found

    def _paragraph(self, element: etree._Element, *, in_cell: bool) -> Iterator[Block]:
        properties = element.find(w("pPr"))
        style = value_of(properties, "pStyle") or self.package.default_style
        names = [found.name for found in self.package.chain(style)] or [style.lower()]
        was_contents = self.runs.in_contents
        dropped = self._is_generated(element)
        pieces = [*self.runs.read(element), *self.runs.left_open()]
        boxes, self.runs.boxes = self.runs.boxes, []
        if not (dropped or was_contents or self.runs.in_contents or _CONTENTS.fullmatch(names[0])):
            made = Paragraph(
                style=names[0],
                level=0 if in_cell else self._level(properties, style),
                number=self._number(properties, style),
                inset=_inset(properties),
                is_help=GUIDANCE in names,
                is_quote=bool(_QUOTES & set(names)),
                is_caption=bool(_CAPTIONS & set(names)),
            )
            yield from _split(made, pieces)
        for box in boxes:
            yield from self.read(box, in_cell=in_cell)

    def _level(self, properties: etree._Element | None, style: str) -> int:
        direct = value_of(properties, "outlineLvl")
        if direct is not None and direct.isdecimal():
            return 0 if int(direct) >= NO_LEVEL else int(direct) + 1
        return self.package.level_of(style)

    def _number(self, properties: etree._Element | None, style: str) -> tuple[str, int, str] | None:
        number, level = number_of(properties)
        for found in self.package.chain(style):
            number = found.number[0] if number is None else number
            level = found.number[1] if level is None else level
        depth = int(level) if level and level.isdecimal() else 0
        form = self.package.formats.get((number or "0", depth), "none")
        if number in {None, "0"} or form == "none":
            return None
        return str(number), depth, "ul" if form == "bullet" else "ol"

    def _titled(self, blocks: Iterator[Block]) -> list[Block]:
        """Titles joined to their pictures, and what the platform wrote into titles taken out again."""
        made: list[Block] = []
        skips_table = False
        for block in blocks:
            if not isinstance(block, Paragraph):
                # Some programs lose the marks around the platform's tables; their titles are known all the same.
                if not (skips_table and isinstance(block, Table)):
                    made.append(block)
                skips_table = False
                continue
            skips_table = False
            if 0 < block.level <= 2:
                self.heading = block.text
            figure = made[-1] if made else None
            is_title = block.is_caption or (not self.own and bool(_FIGURE.match(block.text)))
            if not is_title:
                made.append(block)
            elif (
                isinstance(figure, Figure)
                and not figure.titled
                and len(block.text) <= LONGEST_CAPTION
                and not block.text.startswith("表")
            ):
                figure.titled = True
                figure.alt = " ".join(
                    "".join(text for text, marks, _url in block.pieces if AUTO not in marks).split()
                )
            else:
                kept, skips_table = self._table_title(block)
                made += kept
        return made

    def _table_title(self, block: Paragraph) -> tuple[list[Block], bool]:
        """What is left of a title, and whether the table below it is the platform's own."""
        written = "".join(text for text, marks, _url in block.pieces if AUTO in marks)
        if not written:
            return [block], False
        own = "".join(text for text, marks, _url in block.pieces if AUTO not in marks).strip()
        found = _TABLE_TITLE.fullmatch(written.strip())
        title = own or (found[1].strip() if found else written)
        is_own_table = not own and title in OWN_TABLES
        if not title or is_own_table or (not own and title in self.heading):
            return [], is_own_table
        block.pieces = [(f"表：{title}", frozenset(), "")]
        return [block], False

    def _table_or_text(self, element: etree._Element, *, in_cell: bool) -> Iterator[Block]:
        if self._generated:
            for mark in element.iter(w("bookmarkStart"), w("bookmarkEnd")):
                self._mark(mark)
            return
        if in_cell:
            # A table in a table: its rows become lines, so that no word is lost.
            self.runs.note("nested_table")
            for row in element.iter(w("tr")):
                texts = [
                    " ".join(
                        block.text for block in self.read(cell, in_cell=True) if isinstance(block, Paragraph)
                    )
                    for cell in row
                    if cell.tag == w("tc")
                ]
                if any(texts):
                    yield Paragraph(pieces=[("\u3000".join(texts), frozenset(), "")])
            return
        html = self._table(element)
        if html:
            yield Table(html=html, inset=_indent_of_table(element))

    def _table(self, element: etree._Element) -> str:
        grid: list[dict[int, tuple[str | None, int, str]]] = []
        heads: list[set[int] | None] = []
        for row in _inside(element, "tr"):
            properties = row.find(w("trPr"))
            if properties is not None and properties.find(w("del")) is not None:
                self.runs.note("deleted")
                continue
            above = grid[-1] if grid else {}
            line, head_columns = self._row(row, properties, above)
            grid.append(line)
            in_head = is_on(properties, "tblHeader") and all(found is None for found in heads)
            heads.append(None if in_head else head_columns)
        width = max((column + span for line in grid for column, (_c, span, _m) in line.items()), default=0)
        return table_html(grid, width=width, heads=heads) if width else ""

    def _row(
        self,
        row: etree._Element,
        properties: etree._Element | None,
        above: dict[int, tuple[str | None, int, str]],
    ) -> tuple[dict[int, tuple[str | None, int, str]], set[int]]:
        line: dict[int, tuple[str | None, int, str]] = {}
        heads: set[int] = set()
        column = _whole(value_of(properties, "gridBefore"), 0)
        for cell in _inside(row, "tc"):
            settings = cell.find(w("tcPr"))
            span = max(1, _whole(value_of(settings, "gridSpan"), 1))
            merge = value_of(settings, "vMerge")
            before = above.get(column)
            blocks = list(self.read(cell, in_cell=True))
            if merge is not None and merge != "restart" and before and before[1] == span and before[2]:
                line[column] = (None, span, "continue")
            else:
                content = to_html(self._titled(iter(blocks)), own=self.own)
                line[column] = (content, span, "restart" if merge == "restart" else "")
            first = next((found for found in cell.iter(w("pStyle"))), None)
            if first is not None and self.package.name_of(first.get(w("val"), "")) == "table head":
                heads.add(column)
            column += span
        return line, heads


def _split(made: Paragraph, pieces: list[Piece]) -> Iterator[Block]:
    """A paragraph, cut where pictures stand: they are blocks of their own."""
    text: list[Span] = []
    is_first = True
    for piece in [*pieces, None]:
        if piece is not None and not isinstance(piece, Picture):
            text.append(piece)
            continue
        if not is_blank(text) or (piece is None and is_first and made.number):
            yield made.with_pieces(text, numbered=is_first)
            is_first = False
        text = []
        if isinstance(piece, Picture):
            if is_first and made.number:
                yield made.with_pieces([], numbered=True)
            is_first = False
            yield Figure(upload=piece.upload, alt=piece.alt, inset=made.inset, number=made.number)


def _inside(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Children of that name, also those in controls and changes."""
    for child in element:
        if child.tag == w(name):
            yield child
        elif child.tag == w("sdt"):
            content = child.find(w("sdtContent"))
            yield from () if content is None else _inside(content, name)
        elif child.tag in _WRAPPERS:
            yield from _inside(child, name)


def _inset(properties: etree._Element | None) -> int:
    indent = None if properties is None else properties.find(w("ind"))
    return 0 if indent is None else _whole(indent.get(w("left"), indent.get(w("start"))), 0)


def _indent_of_table(element: etree._Element) -> int:
    properties = element.find(w("tblPr"))
    indent = None if properties is None else properties.find(w("tblInd"))
    return 0 if indent is None else _whole(indent.get(w("w")), 0)


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 7 else otherwise
