"""What changed between two chapter texts, at the level of words: blocks first, then the words inside changed blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from qingyuan.papers import richtext

Op = Literal["same", "ins", "del"]
# East Asian text has no spaces: each of its characters is a word here; runs of letters and digits stay whole.
_WORD = re.compile(r"[A-Za-z0-9]+(?:[.,][0-9]+)*|\s+|.", re.DOTALL)
LONGEST_BLOCK = 4000
"""Words of a block; beyond that it is shown as replaced whole, because comparing is quadratic."""


@dataclass(frozen=True)
class Line:
    """A block of text: unchanged, added, taken away, or changed inside (`pieces` then hold more than one op)."""

    op: Literal["same", "ins", "del", "changed"]
    pieces: tuple[tuple[Op, str], ...]

    @property
    def text(self) -> str:
        return "".join(text for _op, text in self.pieces)


def compare(old: str, new: str) -> list[Line]:
    """The blocks of both cleaned HTML texts in order, each with what was added and taken away."""
    return compare_lines(_blocks(old), _blocks(new))


def compare_lines(before: list[str], after: list[str]) -> list[Line]:
    lines: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line("same", (("same", text),)) for text in before[a:b]]
            continue
        paired = min(b - a, d - c)
        lines += [_changed(before[a + n], after[c + n]) for n in range(paired)]
        lines += [Line("del", (("del", text),)) for text in before[a + paired : b]]
        lines += [Line("ins", (("ins", text),)) for text in after[c + paired : d]]
    return lines


def around(lines: list[Line], *, context: int = 1) -> Iterator[Line | None]:
    """Only what changed, with `context` unchanged lines on each side; None stands for what was left out."""
    near = {
        place
        for number, line in enumerate(lines)
        if line.op != "same"
        for place in range(number - context, number + context + 1)
    }
    skipped = False
    for number, line in enumerate(lines):
        if number in near:
            yield line
            skipped = False
        elif not skipped:
            yield None
            skipped = True


def _blocks(html: str) -> list[str]:
    return [line for line in richtext.to_text(html).split("\n") if line.strip()]


def _changed(old: str, new: str) -> Line:
    before, after = _WORD.findall(old), _WORD.findall(new)
    whole: tuple[tuple[Op, str], ...] = (("del", old), ("ins", new))
    if max(len(before), len(after)) > LONGEST_BLOCK:
        return Line("changed", whole)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.quick_ratio() < 0.3:  # nothing in common: two texts read better than confetti
        return Line("changed", whole)
    pieces: list[tuple[Op, str]] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(before[a:b])))
            continue
        if b > a:
            pieces.append(("del", "".join(before[a:b])))
        if d > c:
            pieces.append(("ins", "".join(after[c:d])))
    return Line("changed", tuple(pieces))
