"""Boundaries from text and GeoJSON: what is read, what is refused by line, and how large the ground is."""

from __future__ import annotations

import json
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.workbooks.coordinates import as_geojson, as_text, read_geojson, read_text
from qingyuan.workbooks.polygons import (
    MOST_POINTS,
    UNIT,
    Parcel,
    as_data,
    distance,
    from_data,
    inside,
    problems_of,
    ring_area,
)

SQUARE = "112.45,34.61\n112.46,34.61\n112.46,34.62\n112.45,34.62"
A, F = 6378137.0, 1 / 298.257222101


def parcels(text):
    found, problems = read_text(text)
    assert problems == []
    return found


def ring(*points):
    return tuple((round(x * UNIT), round(y * UNIT)) for x, y in points)


def cell_area(west, south, east, north):
    """The area of a cell of the graticule on the ellipsoid, in closed form."""
    e = math.sqrt(F * (2 - F))
    b2 = (A * (1 - F)) ** 2

    def q(degrees):
        s = math.sin(math.radians(degrees))
        return s / (1 - (e * s) ** 2) + math.log((1 + e * s) / (1 - e * s)) / (2 * e)

    return b2 * math.radians(east - west) / 2 * (q(north) - q(south))


def test_areas_are_those_of_the_ellipsoid():
    assert ring_area(ring((0, 0), (90, 0), (0, 90))) == pytest.approx(510065621.724e6 / 8, rel=1e-9)
    small = ring((112.45, 34.61), (112.46, 34.61), (112.46, 34.62), (112.45, 34.62))
    assert ring_area(small) == pytest.approx(cell_area(112.45, 34.61, 112.46, 34.62), rel=1e-5)
    assert ring_area(small) == ring_area(small[::-1])
    # A tenth of a degree of the meridian at 34.5 degrees is 11.093 km.
    assert distance((1120000000, 345000000), (1120000000, 346000000)) == pytest.approx(11093, abs=2)


def test_holes_are_taken_out():
    whole = parcels(SQUARE)[0].area
    cut = parcels(f"{SQUARE}\n内环\n112.452,34.612\n112.454,34.612\n112.454,34.614\n112.452,34.614")[0].area
    assert cut == pytest.approx(whole * (1 - 0.04), rel=1e-4)


@pytest.mark.parametrize(
    "line",
    [
        "112.4500000,34.6100000",
        "112.45 34.61",
        "１１２.４５，３４.６１",
        "112°27′00″,34°36′36″",
        "112°27'0\", 34°36'36\"",
        "112度27分0秒 34度36分36秒",
        "E112°27′ N34°36.6′",
        "北纬34.61 东经112.45",
        "34.61N 112.45E",
        "1,112.45,34.61",
        "J1 112.45 34.61",
        "1、112.45、34.61",
        "(112.45, 34.61)",
    ],
)
def test_a_point_is_read_as_people_write_it(line):
    rest = "\n".join(SQUARE.splitlines()[1:])
    assert parcels(f"{line}\n{rest}") == parcels(SQUARE)


def test_parcels_rings_and_repeated_first_points():
    text = f"# 东区\n{SQUARE}\n112.45,34.61\n\n112.5,34.61\n112.51,34.61\n112.51,34.62\n片区：西区\n112.3,34.6\n112.31,34.6\n112.31,34.61"
    east, west = parcels(text)
    assert (east.name, west.name) == ("东区", "西区")
    assert [len(polygon[0]) for polygon in east.polygons] == [4, 3]
    assert problems_of((east, west)) == []
    assert parcels(as_text((east, west))) == (east, west)
    assert from_data(json.loads(json.dumps(as_data((east, west))))) == (east, west)


