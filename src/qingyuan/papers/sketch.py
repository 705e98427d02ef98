"""A boundary as a schematic SVG 示意图: no base map, readable in grey, without styles or scripts.

Published maps need a 审图号; this is a drawing of the applicant's own coordinates, and says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET  # writes only

WIDTH, LARGEST, SMALLEST = 720, 460, 200
MARGIN, HEAD, FOOT, LINE = 36, 46, 54, 24
_METRES_NORTH, _METRES_EAST = 111_132.0, 111_320.0  # of a degree; good to half a percent, enough for a sketch
_DIGITS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚"
_LONGEST = 28
Line = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A named piece of ground: polygons of an outer ring and its holes, in degrees. `note` stands in the legend."""

    name: str
    polygons: Sequence[Sequence[Line]]
    note: str = ""


def number_mark(index: int) -> str:
    """①, ② …, by which drawing and legend name a part."""
    return _DIGITS[index] if index < len(_DIGITS) else str(index + 1)


def cut(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


class _View:
    """From degrees to the drawing."""

    def __init__(self, grounds: Sequence[Ground]) -> None:
        points = [
            point for ground in grounds for polygon in ground.polygons for ring in polygon for point in ring
        ]
        self.west, self.north = min(x for x, _y in points), max(y for _x, y in points)
        east, south = max(x for x, _y in points), min(y for _x, y in points)
        self.east_metres = _METRES_EAST * math.cos(math.radians((self.north + south) / 2))
        wide = max((east - self.west) * self.east_metres, 1e-3)
        high = max((self.north - south) * _METRES_NORTH, 1e-3)
        self.scale = min((WIDTH - 2 * MARGIN) / wide, LARGEST / high)
        """Units of the drawing to a metre."""
        self.height = max(high * self.scale, SMALLEST)
        self.left = (WIDTH - wide * self.scale) / 2
        self.top = HEAD + (self.height - high * self.scale) / 2

    def place(self, point: tuple[float, float]) -> tuple[float, float]:
        x = self.left + (point[0] - self.west) * self.east_metres * self.scale
        y = self.top + (self.north - point[1]) * _METRES_NORTH * self.scale
        return round(x, 1), round(y, 1)

    def path(self, polygons: Sequence[Sequence[Line]]) -> str:
        """Outer rings and holes in one path, to be filled by the even-odd rule."""
        rings = [[self.place(point) for point in ring] for polygon in polygons for ring in polygon]
        return "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in rings)


def draw_boundary(grounds: Sequence[Ground], *, title: str, mark: str = "boundary") -> str:
    """The SVG of at least one piece of ground. `mark` begins the ids inside it."""
    view = _View(grounds)
    named = len(grounds) > 1 or bool(grounds[0].name)
    legend = HEAD + view.height + FOOT
    height = legend + (LINE * len(grounds) if named else 0) + 4
    said = "；".join(f"{ground.name} {ground.note}".strip() for ground in grounds)
    svg = canvas(WIDTH, height, title=title, said=said, mark=mark)
    for index, ground in enumerate(grounds):
        shape = add(
            svg,
            "path",
            d=view.path(ground.polygons),
            fill="currentColor",
            fill_opacity=("0.14", "0.3", "0.05", "0.22")[index % 4],
            fill_rule="evenodd",
            stroke="currentColor",
            stroke_width="1.6",
            stroke_linejoin="round",
            stroke_dasharray=("none", "7 3", "2 3", "9 3 2 3")[index % 4],
        )
        add(shape, "title").text = f"{ground.name} {ground.note}".strip()
    for index, ground in enumerate(grounds if named else ()):
        x, y = view.place(_middle(ground))
        label(svg, x, y + 6, number_mark(index), size=17, anchor="middle", halo=True)
        line = f"{number_mark(index)} {cut(ground.name)}　{ground.note}"
        label(svg, MARGIN, legend + LINE * index + 12, line, size=14)
    _north(svg)
    _scale_bar(svg, view, HEAD + view.height + 22)
    return ET.tostring(svg, encoding="unicode")


def canvas(width: float, height: float, *, title: str, said: str, mark: str) -> ET.Element:
    """An SVG that fills its place, with its name and its contents in words."""
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {round(height, 1)}",
            "width": "100%",
            "role": "img",
            "aria-labelledby": f"{mark}-title {mark}-desc",
            "class": "q-sketch",
            "fill": "currentColor",
        },
    )
    add(svg, "title", id=f"{mark}-title").text = title
    add(svg, "desc", id=f"{mark}-desc").text = said
    return svg


def add(parent: ET.Element, kind: str, **attributes: object) -> ET.Element:
    """A child with attributes; fill_rule is fill-rule."""
    return ET.SubElement(
        parent, kind, {name.replace("_", "-"): str(value) for name, value in attributes.items()}
    )


def label(
    svg: ET.Element, x: float, y: float, text: str, *, size: int, anchor: str = "start", halo: bool = False
) -> None:
    more: dict[str, object] = {}
    if halo:  # white behind the letters, so that they read on lines
        more = {"stroke": "#fff", "stroke_width": 4, "paint_order": "stroke", "stroke_linejoin": "round"}
    add(svg, "text", x=round(x, 1), y=round(y, 1), font_size=size, text_anchor=anchor, **more).text = text


def _middle(ground: Ground) -> tuple[float, float]:
    """A point inside the largest polygon: the middle of the longest cut through it, half way up."""
    ring = max((polygon[0] for polygon in ground.polygons), key=lambda ring: abs(_twice_area(ring)))
    latitudes = [y for _x, y in ring]
    # A little off the half, so that a cut does not run along an edge or through a corner.
    height = min(latitudes) + (max(latitudes) - min(latitudes)) * 0.5017
    holes = next(polygon[1:] for polygon in ground.polygons if polygon[0] is ring)
    cuts = sorted(
        a[0] + (height - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for one in (ring, *holes)
        for a, b in zip(one, (*one[1:], one[0]), strict=True)
        if (a[1] > height) != (b[1] > height)
    )
    spans = [(b - a, (a + b) / 2) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return (max(spans)[1], height) if spans else ring[0]


def _twice_area(ring: Line) -> float:
    return sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(ring, (*ring[1:], ring[0]), strict=True))


def _north(svg: ET.Element) -> None:
    x = WIDTH - MARGIN
    add(svg, "path", d=f"M{x} 6L{x + 8} 34L{x} 28L{x - 8} 34Z", stroke="none")
    label(svg, x - 26, 22, "北", size=14)


def _scale_bar(svg: ET.Element, view: _View, y: float) -> None:
    length, words = nice_length(170 / view.scale)
    wide = length * view.scale
    for index in range(4):
        add(
            svg,
            "rect",
            x=round(MARGIN + wide * index / 4, 1),
            y=round(y, 1),
            width=round(wide / 4, 1),
            height=6,
            fill="currentColor" if index % 2 == 0 else "#fff",
            stroke="currentColor",
            stroke_width=1,
        )
    label(svg, MARGIN, y - 5, "0", size=13)
    label(svg, MARGIN + wide, y - 5, words, size=13, anchor="middle")
    label(svg, WIDTH - 8, y + 7, "示意图，非地图 · 坐标 CGCS2000", size=13, anchor="end")


def nice_length(most: float) -> tuple[float, str]:
    """The greatest of 1, 2, 5 times a power of ten metres that is at most `most`, and its words."""
    power = math.floor(math.log10(most))
    lead = next(lead for lead in (5, 2, 1) if lead * 10.0**power <= most * (1 + 1e-9) or lead == 1)
    length = lead * 10.0**power
    return length, f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
