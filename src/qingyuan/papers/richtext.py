"""Rich text of the plan's chapters: what the editor gives, cleaned to a small HTML that Word can carry.

The cleaned form is a sequence of blocks (p, h3-h5, ul, ol, table, blockquote, img) without styles, classes
or scripts. A picture is `<img data-upload="UUID" alt="title">`, a block of its own that names an upload and never an
address; a footnote is `<span data-footnote="text"></span>` in a line. Text without tags, as a plain textarea gives
it, becomes paragraphs.
"""

from __future__ import annotations

import html as html_text
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET  # reads only what nh3 has written, see `tree`

import nh3

INLINE = frozenset({"strong", "em", "u", "s", "sub", "sup", "br", "a", "span", "data"})
BLOCKS = frozenset({"p", "h3", "h4", "h5", "ul", "ol", "table", "blockquote", "img"})
PROSE = frozenset({"p", "h3", "h4", "h5"})
ALLOWED = INLINE | BLOCKS | {"li", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "img": {"data-upload", "alt"},
    "span": {"data-footnote"},
    "data": {"data-quote"},
}
SCHEMES = {"http", "https", "mailto"}
DEEPEST = 60
WIDEST_SPAN = 60
LONGEST_ALT = 120
LONGEST_FOOTNOTE = 2000

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
    r"|blockquote|pre|code|data|div|span|font|center|section|article|address|del|ins|strike|html|head|body|title|meta|link"
    r"|img|svg|math|script|style|iframe|object|embed|form|input|button|template|noscript|video|audio)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_UPLOAD = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The two tags whose attributes hold free text. nh3 leaves < and > in attributes as they are, which XML forbids.
_FREE_TEXT = re.compile(r'<(img|span)((?: (?:data-upload|data-footnote|alt)="[^"]*")*)>')
# A quoted figure (papers.quoting): of the targets table, of a pilot under way, or of a computation (a figure, a chart).
_QUOTE = re.compile(
    r"target:[A-Za-z0-9_-]{1,40}:[a-z]{1,12}|fact:[A-Za-z0-9_.-]{1,80}:value|(?:finding|chart):[a-z2-7]{8}:[0-9]{1,6}"
)
# Attributes in what nh3 writes hold no quotation mark, so this cannot be said in a footnote or a title.
_SHOWN = re.compile(r'<img(?: [a-z-]+="[^"]*")*? data-upload="([0-9a-f-]{36})"')
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
        return _paragraphs(html)
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
    root = _settled(root)
    # nh3 has the last word, so that no slip above can let anything through.
    return nh3.clean(
        "".join(ET.tostring(child, encoding="unicode", method="html") for child in _blocks(root)),
        tags=set(ALLOWED),
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=SCHEMES,
        link_rel=None,
    )


def tree(cleaned: str) -> ET.Element:
    """Parse the result of `clean` into an element `div` whose children are blocks."""
    return _parse(cleaned)


def to_text(html: str) -> str:
    """The text of `html`, a line a block, cells of a table row separated by tabs; pictures as 〔图：…〕, footnotes as 〔注：…〕."""
    return _text(_parse(clean(html)))


def word_count(html: str) -> int:
    """Number of words as Word shows it (字数): Chinese characters and punctuation one each, other runs one each."""
    root = _parse(clean(html))
    return len(_WORDS.findall(_text(root, shown=False)))


def is_quote(place: str) -> bool:
    """Is this kind, key and field of a figure as `data-quote` may hold it?"""
    return bool(_QUOTE.fullmatch(place))


def is_empty(html: str) -> bool:
    """Whether a reader would see nothing at all."""
    return not _INVISIBLE.sub("", to_text(html))


def uploads_in(html: str) -> list[str]:
    """Ids of the uploads that the pictures of `html` name, each once, in order."""
    if "<img" not in html.lower():
        return []
    found = (element.get("data-upload", "") for element in _parse(clean(html)).iter("img"))
    return list(dict.fromkeys(found))


def uploads_shown(cleaned: str) -> list[str]:
    """As `uploads_in`, for what `clean` has written: no parsing, so that every page of a plan can ask."""
    return list(dict.fromkeys(_SHOWN.findall(cleaned))) if "<img" in cleaned else []


