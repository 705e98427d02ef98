"""GeoJSON (RFC 7946): structure, depth and coordinates; all problems (up to ten) at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from qingyuan.kernel.gate.refusal import RefusedContent

MOST_BYTES = 20 * 1024 * 1024
MOST_POSITIONS = 1_000_000
MOST_FEATURES = 100_000
DEEPEST = 32
_SHOWN = 10
_FARTHEST = 1e9

# How deep the list of positions of each geometry is nested, and how many positions a line of it needs.
_NESTING = {
    "Point": (0, 1),
    "MultiPoint": (1, 1),
    "LineString": (1, 2),
    "MultiLineString": (2, 2),
    "Polygon": (2, 4),
    "MultiPolygon": (3, 4),
}
_TYPES = {"FeatureCollection", "Feature", "GeometryCollection", *_NESTING}
_RING = {"Polygon", "MultiPolygon"}
_GCS_NAMES = ("crs84", "4326", "4490", "wgs84", "cgcs2000")


class _InvalidError(ValueError):
    """One problem: where, and what was expected."""


class _OutOfRangeError(_InvalidError):
    pass


def check(file: BinaryIO) -> list[str]:
    """Read the whole (bounded) file; raises RefusedContent, gives warnings."""
    size = file.seek(0, 2)
    if size > MOST_BYTES:
        raise _too_large(f"文件有 {size:,} 字节，上限 {MOST_BYTES // 1024 // 1024} MiB")
    file.seek(0)
    raw = file.read()
    warnings = []
    if raw.startswith(b"\xef\xbb\xbf"):
        warnings.append("文件带有 BOM 标记，个别软件读不了；建议存为不带 BOM 的 UTF-8。")
    document = _load(raw)
    kind = document.get("type") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in _TYPES:
        raise RefusedContent(
            "geojson_invalid",
            "文件是 JSON，但不是 GeoJSON：最外层应是 type 为 FeatureCollection、Feature 或几何类型的对象。请从 GIS 软件重新导出为 GeoJSON 后上传。",
        )
    if _names_other_system(document):
        warnings.append("文件声明了其他坐标系；平台按经纬度（CGCS2000）理解坐标，请核对位置。")
    _Walk().judge(document)
    return warnings


def _names_other_system(document: dict[str, Any]) -> bool:
    named = document.get("crs")
    if named is None:
        return False
    plain = json.dumps(named).lower().replace("_", "").replace(" ", "")
    return not any(known in plain for known in _GCS_NAMES)


def _too_large(what: str) -> RefusedContent:
    return RefusedContent(
        "geojson_too_large", f"GeoJSON 过大：{what}，因此不收。请简化图形或拆成几个文件后上传。"
    )


def _invalid(what: str) -> RefusedContent:
    return RefusedContent(
        "geojson_invalid", f"GeoJSON 读不出来：{what}，因此不收。请从 GIS 软件重新导出（UTF-8）后上传。"
    )


def _no_constant(name: str) -> float:
    raise ValueError(f"不允许 {name}")


def _load(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise _invalid(f"第 {error.start + 1} 个字节不是 UTF-8 编码") from error
    except json.JSONDecodeError as error:
        raise _invalid(f"第 {error.lineno} 行第 {error.colno} 列不是合格的 JSON") from error
    except RecursionError as error:
        raise _too_large("嵌套太深") from error
    except ValueError as error:
        raise _invalid("含有 NaN、Infinity 或位数过多的数") from error


class _Walk:
    """Walks features and geometries, counts positions, keeps the first problems."""

    def __init__(self) -> None:
        self._positions = 0
        self._problems: list[str] = []
        self._out_of_range = False

    def judge(self, document: dict[str, Any]) -> None:
        kind = document["type"]
        if kind == "FeatureCollection":
            features = document.get("features")
            if not isinstance(features, list):
                raise _invalid("FeatureCollection 缺少 features 列表")
            if len(features) > MOST_FEATURES:
                raise _too_large(f"有 {len(features):,} 个要素，上限 {MOST_FEATURES:,}")
            for number, feature in enumerate(features, 1):
                self._attempt(self._feature, feature, f"第 {number} 个要素")
        elif kind == "Feature":
            self._attempt(self._feature, document, "要素")
        else:
            self._attempt(self._geometry, document, "几何")
        self._conclude()

    def _attempt(self, look: Any, value: Any, where: str) -> None:
        if len(self._problems) >= _SHOWN:
            return
        try:
            look(value, where)
        except _OutOfRangeError as problem:
            self._out_of_range = True
            self._problems.append(str(problem))
        except _InvalidError as problem:
            self._problems.append(str(problem))

    def _conclude(self) -> None:
        if not self._problems:
            return
        listed = "；".join(self._problems)
        if self._out_of_range:
            raise RefusedContent(
                "geojson_range",
                f"坐标超出经纬度范围：{listed}。若是以米为单位的投影坐标，请先转换为经纬度（CGCS2000）再导出上传。",
            )
        raise _invalid(listed)

    def _feature(self, feature: Any, where: str) -> None:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise _InvalidError(f"{where}：应是 type 为 Feature 的对象")
        properties = feature.get("properties")
        if properties is not None and not isinstance(properties, dict):
            raise _InvalidError(f"{where}：properties 应是对象或 null")
        _check_depth(properties, where)
        geometry = feature.get("geometry")
        if geometry is not None:
            self._geometry(geometry, where)

    def _geometry(self, geometry: Any, where: str, depth: int = 0) -> None:
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if kind == "GeometryCollection":
            inner = geometry.get("geometries")
            if not isinstance(inner, list) or depth > 4:
                raise _InvalidError(f"{where}：geometries 应是列表，且不能层层嵌套")
            for each in inner:
                self._geometry(each, where, depth + 1)
        elif isinstance(kind, str) and kind in _NESTING:
            nesting, least = _NESTING[kind]
            for line in _lines(geometry.get("coordinates"), nesting, where):
                self._line(line, least, where, ring=kind in _RING)
        else:
            raise _InvalidError(f"{where}：几何类型不对")

    def _line(self, line: list[Any], least: int, where: str, *, ring: bool) -> None:
        self._positions += len(line)
        if self._positions > MOST_POSITIONS:
            raise _too_large(f"坐标点超过 {MOST_POSITIONS:,} 个")
        if len(line) < least:
            raise _InvalidError(f"{where}：坐标点少于 {least} 个")
        for position in line:
            _check_position(position, where)
        if ring and line[0] != line[-1]:
            raise _InvalidError(f"{where}：多边形没有闭合（首尾坐标应相同）")


def _lines(coordinates: Any, nesting: int, where: str) -> Iterator[list[Any]]:
    """The innermost lists of positions."""
    if not isinstance(coordinates, list):
        raise _InvalidError(f"{where}：coordinates 应是列表")
    if nesting == 0:
        yield [coordinates]
    elif nesting == 1:
        yield coordinates
    else:
        for each in coordinates:
            yield from _lines(each, nesting - 1, where)


def _check_position(position: Any, where: str) -> None:
    if not isinstance(position, list) or not 2 <= len(position) <= 4:
        raise _InvalidError(f"{where}：坐标应是 [经度, 纬度] 两到三个数")
    for value in position:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _InvalidError(f"{where}：坐标应是数")
        if not -_FARTHEST < value < _FARTHEST:
            raise _OutOfRangeError(f"{where}：坐标大得不像坐标")
    if abs(position[0]) > 180 or abs(position[1]) > 90:
        raise _OutOfRangeError(f"{where}：[{position[0]:.10g}, {position[1]:.10g}]")


def _check_depth(value: Any, where: str) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            each
            for item in level
            if isinstance(item, dict | list)
            for each in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return
    raise _InvalidError(f"{where}：属性嵌套超过 {DEEPEST} 层")
