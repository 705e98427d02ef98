"""Boundaries on the ground: parcels of polygons with holes, what is wrong with them, and how large they are.

Coordinates are whole numbers of 1e-7 degree (about a centimetre), longitude first, on CGCS2000: tests of crossing and
containment are exact, and the numbers may stand in canonical JSON. Areas are geodesic, on the ellipsoid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

UNIT = 10_000_000
"""Parts of a degree."""
Point = tuple[int, int]
Ring = tuple[Point, ...]
"""Without the repeated first point; a boundary closes by itself."""
Polygon = tuple[Ring, ...]
"""The outer ring, then its holes."""

MOST_POINTS = 2000
MOST_PARCELS = 30
MOST_RINGS = 100
WEST, EAST, SOUTH, NORTH = 73, 136, 3, 54
"""Whole degrees that hold all of China."""
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Parcel:
    """A part of the ground under one name (一区多园 has several)."""

    name: str
    polygons: tuple[Polygon, ...]

    @property
    def rings(self) -> Iterator[Ring]:
        return (ring for polygon in self.polygons for ring in polygon)

    @property
    def area(self) -> int:
        """Square metres."""
        return sum(ring_area(polygon[0]) - sum(map(ring_area, polygon[1:])) for polygon in self.polygons)


@cache
def _ellipsoid() -> Any:
    from geographiclib.geodesic import Geodesic

    return Geodesic(6378137, 1 / 298.257222101)  # CGCS2000, GB 22021


def ring_area(ring: Ring) -> int:
    """Square metres inside a ring, whichever way round it is written."""
    polygon = _ellipsoid().Polygon()
    for longitude, latitude in ring:
        polygon.AddPoint(latitude / UNIT, longitude / UNIT)
    return round(abs(polygon.Compute(False, True)[2]))


def distance(one: Point, other: Point) -> float:
    """Metres along the ellipsoid."""
    found = _ellipsoid().Inverse(one[1] / UNIT, one[0] / UNIT, other[1] / UNIT, other[0] / UNIT)
    return float(found["s12"])


def extent(parcels: Iterable[Parcel]) -> tuple[int, int, int, int]:
    """West, south, east, north of at least one parcel."""
    points = [point for parcel in parcels for ring in parcel.rings for point in ring]
    longitudes, latitudes = [x for x, _y in points], [y for _x, y in points]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def degrees(value: int) -> str:
    """A coordinate as it is printed: seven decimals, exact."""
    return f"{Decimal(value) / UNIT:.7f}"


def as_data(parcels: Iterable[Parcel]) -> list[dict[str, Any]]:
    """Parcels as JSON data without floats."""
    return [
        {
            "name": parcel.name,
            "polygons": [[[[x, y] for x, y in ring] for ring in polygon] for polygon in parcel.polygons],
            "area_m2": parcel.area,
        }
        for parcel in parcels
    ]


def from_data(rows: Iterable[dict[str, Any]]) -> tuple[Parcel, ...]:
    """The inverse of `as_data`."""
    return tuple(
        Parcel(
            row["name"],
            tuple(tuple(tuple((x, y) for x, y in ring) for ring in polygon) for polygon in row["polygons"]),
        )
        for row in rows
    )


def problems_of(parcels: Sequence[Parcel]) -> list[str]:
    """Everything that is wrong with a boundary, in sentences; one that names nothing is about the whole."""
    rings = sum(1 for parcel in parcels for _ring in parcel.rings)
    points = sum(len(ring) for parcel in parcels for ring in parcel.rings)
    found = [
        f"{what}太多（{count} 个），最多 {most} 个；请简化边界"
        for what, count, most in (
            ("片区", len(parcels), MOST_PARCELS),
            ("环", rings, MOST_RINGS),
            ("拐点", points, MOST_POINTS),
        )
        if count > most
    ]
    if found:
        return found
    found += _names(parcels)
    broken = [
        problem
        for parcel in parcels
        for number, polygon in enumerate(parcel.polygons, start=1)
        for problem in _ring_problems(parcel, number, polygon)
    ]
    # Where the points lie wrongly, what crosses what says nothing.
    return (found + (broken or list(_crossings(parcels)) or list(_placed(parcels))))[:_SHOWN]


def _names(parcels: Sequence[Parcel]) -> Iterator[str]:
    if not parcels or not all(parcel.polygons for parcel in parcels):
        yield "没有边界坐标"
    names = [parcel.name for parcel in parcels]
    if len(parcels) > 1 and not all(names):
        yield "有几个片区时，每个都要有名称"
    yield from (f"片区名称“{name}”重复" for name in dict.fromkeys(names) if name and names.count(name) > 1)
    yield from (f"片区名称“{name[:20]}…”过长，不超过 60 字" for name in names if len(name) > 60)


def called(parcel: Parcel, polygon: int, ring: int = 0) -> str:
    """A ring in words."""
    whole = f"“{parcel.name}”" if parcel.name else "边界"
    which = f"第 {polygon} 块" if len(parcel.polygons) > 1 else ""
    return f"{whole}{which}{f'的第 {ring} 个内环' if ring else ''}"


def _ring_problems(parcel: Parcel, number: int, polygon: Polygon) -> Iterator[str]:
    for index, ring in enumerate(polygon):
        what = called(parcel, number, index)
        if len(set(ring)) < 3:
            yield f"{what}只有 {len(set(ring))} 个不同的点，至少要 3 个"
            continue
        outside = [
            point
            for point in ring
            if not (WEST * UNIT <= point[0] <= EAST * UNIT and SOUTH * UNIT <= point[1] <= NORTH * UNIT)
        ]
        if outside:
            x, y = outside[0]
            swapped = all(
                SOUTH * UNIT <= x <= NORTH * UNIT and WEST * UNIT <= y <= EAST * UNIT for x, y in outside
            )
            hint = "，像是经度和纬度写反了（应先经度后纬度）" if swapped else ""
            yield f"{what}有 {len(outside)} 个点不在中国范围内，如（{degrees(x)}, {degrees(y)}）{hint}"
        elif not _turns(ring):
            yield f"{what}的点都在一条直线上，围不成面"


def _turns(ring: Ring) -> bool:
    return any(_side(ring[0], ring[1], point) for point in ring[2:]) or any(
        _side(ring[index - 2], ring[index - 1], ring[index]) for index in range(len(ring))
    )


def _side(a: Point, b: Point, c: Point) -> int:
    """On which side of the line a-b the point c lies: 1, -1, or 0 on the line. Exact."""
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def _between(a: Point, b: Point, c: Point) -> bool:
    """Does c, which is on the line a-b, lie between them?"""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


@dataclass(frozen=True, slots=True)
class _Edge:
    a: Point
    b: Point
    parcel: int
    polygon: int
    ring: int
    index: int
    count: int
    """Edges of its ring."""

    @property
    def home(self) -> tuple[int, int, int]:
        return self.parcel, self.polygon, self.ring


def _edges(parcels: Sequence[Parcel]) -> Iterator[_Edge]:
    for p, parcel in enumerate(parcels):
        for q, polygon in enumerate(parcel.polygons):
            for r, ring in enumerate(polygon):
                for index, start in enumerate(ring):
                    yield _Edge(start, ring[(index + 1) % len(ring)], p, q, r, index, len(ring))


def _crossings(parcels: Sequence[Parcel]) -> Iterator[str]:
    """Edges that meet where they must not. A sweep from west to east looks only at edges that lie side by side."""
    edges = sorted(_edges(parcels), key=lambda edge: min(edge.a[0], edge.b[0]))
    open_edges: list[_Edge] = []
    told: set[tuple[tuple[int, int, int], tuple[int, int, int]]] = set()
    for edge in edges:
        west = min(edge.a[0], edge.b[0])
        open_edges = [other for other in open_edges if max(other.a[0], other.b[0]) >= west]
        south, north = sorted((edge.a[1], edge.b[1]))
        for other in open_edges:
            if max(other.a[1], other.b[1]) < south or min(other.a[1], other.b[1]) > north:
                continue
            pair = (min(edge.home, other.home), max(edge.home, other.home))
            if pair not in told and _meet(edge, other):
                told.add(pair)
                yield _said(parcels, other, edge)
        open_edges.append(edge)


def _meet(one: _Edge, other: _Edge) -> bool:
    a, b, c, d = one.a, one.b, other.a, other.b
    sides = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    if sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0:
        return True
    if one.home != other.home:
        return False  # rings may touch
    touching = [
        (p, q, r)
        for side, (p, q, r) in zip(sides, ((a, b, c), (a, b, d), (c, d, a), (c, d, b)), strict=True)
        if side == 0 and _between(p, q, r)
    ]
    step = (one.index - other.index) % one.count
    if step in {1, one.count - 1}:  # neighbours share a point; more than that is a spike
        return any(r not in {p, q} for p, q, r in touching) or (one.count > 2 and {a, b} == {c, d})
    return bool(touching)


def _said(parcels: Sequence[Parcel], one: _Edge, other: _Edge) -> str:
    first = called(parcels[one.parcel], one.polygon + 1, one.ring)
    near = f"（{degrees(one.a[0])}, {degrees(one.a[1])}）附近"
    if one.home == other.home:
        low, high = sorted((one.index + 1, other.index + 1))
        return f"{first}自相交：第 {low} 个点和第 {high} 个点之后的两条边在{near}相交，请核对点的次序"
    return f"{first}与{called(parcels[other.parcel], other.polygon + 1, other.ring)}在{near}相交"


def inside(point: Point, ring: Ring) -> int:
    """1 inside the ring, 0 on it, -1 outside. Exact."""
    within = False
    y = point[1]
    for index, a in enumerate(ring):
        b = ring[(index + 1) % len(ring)]
        side = _side(a, b, point)
        if side == 0 and _between(a, b, point):
            return 0
        if (a[1] > y) != (b[1] > y) and (side > 0) == (b[1] > a[1]):
            within = not within
    return 1 if within else -1


def _within(inner: Ring, outer: Ring) -> bool:
    """Of rings that do not cross: does `inner` lie in `outer` (the same ring counts)?"""
    places = [inside(point, outer) for point in inner]
    return min(places) >= 0


def _placed(parcels: Sequence[Parcel]) -> Iterator[str]:
    """Holes lie in their polygon, and nothing lies on anything else."""
    outers: list[tuple[str, Ring, tuple[Ring, ...]]] = []
    for parcel in parcels:
        for number, polygon in enumerate(parcel.polygons, start=1):
            for index, hole in enumerate(polygon[1:], start=1):
                if not _within(hole, polygon[0]):
                    yield f"{called(parcel, number, index)}不在外边界之内"
                yield from (
                    f"{called(parcel, number, index)}与第 {other} 个内环重叠"
                    for other, ring in enumerate(polygon[1:index], start=1)
                    if _within(hole, ring) or _within(ring, hole)
                )
            for what, ring, holes in outers:
                for (a, inner), (b, outer, cut) in (
                    ((called(parcel, number), polygon[0]), (what, ring, holes)),
                    ((what, ring), (called(parcel, number), polygon[0], polygon[1:])),
                ):
                    if _within(inner, outer) and not any(_within(inner, hole) for hole in cut):
                        yield f"{a}在{b}之内：若是要扣除的部分，请写成内环"
                        break
            outers.append((called(parcel, number), polygon[0], polygon[1:]))


def signed_turn(ring: Ring) -> int:
    """Positive for a ring written anticlockwise."""
    return sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(ring, (*ring[1:], ring[0]), strict=True))
