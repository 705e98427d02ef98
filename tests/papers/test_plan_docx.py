"""The plan as Word: opened again with another library, it has the headings, tables and page of an official paper."""

import datetime as dt
import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm

from qingyuan.papers.plan_docx import Answer, Attachment, Chapter, Enterprise, Plan, Target, write_plan
from qingyuan.papers.receipt_docx import Receipt, write_receipt

TABLE = (
    "<table><thead><tr><th rowspan='2'>企业</th><th colspan='2'>用水</th></tr><tr><th>2020</th><th>2021</th></tr></thead>"
    "<tbody><tr><td>甲</td><td>1</td><td rowspan='3'>2</td></tr><tr><td>乙</td><td>3</td></tr></tbody></table>"
)
HTML = (
    "<p>　　规划面积<strong>12</strong>，PM<sub>2.5</sub>，m<sup>3</sup>，<a href='https://example.org/?a=1&b=2'>链接</a>。</p>"
    f"<ul><li>其一</li><li><p>其二</p><ol><li>甲</li></ol></li></ul><ol><li>又一</li></ol><p>表3-1 用水</p>{TABLE}<h3>1.小节</h3>{TABLE}"
)
PLAN = Plan(
    title="某某园区清洁生产审核创新试点实施方案（演示）",
    applicant="某某园区管委会（演示）",
    on=dt.date(2022, 6, 28),
    notice="环办科财函〔2022〕178号",
    edition="送审版",
    chapters=(
        Chapter(
            number="一、",
            heading="试点对象基本概况",
            children=(Chapter(number="（一）", heading="范围与区位", html=HTML, holds=("scope",)),),
        ),
        Chapter(number="二、", heading="试点工作目标", html="纯文本一\n纯文本二", holds=("targets",)),
    ),
    targets=(Target(name="单位产值水耗", unit="m³/万元", base="10", goal="8"),),
    answers=(
        Answer(condition="三年内未发生重大环境违法事件", answer="符合", evidence=("证明.pdf", "说明.pdf")),
    ),
    scope=tuple(
        Enterprise(name=f"某某公司{number}（演示）", code="x", sector="焦化") for number in range(30)
    ),
    attachments=(Attachment(name="边界图.pdf", size=2_500_000),),
)


@pytest.fixture(scope="module")
def opened():
    return docx.Document(io.BytesIO(write_plan(PLAN)))


def styled(document, style):
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == style]


@pytest.mark.clause("N6")
def test_headings_follow_the_outline(opened):
    assert styled(opened, "Heading 1") == ["一、试点对象基本概况", "二、试点工作目标", "附表"]
    assert styled(opened, "Heading 2") == ["（一）范围与区位"]
    assert styled(opened, "Heading 3") == ["1.小节"]
    levels = [
        opened.styles[f"Heading {n}"].element.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) for n in (1, 2, 3)
    ]
    assert levels == ["0", "1", "2"]


def test_page_and_fonts_are_those_of_official_papers(opened):
    section = opened.sections[-1]
    sizes = (
        section.page_width,
        section.page_height,
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert sizes == pytest.approx(tuple(Cm(size) for size in (21, 29.7, 3.7, 3.5, 2.8, 2.6)), abs=2000)
    for style, font in (
        ("Title", "方正小标宋_GBK"),
        ("Heading 1", "黑体"),
        ("Heading 2", "楷体"),
        ("Body Text", "仿宋"),
    ):
        assert opened.styles[style].element.rPr.rFonts.get(qn("w:eastAsia")) == font
    body = opened.styles["Body Text"].paragraph_format
    assert body.line_spacing.pt == 28
    assert opened.styles["Body Text"].font.size.pt == 16
    assert "PAGE" in section.footer._element.xml
    assert section.footer.paragraphs[0].text.startswith("— ")
    assert "PAGE" in section.even_page_footer._element.xml


def test_the_contents_are_a_field_and_not_empty_before_it_is_updated(opened):
    xml = opened.element.xml
    assert ' TOC \\o "1-2"' in xml
    shown = [
        paragraph.text
        for paragraph in opened.element.body.iter(qn("w:p"))
        for paragraph in [docx.text.paragraph.Paragraph(paragraph, opened)]
    ]
    assert shown.count("一、试点对象基本概况") == 2
    anchors = {link.get(qn("w:anchor")) for link in opened.element.iter(qn("w:hyperlink"))} - {None}
    assert anchors <= {mark.get(qn("w:name")) for mark in opened.element.iter(qn("w:bookmarkStart"))}
    assert opened.settings.element.find(qn("w:updateFields")) is not None


def test_captions_keep_the_numbers_that_authors_typed_and_fill_in_the_others(opened):
    assert styled(opened, "Caption") == [
        "表3-1 用水", "表1\u3000范围与区位", "表2\u3000试点范围企业名单", "表3\u3000试点工作目标表",
        "附表1\u3000申报条件对照表", "附表2\u3000附件材料清单",
    ]  # fmt: skip


def test_tables_are_real_tables_with_merged_cells_and_repeated_headers(opened):
    water = opened.tables[0]
    assert [[cell.text for cell in row.cells] for row in water.rows] == [
        ["企业", "用水", "用水"], ["企业", "2020", "2021"], ["甲", "1", "2"], ["乙", "3", "2"],
    ]  # fmt: skip
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in water.rows] == [
        True,
        True,
        False,
        False,
    ]
    scope = opened.tables[2]
    assert len(scope.rows) == 31
    assert [cell.text for cell in scope.rows[0].cells] == [
        "序号",
        "企业名称",
        "统一社会信用代码",
        "行业",
    ]  # columns without content are left out
    assert scope.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_inline_marks_lists_and_links(opened):
    first = next(paragraph for paragraph in opened.paragraphs if paragraph.text.startswith("规划面积"))
    runs = {run.text: run for run in first.runs}
    assert runs["12"].bold
    assert runs["2.5"].font.subscript
    assert runs["3"].font.superscript
    assert first.hyperlinks[0].address == "https://example.org/?a=1&b=2"
    items = [paragraph for paragraph in opened.paragraphs if paragraph.style.name == "List Paragraph"]
    numbers = [(item.text, item._p.pPr.numPr.ilvl.val, item._p.pPr.numPr.numId.val) for item in items]
    assert numbers == [("其一", 0, 1), ("其二", 0, 1), ("甲", 1, 2), ("又一", 0, 3)]
    assert "纯文本二" in styled(opened, "Body Text")


