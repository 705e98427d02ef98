"""Quoted figures in chapter texts, and the short codes people type for them.

`<data data-quote="target:KEY:FIELD"></data>` is a figure of the targets table and follows it. `finding:CODE:NUMBER` is a
figure of the computation of that number and stays what it was. Functions here name the first by (KEY, FIELD), the second
by (`finding:CODE`, NUMBER).

Reports on a pilot under way quote its facts in the same way: `fact:NAME:value`, with the code `{{数据:NAME}}`; and charts
of computations: `chart:CODE:NUMBER`, with the code `{{图:CODE.NUMBER}}`. The chapters of a plan hold a chart as a picture whose
title ends with the mark 〔CODE.NUMBER〕.

The editor shows and takes the code `{{目标:KEY.字段}}`, so that a figure can be put in, moved and deleted as text. What
is kept is the element, empty; what is shown, printed and sealed is the element with the figure of that moment in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET  # reads only what richtext.clean has written

from qingyuan.papers import richtext

FIELDS: Final = {
    "value": "目标值",
    "baseline": "基准值",
    "change": "变化量",
    "percent": "变化率",
    "size": "变化幅度",
    "rate": "变化幅度百分比",
}
"""What of a target can be quoted: `change` and `percent` carry their sign, `size` and `rate` do not."""
_BY_TITLE = {title: field for field, title in FIELDS.items()}
FINDING: Final = "finding:"
"""Beginning of the key of a figure of a computation; its field is the computation's number."""
_CODE = re.compile(
    r"\{\{\s*目标\s*[:：]\s*([A-Za-z0-9_-]{1,40})\s*[.．。]\s*(\w{1,12})\s*\}\}"
    r"|\{\{\s*数据\s*[:：]\s*(?P<fact>[A-Za-z0-9_.-]{1,80})\s*\}\}"
    r"|\{\{\s*(?P<kind>发现|图)\s*[:：]\s*(?P<pinned>[a-z2-7]{8})\s*[.．。]\s*(?P<number>[0-9]{1,6})\s*\}\}"
)
_TYPED = re.compile(r"\{\{\s*(发现|图)\s*[:：]\s*([a-z2-7]{8})\s*[.．。]\s*([0-9]{1,6})\s*\}\}")
"""The code of a figure or a chart of a computation in plain text."""
CHART: Final = "chart:"
"""Beginning of the key of a chart of a computation; its field is the computation's number."""
_KINDS: Final = {"发现": FINDING, "图": CHART}
_CHART_MARK = re.compile(r"〔([a-z2-7]{8})\.([0-9]{1,6})〕$")
FACT: Final = "fact:"
"""Beginning of the key of a fact of a pilot under way; its field is always `value`."""
_MARK = "data-quote"


def code_of(key: str, field: str) -> str:
    """The short code of a figure."""
    if key.startswith(FACT):
        return f"{{{{数据:{key.removeprefix(FACT)}}}}}"
    for title, kind in _KINDS.items():
        if key.startswith(kind):
            return f"{{{{{title}:{key.removeprefix(kind)}.{field}}}}}"
    return f"{{{{目标:{key}.{FIELDS[field]}}}}}"


def is_known(key: str, field: str) -> bool:
    """Can such a figure be there at all?"""
    return is_pinned(key) or field in FIELDS


def is_pinned(key: str) -> bool:
    """Does the key name a figure or a chart of a computation?"""
    return key.startswith((FINDING, CHART))


@dataclass(frozen=True)
class Marked:
    """A picture of a chapter that is a chart of a computation."""

    upload: str
    title: str
    """Without the mark."""
    code: str
    number: int


def mark_of(code: str, number: int) -> str:
    """What the title of such a picture ends with."""
    return f"〔{code}.{number}〕"


def marked(stored: str) -> list[Marked]:
    """The charts among the pictures of a chapter, in order."""
    if "〕" not in stored:
        return []
    return [
        Marked(image.get("data-upload", ""), alt[: found.start()], found[1], int(found[2]))
        for image in richtext.tree(stored).iter("img")
        for alt in [image.get("alt", "")]
        if (found := _CHART_MARK.search(alt))
    ]


def to_elements(cleaned: str, *, charts: bool = False) -> str:
    """`cleaned` (of richtext.clean) with every short code made an element, and every element emptied.

    Codes of charts stay as they were typed but for `charts`: a plan holds its charts as pictures.
    """
    if "{{" not in cleaned and _MARK not in cleaned:
        return cleaned
    root = richtext.tree(cleaned)
    for element in _elements(root):
        _empty(element)
    for parent in list(root.iter()):
        if parent.tag != "data":
            _split(parent, charts=charts)
    return _written(root)


def to_codes(stored: str) -> str:
    """`stored` with every element as its short code, as the editor takes it."""
    return _replaced(stored, lambda key, field: code_of(key, field) if is_known(key, field) else "")


def fill(stored: str, figure: Callable[[str, str], str]) -> str:
    """`stored` with each figure inside its element; `figure` gives the text of a key and field."""
    if _MARK not in stored:
        return stored
    root = richtext.tree(stored)
    for element in _elements(root):
        _empty(element)
        element.text = figure(*_place(element))
    return _written(root)


def figures(filled: str) -> list[tuple[str, str, str]]:
    """Key, field and the text inside of every figure, in order: what a Word file says where the platform quoted."""
    if _MARK not in filled:
        return []
    return [(*_place(element), _inside(element)) for element in _elements(richtext.tree(filled))]


def unquoted(filled: str, chosen: Collection[int]) -> str:
    """`filled` with the text itself in place of those figures (by number, in order, from 0): they quote no longer."""
    if not chosen:
        return to_elements(filled)
    root = richtext.tree(filled)
    taken = {id(element) for number, element in enumerate(_elements(root)) if number in chosen}
    _replace(root, lambda element: _inside(element) if id(element) in taken else None)
    return to_elements(_written(root))


