"""Plans as people really write them, in Word, WPS and LibreOffice: cut by the outline, and nothing lost in silence."""

import io

import pytest

from qingyuan.papers.plan_read import Heading, Unreadable, read_plan
from tests.papers.docx_maker import OFFICE, WPS, build, inline_picture, p, r, tbl, tc
from tests.papers.test_word_round_trip import png

OUTLINE = [
    Heading(id="base", number="一、", title="试点对象基本概况", written=False),
    Heading(id="place", number="（一）", title="试点对象范围与区位", level=2, guidance=("写四至边界",)),
    Heading(id="goals", number="二、", title="试点工作目标"),
]


def read(*body, **parts):
    return read_plan(build(*body, **parts), OUTLINE)


def goals(*body, **parts):
    reading = read(p("二、试点工作目标", style="1"), *body, **parts)
    return reading.chapters["goals"], reading


@pytest.mark.clause("N6")
@pytest.mark.parametrize(
    ("body", "styles"),
    [
        (
            [
                p("一、试点对象基本概况", style="1"),
                p("（一）试点对象范围与区位", style="2"),
                p("甲"),
                p("二、试点工作目标", style="1"),
                p("乙"),
            ],
            None,
        ),
        (
            [
                p("试点对象基本概况", style="2"),
                p("1.1 试点对象范围与区位", style="3"),
                p("甲"),
                p("2　《试点工作 目标》", style="2"),
                p("乙"),
            ],
            WPS,
        ),
        (
            [
                p("第一章 试点对象基本概况", style="Kapitel"),
                p("试点对象范围与区位", style="Teil"),
                p("甲"),
                p("二．试点工作目标", style="Kapitel"),
                p("乙"),
            ],
            OFFICE,
        ),
        (
            [
                p("试点对象基本概况", properties='<w:outlineLvl w:val="0"/>'),
                p("试点对象范围与区位", properties='<w:outlineLvl w:val="1"/>'),
                p("甲"),
                p("２．试点工作目标", properties='<w:outlineLvl w:val="0"/>'),
                p("乙"),
            ],
            None,
        ),
        (
            [
                p("一、试点对象基本概况"),
                p("(一) 试点对象范围与区位"),
                p("甲"),
                p("二、试点工作目标"),
                p("乙"),
            ],
            None,
        ),
    ],
    ids=["word", "wps", "libreoffice", "outline levels", "typed numbers"],
)
def test_headings_are_found_however_they_were_made(body, styles):
    reading = read(*body, **({"styles": styles} if styles else {}))
    assert reading.chapters == {"place": "<p>甲</p>", "goals": "<p>乙</p>"}
    assert not reading.unknown


def test_unknown_headings_are_handed_back_and_similar_ones_named():
    reading = read(
        p("前言的话"), p("一、试点对象基本概况", style="1"), p("章下的话"), p("（一）对象范围与区位", style="2"), p("甲"), p("小节", style="3"),
        p("乙"), p("四、保障措施", style="1"), p("丙"),
    )  # fmt: skip
    assert reading.chapters == {"place": "<p>甲</p><h3>小节</h3><p>乙</p>"}
    assert [(piece.heading, piece.html) for piece in reading.unknown] == [
        ("第一个标题之前的内容", "<p>前言的话</p>"),
        ("一、试点对象基本概况", "<p>章下的话</p>"),
        ("四、保障措施", "<p>丙</p>"),
    ]
    assert "对象范围与区位" in reading.warnings[0]


def test_a_contents_field_is_left_out_and_small_headings_go_down():
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    reading = read(
        p(runs=field + r("一、试点对象基本概况……1")), p("二、试点工作目标\t3"), p(runs=end),
        p("二、试点工作目标", style="1"), p("总体目标", style="2"), p("甲"), p("具体", style="3"), p("二、试点工作目标", style="1"), p("乙"),
    )  # fmt: skip
    assert reading.chapters == {"goals": "<h3>总体目标</h3><p>甲</p><h4>具体</h4><p>乙</p>"}
    assert not reading.unknown
    assert "不止一次" in reading.warnings[0]


def test_marks_links_symbols_and_breaks():
    html, _ = goals(
        p(
            runs=r("粗", "<w:b/>") + r("斜", "<w:i/><w:b w:val='0'/>") + r("线", '<w:u w:val="single"/>') + r("无", '<w:u w:val="none"/>')
            + "PM" + r("2.5", '<w:vertAlign w:val="subscript"/>') + r("3", '<w:vertAlign w:val="superscript"/>') + r("藏", "<w:vanish/>")
            + '<w:hyperlink r:id="rIdL">' + r("链") + "</w:hyperlink><w:r><w:br/></w:r>" + '<w:r><w:sym w:char="F0B7"/></w:r>'
            + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://b.example/" </w:instrText></w:r>'
            + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + r("接") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        ),
        links={"rIdL": "https://a.example/?x=1&amp;y=2"},
    )  # fmt: skip
    assert html == (
        "<p><strong>粗</strong><em>斜</em><u>线</u>无<sub>2.5</sub><sup>3</sup>"
        '<a href="https://a.example/?x=1&amp;y=2">链</a><br>•<a href="https://b.example/">接</a></p>'
    )


