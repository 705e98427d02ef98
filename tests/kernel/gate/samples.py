"""Real files for the gate's tests, honest and hostile, built in memory. Contents are invented (演示)."""

from __future__ import annotations

import io
import json
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping

import xlsxwriter
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

OFFICE_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def png(width: int = 3, height: int = 2, *, extra: bytes = b"", tail: bytes = b"") -> bytes:
    """A grey PNG; large dimensions are claimed only, as a decompression bomb claims them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))
        )

    rows = zlib.compress(b"".join(b"\0" + b"\x80" * min(width, 50) for _ in range(min(height, 50))))
    header = struct.pack(">II5B", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"tEXt", b"Title\0demo")
        + extra
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
        + tail
    )


def jpeg(width: int = 640, height: int = 480, *, several: bool = False, tail: bytes = b"") -> bytes:
    """The segments of a baseline JPEG; its pixels are noise, which the gate does not decode."""

    def segment(marker: int, data: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data

    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + (segment(0xE2, b"MPF\0II*\0") if several else b"")
        + segment(0xDB, b"\0" + bytes(range(1, 65)))
        + segment(0xC0, frame)
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + bytes(range(0xFF)) * 40
        + b"\xff\x00\xff\xd0\x12\x34"
        + b"\xff\xd9"
        + tail
    )


def docx() -> bytes:
    """What people write: headings, a table, a picture, a hyperlink, page numbers, header and footer."""
    document = Document()
    document.add_heading("清洁生产审核创新试点实施方案（演示）", 0)
    paragraph = document.add_paragraph("详见 ")
    link = OxmlElement("w:hyperlink")
    target = "https://www.mee.gov.cn/"
    link.set(qn("r:id"), document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "生态环境部"
    run.append(text)
    link.append(run)
    paragraph._p.append(link)
    document.add_table(3, 4)
    document.add_picture(io.BytesIO(png()))
    document.sections[0].header.paragraphs[0].text = "演示"
    stream = io.BytesIO()
    document.save(stream)
    return add(stream.getvalue(), {"word/document.xml": field("PAGE \\* MERGEFORMAT")}, into="body")


def xlsx() -> bytes:
    """What people compute: formulas, names, hyperlinks, a chart, validation, conditional formats."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("用能（演示）")
    for row in range(20):
        sheet.write_row(row, 0, [f"企业{row}", row * 1.5, row])
    sheet.write_formula("D1", '=IF(B1>0,"a|b("&C1,SUM(B1:B20))')
    sheet.write_formula("D2", "=VLOOKUP(A1,A:C,2,FALSE)+SUMPRODUCT((B1:B5>1)*(C1:C5))")
    sheet.write_url("E1", "https://www.mee.gov.cn/", string="链接")
    sheet.add_table("G1:I5", {"columns": [{"header": "a|b"}, {"header": "x"}, {"header": "y"}]})
    sheet.write_formula("D3", "=SUM(Table1[a|b])")
    sheet.conditional_format("B1:B20", {"type": "formula", "criteria": "=$B1>10", "format": None})
    sheet.data_validation("F1", {"validate": "list", "source": "=$A$1:$A$5"})
    book.define_name("合计", "='用能（演示）'!$B$1:$B$20")
    sheet.write_comment("A1", "批注")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "='用能（演示）'!$B$1:$B$20"})
    sheet.insert_chart("K1", chart)
    book.close()
    return stream.getvalue()


def ofd(place: str = "Doc_0/Document.xml") -> bytes:
    root = (
        '<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.1" '
        f'DocType="OFD"><ofd:DocBody><ofd:DocRoot>{place}</ofd:DocRoot></ofd:DocBody></ofd:OFD>'
    )
    return zipped({"OFD.xml": root, "Doc_0/Document.xml": "<Document/>", "Doc_0/Res/image.png": png()})


def geojson(*, coordinates: object = None, **more: object) -> bytes:
    square = [[[113.5, 34.7], [113.6, 34.7], [113.6, 34.8], [113.5, 34.7]]]
    geometry = {"type": "Polygon", "coordinates": coordinates or square}
    feature = {"type": "Feature", "properties": {"名称": "演示园区"}, "geometry": geometry}
    return json.dumps(
        {"type": "FeatureCollection", "features": [feature], **more}, ensure_ascii=False
    ).encode()


