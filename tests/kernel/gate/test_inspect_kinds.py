"""What a file is comes from its content; a name that says otherwise is refused with the reason."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from qingyuan.kernel.gate.inspect import CODES, Inspection, RefusedContent, inspect
from qingyuan.kernel.gate.kinds import ACCEPTED
from tests.kernel.gate import samples

ALL = frozenset(ACCEPTED)
HONEST = {
    "docx": samples.docx(),
    "xlsx": samples.xlsx(),
    "pdf": samples.pdf(),
    "ofd": samples.ofd(),
    "png": samples.png(),
    "jpg": samples.jpeg(),
    "geojson": samples.geojson(),
}


def look(data: bytes, name: str = "", allow: frozenset[str] = ALL) -> Inspection:
    return inspect(io.BytesIO(data), name=name, allow=allow)


def refused(data: bytes, name: str = "", allow: frozenset[str] = ALL) -> RefusedContent:
    with pytest.raises(RefusedContent) as caught:
        look(data, name, allow)
    return caught.value


@pytest.mark.parametrize("kind", HONEST)
def test_honest_file_of_every_kind_passes_without_warning(kind):
    found = look(HONEST[kind], f"材料.{kind}")
    assert (found.kind, found.extension, found.warnings) == (kind, kind, [])
    assert found.media_type == ACCEPTED[kind].media_type


def test_file_is_left_at_its_start_whether_passed_or_refused():
    file = io.BytesIO(HONEST["pdf"])
    inspect(file, name="a.pdf", allow=ALL)
    assert file.tell() == 0
    with pytest.raises(RefusedContent):
        inspect(file, name="a.png", allow=ALL)
    assert file.tell() == 0


@pytest.mark.parametrize("name", ["照片.JPG", "照片.jpeg", "照片", "边界.json"])
def test_usual_variants_of_an_extension_and_none_at_all_pass(name):
    assert look(HONEST["geojson" if name.endswith("json") else "jpg"], name)


def test_renamed_docx_is_told_what_it_is():
    found = refused(HONEST["docx"], "方案.pdf")
    assert found.code == "name_mismatch"
    assert ".pdf" in found.reason
    assert "Word 文档" in found.reason
    assert "改为 .docx" in found.reason


def test_renamed_program_is_told_that_it_is_a_windows_program():
    found = refused(samples.program(), "方案.docx")
    assert found.code == "program"
    assert "以 .docx 结尾" in found.reason
    assert "Windows 程序" in found.reason


def test_kind_that_this_place_does_not_take():
    found = refused(HONEST["png"], "图.png", frozenset({"docx", "pdf"}))
    assert found.code == "not_allowed_here"
    assert "docx、pdf" in found.reason


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty", "空的"),
        (b"\x7fELF" + b"\0" * 60, "program", "Linux"),
        (b"\xcf\xfa\xed\xfe" + b"\0" * 60, "program", "macOS"),
        (b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60, "program", "快捷方式"),
        (b"Rar!\x1a\x07\x01\0" + b"\0" * 60, "archive", "RAR"),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 60, "archive", "7z"),
        (b"\x1f\x8b\x08\0" + b"\0" * 60, "archive", "gzip"),
        (samples.zipped({"a.txt": "a"}), "archive", "ZIP"),
        (samples.zipped({"META-INF/MANIFEST.MF": "a", "A.class": "b"}), "program", "Java"),
        (samples.compound("WordDocument"), "wrong_kind", "旧版 Word"),
        (samples.compound("Workbook"), "wrong_kind", "旧版 Excel"),
        (samples.compound("EncryptionInfo", "EncryptedPackage"), "encrypted", "密码"),
        (samples.compound("Other"), "wrong_kind", "OLE"),
        (b"{\\rtf1 a}", "wrong_kind", "RTF"),
        (b"GIF89a" + b"\0" * 30, "wrong_kind", "GIF"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "wrong_kind", "WebP"),
        (b"\0\0\0\x18ftypheic", "wrong_kind", "HEIC"),
        (b"<!DOCTYPE html><p>a", "script", "网页"),
        (b"  <html><script>alert(1)</script>", "script", "网页"),
        ("<html>".encode("utf-16"), "script", "网页"),
        (b"<!-- %PDF-1.7 --><html><script>1</script>", "script", "网页"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "script", "SVG"),
        (b"#!/bin/sh\nrm", "script", "脚本"),
        (b"@echo off\r\n", "script", "脚本"),
        (b"MIME-Version: 1.0\r\n", "script", "MHT"),
        (b"<kml/>", "wrong_kind", "KML"),
        (b"<?xml version='1.0'?><a/>", "wrong_kind", "XML"),
        ("企业,用水\n演示,1\n".encode(), "wrong_kind", "纯文本"),
        ("企业,用水\n演示,1\n".encode("gb18030"), "wrong_kind", "纯文本"),
        (bytes(range(1, 250)), "unknown_kind", "无法识别"),
    ],
)
def test_other_kinds_get_a_reason_of_their_own(data, code, words):
    found = refused(data, "材料.docx")
    assert found.code == code
    assert words in found.reason


def test_every_code_stands_in_the_published_table():
    table = (Path(__file__).parents[3] / "docs/security/upload-gate.md").read_text("utf-8")
    assert [code for code in CODES if f"`{code}`" not in table] == []
