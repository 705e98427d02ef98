"""What a chapter's editor, a paste from Word, a plain textarea or an attacker sends, and what is kept of it."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.papers.richtext import (
    ALLOWED,
    ATTRIBUTES,
    clean,
    is_empty,
    to_text,
    tree,
    uploads_in,
    word_count,
)

OPENINGS = [
    "<p>", "</p>", "<h1>", "</h1>", "<h3>", "</h3>", "<ul>", "</ul>", "<ol>", "<li>", "</li>", "<table>", "</table>", "<tr>", "<td>",
    "<th colspan=2>", "<td rowspan='3' style='color:red'>", "</td>", "<thead>", "<tbody>", "<caption>", "</caption>", "<div>", "</div>",
    "<strong>", "</strong>", "<b>", "</b>", "<em>", "<sub>", "</sub>", "<br>", "<blockquote>", "</blockquote>", "<span class=x>",
    "<a href='https://example.org/?a=1&b=2'>", "<a href='javascript:alert(1)'>", "<a>", "</a>", "<img src=x onerror=alert(1)>",
    "<img data-upload='6b2f1c1e-0d52-4c67-9f6e-2f6c8b1d3a10' alt='a<b>& x\"' src=x>", "<span data-footnote='<p>\"x&amp; '>", "</span>",
    "<script>", "</script>", "<style>", "<svg>", "<math>", "<textarea>", "<select>", "<!--", "-->", "&nbsp;", "&#1;", "<!DOCTYPE html>",
    "<template>", "<noscript>", "<title>", "<iframe>", "<form>", "<col>", "\x00", "\ud800", " ", "\n", "甲乙", "x < y", "&lt;p&gt;",
]  # fmt: skip
soup = st.lists(st.sampled_from(OPENINGS) | st.text(max_size=5), max_size=25).map("".join)


class Inventory(HTMLParser):
    def __init__(self):
        super().__init__()
        self.wrong = []

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, ()):
                self.wrong.append((tag, name, value))
            elif name == "href" and not value.lower().startswith(("http://", "https://", "mailto:")):
                self.wrong.append(value)

    def handle_comment(self, data):
        self.wrong.append(data)


WPS_TABLE = """<!--StartFragment--><table class="MsoTableGrid" border="1" cellspacing="0" style="border-collapse:collapse;
mso-table-layout-alt:fixed;"><tbody><tr style="height:28.3pt;"><td width="138" valign="center" rowspan="2" style="width:104pt;"><p
class="MsoNormal" align="center"><span style="mso-spacerun:'yes';font-family:宋体;"><font face="宋体">电镀</font></span><o:p></o:p></p></td>
<td width="138" colspan="2"><p class="MsoNormal"><b><span style="font-family:仿宋;">用水量</span></b><sup><span>3</span></sup><o:p></o:p></p></td>
</tr><tr><td width="69"><p class="MsoNormal"><span>1200</span></p></td><td width="69"><p class="MsoNormal"><span>900</span><o:p>&nbsp;</o:p>
</p></td></tr></tbody></table><!--EndFragment-->"""


def test_a_table_pasted_from_wps_keeps_its_cells_and_what_they_span():
    kept = clean(WPS_TABLE)
    assert kept.count("<tr>") == 2
    assert 'rowspan="2"' in kept
    assert 'colspan="2"' in kept
    for gone in ("style=", "class=", "o:p", "font", "width", "<!--"):
        assert gone not in kept
    for text in ("电镀", "用水量", "<sup>3</sup>", "1200", "900"):
        assert text in kept
    assert clean(kept) == kept


def test_nothing_but_the_allowed_tags_whatever_comes_in():
    @given(soup)
    def check(html):
        cleaned = clean(html)
        inventory = Inventory()
        inventory.feed(cleaned)
        assert not inventory.wrong
        assert clean(cleaned) == cleaned
        assert tree(cleaned) is not None
        assert word_count(cleaned) == word_count(html)

    check()


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("", ""),
        ("   \n\n ", ""),
        ("一行\r\n\r\n　　二行 pH<7 & 更多", "<p>一行</p><p>二行 pH&lt;7 &amp; 更多</p>"),
        ("a < b，c > d", "<p>a &lt; b，c &gt; d</p>"),
        ("<h1>题</h1><b>粗</b><i>斜</i>", "<h3>题</h3><p><strong>粗</strong><em>斜</em></p>"),
        ('<p style="color:red" class="MsoNormal" onclick="x()">文</p>', "<p>文</p>"),
        ("<p>看<img src='https://evil.example/p.png'>图</p>", "<p>看图</p>"),
        ("<script>alert(1)</script><p>文</p>", "<p>文</p>"),
        (
            '<p><a href="https://example.org" target="_blank">链</a></p>',
            '<p><a href="https://example.org">链</a></p>',
        ),
        ('<p><a href="javascript:alert(1)">链</a><a href="//evil">接</a></p>', "<p>链接</p>"),
        ("<p>PM<sub>2.5</sub>、m<sup>3</sup></p>", "<p>PM<sub>2.5</sub>、m<sup>3</sup></p>"),
        ("<ul><li><p>一</p></li></ul>尾", "<ul><li><p>一</p></li></ul><p>尾</p>"),
        ("<div>甲<div>乙</div></div>", "<p>甲</p><p>乙</p>"),
        ("<b style='font-weight:normal'><p>甲</p><p>乙</p></b>", "<p>甲</p><p>乙</p>"),
        ("<p></p><p><br></p><p>&nbsp;</p>", ""),
        (
            "<table><colgroup><col></colgroup><tr><th colspan='2' rowspan='1' width=9>头</th></tr><tr><td>1<td>2</table>",
            '<table><tbody><tr><th colspan="2">头</th></tr><tr><td>1</td><td>2</td></tr></tbody></table>',
        ),
    ],
)
def test_what_is_kept(html, cleaned):
    assert clean(html) == cleaned


def test_absurd_nesting_becomes_plain_paragraphs():
    assert clean("<blockquote><ul><li>" * 3000 + "文") == "<p>文</p>"


def test_absurd_spans_are_cut():
    assert 'colspan="60"' in clean("<table><tr><td colspan='99999999999999999999'>x</td></tr></table>")
    assert "rowspan" not in clean("<table><tr><td rowspan='-1'>x</td></tr></table>")


def test_text_has_a_line_a_block_and_tabs_between_cells():
    html = "<h3>甲</h3><p>乙<br>丙</p><ul><li>丁</li></ul><table><tr><td><p>1</p><p>2</p></td><td>CO<sub>2</sub></td></tr></table>"
    assert to_text(html) == "甲\n乙\n丙\n丁\n1 2\tCO2"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("清洁生产", 4),
        ("清洁生产，PM2.5 与 O3。", 9),
        ("two words", 2),
        ("", 0),
        ("<p>CO<sub>2</sub></p><p>减排</p>", 3),
        ("\u3000\u3000一", 1),
    ],
)
def test_words_are_counted_as_word_counts_them(text, count):
    assert word_count(text) == count


@pytest.mark.parametrize(
    "html",
    ["", "<p></p>", "<p>&nbsp;\u200b\u3000</p>", "<ul><li></li></ul>", "<table><tr><td></td></tr></table>"],
)
def test_what_shows_nothing_is_empty(html):
    assert is_empty(html)


def test_a_single_character_is_not_empty():
    assert not is_empty("<p>无</p>")


PICTURE = "6b2f1c1e-0d52-4c67-9f6e-2f6c8b1d3a10"


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        (
            f"<p>前<img data-upload='{PICTURE.upper()}' alt=' 工艺 &lt;1&gt; ' src='https://evil.example/' onerror=x>后</p>",
            f'<p>前</p><img data-upload="{PICTURE}" alt="工艺 &lt;1&gt;"><p>后</p>',
        ),
        ("<p>a<img data-upload='../../etc/passwd'><img alt='x'>b</p>", "<p>ab</p>"),
        (
            "<p>数<span data-footnote=' 见年鉴 '>夹带</span>据</p>",
            '<p>数<span data-footnote="见年鉴"></span>夹带据</p>',
        ),
        ("<p><span data-footnote='只有脚注'></span></p>", '<p><span data-footnote="只有脚注"></span></p>'),
        (
            "<p>a<span data-footnote=''>b</span><span style='x'>c<b>d</b></span>e</p>",
            "<p>abc<strong>d</strong>e</p>",
        ),
        (
            f"<ul><li>x<img data-upload='{PICTURE}'></li></ul>",
            f'<ul><li><p>x</p><img data-upload="{PICTURE}"></li></ul>',
        ),
    ],
)
def test_pictures_name_an_upload_and_footnotes_a_text_and_nothing_else(html, cleaned):
    assert clean(html) == cleaned
    assert clean(cleaned) == cleaned


def test_pictures_and_footnotes_are_seen_counted_and_found():
    html = f"<p>水耗<span data-footnote='见年鉴'></span></p><img data-upload='{PICTURE}' alt='流程'><img data-upload='{PICTURE}'>"
    assert to_text(html) == "水耗〔注：见年鉴〕\n〔图：流程〕\n〔图〕"
    assert word_count(html) == 7
    assert uploads_in(html) == [PICTURE]
    assert not is_empty(f"<img data-upload='{PICTURE}'>")