def pdf(
    *,
    catalog: bytes = b"",
    trailer: bytes = b"",
    inside: bytes = b"",
    stream_keys: bytes = b"/Filter /FlateDecode",
    stream: bytes | None = None,
    tail: bytes = b"",
) -> bytes:
    """A one-page PDF with a content stream and an object stream that holds `inside` (or is `stream`)."""
    content = zlib.compress(b"1 0 0 1 72 720 cm BT /F1 12 Tf (demo) Tj ET " + bytes(range(256)) * 20)
    held = zlib.compress(b"7 0 << /Producer (demo) " + inside + b" >>") if stream is None else stream
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    page += b"/Annots [<< /Subtype /Link /A << /S /URI /URI (https://www.mee.gov.cn/) >> >>] >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /ObjStm /N 1 /First 4 /Length %d " % len(held)
        + stream_keys
        + b" >>\nstream\n"
        + held
        + b"\nendstream",
    ]
    body = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    for number, each in enumerate(objects, 1):
        body += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    start = len(body)
    body += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 6 /Root 1 0 R " + trailer + b" >>\n"
    return body + b"startxref\n%d\n%%%%EOF\n" % start + tail


def compound(*names: str) -> bytes:
    """An OLE compound file with a directory of these names (as old Office files and locked ones have)."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<L", header, 48, 0)
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *names))
    return bytes(header) + directory.ljust(512, b"\0")


def program() -> bytes:
    """The first bytes of a Windows program."""
    return b"MZ" + b"\0" * 58 + struct.pack("<L", 64) + b"PE\0\0" + b"\x4c\x01" + b"\0" * 200


# Tampering


def zipped(parts: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put(data: bytes, parts: Mapping[str, str | bytes]) -> bytes:
    """The package with these parts added or replaced."""
    return zipped({**parts_of(data), **parts})


def change(data: bytes, part: str, edit: Callable[[str], str]) -> bytes:
    """The package with one part's text edited; fails if the edit changes nothing."""
    before = parts_of(data)[part].decode()
    after = edit(before)
    assert before != after
    return put(data, {part: after})


def add(data: bytes, parts: Mapping[str, str], *, into: str) -> bytes:
    """Put XML at the end of an element (by local name) of each part."""
    for part, xml in parts.items():
        data = change(
            data,
            part,
            lambda text, xml=xml: re.sub(
                rf"(?=(<w:sectPr[^>]*>.*)?</(\w+:)?{into}>)", lambda _: xml, text, count=1, flags=re.DOTALL
            ),
        )
    return data


def in_body(xml: str) -> bytes:
    """The honest docx with `xml` in its body."""
    return add(docx(), {"word/document.xml": xml}, into="body")


def field(*pieces: str) -> str:
    """A complex field whose instruction is split over runs."""
    runs = "".join(f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in pieces)
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + runs
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def related(
    data: bytes, kind: str, target: str, *, source: str = "word/document.xml", external: bool = True
) -> bytes:
    """The package with one more relationship of `source`."""
    folder, _, base = source.rpartition("/")
    part = f"{folder}/_rels/{base}.rels" if folder else "_rels/.rels"
    mode = ' TargetMode="External"' if external else ""
    kind = kind if ":" in kind else f"{OFFICE_RELATIONS}/{kind}"
    entry = f'<Relationship Id="rIdX" Type="{kind}" Target="{target}"{mode}/>'
    empty = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )
    text = parts_of(data).get(part, empty.encode()).decode()
    return put(data, {part: text.replace("</Relationships>", entry + "</Relationships>")})


def typed(data: bytes, name: str, content_type: str) -> bytes:
    """The package with one more declared content type."""
    entry = f'<Override PartName="/{name}" ContentType="{content_type}"/>'
    return change(data, "[Content_Types].xml", lambda text: text.replace("</Types>", entry + "</Types>"))


def raw_zip(entries: list[tuple[zipfile.ZipInfo | str, bytes]]) -> bytes:
    """A zip written entry by entry, duplicates allowed."""
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, content in entries:
            archive.writestr(name, content)
    return stream.getvalue()