def with_picture(cleaned: str, upload: str, *, other: str, alt: str) -> str:
    """`cleaned` with another upload and title in the place of every picture of `upload`."""
    root = _parse(cleaned)
    for image in root.iter("img"):
        if image.get("data-upload") == upload:
            image.set("data-upload", other)
            image.set("alt", alt)
    return clean("".join(ET.tostring(child, encoding="unicode", method="html") for child in root))


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "data-upload":
        value = value.strip().lower()
        return value if _UPLOAD.fullmatch(value) else None
    if name in {"alt", "data-footnote"}:
        value = " ".join(_UNWRITABLE.sub("", value).split())
        return value[: LONGEST_ALT if name == "alt" else LONGEST_FOOTNOTE].strip() or None
    if tag == "a":
        value = _UNWRITABLE.sub("", value).strip()
        return value.replace("<", "%3C").replace(">", "%3E") if _LINK.match(value) else None
    if tag == "data":
        return value if _QUOTE.fullmatch(value) else None
    if not (value.isascii() and value.isdigit()):
        return None
    span = min(int(value[:6]), WIDEST_SPAN)
    return str(span) if span > 1 else None


def _parse(written_by_nh3: str) -> ET.Element:
    # What nh3 writes is balanced and escaped; but for br and nbsp it is XML, so an HTML parser that might
    # see another structure than nh3 saw is not needed.
    text = _UNWRITABLE.sub("", written_by_nh3).replace("<br>", "<br/>").replace("&nbsp;", "\u00a0")
    text = _FREE_TEXT.sub(_well_formed, text)
    return ET.fromstring(f"<div>{text}</div>")  # noqa: S314 - no DTD or entity can be in what nh3 wrote


def _well_formed(tag: re.Match[str]) -> str:
    attributes = tag[2].replace("<", "&lt;").replace(">", "&gt;")
    return f"<{tag[1]}{attributes}{'/' if tag[1] == 'img' else ''}>"


def _settled(element: ET.Element) -> ET.Element:
    """`element` with today's tag names, footnotes emptied, other spans and dead links undone and pictures without an upload gone."""
    made = ET.Element(_RENAMED.get(element.tag, element.tag), element.attrib)
    if element.text:
        _add(made, element.text)
    for child in element:
        inner = _settled(child)
        if inner.tag == "span" or (inner.tag == "a" and not inner.get("href")):
            if footnote := inner.get("data-footnote"):
                _add(made, ET.Element("span", {"data-footnote": footnote}))
            if inner.text:
                _add(made, inner.text)
            for grandchild in list(inner):
                tail, grandchild.tail = grandchild.tail, None
                _add(made, grandchild)
                if tail:
                    _add(made, tail)
        elif inner.tag != "img" or inner.get("data-upload"):
            _add(made, inner)
        if child.tail:
            _add(made, child.tail)
    return made


def _depth(root: ET.Element) -> int:
    level, depth = [root], 0
    while level:
        level = [child for element in level for child in element]
        depth += 1
    return depth


def _paragraphs(text: str) -> str:
    lines = (line.strip(" \t\n\u3000\u00a0") for line in text.split("\n"))
    # The fixed space as nh3 writes it, so that a second cleaning changes nothing.
    written = (html_text.escape(line, quote=False).replace("\u00a0", "&nbsp;") for line in lines if line)
    return "".join(f"<p>{line}</p>" for line in written)


def _blocks(element: ET.Element, *, in_cell: bool = False) -> list[ET.Element]:
    """The content of `element` as blocks: loose text in p, foreign wrappers undone, empty paragraphs dropped."""
    blocks: list[ET.Element] = []
    loose: ET.Element | None = None
    for piece in _pieces(element, in_cell=in_cell):
        if piece is None:
            loose = None
        elif isinstance(piece, ET.Element) and piece.tag in BLOCKS:
            loose = None
            blocks.append(piece)
        else:
            if loose is None:
                loose = ET.Element("p")
                blocks.append(loose)
            _add(loose, piece)
    return [block for block in blocks if block.tag not in PROSE or _says_something(block)]