def test_all_wrong_lines_are_told_at_once_by_number():
    text = "112.45,34.61\nabc\n34.61,112.46\n34.62,112.46\n38512345.1,3801234.2\n112°61′,34°1′\n0,0\n112.4"
    _found, problems = read_text(text)
    assert [(one.first, one.last) for one in problems] == [(2, 2), (3, 4), (5, 5), (6, 6), (7, 7), (8, 8)]
    told = "\n".join(map(str, problems))
    for words in ("第 3–4 行：像是经度和纬度写反了", "投影坐标", "小于 60", "不在中国范围内"):
        assert words in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("112,34\n112.1,34.1\n112.1,34\n112,34.1", "自相交"),
        ("112,34\n112.1,34", "至少要 3 个"),
        ("112,34\n112.1,34\n112.2,34", "一条直线"),
        (f"{SQUARE}\n\n112.455,34.615\n112.47,34.615\n112.47,34.617", "相交"),
        (f"{SQUARE}\n\n112.452,34.612\n112.453,34.612\n112.453,34.613", "写成内环"),
        (f"{SQUARE}\n内环\n112.5,34.5\n112.51,34.5\n112.51,34.51", "不在外边界之内"),
        (f"{SQUARE}\n内环\n112.455,34.615\n112.47,34.615\n112.47,34.617", "相交"),
        (f"# 甲\n{SQUARE}\n# 甲\n112.5,34.5\n112.51,34.5\n112.51,34.51", "重复"),
        (f"# 甲\n{SQUARE}\n# 乙\n{SQUARE}", "之内"),
        ("112,34\n113,34\n113,35\n113,34.5", "自相交"),
    ],
)
def test_what_is_no_boundary(text, said):
    assert any(said in sentence for sentence in problems_of(parcels(text))), problems_of(parcels(text))


def test_neighbouring_parcels_may_share_an_edge():
    text = f"# 甲\n{SQUARE}\n# 乙\n112.46,34.61\n112.47,34.61\n112.47,34.62\n112.46,34.62"
    assert problems_of(parcels(text)) == []


def test_too_many_points_are_refused_before_anything_is_worked_out():
    many = tuple((1120000000 + index, 340000000 + index * index % 977) for index in range(MOST_POINTS + 1))
    began = time.perf_counter()
    (sentence,) = problems_of([Parcel("", ((many,),))])
    assert "拐点太多" in sentence
    assert time.perf_counter() - began < 0.2


def test_hostile_text_is_answered_and_never_raises():
    for text in (
        "\0",
        "#" * 1000,
        "9" * 5000,
        "°" * 3000,
        "内环\n112,34",
        "112,34\n" * 50,
        "1" * 500_000,
        "# 空",
    ):
        _found, problems = read_text(text)
        assert problems or problems_of(_found)


@given(st.text(alphabet="0123456789.,°′″'\"度分秒NEJ# 内环\n-", max_size=200))
def test_any_text_gives_parcels_or_problems(text):
    found, problems = read_text(text)
    if not problems:
        problems_of(found)


def test_geojson_goes_in_and_out():
    found = parcels(
        f"# 东区\n{SQUARE}\n内环\n112.452,34.612\n112.454,34.612\n112.454,34.614\n# 西区\n112.3,34.6\n112.31,34.6\n112.31,34.61"
    )
    again, problems = read_geojson(as_geojson(found))
    assert problems == []
    assert [(one.name, one.area) for one in again] == [(one.name, one.area) for one in found]
    document = json.loads(as_geojson(found))
    outer = document["features"][0]["geometry"]["coordinates"][0][0]
    assert outer[0] == outer[-1]


@pytest.mark.parametrize(
    "document",
    [
        "[]",
        "{}",
        '{"type":"Point","coordinates":[112,34]}',
        '{"type":"Polygon"}',
        '{"type":"Polygon","coordinates":[[["a","b"]]]}',
        '{"type":"Polygon","coordinates":[[[1e999,2]]]}',
        '{"type":"Polygon","coordinates":[[[true,false]]]}',
        '{"type":"Polygon","coordinates":"xxxx"}',
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null}]}',
        '{"type":"FeatureCollection","features":7}',
        "not json",
        "[" * 100_000,
    ],
)
def test_geojson_without_polygons_is_explained(document):
    _found, problems = read_geojson(document)
    assert problems


def test_a_point_is_inside_on_or_outside():
    square = ring((0, 0), (2, 0), (2, 2), (0, 2))
    assert [inside(point, square) for point in ring((1, 1), (2, 1), (3, 1), (0, 0))] == [1, 0, -1, 0]
