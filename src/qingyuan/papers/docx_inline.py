"""The runs of somebody's Word paragraphs: marks, links, footnotes, pictures, tracked changes, fields, text boxes."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from qingyuan.papers.docx_package import Package, is_on, marks_of, value_of, w
from qingyuan.papers.picture import Size, size_of
from qingyuan.papers.richtext import is_quote
from qingyuan.papers.word import QUOTED
from qingyuan.papers.word_html import FOOTNOTE, QUOTE, Span
from qingyuan.papers.word_styles import AUTO_NUMBER

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_V = "{urn:schemas-microsoft-com:vml}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_GRAPHICS = (("chart", "图表"), ("relIds", "SmartArt 图形"))
_QUOTED = re.compile(rf'DOCPROPERTY\s+"?{QUOTED}([^"\s\\]+)')
_LINK = re.compile(r'HYPERLINK\s+(?:\\[a-z]\s+)*"([^"]+)"')
AUTO = "auto"
"""The mark of text that the platform wrote into a caption."""
_NAMESPACE = uuid.UUID("9f1b6a52-7c1e-4ad0-9a53-2f1f0e1a7f61")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the text: the upload it is or will be, and its title."""

    upload: str
    alt: str


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A picture that the file brings; `upload` stands for it in the text until it has an upload of its own."""

    upload: str
    data: bytes
    size: Size

    @property
    def name(self) -> str:
        return f"{hashlib.sha256(self.data).hexdigest()[:12]}.{self.size.ending}"


Piece = Span | Picture


@dataclass(slots=True)
class _Field:
    code: str = ""
    shown: bool = False
    url: str = ""
    place: str = ""
    """Kind, key and field of the figure that the platform put here."""
    text: str = ""
    """What such a field shows now, over all its runs."""
    marks: frozenset[str] | None = None


@dataclass(slots=True)
class Runs:
    """Reads paragraphs one after the other: fields may begin in one and end in another."""

    package: Package
    known: Mapping[str, str]
    """SHA-256 of pictures that the application has -> upload."""
    pictures: dict[str, NewPicture] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    """What could not be taken as it stands -> how often."""
    boxes: list[etree._Element] = field(default_factory=list)
    """Contents of text boxes met and not yet asked for."""
    _fields: list[_Field] = field(default_factory=list)

    @property
    def in_contents(self) -> bool:
        """Inside a table of contents, or an index."""
        return any(found.code.strip().upper().startswith(("TOC", "INDEX")) for found in self._fields)

    def note(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def read(self, element: etree._Element, *, url: str = "") -> Iterator[Piece]:  # noqa: PLR0912 (one for each kind of element)
        """The pieces of a paragraph, or of a part of one."""
        for child in element:
            if not isinstance(child.tag, str):
                continue
            name = child.tag.rpartition("}")[2]
            if child.tag == w("r"):
                yield from self._run(child, url)
            elif child.tag == w("hyperlink"):
                kind, target = self.package.relations.get(child.get(f"{_R}id", ""), ("", ""))
                yield from self.read(child, url=target if kind == "hyperlink" else url)
            elif child.tag in {w("del"), w("moveFrom")}:
                self.note("deleted")
            elif child.tag in {w("ins"), w("moveTo")}:
                self.note("inserted")
                yield from self.read(child, url=url)
            elif child.tag == w("fldSimple"):
                code = child.get(w("instr"), "")
                self._fields.append(_Field(code, shown=True, url=_link_of(code), place=_place_of(code)))
                yield from self.read(child, url=url)
                yield from self._end(url)
            elif child.tag == w("sdt"):
                content = child.find(w("sdtContent"))
                if content is not None:
                    yield from self.read(content, url=url)
            elif child.tag in {w("smartTag"), w("customXml"), w("bdo"), w("dir")}:
                yield from self.read(child, url=url)
            elif child.tag == w("commentRangeStart"):
                self.note("comment")
            elif child.tag.startswith(_M) and name in {"oMath", "oMathPara"}:
                self.note("formula")
                yield "".join(part.text or "" for part in child.iter(f"{_M}t")), frozenset(), url
            elif child.tag == f"{_MC}AlternateContent":
                yield from self.read(chosen(child), url=url)

    def _run(self, run: etree._Element, url: str) -> Iterator[Piece]:
        properties = run.find(w("rPr"))
        if is_on(properties, "vanish"):
            return
        style = value_of(properties, "rStyle") or ""
        marks = marks_of(properties)
        names = {found.name for found in self.package.chain(style)}
        if style == AUTO_NUMBER or AUTO_NUMBER.lower() in names:
            marks |= {AUTO}
        elif not names & {"hyperlink", "internet link", "footnote reference", "endnote reference"}:
            for found in self.package.chain(style):
                marks |= found.marks
        if {"sub", "sup"} <= marks:
            marks -= {"sup"}
        for child in run:
            if isinstance(child.tag, str):
                yield from self._part(child, marks, url)

    def _part(self, child: etree._Element, marks: frozenset[str], url: str) -> Iterator[Piece]:  # noqa: PLR0912 (one for each kind of element)
        name = child.tag.rpartition("}")[2]
        if name == "fldChar" and child.tag == w("fldChar"):
            yield from self._field(child.get(w("fldCharType"), ""), url)
            return
        if child.tag == w("instrText"):
            if self._fields:
                self._fields[-1].code += child.text or ""
            return
        if any(not found.shown for found in self._fields):
            return
        url = next((found.url for found in reversed(self._fields) if found.url), url)
        text = ""
        if child.tag == w("t"):
            text = child.text or ""
        elif child.tag in {w("tab"), w("ptab")}:
            text = "\t"
        elif child.tag == w("cr") or (
            child.tag == w("br") and child.get(w("type"), "textWrapping") == "textWrapping"
        ):
            text = "\n"
        elif child.tag == w("noBreakHyphen"):
            text = "-"
        elif child.tag == w("sym"):
            text = _symbol(child.get(w("char"), ""))
        elif child.tag == w("ruby"):
            base = child.find(w("rubyBase"))
            yield from () if base is None else self.read(base, url=url)
        elif child.tag in {w("footnoteReference"), w("endnoteReference")}:
            yield from self._note(f"{name.removesuffix('Reference')}s", child.get(w("id"), ""))
        elif child.tag in {w("drawing"), w("pict"), w("object")}:
            yield from self._graphic(child)
        elif child.tag == f"{_MC}AlternateContent":
            for part in chosen(child):
                yield from self._part(part, marks, url)
        elif child.tag == w("commentReference") and "comment" not in self.counts:
            self.note("comment")
        quote = next((found for found in self._fields if found.place), None)
        if text and quote is not None:
            quote.text += text
            quote.marks = marks if quote.marks is None else quote.marks
        elif text:
            yield text, marks, url

    def _field(self, kind: str, url: str) -> Iterator[Piece]:
        if kind == "begin":
            self._fields.append(_Field())
        elif self._fields and kind == "separate":
            found = self._fields[-1]
            found.shown, found.url, found.place = True, _link_of(found.code), _place_of(found.code)
        elif self._fields and kind == "end":
            yield from self._end(url)

    def _end(self, url: str) -> Iterator[Piece]:
        """Close a field; one that shows a figure of the platform is one span that knows which, whatever was typed into it."""
        done = self._fields.pop()
        if done.place:
            url = next((found.url for found in reversed(self._fields) if found.url), url)
            yield done.text, (done.marks or frozenset()) | {QUOTE + done.place}, url

    def left_open(self) -> Iterator[Piece]:
        """The text of quoted figures whose field did not end with its paragraph: no word is lost."""
        for found in self._fields:
            if found.place and found.text:
                yield found.text, found.marks or frozenset(), ""
                found.text = ""

    def _note(self, part: str, identity: str) -> Iterator[Piece]:
        element = self.package.notes.get((part, identity))
        if element is None:
            return
        inner = Runs(self.package, self.known)
        texts = [
            "".join(piece[0] for piece in inner.read(paragraph) if not isinstance(piece, Picture))
            for paragraph in element.iter(w("p"))
        ]
        if any(inner.pictures):
            self.note("footnote_picture")
        if text := " ".join(" ".join(texts).split()):
            yield text, frozenset({FOOTNOTE}), ""

    def _graphic(self, graphic: etree._Element) -> Iterator[Piece]:
        boxes = list(graphic.iter(w("txbxContent")))
        for box in boxes:
            if not any(parent.tag == w("txbxContent") for parent in box.iterancestors()):
                self.note("text_box")
                self.boxes.append(box)
        alt = next((found.get("descr", "") for found in graphic.iter(f"{_WP}docPr")), "")
        names = [blip.get(f"{_R}embed", "") for blip in graphic.iter(f"{_A}blip")]
        if not names:
            for image in graphic.iter(f"{_V}imagedata"):
                names.append(image.get(f"{_R}id", ""))
                alt = alt or image.get("{urn:schemas-microsoft-com:office:office}title", "")
        for name in names:
            yield self._picture(name, alt)
        if not names and not boxes:
            for tag, what in _GRAPHICS:
                if any(
                    part.tag.rpartition("}")[2] == tag for part in graphic.iter() if isinstance(part.tag, str)
                ):
                    self.note("graphic")
                    yield f"〔{what}未能带入：{alt}〕" if alt else f"〔{what}未能带入〕", frozenset(), ""
                    return

    def _picture(self, relation: str, alt: str) -> Piece:
        data = self.package.picture(relation)
        size = size_of(data) if data else None
        if data is None or size is None:
            self.note("picture")
            return f"〔图片未能带入：{alt}〕" if alt else "〔图片未能带入〕", frozenset(), ""
        digest = hashlib.sha256(data).hexdigest()
        upload = self.known.get(digest)
        if upload is None:
            upload = str(uuid.uuid5(_NAMESPACE, digest))
            self.pictures[upload] = NewPicture(upload, data, size)
        return Picture(upload, " ".join(alt.split()))


def _link_of(code: str) -> str:
    found = _LINK.search(code)
    return found[1] if found else ""


def _place_of(code: str) -> str:
    found = _QUOTED.search(code)
    return found[1] if found and is_quote(found[1]) else ""


def chosen(alternatives: etree._Element) -> etree._Element:
    choice = alternatives.find(f"{_MC}Choice")
    if choice is None:
        choice = alternatives.find(f"{_MC}Fallback")
    return alternatives if choice is None else choice


def _symbol(code: str) -> str:
    """A character of a symbol font: its private code says nothing elsewhere, so bullets stand for what is not plain."""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return "•" if 0xE000 <= value <= 0xF8FF or not value else chr(value) if value <= 0x10FFFF else ""