def _says_something(block: ET.Element) -> bool:
    """A paragraph with text, a footnote, or a quoted figure: its number comes in only when it is shown."""
    if "".join(block.itertext()).strip() or block.find(".//span") is not None:
        return True
    return any(inner.get("data-quote") for inner in block.iter("data"))


def _pieces(element: ET.Element, *, in_cell: bool) -> Iterator[ET.Element | str | None]:
    """Texts, inline elements and settled blocks in order; None where a wrapper began or ended."""
    if element.text:
        yield element.text
    for child in list(element):
        tail, child.tail = child.tail, None
        mixed = any(inner.tag not in INLINE for inner in child.iter() if inner is not child)
        if child.tag in INLINE:
            if mixed:
                yield from _pieces(child, in_cell=in_cell)
            else:
                yield child
        elif child.tag == "img" or (child.tag in PROSE and not mixed):
            yield child
        elif child.tag in {"ul", "ol"}:
            yield from _list(child, in_cell=in_cell)
        elif child.tag == "table" and not in_cell:
            yield from _table(child)
        elif child.tag == "blockquote":
            if inner_blocks := _blocks(child, in_cell=in_cell):
                yield _made("blockquote", inner_blocks)
        else:
            yield None
            yield from _pieces(child, in_cell=in_cell)
            yield None
        if tail:
            yield tail


def _list(element: ET.Element, *, in_cell: bool) -> Iterator[ET.Element]:
    items: list[ET.Element] = []
    stray = ET.Element("div")
    stray.text = element.text
    for child in [*element, None]:
        if child is None or child.tag == "li":
            if blocks := _blocks(stray, in_cell=in_cell):
                items.append(_made("li", blocks))
            stray = ET.Element("div")
        if child is None:
            break
        if child.tag == "li":
            stray.text, child.tail = child.tail, None
            items.append(_held(child, in_cell=in_cell))
        else:
            stray.append(child)
    if items:
        yield _made(element.tag, items)


def _table(element: ET.Element) -> Iterator[ET.Element]:
    parts: list[ET.Element] = []
    for child in element:
        if child.tag == "div":  # what was a caption
            child.tail = None
            yield from _blocks(child)
        rows = [child] if child.tag == "tr" else [row for row in child if row.tag == "tr"]
        kept = [
            _made("tr", [_held(cell, in_cell=True) for cell in row if cell.tag in {"td", "th"}])
            for row in rows
        ]
        if kept := [row for row in kept if len(row)]:
            parts.append(_made("thead" if child.tag == "thead" else "tbody", kept))
    if parts:
        yield _made("table", parts)


def _held(element: ET.Element, *, in_cell: bool) -> ET.Element:
    """A list item or table cell: inline content stays as it is, anything else becomes blocks."""
    element.tail = None
    if all(inner.tag in INLINE for inner in element.iter() if inner is not element):
        return element
    return _made(element.tag, _blocks(element, in_cell=in_cell), element.attrib)


def _made(tag: str, children: list[ET.Element], attributes: dict[str, str] | None = None) -> ET.Element:
    element = ET.Element(tag, attributes or {})
    element.extend(children)
    return element


def _add(element: ET.Element, piece: ET.Element | str) -> None:
    if isinstance(piece, ET.Element):
        element.append(piece)
    elif len(element):
        element[-1].tail = (element[-1].tail or "") + piece
    else:
        element.text = (element.text or "") + piece


def _text(root: ET.Element, *, shown: bool = True) -> str:
    """`shown` marks pictures and footnotes as such; else their bare words are given."""
    lines: list[str] = [""]

    def walk(element: ET.Element) -> None:
        tag = element.tag
        if tag == "br":
            lines.append("")
        if tag in {"td", "th"}:
            inner = _made("div", list(element))
            inner.text = element.text
            lines[-1] += " ".join(_text(inner, shown=shown).split()) + "\t"
            return
        if tag == "span":
            footnote = element.get("data-footnote", "")
            lines[-1] += f"〔注：{footnote}〕" if shown else f" {footnote} "
        if tag == "img":
            alt = element.get("alt", "")
            lines.extend([f"〔图：{alt}〕" if shown and alt else "〔图〕" if shown else alt, ""])
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
