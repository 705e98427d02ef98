"""What changed between two texts: word by word, as escaped HTML with <ins> and <del>.

Blocks (paragraphs, headings, list items, table rows) are matched first, words only inside blocks that changed, so
that a long chapter costs about its length. A block that was rewritten beyond recognition is shown as taken out and
put in as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from xml.etree.ElementTree import Element  # the type only

from qingyuan.papers import richtext

MOST_WORDS = 4000
"""Longer blocks are not compared word by word: matching costs the product of both lengths."""
ALIKE = 0.35
_WORD = re.compile(r"[0-9A-Za-z]+(?:[.,][0-9]+)*|\s+|.", re.DOTALL)
_BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "figure", "pre", "hr"}
_CELLS = {"td", "th"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One chapter: `html` is safe to show; the counts are words put in and taken out."""

    html: str
    put_in: int
    taken_out: int

    @property
    def is_none(self) -> bool:
        return not self.put_in and not self.taken_out


def compare_html(old: str, new: str) -> Difference:
    """The difference of two chapters in clean HTML."""
    return compare(lines(old), lines(new))


def compare(old: Sequence[str], new: Sequence[str]) -> Difference:
    """The difference of two texts given as blocks."""
    counts = [0, 0]
    shown: list[str] = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            shown += [f"<p>{escape(line)}</p>" for line in old[a1:a2]]
        else:
            shown += _replaced(old[a1:a2], new[b1:b2], counts)
    return Difference("".join(shown), counts[0], counts[1])


def lines(html: str) -> list[str]:
    """The text of clean HTML, a line for each block; cells are set apart, pictures and footnotes named."""
    collected: list[str] = [""]

    def end() -> None:
        if collected[-1]:
            collected.append("")

    def walk(node: Element) -> None:
        tag = node.tag if isinstance(node.tag, str) else ""
        is_block = tag in _BLOCKS
        if is_block:
            end()
        if tag == "img":
            collected[-1] += f"［图：{node.get('alt') or node.get('data-upload') or ''}］"
        if footnote := node.get("data-footnote"):
            collected[-1] += f"［注：{footnote}］"
        collected[-1] += node.text or ""
        for child in node:
            walk(child)
            collected[-1] += child.tail or ""
        if tag in _CELLS:
            collected[-1] += " │ "
        if is_block:
            end()

    walk(richtext.tree(html))
    return [text for line in collected if (text := " ".join(line.split()).removesuffix(" │"))]


def _replaced(old: Sequence[str], new: Sequence[str], counts: list[int]) -> Iterator[str]:
    """Blocks at the same place are compared; what is left over was put in or taken out as a whole."""
    for index in range(max(len(old), len(new))):
        before = old[index] if index < len(old) else ""
        after = new[index] if index < len(new) else ""
        yield f"<p>{_words(before, after, counts)}</p>"


def _words(before: str, after: str, counts: list[int]) -> str:
    a, b = _WORD.findall(before), _WORD.findall(after)
    if not a or not b or max(len(a), len(b)) > MOST_WORDS:
        return _whole(a, b, counts)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.quick_ratio() < ALIKE:
        return _whole(a, b, counts)
    shown = []
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            shown.append(escape("".join(a[a1:a2])))
        else:
            shown.append(_whole(a[a1:a2], b[b1:b2], counts))
    return "".join(shown)


def _whole(a: Sequence[str], b: Sequence[str], counts: list[int]) -> str:
    counts[0] += sum(not word.isspace() for word in b)
    counts[1] += sum(not word.isspace() for word in a)
    taken = f"<del>{escape(''.join(a))}</del>" if a else ""
    put = f"<ins>{escape(''.join(b))}</ins>" if b else ""
    return taken + put
