"""Boundaries as people have them: a list of coordinates (拐点坐标表), or GeoJSON. All problems at once, by line."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from qingyuan.workbooks.polygons import (
    EAST,
    NORTH,
    SOUTH,
    UNIT,
    WEST,
    Parcel,
    Point,
    Polygon,
    Ring,
    degrees,
    signed_turn,
)

MOST_TEXT = 400_000
HOLE_WORDS: Final = ("内环", "扣除", "孔洞", "洞")
NAME_KEYS: Final = ("name", "名称", "片区", "片区名称", "园区名称", "NAME", "Name", "title")
_SHOWN = 30
_NUMBER = r"\d{1,9}(?:\.\d{1,15})?"
_DMS = re.compile(
    rf"""(?P<before>[NSEW]|东经|西经|北纬|南纬)?[:=]?\s*
    (?:(?P<deg>\d{{1,3}})\s*[°度]\s*(?:(?P<min>{_NUMBER})\s*(?:'(?!')|′(?!′)|分)\s*)?(?:(?P<sec>{_NUMBER})\s*(?:''|′′|"|秒)\s*)?
    |(?P<plain>-?{_NUMBER})\s*°?(?![\d.]))
    \s*(?P<after>[NSEW])?""",
    re.VERBOSE | re.IGNORECASE,
)
_LABEL = re.compile(r"^\s*(?:[A-Za-z\u4e00-\u9fff]{1,4}[-_]?\d{1,5}|\d{1,5}[.、:)])[\s,;:\t]+")
_FOLD = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "＂": '"', "º": "°", "˚": "°", "、": ",", "；": ";"}
)


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong, and on which lines; no lines: with the whole."""

    message: str
    first: int = 0
    last: int = 0

    def __str__(self) -> str:
        if not self.first:
            return self.message
        lines = f"第 {self.first} 行" if self.first == self.last else f"第 {self.first}–{self.last} 行"
        return f"{lines}：{self.message}"


@dataclass(slots=True)
class _Draft:
    """A parcel while its lines are read."""

    name: str
    polygons: list[list[list[Point]]] = field(default_factory=list)


def read_text(text: str) -> tuple[tuple[Parcel, ...], list[LineProblem]]:
    """The parcels of a list of coordinates, and what is wrong with its lines.

    One point a line, longitude first, in degrees or as 度分秒; a number of the point may stand before. A blank line
    ends a ring; “# name” begins a parcel; a line 内环 says that the next ring is cut out. Rings close by themselves.
    """
    if len(text) > MOST_TEXT:
        return (), [LineProblem(f"文字过长（{len(text)} 字），最多 {MOST_TEXT} 字")]
    parcels: list[_Draft] = []
    problems: list[LineProblem] = []
    hole, fresh = False, True
    for number, raw in enumerate(text.splitlines(), start=1):
        line = unicodedata.normalize("NFKC", raw).translate(_FOLD).strip()
        name = _heading(line)
        if not line:
            fresh = True
        elif name is not None:
            parcels.append(_Draft(name))
            hole, fresh = False, True
        elif line.rstrip(":").strip("[]()") in HOLE_WORDS:
            if not parcels or not parcels[-1].polygons:
                problems.append(LineProblem("内环之前要先有外边界", number, number))
            hole, fresh = True, True
        else:
            point = _point(line)
            if isinstance(point, str):
                problems.append(LineProblem(point, number, number))
                continue
            _put(parcels, point, fresh=fresh, hole=hole)
            hole, fresh = False, False
    found = tuple(
        Parcel(draft.name, tuple(tuple(closed(ring) for ring in polygon) for polygon in draft.polygons))
        for draft in parcels
    )
    problems += [LineProblem(f"片区“{draft.name}”下面没有坐标") for draft in parcels if not draft.polygons]
    if not found and not problems:
        problems = [LineProblem("没有坐标")]
    return found, list(_joined(problems))[:_SHOWN]


def _put(parcels: list[_Draft], point: Point, *, fresh: bool, hole: bool) -> None:
    if not parcels:
        parcels.append(_Draft(""))
    polygons = parcels[-1].polygons
    if fresh and hole and polygons:
        polygons[-1].append([point])
    elif fresh:
        polygons.append([[point]])
    else:
        polygons[-1][-1].append(point)


def _heading(line: str) -> str | None:
    if line.startswith("#"):
        return line.lstrip("#").strip().rstrip(":") or "未命名片区"
    if line.startswith("片区") and ":" in line:
        return line.partition(":")[2].strip() or "未命名片区"
    return None


def _point(line: str) -> Point | str:
    """A point, or what is wrong with the line."""
    bare = _LABEL.sub("", line, count=1)
    found = list(_DMS.finditer(bare))
    rest = _DMS.sub(" ", bare)
    if len(found) == 3 and not any(char in found[0].group() for char in ".°度") and found[0]["plain"]:
        found = found[1:]  # the number of the point
    if len(found) != 2 or re.search(r"[^\s,;:()/|\[\]]", rest):
        return (
            f"“{line[:40]}”不是一对坐标，应为“经度,纬度”，如 112.4536000,34.6197000 或 112°27′13″,34°37′11″"
        )
    values = [_value(match) for match in found]
    if wrong := next((value for value in values if isinstance(value, str)), ""):
        return wrong
    words = [(match["before"] or match["after"] or "").upper() for match in found]
    return _placed([value for value in values if isinstance(value, Decimal)], words)


def _placed(values: list[Decimal], words: list[str]) -> Point | str:
    """Which of two values is the longitude, by the words beside them or by their order."""
    axes = [{"E": "x", "东经": "x", "N": "y", "北纬": "y"}.get(word, "!" if word else "") for word in words]
    if axes in (["y", "x"], ["y", ""], ["", "x"]):
        values.reverse()
    x, y = values
    if "!" in axes:
        wrong = "西经、南纬不在中国范围内"
    elif max(abs(x), abs(y)) > 180:
        wrong = "像是以米为单位的投影坐标，请换算成经纬度（CGCS2000）"
    elif not any(axes) and SOUTH <= x <= NORTH and WEST <= y <= EAST:
        wrong = "像是经度和纬度写反了，应先经度后纬度"
    elif not (WEST <= x <= EAST and SOUTH <= y <= NORTH):
        wrong = "不在中国范围内"
    else:
        return whole(x), whole(y)
    return wrong


def _value(match: re.Match[str]) -> Decimal | str:
    if match["plain"]:
        return Decimal(match["plain"])
    minutes, seconds = Decimal(match["min"] or 0), Decimal(match["sec"] or 0)
    if minutes >= 60 or seconds >= 60:
        return f"“{match.group().strip()[:30]}”的分、秒应小于 60"
    if match["sec"] and not match["min"]:
        return f"“{match.group().strip()[:30]}”有秒没有分"
    return Decimal(match["deg"]) + minutes / 60 + seconds / 3600


def whole(value: Decimal) -> int:
    """Degrees as a whole number of 1e-7."""
    return int((value * UNIT).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def closed(points: Iterable[Point]) -> Ring:
    """A ring as it is kept: no point twice in a row, the first not repeated at the end."""
    ring: list[Point] = []
    for point in points:
        if not ring or ring[-1] != point:
            ring.append(point)
    while len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    return tuple(ring)


def _joined(problems: list[LineProblem]) -> Iterator[LineProblem]:
    """The same problem of lines in a row is one problem."""
    last: LineProblem | None = None
    for problem in problems:
        if last and problem.first == last.last + 1 and problem.message == last.message:
            last = LineProblem(last.message, last.first, problem.last)
            continue
        if last:
            yield last
        last = problem
    if last:
        yield last


def as_text(parcels: Iterable[Parcel]) -> str:
    """Parcels as `read_text` reads them."""
    lines: list[str] = []
    for parcel in parcels:
        if parcel.name:
            lines.append(f"# {parcel.name}")
        for polygon in parcel.polygons:
            for index, ring in enumerate(polygon):
                if index:
                    lines.append("内环")
                lines += [f"{degrees(x)},{degrees(y)}" for x, y in ring]
                lines.append("")
    return "\n".join(lines).strip()


def read_geojson(raw: bytes | str) -> tuple[tuple[Parcel, ...], list[LineProblem]]:
    """The polygons of a GeoJSON that the gate let through; other geometries are named as problems."""
    try:
        document = json.loads(raw, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError):
        return (), [LineProblem("不是合格的 GeoJSON")]
    parcels: list[Parcel] = []
    problems: list[LineProblem] = []
    features = _features(document)
    for number, (feature, geometry) in enumerate(features, start=1):
        name = _name(feature) or (f"片区{number}" if len(features) > 1 else "")
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if kind not in {"Polygon", "MultiPolygon"}:
            problems.append(
                LineProblem(f"第 {number} 个要素是 {str(kind)[:30]}，应为 Polygon 或 MultiPolygon（面）")
            )
            continue
        try:
            coordinates = geometry["coordinates"]
            polygons = tuple(map(_polygon, [coordinates] if kind == "Polygon" else coordinates))
        except (TypeError, ValueError, IndexError, KeyError, ArithmeticError):
            problems.append(LineProblem(f"第 {number} 个要素的坐标读不出来，应为 [经度, 纬度] 的列表"))
            continue
        parcels.append(Parcel(name, polygons))
    if not features:
        problems.append(LineProblem("文件里没有要素"))
    return _merged(parcels), problems[:_SHOWN]


def _features(document: Any) -> list[tuple[dict[str, Any], Any]]:
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection":
        rows = document.get("features")
        rows = rows if isinstance(rows, list) else []
        return [(row, row.get("geometry")) for row in rows if isinstance(row, dict)]
    if kind == "Feature":
        return [(document, document.get("geometry"))]
    return [({}, document)]


def _name(feature: dict[str, Any]) -> str:
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        return ""
    found = next((properties[key] for key in NAME_KEYS if isinstance(properties.get(key), str)), "")
    return " ".join(found.replace("\0", " ").split())[:60]


def _polygon(rings: list[list[list[Decimal]]]) -> Polygon:
    if not rings:
        raise ValueError("no ring")
    return tuple(closed(_position(position) for position in ring) for ring in rings)


def _position(position: list[Decimal]) -> Point:
    x, y = position[0], position[1]
    for value in (x, y):
        if not isinstance(value, Decimal) or not value.is_finite() or abs(value) > 10**9:
            raise ValueError("no coordinate")
    return whole(x), whole(y)


def _merged(parcels: list[Parcel]) -> tuple[Parcel, ...]:
    """Features of one name are one parcel."""
    found: dict[str, tuple[Polygon, ...]] = {}
    for parcel in parcels:
        found[parcel.name] = found.get(parcel.name, ()) + parcel.polygons
    return tuple(Parcel(name, polygons) for name, polygons in found.items())


def as_geojson(parcels: Iterable[Parcel]) -> str:
    """Parcels as GeoJSON (RFC 7946): rings closed, outer ones anticlockwise, longitude and latitude in degrees."""
    features = []
    for parcel in parcels:
        polygons = []
        for polygon in parcel.polygons:
            rings = []
            for index, ring in enumerate(polygon):
                ordered = ring if (signed_turn(ring) > 0) == (index == 0) else ring[::-1]
                rings.append([[x / UNIT, y / UNIT] for x, y in (*ordered, ordered[0])])
            polygons.append(rings)
        features.append(
            {
                "type": "Feature",
                "properties": {"name": parcel.name},
                "geometry": {"type": "MultiPolygon", "coordinates": polygons},
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)
