"""A notice's own words as paragraphs, each with the clauses that it states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel

from qingyuan.catalogue.clauses import clauses
from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.notices.parts import Item
from qingyuan.catalogue.notices.text import squeeze

_HEADINGS = {
    3: re.compile(r"^[一二三四五六七八九十]+、.{1,24}$"),
    4: re.compile(r"^[（(][一二三四五六七八九十]+[）)].{1,24}$"),
}
_ENDS = "。：；！？”》)）:;"
LONG = 40
"""A paragraph of at least this many characters that ends without punctuation was cut by the end of a page."""


@dataclass
class Paragraph:
    """`clauses` in the order in which their words begin here; `level` of a heading (3 or 4), 0 for running text."""

    text: str
    level: int = 0
    clauses: list[str] = field(default_factory=list)


def paragraphs(text: str, notice: Notice) -> list[Paragraph]:
    """The text with the page breaks of the transcription closed, each paragraph with the clauses it states."""
    found = [Paragraph(part, _level(part)) for part in _parts(text)]
    starts, squeezed = [], ""
    for paragraph in found:
        starts.append(len(squeezed))
        squeezed += squeeze(paragraph.text)
    for clause_id, wording in wordings(notice):
        at = squeezed.find(squeeze(wording))
        if at < 0:
            continue
        owner = max(index for index, start in enumerate(starts) if start <= at)
        if clause_id not in found[owner].clauses:
            found[owner].clauses.append(clause_id)
    return found


def _level(text: str) -> int:
    return next((level for level, pattern in _HEADINGS.items() if pattern.match(text)), 0)


def _parts(text: str) -> Iterator[str]:
    held = ""
    for raw in text.splitlines():
        line = raw.strip().removeprefix("- ")
        if not line:
            continue
        if held and len(held) >= LONG and held[-1] not in _ENDS:
            held += line
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


def wordings(notice: Notice) -> Iterator[tuple[str, str]]:
    """Clause ids with exact words: those of the catalogue, then those of the notice's own items."""
    for clause in clauses():
        for wording in clause.wording:
            yield clause.id, wording
    yield from _of_items(notice)


def _of_items(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Item) and value.wording:
        yield value.clause, value.wording
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _of_items(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _of_items(item)
