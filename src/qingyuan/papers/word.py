"""A Word file from pieces of WordprocessingML: same pieces, same bytes, on any machine and at any time.

Text goes in through `text`, `run` and `paragraph`, which escape it; tables through `table`. Styles are those of
`word_styles`. Written by hand because python-docx walks the tree for every cell, stamps the clock into the
file and brings its own template.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape as escape_xml

from qingyuan.papers import word_styles as styles
from qingyuan.papers.picture import MEDIA_TYPES
from qingyuan.papers.word_parts import CUSTOM, Footnotes, Pictures, custom_properties

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKS = {"strong": "b", "em": "i", "s": "strike", "u": "u", "sub": "sub", "sup": "sup"}
MOST_COLUMNS = 63  # Word refuses wider tables


def escape(text: str) -> str:
    """`text` as it may stand in XML content or an attribute; characters XML cannot hold are dropped."""
    return escape_xml(_UNWRITABLE.sub("", text))


def text(value: str) -> str:
    """Content of a run: tabs and line breaks become Word's own."""
    value = escape(value.replace("\r\n", "\n").replace("\r", "\n"))
    whole = f'<w:t xml:space="preserve">{value}</w:t>'
    if "\n" in value or "\t" in value:
        whole = whole.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">').replace(
            "\t", '</w:t><w:tab/><w:t xml:space="preserve">'
        )
    return whole


def run(value: str, *, marks: frozenset[str] = frozenset(), properties: str = "") -> str:
    """A run; `marks` are the inline tags of rich text (strong, em, u, s, sub, sup)."""
    if not value:
        return ""
    if marks:
        kinds = {_MARKS[mark] for mark in marks if mark in _MARKS}
        properties += "".join(f"<w:{kind}/>" for kind in ("b", "i", "strike") if kind in kinds)
        properties += '<w:u w:val="single"/>' if "u" in kinds else ""
        if kinds & {"sub", "sup"}:
            properties += f'<w:vertAlign w:val="{"subscript" if "sub" in kinds else "superscript"}"/>'
    return (
        f"<w:r><w:rPr>{properties}</w:rPr>{text(value)}</w:r>" if properties else f"<w:r>{text(value)}</w:r>"
    )


QUOTED = "qingyuan:"
"""Beginning of the name of a document property that holds a figure of the platform; fields show it."""


def field(content: str, instruction: str) -> str:
    """A field with finished runs as its present result. Programs keep the instruction however the result is edited."""
    ends = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
    code = f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
    return f"{ends['begin']}{code}{ends['separate']}{content}{ends['end']}"


def paragraph(content: str, style: str = "BodyText", *, extra: str = "") -> str:
    """A paragraph of finished runs; `extra` holds further paragraph properties in the schema's order."""
    if "<w:br/>" in content and "<w:jc" not in extra:
        extra += '<w:jc w:val="left"/>'  # justified, the line before the break would be torn apart
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{content}</w:p>'


