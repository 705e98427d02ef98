"""Schematic drawings: valid, without styles or scripts, named for those who do not see them."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from qingyuan.papers.river_sketch import Reach, Station, draw_rivers
from qingyuan.papers.sketch import Ground, draw_boundary, nice_length

SQUARE = [(112.45, 34.61), (112.46, 34.61), (112.46, 34.62), (112.45, 34.62)]
HOLE = [(112.452, 34.612), (112.454, 34.612), (112.454, 34.614)]
HOSTILE = "<script>alert(1)</script>\"'&"


def texts(svg):
    return [element.text for element in ET.fromstring(svg).iter() if element.text]


def test_a_boundary_has_north_scale_legend_and_says_that_it_is_no_map():
    svg = draw_boundary(
        [Ground(name=HOSTILE, polygons=[[SQUARE, HOLE]], note="1 km²"), Ground(name="西", polygons=[[HOLE]])],
        title="边界示意图",
    )
    said = texts(svg)
    assert "北" in said
    assert "200 m" in said
    assert any("非地图" in text for text in said)
    assert any(text.startswith("① <script>") for text in said)
    assert "<script" not in svg
    assert "style" not in svg
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    paths = [path for path in root.iter("{http://www.w3.org/2000/svg}path") if path.get("fill-rule")]
    assert paths[0].get("d").count("Z") == 2


def test_extreme_shapes_are_drawn():
    thin = [(112.0, 34.0), (113.0, 34.0000001), (112.0, 34.0000002)]
    tiny = [(112.0, 34.0), (112.0000001, 34.0), (112.0, 34.0000001)]
    for ring in (thin, tiny):
        ET.fromstring(draw_boundary([Ground(name="", polygons=[[ring]])], title="边界"))


@pytest.mark.parametrize(
    ("most", "words"),
    [(170, "100 m"), (999, "500 m"), (1000, "1 km"), (2300, "2 km"), (78000, "50 km"), (0.4, "0.2 m")],
)
def test_a_scale_bar_has_a_round_length(most, words):
    assert nice_length(most)[1] == words


def test_sections_stand_where_their_kilometres_say():
    svg = draw_rivers(
        [
            Reach(river="甲河", name="上段", length=30),
            Reach(river="甲河", name=HOSTILE, length=20),
            Reach(river="乙河", name="段"),
        ],
        [
            Station(river="甲河", name="始", km=0.0),
            Station(river="甲河", name="末", km=50.0, note="国控", meets=True),
            Station(river="甲河", name="超出", km=51.0),
            Station(river="乙河", name="无里程"),
        ],
        title="河段与断面示意图",
    )
    marks = [
        element.get("d")
        for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}path")
        if element.get("stroke-width") == "1.3"
    ]
    assert marks[0].startswith("M18.0 ")
    assert marks[1].startswith("M674.0 ")
    said = texts(svg)
    assert any("超出" in text and "未标位置" in text for text in said)
    assert any("不按比例" in text for text in said)
    assert "<script" not in svg
