"""The plan out as Word and in again: what an editor can write comes back without a difference."""

import datetime as dt
import hashlib
import io
import struct
import zlib

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qingyuan.papers.carried import carried
from qingyuan.papers.plan_docx import Answer, Attachment, Chapter, Enterprise, Plan, Target, write_plan
from qingyuan.papers.plan_read import Heading, read_plan
from qingyuan.papers.richtext import clean

UPLOADS = ["6b2f1c1e-0d52-4c67-9f6e-2f6c8b1d3a10", "0d9d1b1e-1111-4c67-9f6e-2f6c8b1d3a11"]


def png(width=40, height=30, shade=0):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


PICTURES = {upload: png(shade=number * 90) for number, upload in enumerate(UPLOADS)}
KNOWN = {hashlib.sha256(data).hexdigest(): upload for upload, data in PICTURES.items()}
OUTLINE = [
    Heading(id="base", number="一、", title="试点对象基本概况", written=False),
    Heading(id="place", number="（一）", title="试点对象范围与区位", level=2),
    Heading(id="industry", number="（二）", title="试点对象产业概况", level=2),
    Heading(id="goals", number="二、", title="试点工作目标"),
]


def plan_of(place, industry="", goals=""):
    return Plan(
        title="某某园区清洁生产审核创新试点实施方案（演示）",
        applicant="某某园区管委会（演示）",
        on=dt.date(2022, 6, 28),
        notice="演示通知",
        edition="送审版",
        category="园区类",
        chapters=(
            Chapter(
                number="一、",
                heading="试点对象基本概况",
                children=(
                    Chapter(number="（一）", heading="试点对象范围与区位", html=place, holds=("scope",)),
                    Chapter(number="（二）", heading="试点对象产业概况", html=industry),
                ),
            ),
            Chapter(number="二、", heading="试点工作目标", html=goals),
        ),
        targets=(Target(name="单位产值水耗", unit="m³/万元", base="10", goal="8"),),
        answers=(Answer(condition="无重大违法", answer="符合"),),
        scope=(Enterprise(name="某某公司（演示）", code="x"),),
        attachments=(Attachment(name="边界图.pdf", size=2_500_000),),
        pictures=PICTURES.get,
    )


def back(plan):
    return read_plan(io.BytesIO(write_plan(plan)), OUTLINE, known=KNOWN)


WORDS = st.sampled_from(
    [
        "水耗",
        "PM",
        "2.5",
        " ",
        "甲 乙",
        "　",
        "a < b & c",
        "“引”",
        "1. ",
        "一、试点工作目标",
        "（二）产业",
        "图1 示意",
        "·点",
        "表1 用水",
        "\xa0",
        "试点工作目标",
    ]
)
inline = st.deferred(
    lambda: st.one_of(
        WORDS,
        st.text(alphabet="清洁生产 ab1", min_size=1, max_size=6),
        st.just("<br>"),
        st.sampled_from(["见年鉴", 'a<b & "c"', "注"]).map(
            lambda note: (
                f'<span data-footnote="{note.replace("&", "&amp;").replace(chr(34), "&quot;")}"></span>'
            )
        ),
        st.sampled_from(["12,000.5 天", "-60%", "〔未填〕"]).map(
            lambda shown: f'<data data-quote="target:t1:percent">{shown}</data>'
        ),
        st.tuples(st.sampled_from(["strong", "em", "u", "s", "sub", "sup"]), inlines).map(
            lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
        ),
        inlines.map(lambda text: f'<a href="https://example.org/?a=1&amp;b={len(text)}">{text}</a>'),
    )
)
inlines = st.lists(inline, min_size=1, max_size=3).map("".join)
prose = st.tuples(st.sampled_from(["p", "p", "p", "h3", "h4", "h5"]), inlines).map(
    lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
)
picture = st.tuples(st.sampled_from(UPLOADS), st.sampled_from(["", "工艺流程", "图3-1 边界", "a<b>&"])).map(
    lambda pair: f'<img data-upload="{pair[0]}" alt="{pair[1].replace("&", "&amp;")}">'
)


def lists(content):
    items = st.lists(
        st.one_of(inlines, content).map(lambda text: f"<li>{text}</li>"), min_size=1, max_size=3
    ).map("".join)
    return st.tuples(st.sampled_from(["ul", "ol"]), items).map(
        lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
    )


flat = st.lists(prose, min_size=1, max_size=2).map("".join)
cell = st.tuples(
    st.sampled_from(["td", "td", "th"]),
    st.integers(1, 3),
    st.integers(1, 3),
    st.one_of(st.just(""), inlines, flat, lists(flat), picture),
).map(lambda c: f'<{c[0]} colspan="{c[1]}" rowspan="{c[2]}">{c[3]}</{c[0]}>')
row = st.lists(cell, min_size=1, max_size=3).map(lambda cells: f"<tr>{''.join(cells)}</tr>")
rows = st.lists(row, min_size=1, max_size=3).map("".join)
table = st.tuples(st.booleans(), rows, rows).map(
    lambda t: (
        f"<table><thead>{t[1]}</thead><tbody>{t[2]}</tbody></table>"
        if t[0]
        else f"<table><tbody>{t[2]}</tbody></table>"
    )
)
deep = st.one_of(flat, st.recursive(lists(flat), lists, max_leaves=3), picture, table)
block = st.one_of(
    prose,
    picture,
    table,
    lists(deep),
    flat.map(lambda text: f"<blockquote>{text}</blockquote>"),
    st.just("<p>表：用水</p>"),
)
chapter = st.lists(block, max_size=4).map("".join)


HEAD_WITHOUT_ALL_CELLS = "<table><thead><tr><td></td></tr><tr><th rowspan='2'></th></tr></thead><tbody><tr><th></th></tr></tbody></table>"


def test_whatever_an_editor_writes_comes_back_without_a_difference():
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(chapter, chapter)
    @example("", HEAD_WITHOUT_ALL_CELLS)
    def check(first, second):
        reading = back(plan_of(first, second, second))
        assert carried(reading.chapters["place"]) == carried(first)
        assert carried(reading.chapters["industry"]) == carried(second)
        assert carried(reading.chapters["goals"]) == carried(second)
        assert not reading.unknown
        assert not reading.warnings
        assert not reading.pictures
        assert clean(reading.chapters["place"]) == reading.chapters["place"]
        assert carried(carried(first)) == carried(first)

    check()
