"""A plan written in Word, cut by the headings of the outline into the chapters of the editor.

Files of Word, WPS and LibreOffice alike: headings by the name of their style, by outline level, or by their typed
number; titles match without regard to numbers, spaces and brackets. What belongs to no heading is handed back as a
piece to be placed; what cannot be taken as it stands is named in a warning. Nothing is dropped in silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import IO

from qingyuan.papers import richtext
from qingyuan.papers.docx_blocks import Blocks
from qingyuan.papers.docx_html import Block, Paragraph, to_html
from qingyuan.papers.docx_inline import NewPicture, Runs
from qingyuan.papers.docx_package import Unreadable, open_package
from qingyuan.papers.plan_outline import HELP_PREFIX

__all__ = ["Heading", "NewPicture", "Piece", "Reading", "Unreadable", "read_plan"]

ALIKE = 0.8
LONGEST_HEADING = 60
_NUMBER = re.compile(
    r"\s*(?:第[一二三四五六七八九十\d]{1,3}[章节篇部分]{1,2}[、.．:：]?|[（(]\s*[一二三四五六七八九十\d]{1,3}\s*[）)][、.．]?"
    r"|[一二三四五六七八九十]{1,3}\s*[、.．,，]|\d{1,2}(?:\s*[.．]\s*\d{1,2})*\s*[、.．)）]?|[①-⑳])\s*"
)
_TOP = re.compile(r"\s*(?:第[一二三四五六七八九十\d]{1,3}[章篇]|[一二三四五六七八九十]{1,3}\s*[、.．])")
_SECOND = re.compile(r"\s*[（(]\s*[一二三四五六七八九十]{1,3}\s*[）)]")
_PAGE_AT_END = re.compile(r"(?:\t|\.{3,}|…{2,}|·{3,})\s*\d+\s*$")
_SENTENCE = re.compile(r"[。；;！？!?：:，,]\s*$")
_FRONT = {"title", "subtitle", "标题", "副标题", "cover", "封面"}
_WARNINGS = {
    "inserted": "文件带有修订：新增的文字（%d 处）已按“接受修订”带入",
    "deleted": "文件带有修订：删除的内容（%d 处）没有带入",
    "comment": "文件带有批注（%d 处），批注没有带入",
    "text_box": "文本框（%d 个）里的文字已移到所在段落之后，请核对位置",
    "nested_table": "表格里又套了表格（%d 个），内层表格已改为逐行的文字",
    "formula": "公式（%d 处）只带入了文字，请核对；复杂公式请改用图片",
    "picture": "有 %d 幅图片不是 PNG 或 JPG（如 EMF、WMF、GIF），没有带入，原处已注明；请另存为 PNG 后插入",
    "graphic": "图表、SmartArt 图形（%d 个）没有带入，原处已注明；请复制为图片后插入",
    "footnote_picture": "脚注里的图片（%d 处）没有带入",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of the outline; text goes only under those that are `written`. `guidance` is its help text."""

    id: str
    number: str
    title: str
    level: int = 1
    written: bool = True
    guidance: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Text under a heading that the outline does not know."""

    heading: str
    html: str

    @property
    def lines(self) -> list[str]:
        return richtext.to_text(self.html).split("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file says: clean HTML per heading id, new pictures by the id that stands for them, and the rest."""

    chapters: dict[str, str]
    pictures: dict[str, NewPicture]
    unknown: tuple[Piece, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Part:
    """The blocks under one heading of the file."""

    heading: Heading | None
    shown: str
    blocks: list[Block] = field(default_factory=list)


def read_plan(
    file: IO[bytes], outline: Sequence[Heading], *, known: Mapping[str, str] | None = None
) -> Reading:
    """Read a .docx that has passed the gate; raises Unreadable.

    `known` maps the SHA-256 of pictures that the application has to their upload, so that they are not added again.
    """
    package = open_package(file)
    runs = Runs(package, known or {})
    reader = Blocks(package, runs)
    blocks = reader.body()
    cutter = _Cutter(outline, by_number=not any(_is_found(block, outline) for block in blocks))
    parts = cutter.cut(blocks)
    chapters: dict[str, str] = {}
    unknown: list[Piece] = []
    for part in parts:
        text = _html(part, own=reader.own)
        if part.heading is not None and part.heading.written:
            chapters[part.heading.id] = chapters.get(part.heading.id, "") + text
        elif not richtext.is_empty(text):
            unknown.append(Piece(part.shown, text))
    warnings = [sentence % runs.counts[what] for what, sentence in _WARNINGS.items() if what in runs.counts]
    named = {
        upload
        for text in [*chapters.values(), *(piece.html for piece in unknown)]
        for upload in richtext.uploads_in(text)
    }
    return Reading(
        chapters=chapters,
        pictures={upload: picture for upload, picture in runs.pictures.items() if upload in named},
        unknown=tuple(unknown),
        warnings=(*warnings, *cutter.warnings),
    )


def plain_title(text: str) -> str:
    """A title without its number, spaces, brackets and width of characters."""
    text = unicodedata.normalize("NFKC", _NUMBER.sub("", unicodedata.normalize("NFKC", text), count=1))
    return "".join(character for character in text if character.isalnum()).casefold()


def _is_found(block: Block, outline: Sequence[Heading]) -> bool:
    return (
        isinstance(block, Paragraph)
        and block.level > 0
        and any(plain_title(block.text) == plain_title(heading.title) for heading in outline)
    )


@dataclass(slots=True)
class _Cutter:
    outline: Sequence[Heading]
    by_number: bool
    """No heading by style was found: typed numbers count."""
    warnings: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def cut(self, blocks: Sequence[Block]) -> list[_Part]:
        parts = [_Part(None, "第一个标题之前的内容")]
        deepest = max((heading.level for heading in self.outline), default=0)
        exact = {
            self._exact(block.text)
            for block in blocks
            if isinstance(block, Paragraph) and 0 < block.level <= deepest
        }
        for block in blocks:
            if isinstance(block, Paragraph):
                if self._is_help(block):
                    continue
                if len(parts) == 1 and block.style in _FRONT:
                    continue
                started = self._start(block, parts[-1], exact)
                if started is not None:
                    parts.append(started)
                    continue
            parts[-1].blocks.append(block)
        return parts

    def _start(self, block: Paragraph, current: _Part, exact: set[str]) -> _Part | None:
        """The part that this paragraph begins, if it is a heading of one."""
        text = block.text
        if not text or len(text) > LONGEST_HEADING or _PAGE_AT_END.search(text):
            return None
        level = self._level(block)
        if not level:
            return None
        heading = self._heading(text, exact, level=level, below=current.heading)
        if heading is None:
            return None if level > self._deepest(current) else _Part(None, text)
        if heading.id in self._seen and heading.written:
            self.warnings.append(f"标题“{heading.title}”出现了不止一次，各处内容已依次合在一起")
        self._seen.add(heading.id)
        return _Part(heading, text)

    def _level(self, block: Paragraph) -> int:
        if block.level:
            return block.level
        if _SENTENCE.search(block.text) or block.is_caption:
            return 0
        identity = self._exact(block.text)
        if (
            identity
            and identity not in self._seen
            and (block.number or _NUMBER.match(block.text))
            and self.by_number
        ):
            return next(heading.level for heading in self.outline if heading.id == identity)
        if not self.by_number:
            return 0
        return 1 if _TOP.match(block.text) else 2 if _SECOND.match(block.text) else 0

    @staticmethod
    def _deepest(current: _Part) -> int:
        """Headings down to this level leave the present part; deeper ones belong to it."""
        return current.heading.level if current.heading is not None and current.heading.written else 2

    def _exact(self, text: str) -> str:
        wanted = plain_title(text)
        return next(
            (heading.id for heading in self.outline if wanted and plain_title(heading.title) == wanted), ""
        )

    def _heading(self, text: str, exact: set[str], *, level: int, below: Heading | None) -> Heading | None:
        wanted = plain_title(text)
        if identity := self._exact(text):
            if identity in exact and level > max(heading.level for heading in self.outline):
                return None  # a small heading of the same words, inside a chapter
            return next(heading for heading in self.outline if heading.id == identity)
        if below is not None and below.written and level > below.level:
            return None
        scored = [
            (SequenceMatcher(None, wanted, plain_title(heading.title)).ratio(), heading)
            for heading in self.outline
            if heading.id not in exact and heading.id not in self._seen
        ]
        ratio, heading = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if heading is None or ratio < ALIKE:
            return None
        self.warnings.append(f"标题“{text}”按大纲的“{heading.title}”带入，请核对")
        return heading

    def _is_help(self, block: Paragraph) -> bool:
        if not block.is_help:
            return False
        written = block.text.removeprefix(HELP_PREFIX)
        known = {line.strip() for heading in self.outline for line in heading.guidance}
        # Somebody may have written into the help text: then it is their text.
        return not written or written in known


def _html(part: _Part, *, own: bool) -> str:
    levels = [block.level for block in part.blocks if isinstance(block, Paragraph) and block.level]
    shift = max(0, 3 - min(levels)) if levels else 0
    return richtext.clean(to_html(part.blocks, own=own, shift=shift))
