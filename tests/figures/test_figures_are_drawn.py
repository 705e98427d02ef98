"""Every figure is really drawn: SVG by ECharts in QuickJS, PNG by resvg with our own font; and each has its data beside it."""

from __future__ import annotations

import struct
import threading
import xml.etree.ElementTree as ET
import zlib
from itertools import pairwise

import pytest

from qingyuan import figures
from qingyuan.figures import FigureError, render, style
from tests.figures.samples import samples

SVG = "{http://www.w3.org/2000/svg}"
ALL = samples()
NAMES = [one.name for one in ALL]


def words(drawn: str) -> str:
    return "\n".join(node.text or "" for node in ET.fromstring(drawn).iter(f"{SVG}text"))


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and rows of an 8-bit RGBA picture."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data, head = 8, b"", b""
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + size]
        head, data = (body if kind == b"IHDR" else head), data + (body if kind == b"IDAT" else b"")
        at += 12 + size
    width, height, depth, colour = struct.unpack(">IIBB", head[:10])
    assert (depth, colour) == (8, 6)
    raw, stride, rows = zlib.decompress(data), 4 * width, []
    before = bytearray(stride)
    for start in range(0, len(raw), stride + 1):
        line, way = bytearray(raw[start + 1 : start + 1 + stride]), raw[start]
        for k in range(stride):
            left = line[k - 4] if k >= 4 else 0
            corner = before[k - 4] if k >= 4 else 0
            line[k] = (line[k] + _guess(way, left, before[k], corner)) & 255
        rows.append(bytes(line))
        before = line
    return width, height, rows


