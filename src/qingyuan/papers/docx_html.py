"""Blocks of a Word file as rich text: list items gathered into lists, quotes and lists typed by hand recognised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from qingyuan.papers.carried import inline_html, is_blank
from qingyuan.papers.word_html import FOOTNOTE, Span, inset_of

_BULLET = re.compile(r"[\s\u3000]*[•●○■□◆◇▪▫·‧∙➢✓\uf000-\uf0ff][\s\u3000]*")
_ORDINAL = re.compile(r"[\s\u3000]*(\d{1,2})[.)．）][\s\u3000]*(?=\D)")
_DEEPEST_HEADING = 5


@dataclass(slots=True, kw_only=True)
class Paragraph:
    """A paragraph; `level` from 1 where it is a heading, `number` is (list, depth, ul or ol)."""

    pieces: list[Span] = field(default_factory=list)
    style: str = ""
    level: int = 0
    number: tuple[str, int, str] | None = None
    inset: int = 0
    is_help: bool = False
    is_quote: bool = False
    is_caption: bool = False

    @property
    def text(self) -> str:
        return "".join(text for text, marks, _url in self.pieces if FOOTNOTE not in marks).strip()

    def with_pieces(self, pieces: list[Span], *, numbered: bool) -> Paragraph:
        return replace(self, pieces=pieces, number=self.number if numbered else None)


@dataclass(slots=True, kw_only=True)
class Figure:
    """A picture that stands by itself."""

    upload: str
    alt: str
    titled: bool = False
    """A title was found in the text below it."""
    inset: int = 0
    number: tuple[str, int, str] | None = None


@dataclass(slots=True, kw_only=True)
class Table:
    """A finished table."""

    html: str
    inset: int = 0


Block = Paragraph | Figure | Table


@dataclass(slots=True)
class _OpenList:
    number: str
    depth: int
    tag: str
    items: list[list[str]] = field(default_factory=list)

    def html(self) -> str:
        items = "".join(["<li>" + "".join(item) + "</li>" for item in self.items])
        return f"<{self.tag}>{items}</{self.tag}>"


def to_html(blocks: Iterable[Block], *, own: bool, shift: int = 0) -> str:
    """Rich text of blocks; headings go down by `shift` levels. `own`: indents mean what the platform means by them."""
    found = list(blocks)
    writer = _Writer(own=own, shift=shift)
    for block in found if own else _typed_lists(found):
        writer.add(block)
    return writer.finish()


@dataclass(slots=True)
class _Writer:
    own: bool
    shift: int
    _parts: list[str] = field(default_factory=list)
    _open: list[_OpenList] = field(default_factory=list)
    _quotes: list[str] = field(default_factory=list)

    def add(self, block: Block) -> None:
        html = self._html(block)
        if isinstance(block, Paragraph) and block.number and not block.level:
            self._item(*block.number, html)
        elif not html:
            return
        elif (place := self._place_in_item(block)) is not None:
            self._close(place + 1)
            self._open[-1].items[-1].append(html)
        else:
            self._close(0)
            if isinstance(block, Paragraph) and block.is_quote:
                self._quotes.append(html)
            else:
                self._unquote()
                self._parts.append(html)

    def finish(self) -> str:
        self._close(0)
        self._unquote()
        return "".join(self._parts)

    def _html(self, block: Block) -> str:
        if isinstance(block, Table):
            return block.html
        if isinstance(block, Figure):
            return f'<img data-upload="{block.upload}" alt="{escape(block.alt)}">'
        if is_blank(block.pieces):
            return ""
        tag = f"h{min(max(3, block.level + self.shift), _DEEPEST_HEADING)}" if block.level else "p"
        return f"<{tag}>{inline_html(block.pieces)}</{tag}>"

    def _item(self, number: str, depth: int, tag: str, html: str) -> None:
        self._unquote()
        while self._open and self._open[-1].depth > depth:
            self._close(len(self._open) - 1)
        top = self._open[-1] if self._open else None
        if top and top.depth == depth and (top.number, top.tag) != (number, tag):
            self._close(len(self._open) - 1)
            top = None
        if not top or top.depth < depth:
            self._open.append(_OpenList(number, depth, tag))
        self._open[-1].items.append([html] if html else [])

    def _place_in_item(self, block: Block) -> int | None:
        """The open list whose item goes on with this block."""
        if isinstance(block, Figure) and block.number and self._open:
            return len(self._open) - 1
        if not self.own or (isinstance(block, Paragraph) and block.level):
            return None
        return next(
            (place for place, found in enumerate(self._open) if block.inset == inset_of(found.depth + 1)),
            None,
        )

    def _close(self, keep: int) -> None:
        while len(self._open) > keep:
            html = self._open.pop().html()
            if self._open:
                self._open[-1].items[-1].append(html)
            else:
                self._parts.append(html)

    def _unquote(self) -> None:
        if self._quotes:
            self._parts.append(f"<blockquote>{''.join(self._quotes)}</blockquote>")
            self._quotes = []


def _typed_lists(blocks: Sequence[Block]) -> Iterator[Block]:
    """Runs of two and more paragraphs that begin with a bullet, or with 1. 2. 3., as items of a list."""
    at, lists = 0, 0
    while at < len(blocks):
        for pattern, tag in ((_BULLET, "ul"), (_ORDINAL, "ol")):
            end = at
            while end < len(blocks) and _goes_on(blocks[end], pattern, place=end - at + 1):
                end += 1
            if end - at >= 2:
                lists += 1
                for block in blocks[at:end]:
                    assert isinstance(block, Paragraph)
                    found = pattern.match("".join(text for text, _marks, _url in block.pieces))
                    pieces = _without(block.pieces, found.end() if found else 0)
                    yield replace(block, pieces=pieces, number=(f"typed-{lists}", 0, tag))
                at = end
                break
        else:
            yield blocks[at]
            at += 1


def _goes_on(block: Block, pattern: re.Pattern[str], *, place: int) -> bool:
    if not isinstance(block, Paragraph) or block.level or block.number:
        return False
    found = pattern.match(block.text)
    return found is not None and (not found.groups() or int(found[1]) == place)


def _without(pieces: list[Span], count: int) -> list[Span]:
    """The pieces without their first `count` characters."""
    kept = []
    for text, marks, url in pieces:
        cut = min(count, len(text))
        count -= cut
        if text[cut:]:
            kept.append((text[cut:], marks, url))
    return kept
