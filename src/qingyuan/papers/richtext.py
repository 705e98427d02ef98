"""Rich text of the plan's chapters: what the editor gives, cleaned to a small HTML that Word can carry.

The cleaned form is a sequence of blocks (p, h3-h5, ul, ol, table, blockquote) without styles, classes,
images or scripts. Text without tags, as a plain textarea gives it, becomes paragraphs.
"""

from __future__ import annotations

import html as html_text
import re
from xml.etree import ElementTree as ET  # reads only what nh3 has written, see `tree`

import nh3

INLINE = frozenset({"strong", "em", "u", "s", "sub", "sup", "br", "a"})
BLOCKS = frozenset({"p", "h3", "h4", "h5", "ul", "ol", "table", "blockquote"})
ALLOWED = INLINE | BLOCKS | {"li", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
SCHEMES = {"http", "https", "mailto"}
DEEPEST = 60
WIDEST_SPAN = 60

# Pasted pages use other names for the same things.
_RENAMED = {
    "h1": "h3",
    "h2": "h3",
    "h6": "h5",
    "b": "strong",
    "i": "em",
    "ins": "u",
    "del": "s",
    "strike": "s",
    **dict.fromkeys(("section", "article", "center", "pre", "address", "dl", "dt", "dd", "caption"), "div"),
}
_DROPPED_WHOLE = {"script", "style", "title", "template", "noscript", "svg", "math", "iframe", "object"}
_TAG = re.compile(
    r"</?(?:p|h[1-6]|[bius]|em|strong|su[bp]|br|hr|a|ul|ol|li|d[ldt]|table|caption|col|colgroup|t[drh]|thead|tbody|tfoot"
    r"|blockquote|pre|code|div|span|font|center|section|article|address|del|ins|strike|html|head|body|title|meta|link"
    r"|img|svg|math|script|style|iframe|object|embed|form|input|button|template|noscript|video|audio)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)
# What XML, and so Word, cannot hold: control characters, surrogates, non-characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\\s\u200b-\u200d\u2060\ufeff]+")
# Word counts every East Asian character, punctuation too, as one word; and every run of the rest.
_WIDE = "\u2014\u2026\u201c\u201d\u2e80-\u2fff\u3001-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffee\U00020000-\U0003ffff"
_WORDS = re.compile(f"[{_WIDE}]|[^\\s{_WIDE}\u200b-\u200d\u2060\ufeff]+")


def clean(html: str) -> str:
    """Return the allowed part of `html` as a sequence of blocks; plain text becomes paragraphs.

    Idempotent. Whatever comes in, the result holds only the tags of `ALLOWED` and the attributes of `ATTRIBUTES`.
    """
    html = _UNWRITABLE.sub("", html.replace("\r\n", "\n").replace("\r", "\n"))
    if not _TAG.search(html):
        return _paragraphs(html_text.unescape(html) if _ENTITY_ONLY.search(html) else html)
    wide = nh3.clean(
        html,
        tags=set(ALLOWED) | set(_RENAMED) | {"div"},
        clean_content_tags=_DROPPED_WHOLE,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    root = _parse(wide)
    if _depth(root) > DEEPEST:
        return _paragraphs(_text(root))
    for element in root.iter():
        element.tag = _RENAMED.get(element.tag, element.tag)
    _settle(root)
    # nh3 has the last word, so that no slip above can let anything through.
    return nh3.clean(
        "".join(ET.tostring(child, encoding="unicode", method="html") for child in root),
        tags=set(ALLOWED),
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=SCHEMES,
        link_rel=None,
    )


_ENTITY_ONLY = re.compile(r"&(?:nbsp|amp|lt|gt|quot|#\d+|#x[0-9a-f]+);", re.IGNORECASE)


def tree(cleaned: str) -> ET.Element:
    """Parse the result of `clean` into an element `div` whose children are blocks."""
    return _parse(cleaned)


def to_text(html: str) -> str:
    """The text of `html`, a line a block, cells of a table row separated by tabs."""
    return _text(_parse(clean(html)))


def word_count(html: str) -> int:
    """Number of words as Word shows it (字数): Chinese characters and punctuation one each, other runs one each."""
    return len(_WORDS.findall(to_text(html)))


def is_empty(html: str) -> bool:
    """Whether a reader would see nothing at all."""
    return not _INVISIBLE.sub("", to_text(html))


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a":
        value = _UNWRITABLE.sub("", value).strip()
        return value.replace("<", "%3C").replace(">", "%3E") if _LINK.match(value) else None
    if not (value.isascii() and value.isdigit()):
        return None
    span = min(int(value[:6]), WIDEST_SPAN)
    return str(span) if span > 1 else None


def _parse(written_by_nh3: str) -> ET.Element:
    # What nh3 writes is balanced and escaped; but for br and nbsp it is XML, so an HTML parser that might
    # see another structure than nh3 saw is not needed.
    text = _UNWRITABLE.sub("", written_by_nh3).replace("<br>", "<br/>").replace("&nbsp;", "\u00a0")
    return ET.fromstring(f"<div>{text}</div>")  # noqa: S314 - no DTD or entity can be in what nh3 wrote


def _depth(root: ET.Element) -> int:
    level, depth = [root], 0
    while level:
        level = [child for element in level for child in element]
        depth += 1
    return depth


def _paragraphs(text: str) -> str:
    lines = (line.strip(" \t\n\u3000\u00a0") for line in text.split("\n"))
    return "".join(f"<p>{html_text.escape(line, quote=False)}</p>" for line in lines if line)


def _settle(element: ET.Element) -> None:
    """Make the children of a container blocks: unwrap div, drop links without target, wrap loose text in p."""
    pieces = _flat(element)
    for child in list(element):
        element.remove(child)
    element.text = None
    loose: ET.Element | None = None
    for piece in pieces:
        if isinstance(piece, ET.Element) and piece.tag in BLOCKS:
            loose = None
            element.append(piece)
            if piece.tag == "blockquote":
                _settle(piece)
        elif piece is None:
            loose = None
        elif loose is not None or not (isinstance(piece, str) and not piece.strip()):
            if loose is None:
                loose = ET.SubElement(element, "p")
            if isinstance(piece, str):
                _add_text(loose, piece)
            else:
                loose.append(piece)
    for child in list(element):
        if child.tag == "p" and not len(child) and not (child.text or "").strip():
            element.remove(child)


def _flat(element: ET.Element) -> list[ET.Element | str | None]:
    """Children and texts in order, divs replaced by their own between two breaks (None); tails cut off."""
    pieces: list[ET.Element | str | None] = [element.text] if element.text else []
    for child in element:
        tail, child.tail = child.tail, None
        if child.tag == "div":
            pieces += [None, *_flat(child), None]
        elif child.tag not in INLINE and child.tag not in BLOCKS:  # li, td ... outside of their list or table
            pieces += [None, *_flat(child), None]
        else:
            pieces.append(child)
        if tail:
            pieces.append(tail)
    return pieces


def _add_text(element: ET.Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _text(root: ET.Element) -> str:
    lines: list[str] = [""]

    def walk(element: ET.Element) -> None:
        tag = element.tag
        if tag == "br":
            lines.append("")
        if tag in {"td", "th"}:
            lines[-1] += " ".join("".join(element.itertext()).split()) + "\t"
            return
        if tag in BLOCKS or tag in {"li", "tr"}:
            lines.append("")
        lines[-1] += element.text or ""
        for child in element:
            walk(child)
            lines[-1] += child.tail or ""
        if tag in BLOCKS or tag in {"li", "tr"}:
            lines.append("")

    if _depth(root) > DEEPEST * 2:
        return "\n".join(part.strip() for part in root.itertext() if part.strip())
    walk(root)
    return "\n".join(kept for line in lines if (kept := line.strip()))