def _guess(way: int, left: int, above: int, corner: int) -> int:
    if way < 4:
        return (0, left, above, (left + above) // 2)[way]
    near = {abs(above - corner): left, abs(left - corner): above, abs(left + above - 2 * corner): corner}
    first = (abs(above - corner), abs(left - corner), abs(left + above - 2 * corner))
    return left if first[0] <= min(first[1:]) else above if first[1] <= first[2] else near[first[2]]


@pytest.mark.parametrize("figure", ALL, ids=NAMES)
def test_the_svg_has_title_description_and_chinese_words(figure):
    drawn = figures.svg(figure)
    root = ET.fromstring(drawn)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == figure.title
    assert root.findtext(f"{SVG}desc") == figure.alt
    said = words(drawn)
    assert figure.title in said
    assert "undefined" not in said
    assert "NaN" not in drawn


@pytest.mark.parametrize("figure", ALL, ids=NAMES)
def test_the_same_figure_is_the_same_bytes(figure):
    assert figures.svg(figure) == figures.svg(figure)


@pytest.mark.parametrize("figure", ALL, ids=NAMES)
def test_every_figure_has_its_data_as_a_table(figure):
    assert figure.data.rows
    assert all(len(row) == len(figure.data.heads) for row in figure.data.rows)
    assert figure.alt.endswith("。")


@pytest.mark.parametrize("figure", ALL, ids=NAMES)
def test_all_glyphs_are_in_the_font_that_comes_along(figure):
    """No square boxes: every character of the drawn words is in the font's own table."""
    known = _characters()
    lacking = {one for one in words(figures.svg(figure)) if one not in known and not one.isspace()}
    assert lacking == set()


def _characters() -> set[str]:
    """What the TrueType font maps (cmap formats 4 and 12)."""
    font = (render.ASSETS / "NotoSansSC-Regular.ttf").read_bytes()
    tables = {}
    for k in range(struct.unpack(">H", font[4:6])[0]):
        tag, _sum, offset, _size = struct.unpack(">4sIII", font[12 + 16 * k : 28 + 16 * k])
        tables[tag] = offset
    start, found = tables[b"cmap"], set()
    for k in range(struct.unpack(">H", font[start + 2 : start + 4])[0]):
        at = start + struct.unpack(">I", font[start + 8 + 8 * k : start + 12 + 8 * k])[0]
        kind = struct.unpack(">H", font[at : at + 2])[0]
        if kind == 12:
            for group in range(struct.unpack(">I", font[at + 12 : at + 16])[0]):
                low, high, _glyph = struct.unpack(">III", font[at + 16 + 12 * group : at + 28 + 12 * group])
                found |= set(map(chr, range(low, high + 1)))
        elif kind == 4:
            count = struct.unpack(">H", font[at + 6 : at + 8])[0] // 2
            ends = struct.unpack(f">{count}H", font[at + 14 : at + 14 + 2 * count])
            lows = struct.unpack(f">{count}H", font[at + 16 + 2 * count : at + 16 + 4 * count])
            found |= {
                chr(one)
                for low, high in zip(lows, ends, strict=True)
                for one in range(low, min(high, 65534) + 1)
            }
    return found


def test_the_png_is_as_large_as_asked_white_around_and_shows_chinese_ink():
    figure = ALL[NAMES.index("gains")]
    width, height, rows = pixels(figures.png(figure, scale=0.5))
    assert (width, height) == (figure.width // 2, figure.height // 2)
    assert rows[0][:4] == b"\xff\xff\xff\xff"
    title = [row[4 * k : 4 * k + 3] for row in rows[6:20] for k in range(width // 3, 2 * width // 3)]
    assert sum(max(one) < 120 for one in title) > 40


def test_drawing_works_in_every_thread():
    figure, drawn = ALL[1], []
    threads = [threading.Thread(target=lambda: drawn.append(figures.svg(figure))) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert drawn == [figures.svg(figure)] * 2


def test_hostile_names_stay_text():
    figure = figures.gains([('<script>alert("x")</script>&', 5.0)], title="<b>收益</b>")
    drawn = figures.svg(figure)
    assert "<script" not in drawn
    assert "<b>" not in drawn
    ET.fromstring(drawn)


def test_feedback_is_split_so_that_a_sankey_of_a_cyclic_park_is_drawn():
    figure = figures.sankey(
        [("甲", "乙", 5), ("乙", "丙", 4), ("丙", "甲", 1), ("乙", "乙", 2)], title="环", unit="t"
    )
    series = figure.option["series"][0]
    order = {"甲": 0, "乙": 1, "丙": 2, "甲（回流）": 9, "乙（回流）": 9}
    assert all(order[one["source"]] < order[one["target"]] for one in series["links"])
    assert sum(one["value"] for one in series["links"]) == 12
    assert [row for row in figure.data.rows if row[3]] == [("丙", "甲", 1, "是"), ("乙", "乙", 2, "是")]
    assert "甲（回流）1" in words(figures.svg(figure))


def test_a_large_cyclic_park_is_drawn_too():
    flows = [(f"节点{a}", f"节点{(a * 7 + b) % 40}", 1.0 + a) for a in range(40) for b in range(3)]
    figure = figures.sankey(flows, title="大园区", unit="t")
    assert "节点39" in words(figures.svg(figure))


def test_the_water_supply_line_touches_the_composite_at_the_pinch():
    figure = figures.limiting_composite(
        [(0, 0), (50, 1), (100, 9), (400, 21), (800, 41)], fresh_t_h=90, pinches=[100]
    )
    start, end = figure.option["series"][1]["data"]
    slope = (end[1] - start[1]) / (end[0] - start[0])
    assert start[1] + slope * 9 == pytest.approx(100)


def test_abatement_blocks_stand_side_by_side_the_cheapest_first():
    figure = figures.macc([("贵", 30, 5), ("赚", -10, 2), ("中", 10, 3)])
    blocks = [one["data"] for one in figure.option["series"]]
    assert [block[1] for block in blocks] == [[0, -10], [2, 10], [5, 30]]
    assert all(first[3][0] == second[0][0] for first, second in pairwise(blocks))
    assert [row[3] for row in figure.data.rows] == [2, 5, 10]


def test_every_cell_of_the_level_map_bears_its_letter():
    figure = figures.level_map(["甲"], ["a", "b", "c"], [["I", "below", None]])
    assert figure.data.rows == (("甲", "I 级", "低于 III 级", "缺数据"),)
    said = words(figures.svg(figure)).split("\n")
    assert {"I", "×", "缺"} <= set(said)


def test_the_gini_coefficient_stands_with_its_rule():
    figure = figures.allocations(
        ["甲", "乙"], {"等比例": [1, 1], "最省": [2, 0]}, gini={"等比例": 0, "最省": 0.5}
    )
    said = words(figures.svg(figure))
    assert "最省（基尼系数 0.500）" in said
    assert "等比例（0.000）" in figure.alt


@pytest.mark.parametrize(
    "ask",
    [
        lambda: figures.sankey([("甲", "乙", -1)], title="负", unit="t"),
        lambda: figures.sankey([("甲", "乙", 0)], title="空", unit="t"),
        lambda: figures.sankey([("甲", "乙", float("nan"))], title="非数", unit="t"),
        lambda: figures.composite_curves([], [(1, 1)]),
        lambda: figures.grand_composite([(1, float("inf"))]),
        lambda: figures.exchange_graph([]),
        lambda: figures.gains([]),
        lambda: figures.macc([("甲", 1, 0)]),
        lambda: figures.allocations(["甲"], {"规则": [1, 2]}),
        lambda: figures.level_map(["甲"], ["a"], [["IV"]]),
        lambda: figures.level_map(["甲"], ["a"], [["I", "II"]]),
        lambda: figures.pareto_front([]),
        lambda: figures.river_profile({}),
    ],
)
def test_what_cannot_be_drawn_is_said(ask):
    with pytest.raises(FigureError, match="："):
        ask()


def test_colours_are_told_apart_in_grey_or_by_mark_and_dash():
    """Two series never share colour lightness, mark and dash at once."""

    def grey(colour: str) -> float:
        red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    looks = [(mark, str(dash)) for mark, dash in zip(style.MARKS, style.DASHES, strict=True)]
    assert len(set(looks)) == len(looks) == len(style.COLOURS)
    neighbours = [abs(grey(a) - grey(b)) for a, b in pairwise(style.COLOURS[:6])]
    assert min(neighbours) > 12
    assert len({str(style.decal(k)) for k in range(8)}) == 8


def test_without_the_built_assets_the_error_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(render, "ASSETS", tmp_path)
    with pytest.raises(figures.AssetsMissing, match="hatch_build"):
        figures.png(ALL[0])


def test_a_graph_of_thousands_draws_the_largest_and_tables_all():
    flows = [(f"甲{k}", f"乙{k % 30}", "灰", float(k)) for k in range(500)]
    figure = figures.exchange_graph(flows)
    assert len(figure.option["series"][0]["links"]) == 60
    assert len(figure.data.rows) == 500
    assert "只画最大的 60 股" in figure.alt
    assert "甲499" in words(figures.svg(figure))
