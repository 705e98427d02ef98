"""Pictures and footnotes of a Word file: their runs in the text and their parts in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from html import escape

from qingyuan.papers import word_styles as styles
from qingyuan.papers.picture import Size

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HIGHEST = 9000
"""Twips: a picture leaves room for its title and some text on the page."""


class Pictures:
    """The pictures of one file; the same bytes are kept once."""

    def __init__(self) -> None:
        self.media: dict[str, bytes] = {}
        self._count = 0
        self._names: dict[str, str] = {}

    def run(self, data: bytes, size: Size, *, alt: str, room: int) -> str:
        """A run that shows the picture in line, at most `room` twips wide."""
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self._names:
            self._names[digest] = f"image{len(self._names) + 1}.{size.ending}"
            self.media[self._names[digest]] = data
        self._count += 1
        width, height = size.fit(width=room, height=HIGHEST)
        identity = self.identity(self._names[digest])
        title = escape(alt)
        return (
            f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{self._count}" name="图片 {self._count}" descr="{title}"/>'
            f'<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{_DRAWING}main" noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            f'<a:graphic xmlns:a="{_DRAWING}main"><a:graphicData uri="{_DRAWING}picture"><pic:pic xmlns:pic="{_DRAWING}picture">'
            f'<pic:nvPicPr><pic:cNvPr id="{self._count}" name="{self._names[digest]}" descr="{title}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{identity}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
            f'<a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    @staticmethod
    def identity(name: str) -> str:
        return f"rId{name.replace('.', '')}"

    def relations(self) -> list[tuple[str, str, str]]:
        return [(self.identity(name), "image", f"media/{name}") for name in self.media]


class Footnotes:
    """The footnotes of one file, numbered from 1 in the order of the text."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def run(self, text: str) -> str:
        self.texts.append(text)
        return (
            '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
            f'<w:footnoteReference w:id="{len(self.texts)}"/></w:r>'
        )

    def part(self, written: Sequence[str]) -> str:
        """The part; `written` are the texts as contents of a run."""
        marks = "".join(
            f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
            f"<w:r><w:{mark}/></w:r></w:p></w:footnote>"
            for number, kind, mark in (
                (-1, "separator", "separator"),
                (0, "continuationSeparator", "continuationSeparator"),
            )
        )
        notes = "".join(
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr><w:r><w:rPr><w:rStyle w:val="FootnoteReference"/>'
            f'</w:rPr><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> </w:t></w:r><w:r>{text}</w:r></w:p></w:footnote>'
            for number, text in enumerate(written, start=1)
        )
        return f"{styles.HEAD}<w:footnotes {styles.W} {styles.R}>{marks}{notes}</w:footnotes>"


CUSTOM = (
    '<Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/>',
    (
        '<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties" '
        'Target="docProps/custom.xml"/>'
    ),
)
"""Content type and relation of the part with the properties of a file's own."""


def custom_properties(stated: Mapping[str, str]) -> str:
    """The part that states a text by name, for fields to show."""
    rows = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{escape(name)}">'
        f"<vt:lpwstr>{escape(value, quote=False)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(stated.items(), start=2)
    )
    return (
        f'{styles.HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{rows}</Properties>'
    )
