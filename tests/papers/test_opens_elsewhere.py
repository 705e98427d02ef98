"""The finished plan opens in LibreOffice: contents, headings, captions, repeated table heads, page numbers."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from qingyuan.papers.plan_docx import Enterprise, write_plan
from qingyuan.papers.word_styles import FONT_TABLE
from tests.papers.libreoffice import needs_libreoffice, soffice
from tests.papers.test_word_round_trip import UPLOADS, plan_of

TEXT = (
    '<p>园区位于东部，用水<data data-quote="target:t1:value">120 天</data>。<span data-footnote="见年鉴"></span></p>'
    f'<img data-upload="{UPLOADS[0]}" alt="工艺流程"><ul><li>甲<ul><li>乙</li></ul></li></ul>'
    "<p>表：用水</p><table><thead><tr><th>项目</th><th>数量</th></tr></thead><tbody>"
    '<tr><td rowspan="2">水</td><td>1</td></tr><tr><td>2</td></tr></tbody></table>'
)


def plan():
    rows = tuple(Enterprise(name=f"演示企业{number}有限公司", code=f"{number:018d}") for number in range(150))
    return replace(plan_of(TEXT, TEXT, TEXT), scope=rows)


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    path = folder / "plan.docx"
    path.write_bytes(write_plan(plan()))
    return soffice(path, to="pdf", folder=folder)


@needs_libreoffice
@pytest.mark.clause("N6")
def test_libreoffice_opens_the_plan_and_lays_it_out_on_several_pages(opened):
    data = opened.read_bytes()
    assert data.startswith(b"%PDF-")
    counts = [int(found) for found in re.findall(rb"/Type\s*/Pages\b.*?/Count\s+(\d+)", data, re.DOTALL)]
    pages = max(counts, default=0) or len(re.findall(rb"/Type\s*/Page\b(?!s)", data))
    assert pages >= 6, "cover, contents, chapters and a list of 150 enterprises"


def test_what_the_layout_needs_stands_in_the_file():
    with zipfile.ZipFile(io.BytesIO(write_plan(plan()))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    document = parts["word/document.xml"]
    assert 'TOC \\o "1-2"' in document
    assert document.count("<w:tblHeader/>") >= 4
    assert '<w:pStyle w:val="Heading1"/>' in document
    assert '<w:pStyle w:val="Heading2"/>' in document
    assert "表1" in document
    assert "图1" in document
    assert any("PAGE" in parts[name] for name in parts if "footer" in name)
    for name in ("方正小标宋", "黑体", "楷体", "仿宋"):
        assert name in FONT_TABLE
    assert FONT_TABLE.count("<w:altName") >= 4, "each of them has a fallback"