def test_same_plan_same_bytes_and_nothing_of_the_clock():
    assert write_plan(PLAN) == write_plan(PLAN)
    archive = zipfile.ZipFile(io.BytesIO(write_plan(PLAN)))
    assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = docx.Document(io.BytesIO(write_plan(PLAN))).core_properties
    assert (properties.title, properties.author) == (PLAN.title, PLAN.applicant)
    assert properties.created.date() == PLAN.on


@pytest.mark.parametrize(
    "hostile", ["</w:t><x>&\x00\x0b\ud800", '"><script>alert(1)</script>', "a]]>b", "\ufffe\t\n"]
)
def test_hostile_text_is_only_text(hostile):
    plan = Plan(
        title=hostile or "x",
        applicant=hostile,
        on=dt.date(2022, 1, 1),
        chapters=(Chapter(number="一、", heading=hostile, html=f"<p>{hostile}</p>", children=()),),
        scope=(Enterprise(name=hostile, note=hostile),),
    )
    assert docx.Document(io.BytesIO(write_plan(plan))).tables


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td rowspan='9' colspan='9'>x</td></tr></table>",
        "<table>" + "<tr><td rowspan='3'>a</td><td colspan='2'>b</td></tr>" * 4 + "</table>",
        "<table><tr>" + "<td>x</td>" * 200 + "</tr></table>",
        "<table><tr><th>只有表头</th></tr></table>" * 2,
        "<ul><li><ul><li><table><tr><td>深</td></tr></table></li></ul></li></ul>",
        "<table><tr><td><ul><li>甲<ul><li>乙</li></ul></li></ul></td></tr></table>",
    ],
)
def test_odd_tables_and_lists_still_open(html):
    plan = Plan(
        title="x",
        applicant="y",
        on=dt.date(2022, 1, 1),
        chapters=(Chapter(number="一、", heading="h", html=html),),
    )
    document = docx.Document(io.BytesIO(write_plan(plan)))
    for table in document.tables:
        widths = {sum(cell.grid_span for cell in row._tr.tc_lst) for row in table.rows}
        assert widths == {len(table.columns)}
        assert len(table.columns) <= 63


def test_no_word_of_an_item_or_cell_is_lost():
    html = "<ul><li>甲<ul><li>乙</li></ul>丙</li></ul><table><tr><td>丁<ul><li>戊<p>己</p></li></ul>庚</td></tr></table>"
    plan = Plan(
        title="x",
        applicant="y",
        on=dt.date(2022, 1, 1),
        chapters=(Chapter(number="", heading="h", html=html),),
    )
    document = docx.Document(io.BytesIO(write_plan(plan)))
    text = "".join(node.text or "" for node in document.element.iter(qn("w:t")))
    assert "甲乙丙" in text
    assert "丁戊己庚" in text


def test_the_receipt_states_what_was_received_and_how_to_check_it():
    receipt = Receipt(
        number="豫清审收〔2022〕0001", receiver="河南省生态环境厅", project="某某园区（演示）", applicant="某某园区管委会（演示）",
        received_at=dt.datetime(2022, 6, 30, 9, 59, 58, tzinfo=dt.UTC), package_name="2022+某某.zip", package_size=1234567,
        package_sha256="ab" * 32, ledger_number=42, ledger_hash="cd" * 32,
    )  # fmt: skip
    data = write_receipt(receipt)
    assert data == write_receipt(receipt)
    document = docx.Document(io.BytesIO(data))
    shown = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert shown["收件时间"] == "2022年6月30日 17:59:58（北京时间）"
    assert shown["材料包 SHA-256"].replace(" ", "") == "ab" * 32
    assert shown["存证序号"] == "42"
    assert any("certutil" in paragraph.text for paragraph in document.paragraphs)


def test_a_receipt_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        write_receipt(
            Receipt(
                number="1",
                receiver="a",
                project="b",
                applicant="c",
                received_at=dt.datetime(2022, 6, 30),  # noqa: DTZ001
                package_name="d",
                package_size=1,
                package_sha256="e",
                ledger_number=1,
                ledger_hash="f",
            )
        )
