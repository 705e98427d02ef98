"""GeoJSON: structure, depth, coordinates, and reasons that say where."""

from __future__ import annotations

import io
import json

import pytest

from qingyuan.kernel.gate import geojson
from qingyuan.kernel.gate.inspect import Inspection, RefusedContent, inspect
from tests.kernel.gate import samples


def look(data: bytes | object) -> Inspection:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return inspect(io.BytesIO(raw), name="边界.geojson", allow=frozenset({"geojson"}))


def refused(data: bytes | object) -> RefusedContent:
    with pytest.raises(RefusedContent) as caught:
        look(data)
    return caught.value


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [113.5, 34.7]},
        {"type": "Point", "coordinates": [113, 34, 120.5]},
        {"type": "MultiPoint", "coordinates": [[1, 2]]},
        {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
        {"type": "MultiLineString", "coordinates": [[[1, 2], [3, 4]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
    ],
)
def test_every_geometry_passes_in_a_feature_and_alone(geometry):
    assert look(feature(geometry)).warnings == []
    if geometry:
        assert look(geometry).kind == "geojson"


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ({"type": "Circle", "coordinates": [1, 2]}, "几何类型"),
        ([1], "几何类型"),
        ({"type": ["Point"]}, "几何类型"),
        ({"type": "Point"}, "coordinates"),
        ({"type": "Point", "coordinates": []}, "两到三个数"),
        ({"type": "Point", "coordinates": ["1", "2"]}, "应是数"),
        ({"type": "Point", "coordinates": [True, 2]}, "应是数"),
        ({"type": "LineString", "coordinates": [[1, 2]]}, "少于 2 个"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}, "没有闭合"),
        ({"type": "Polygon", "coordinates": [1]}, "coordinates"),
        ({"type": "GeometryCollection", "geometries": 1}, "geometries"),
    ],
)
def test_structures_that_do_not_hold(geometry, words):
    found = refused({"type": "FeatureCollection", "features": [feature(None), feature(geometry)]})
    assert found.code == "geojson_invalid"
    assert "第 2 个要素" in found.reason
    assert words in found.reason


def test_all_problems_up_to_ten_at_once():
    wrong = feature({"type": "Point"})
    found = refused({"type": "FeatureCollection", "features": [wrong] * 30})
    assert found.reason.count("要素：") == 10


@pytest.mark.parametrize("position", [[38_500_000.1, 3_800_000], [0, 90.1], [-181, 0]])
def test_projected_coordinates_get_the_advice_to_convert(position):
    found = refused(feature({"type": "Point", "coordinates": position}))
    assert found.code == "geojson_range"
    assert "经纬度" in found.reason


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"{}", "geojson_invalid"),
        (b"[1]", "geojson_invalid"),
        (b'{"type": []}', "geojson_invalid"),
        (b'{"type": "Topology"}', "geojson_invalid"),
        (b'{"type": "FeatureCollection"}', "geojson_invalid"),
        (b'{"type": "Point", "coordinates": [1, 2]', "geojson_invalid"),
        (b'{"type": "Point", "coordinates": [NaN, 2]}', "geojson_invalid"),
        (b'{"type": "Point", "coordinates": [1e999, 2]}', "geojson_range"),
        (b'{"type": "Point", "coordinates": [' + b"9" * 400 + b", 2]}", "geojson_range"),
        (b'{"type": "Point", "coordinates": [' + b"9" * 5000 + b", 2]}", "geojson_invalid"),
        ('{"type": "Point", "名": "演示"}'.encode("gb18030"), "geojson_invalid"),
        (b'{"type": "Point", "a": ' + b"[" * 200_000, "geojson_too_large"),
    ],
)
def test_json_that_is_not_geojson(raw, code):
    assert refused(raw).code == code


def test_depth_and_size(monkeypatch):
    deep: object = 1
    for _ in range(40):
        deep = [deep]
    assert "32 层" in refused(feature(None, a=deep)).reason
    assert look(feature(None, a=[[{"b": [1]}]]))
    monkeypatch.setattr(geojson, "MOST_POSITIONS", 3)
    assert refused(samples.geojson()).code == "geojson_too_large"
    monkeypatch.setattr(geojson, "MOST_BYTES", 100)
    assert refused(samples.geojson()).code == "geojson_too_large"


def test_byte_order_mark_and_other_coordinate_systems_warn():
    assert "BOM" in look(b"\xef\xbb\xbf" + samples.geojson()).warnings[0]
    other = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    assert "坐标系" in look(samples.geojson(crs=other)).warnings[0]
    usual = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert look(samples.geojson(crs=usual)).warnings == []