GENERATED = "_Qingyuan"
"""Start of the names of bookmarks around what the platform makes from its own tables; who reads a plan back drops it."""
_FIRST_GENERATED = 1_000_000
PAGE_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a Word table: finished paragraphs, columns it spans, and its part in a vertical merge."""

    content: str
    span: int = 1
    merge: str = ""  # "", "restart" or "continue"


def column_widths(weights: Sequence[int], *, inset: int = 0, across: int = styles.TEXT_WIDTH) -> list[int]:
    """Twips of the columns of a table over the text width `across`, less `inset` at the left."""
    total = sum(weights)
    return [(across - inset) * weight // total for weight in weights]


def table(
    rows: Iterable[Sequence[Cell]],
    *,
    weights: Sequence[int],
    header_rows: int = 1,
    inset: int = 0,
    across: int = styles.TEXT_WIDTH,
) -> str:
    """A ruled table over the whole text width (`across`: of a portrait page), columns in proportion to `weights`, header rows repeated on every page."""
    widths = column_widths(weights, inset=inset, across=across)
    place = f'<w:tblInd w:w="{inset}" w:type="dxa"/>' if inset else '<w:jc w:val="center"/>'
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{place}'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    )
    pieces = [head]
    for index, row in enumerate(rows):
        pieces.append(
            f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if index < header_rows else ''}</w:trPr>"
        )
        at = 0
        for cell in row:
            span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
            merge = f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
            width = sum(widths[at : at + cell.span])
            at += cell.span
            pieces.append(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>{cell.content}</w:tc>'
            )
        pieces.append("</w:tr>")
    pieces.append("</w:tbl>")
    return "".join(pieces)


class Document:
    """Collects the body of one Word file and writes it.

    `on` becomes the date of creation and change, so that the bytes depend on nothing but the content.
    """

    def __init__(
        self, *, title: str, author: str, on: dt.date, subject: str = "", update_fields: bool = False
    ) -> None:
        self.title = title
        self.author = author
        self.subject = subject
        self.on = on
        self.update_fields = update_fields
        self.body: list[str] = []
        self._links: dict[str, str] = {}
        self._numbers: list[str] = []
        self._generated = 0
        self._stated: dict[str, str] = {}
        self.pictures = Pictures()
        self.footnotes = Footnotes()
        self.headings: list[tuple[int, str, str]] = []  # level, text, bookmark

    def add(self, *pieces: str) -> None:
        """Append finished block elements."""
        self.body.extend(pieces)

    def link(self, url: str, content: str) -> str:
        """Runs that open `url` when clicked."""
        identity = self._links.setdefault(url, f"rIdLink{len(self._links) + 1}")
        return f'<w:hyperlink r:id="{identity}" w:history="1">{content}</w:hyperlink>'

    def quoted(self, place: str, value: str, content: str) -> str:
        """Runs that show a figure of the platform: a field on a property of the file, so that updating fields changes nothing."""
        self._stated[QUOTED + place] = value
        return field(content, f'DOCPROPERTY "{QUOTED}{place}"')

    def heading(self, shown: str, *, level: int) -> str:
        """A heading with a bookmark, noted for the contents."""
        number = len(self.headings) + 1
        name = f"_Toc{number:08d}"
        self.headings.append((level, shown, name))
        content = (
            f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{run(shown)}<w:bookmarkEnd w:id="{number}"/>'
        )
        return paragraph(content, f"Heading{level}")

    def generated(self, *content: str) -> str:
        """Blocks that are changed on the platform and not in Word, between the ends of a hidden bookmark."""
        self._generated += 1
        number = _FIRST_GENERATED + self._generated
        return f'<w:bookmarkStart w:id="{number}" w:name="{GENERATED}{self._generated}"/>{"".join(content)}<w:bookmarkEnd w:id="{number}"/>'

    def numbering(self, depth: int, *, ordered: bool) -> str:
        """Paragraph property of the items of one list; each is a list of its own, ordered ones count from 1 again."""
        depth = min(depth, 8)
        number = len(self._numbers) + 1
        again = (
            f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="1"/></w:lvlOverride>' if ordered else ""
        )
        self._numbers.append(
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{int(ordered)}"/>{again}</w:num>'
        )
        return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'

    def to_bytes(self, *, final_section: str) -> bytes:
        """The file. `final_section` are the properties of the last section, see `word_styles.page`."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name, content in self._parts(final_section).items():
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 0
                archive.writestr(info, content.encode())
            for name, data in self.pictures.media.items():
                # Pictures are compressed already.
                info = zipfile.ZipInfo(f"word/media/{name}", (1980, 1, 1, 0, 0, 0))
                info.create_system = 0
                archive.writestr(info, data)
        return buffer.getvalue()

    def _parts(self, final_section: str) -> dict[str, str]:
        parts = {
            "word/document.xml": f"{styles.HEAD}<w:document {styles.W} {styles.R}><w:body>{''.join(self.body)}{final_section}</w:body></w:document>",
            "word/styles.xml": styles.STYLES,
            "word/numbering.xml": f"{styles.HEAD}<w:numbering {styles.W}>{styles.ABSTRACT_NUMBERS}{''.join(self._numbers)}</w:numbering>",
            "word/settings.xml": styles.SETTINGS
            % {"update": '<w:updateFields w:val="true"/>' if self.update_fields else ""},
            "word/fontTable.xml": styles.FONT_TABLE,
            "word/footer1.xml": styles.footer("right"),
            "word/footer2.xml": styles.footer("left"),
            "word/footer3.xml": styles.footer("none"),
        }
        if self.footnotes.texts:
            parts["word/footnotes.xml"] = self.footnotes.part([text(note) for note in self.footnotes.texts])
        related = [
            *([("rIdFootnotes", "footnotes", "footnotes.xml")] if self.footnotes.texts else []),
            *self.pictures.relations(),
            ("rIdStyles", "styles", "styles.xml"),
            ("rIdNumbering", "numbering", "numbering.xml"),
            ("rIdSettings", "settings", "settings.xml"),
            ("rIdFonts", "fontTable", "fontTable.xml"),
            ("rIdOdd", "footer", "footer1.xml"),
            ("rIdEven", "footer", "footer2.xml"),
            ("rIdNone", "footer", "footer3.xml"),
        ]
        relations = "".join(
            f'<Relationship Id="{i}" Type="{_RELATION}{kind}" Target="{target}"/>'
            for i, kind, target in related
        )
        relations += "".join(
            f'<Relationship Id="{i}" Type="{_RELATION}hyperlink" Target="{escape(url)}" TargetMode="External"/>'
            for url, i in self._links.items()
        )
        kinds = {"document": "document.main", "footer1": "footer", "footer2": "footer", "footer3": "footer"}
        types = "".join(
            f'<Override PartName="/{name}" ContentType="{_MAIN}{kinds.get(stem, stem)}+xml"/>'
            for name in parts
            if (stem := name.removeprefix("word/").removesuffix(".xml"))
        )
        types += "".join(
            f'<Default Extension="{ending}" ContentType="{media_type}"/>'
            for ending, media_type in MEDIA_TYPES.items()
            if any(name.endswith(f".{ending}") for name in self.pictures.media)
        )
        custom_type, custom_relation = CUSTOM if self._stated else ("", "")
        return {
            "[Content_Types].xml": (
                f'{styles.HEAD}<Types xmlns="{_PACKAGE}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
                f'.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{types}<Override PartName="/docProps/core.xml" '
                f'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>{custom_type}</Types>'
            ),
            "_rels/.rels": (
                f'{styles.HEAD}<Relationships xmlns="{_PACKAGE}relationships"><Relationship Id="rId1" Type="{_RELATION}officeDocument" '
                f'Target="word/document.xml"/><Relationship Id="rId2" Type="{_PACKAGE}relationships/metadata/core-properties" '
                f'Target="docProps/core.xml"/>{custom_relation}</Relationships>'
            ),
            "docProps/core.xml": self._properties(),
            **({"docProps/custom.xml": custom_properties(self._stated)} if self._stated else {}),
            **parts,
            "word/_rels/document.xml.rels": f'{styles.HEAD}<Relationships xmlns="{_PACKAGE}relationships">{relations}</Relationships>',
        }

    def _properties(self) -> str:
        moment = f"{self.on.year:04d}-{self.on.month:02d}-{self.on.day:02d}T00:00:00Z"
        return (
            f'{styles.HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{escape(self.title)}</dc:title><dc:subject>{escape(self.subject)}</dc:subject>"
            f"<dc:creator>{escape(self.author)}</dc:creator><cp:lastModifiedBy>{escape(self.author)}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
            f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified><dc:language>zh-CN</dc:language></cp:coreProperties>'
        )