def quoted(stored: str) -> list[tuple[str, str]]:
    """Key and field of every figure in a text, in order."""
    if _MARK not in stored:
        return []
    return [_place(element) for element in _elements(richtext.tree(stored))]


def _elements(root: ET.Element) -> Iterator[ET.Element]:
    return (element for element in list(root.iter("data")) if element.get(_MARK))


def _place(element: ET.Element) -> tuple[str, str]:
    key, _, field = (element.get(_MARK) or "").removeprefix("target:").rpartition(":")
    return key, field


def _inside(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _empty(element: ET.Element) -> None:
    for child in list(element):
        element.remove(child)
    element.text = None


def _split(parent: ET.Element, *, charts: bool) -> None:
    """Cut the codes out of the texts directly below `parent`."""
    children: list[ET.Element] = []
    head, made = _cut(parent.text or "", charts=charts)
    parent.text = head
    children += made
    for child in list(parent):
        children.append(child)
        child.tail, made = _cut(child.tail or "", charts=charts)
        children += made
        parent.remove(child)
    parent.extend(children)


def _cut(text: str, *, charts: bool) -> tuple[str, list[ET.Element]]:
    """The text before the first code, and an element for each code with the text that follows it."""
    made: list[ET.Element] = []
    head, last = text, 0
    for found in _CODE.finditer(text):
        place = _place_of(found)
        if place is None or (place.startswith(CHART) and not charts):
            continue  # stays as typed: the writer sees at once that it is no figure
        before = text[last : found.start()]
        if made:
            made[-1].tail = before
        else:
            head = before
        made.append(ET.Element("data", {_MARK: place}))
        last = found.end()
    if made:
        made[-1].tail = text[last:]
    return head, made


def _place_of(found: re.Match[str]) -> str | None:
    """What `data-quote` holds for a code; None where it names no figure."""
    if found["fact"]:
        return f"{FACT}{found['fact']}:value"
    if found["pinned"]:
        return f"{_KINDS[found['kind']]}{found['pinned']}:{found['number']}"
    field = _BY_TITLE.get(found[2], found[2])
    return f"target:{found[1]}:{field}" if field in FIELDS else None


def moved(stored: str, to: Callable[[str, str], str]) -> str:
    """`stored` with every figure and chart of a computation taken from the number that `to` gives for its key and number."""
    if _MARK not in stored:
        return stored
    root = richtext.tree(stored)
    for element in _elements(root):
        key, number = _place(element)
        if is_pinned(key):
            element.set(_MARK, f"{key}:{to(key, number)}")
        _empty(element)
    return _written(root)


def typed(text: str) -> list[tuple[str, str]]:
    """Key and number of every figure and chart of a computation whose code stands in plain text, in order."""
    return [_typed_place(found) for found in _TYPED.finditer(text)]


def typed_filled(text: str, figure: Callable[[str, str], str]) -> str:
    """Plain text with what `figure` says in place of their codes."""
    return _TYPED.sub(lambda found: figure(*_typed_place(found)), text)


def typed_moved(text: str, to: Callable[[str, str], str]) -> str:
    """Plain text with every code taken from the number that `to` gives for its key and number."""
    return _TYPED.sub(lambda found: code_of(_typed_place(found)[0], to(*_typed_place(found))), text)


def _typed_place(found: re.Match[str]) -> tuple[str, str]:
    return _KINDS[found[1]] + found[2], found[3]


def with_pictures(filled: str, picture: Callable[[str, str], tuple[str, str] | None]) -> str:
    """`filled` with the picture of every quoted chart behind the block that quotes it, once.

    `picture` gives upload and title for a key and number. A paragraph that is nothing but charts gives way to them.
    """
    if f'{_MARK}="{CHART}' not in filled:
        return filled
    root = richtext.tree(filled)
    blocks: list[ET.Element] = []
    seen: set[tuple[str, str]] = set()
    for block in list(root):
        charts = [element for element in _elements(block) if _place(element)[0].startswith(CHART)]
        pictures = []
        for place in dict.fromkeys(_place(element) for element in charts):
            found = picture(*place) if place not in seen else None
            if found is not None:
                seen.add(place)
                pictures.append(ET.Element("img", {"data-upload": found[0], "alt": found[1]}))
        bare = "".join("".join(element.itertext()) for element in charts)
        if not (pictures and block.tag == "p" and "".join(block.itertext()).split() == bare.split()):
            blocks.append(block)
        blocks += pictures
    made = ET.Element("div")
    made.extend(blocks)
    return _written(made)


def _replaced(stored: str, said: Callable[[str, str], str]) -> str:
    """`stored` with text in place of the elements."""
    if _MARK not in stored:
        return stored
    root = richtext.tree(stored)
    _replace(root, lambda element: said(*_place(element)) if element.get(_MARK) else None)
    return _written(root)


def _replace(root: ET.Element, said: Callable[[ET.Element], str | None]) -> None:
    """Put a text in place of every `data` element for which `said` has one; asked in order of the text."""
    texts = {id(element): said(element) for element in root.iter("data")}
    for parent in list(root.iter()):
        previous: ET.Element | None = None
        for child in list(parent):
            found = texts.get(id(child))
            if found is None:
                previous = child
                continue
            text = found + (child.tail or "")
            if previous is None:
                parent.text = (parent.text or "") + text
            else:
                previous.tail = (previous.tail or "") + text
            parent.remove(child)


def _written(root: ET.Element) -> str:
    return richtext.clean("".join(ET.tostring(child, encoding="unicode", method="html") for child in root))