def test_tables_with_merged_cells_nested_tables_and_head():
    inner = tbl([tc(p("内1")), tc(p("内2"))])
    html, reading = goals(
        tbl(
            [tc(p("头"), span=2), tc(p("右"))],
            [tc(p("并"), merge="restart"), tc(p("a"), p("b")), tc(inner, p())],
            [tc(p(), merge=""), tc(p("c")), tc()],
            head=1,
        )
    )
    assert html == (
        '<table><thead><tr><th colspan="2"><p>头</p></th><th><p>右</p></th></tr></thead>'
        '<tbody><tr><td rowspan="2"><p>并</p></td><td><p>a</p><p>b</p></td><td><p>内1\u3000内2</p></td></tr>'
        "<tr><td><p>c</p></td><td></td></tr></tbody></table>"
    )
    assert any("表格里又套了表格" in warning for warning in reading.warnings)


def test_lists_by_numbering_and_by_hand():
    def item(text, level):
        return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="5"/></w:numPr>')

    html, _ = goals(
        item("甲", 0),
        item("一", 1),
        item("二", 1),
        item("乙", 0),
        p("文"),
        p("•\u3000丙"),
        p("• 丁"),
        p("1. 戊"),
        p("2. 己"),
        p("1. 单独一条"),
    )
    assert html == (
        "<ul><li><p>甲</p><ol><li><p>一</p></li><li><p>二</p></li></ol></li><li><p>乙</p></li></ul><p>文</p>"
        "<ul><li><p>丙</p></li><li><p>丁</p></li></ul><ol><li><p>戊</p></li><li><p>己</p></li></ol><p>1. 单独一条</p>"
    )


def test_pictures_inline_floating_and_old_with_their_titles_and_what_is_no_picture():
    old = '<w:r><w:pict><v:shape><v:imagedata r:id="rIdP"/></v:shape></w:pict></w:r>'
    html, reading = goals(
        p("前", runs=inline_picture(alt="边界") + r("后")),
        p(runs=inline_picture(kind="anchor")),
        p("图 2-1 工艺流程"),
        p(runs=old),
        p(runs=inline_picture("rIdE", alt="矢量")),
        media={"rIdP": ("a.png", png()), "rIdE": ("b.emf", b"\x01\x00\x00\x00emf")},
    )
    (identity,) = reading.pictures
    assert html == (
        f'<p>前</p><img data-upload="{identity}" alt="边界"><p>后</p><img data-upload="{identity}" alt="图 2-1 工艺流程">'
        f'<img data-upload="{identity}"><p>〔图片未能带入：矢量〕</p>'
    )
    assert reading.pictures[identity].data == png()
    assert any("不是 PNG 或 JPG" in warning for warning in reading.warnings)


def test_footnotes_tracked_changes_comments_and_text_boxes():
    box = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wps:txbx><w:txbxContent>'
        + p("框中文字")
        + "</w:txbxContent></wps:txbx></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
        + p("框中文字")
        + "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    html, reading = goals(
        p(
            "数据",
            runs='<w:r><w:footnoteReference w:id="2"/></w:r><w:ins w:id="1">'
            + r("新增")
            + '</w:ins><w:del w:id="2"><w:r><w:delText>旧文</w:delText></w:r></w:del>'
            '<w:commentRangeStart w:id="0"/>'
            + r("被评")
            + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
            + box,
        ),
        notes=f'<w:footnote w:id="2">{p(" 见《年鉴》 < 2021")}</w:footnote>'.replace(" < ", " &lt; "),
    )
    assert html == '<p>数据<span data-footnote="见《年鉴》 &lt; 2021"></span>新增被评</p><p>框中文字</p>'
    said = "".join(reading.warnings)
    assert all(
        word in said
        for word in ["新增的文字（1 处）", "删除的内容（1 处）", "批注（1 处）", "文本框（1 个）"]
    )


def test_help_texts_are_left_out_unless_somebody_wrote_into_them():
    from tests.papers.docx_maker import WORD, style

    reading = read(
        p("（一）试点对象范围与区位", style="2"), p("填写说明：写四至边界", style="G"), p("填写说明：写四至边界，东至黄河", style="G"), p("正文"),
        styles=WORD + style("G", "填写说明"),
    )  # fmt: skip
    assert reading.chapters["place"] == "<p>填写说明：写四至边界，东至黄河</p><p>正文</p>"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 broken",
        build("<w:p>").getvalue(),
        build("", styles="<broken").getvalue()[:200],
        build('<!DOCTYPE x [<!ENTITY a "b">]>').getvalue(),
    ],
)
def test_what_cannot_be_read_says_how_to_mend_it(data):
    with pytest.raises(Unreadable, match="另存"):
        read_plan(io.BytesIO(data), OUTLINE)


def test_damage_in_side_parts_costs_only_what_they_hold():
    html, _ = goals(
        p("甲", properties='<w:numPr><w:numId w:val="99"/></w:numPr>'),
        p(runs=inline_picture("nowhere")),
        p("乙", style="没有的样式"),
        numbers="<broken",
    )
    assert html == "<p>甲</p><p>〔图片未能带入〕</p><p>乙</p>"
    hostile, _ = goals(
        p("&lt;script&gt;alert(1)&lt;/script&gt;"),
        p(runs='<w:hyperlink r:id="x">' + r("链") + "</w:hyperlink>"),
        links={"x": "javascript:alert(1)"},
    )
    assert hostile == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p><p>链</p>"
