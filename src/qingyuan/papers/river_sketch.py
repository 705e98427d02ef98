"""Reaches and sections of rivers as a schematic SVG: one straight line a river, upstream at the left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET  # writes only

from qingyuan.papers.sketch import add, canvas, cut, label, number_mark

WIDTH, LEFT, RIGHT = 720, 24, 40
_LANE, _NAME, _BAND, _GAP = 22, 24, 30, 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A piece of a river; `length` in km, None where it is not stated. `note`: the class of water aimed at."""

    river: str
    name: str
    length: float | None = None
    note: str = ""
    starts: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A section at `km` below the river's first point. `meets`: its water is as good as aimed at."""

    river: str
    name: str
    km: float | None = None
    note: str = ""
    meets: bool = False


def draw_rivers(
    reaches: Sequence[Reach], stations: Sequence[Station], *, title: str, mark: str = "rivers"
) -> str:
    """The SVG of the rivers of at least one reach, in the order in which they are named."""
    rivers = list(dict.fromkeys(reach.river for reach in reaches))
    rows = [
        _Row(
            river,
            [reach for reach in reaches if reach.river == river],
            [station for station in stations if station.river == river],
        )
        for river in rivers
    ]
    height = sum(row.height for row in rows) + 30
    said = "；".join(row.said for row in rows)
    svg = canvas(WIDTH, height, title=title, said=said, mark=mark)
    top = 4.0
    for row in rows:
        row.draw(svg, top)
        top += row.height
    label(
        svg,
        WIDTH - 8,
        height - 8,
        "示意图，非地图 · 左为上游 · ▼达到目标 ▽未达到或未填",
        size=13,
        anchor="end",
    )
    return ET.tostring(svg, encoding="unicode")


class _Row:
    """One river: its line with the reaches above and the sections below."""

    def __init__(self, river: str, reaches: Sequence[Reach], stations: Sequence[Station]) -> None:
        self.river, self.reaches = river, reaches
        self.to_scale = all(reach.length for reach in reaches)
        lengths = [reach.length or 1.0 if self.to_scale else 1.0 for reach in reaches]
        self.total = sum(lengths)
        self.edges = [0.0]
        for length in lengths:
            self.edges.append(self.edges[-1] + length)
        placed = self.to_scale
        self.placed = sorted(
            (one for one in stations if placed and one.km is not None and one.km <= self.total),
            key=lambda one: one.km or 0.0,
        )
        self.others = [one for one in stations if one not in self.placed]
        self.lanes = self._lanes()
        below = _LANE * ((max(self.lanes) + 1 if self.lanes else 0) + len(self.others_lines))
        self.height = _NAME + _LANE * len(reaches) + _BAND + below + _GAP

    @property
    def said(self) -> str:
        parts = [f"{reach.name}{f' {reach.length:g} km' if reach.length else ''}" for reach in self.reaches]
        return f"{self.river}：{'、'.join(parts)}" + "".join(
            f"，断面{one.name}{f' {one.km:g} km' if one.km is not None else ''}"
            for one in [*self.placed, *self.others]
        )

    @property
    def others_lines(self) -> list[str]:
        return [
            f"▽ {cut(one.name, 16)}{f'（{one.note}）' if one.note else ''}　未标位置" for one in self.others
        ]

    def x(self, km: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * km / self.total, 1)

    def _words(self, one: Station) -> str:
        return f"{cut(one.name, 14)}{f'（{one.note}）' if one.note else ''} {one.km:g} km"

    def _lanes(self) -> list[int]:
        """For each section the line on which its words stand, so that none touch."""
        ends: list[float] = []
        found = []
        for one in self.placed:
            wide = 13.5 * len(self._words(one)) * 0.86 + 10
            start = self._start(one, wide)
            lane = next((index for index, end in enumerate(ends) if end <= start), len(ends))
            if lane == len(ends):
                ends.append(0.0)
            ends[lane] = start + wide
            found.append(lane)
        return found

    def _start(self, one: Station, wide: float) -> float:
        return max(4.0, min(self.x(one.km or 0.0) - 6, WIDTH - wide))

    def draw(self, svg: ET.Element, top: float) -> None:
        whole = f"　{self.total:g} km" if self.to_scale else "　长度未全填，不按比例"
        label(svg, LEFT, top + 16, f"{cut(self.river, 20)}{whole}", size=15)
        y = top + _NAME
        for index, reach in enumerate(self.reaches):
            words = [
                f"{number_mark(index)} {cut(reach.name, 18)}",
                f"{reach.length:g} km" if reach.length else "",
                f"目标{reach.note}" if reach.note else "",
                f"{cut(reach.starts, 12)} → {cut(reach.ends, 12)}" if reach.starts and reach.ends else "",
            ]
            label(svg, LEFT, y + 15, "　".join(filter(None, words)), size=13)
            y += _LANE
        line = y + 14
        for index, reach in enumerate(self.reaches):
            a, b = self.x(self.edges[index]), self.x(self.edges[index + 1])
            shape = add(
                svg,
                "line",
                x1=a,
                x2=b,
                y1=line,
                y2=line,
                stroke="currentColor",
                stroke_width=7 if index % 2 == 0 else 4,
                stroke_opacity="0.85" if index % 2 == 0 else "0.5",
            )
            add(shape, "title").text = f"{reach.name} {reach.note}".strip()
            add(svg, "line", x1=a, x2=a, y1=line - 9, y2=line + 9, stroke="currentColor", stroke_width=1.5)
            if b - a > 18:
                label(svg, (a + b) / 2, line - 7, number_mark(index), size=13, anchor="middle")
        end = self.x(self.total)
        add(svg, "path", d=f"M{end} {line - 9}L{end + 18} {line}L{end} {line + 9}Z")
        self._stations(svg, line)

    def _stations(self, svg: ET.Element, line: float) -> None:
        base = line + 30
        for one, lane in zip(self.placed, self.lanes, strict=True):
            x, words = self.x(one.km or 0.0), self._words(one)
            y = base + _LANE * lane
            add(
                svg,
                "line",
                x1=x,
                x2=x,
                y1=line + 4,
                y2=y - 12,
                stroke="currentColor",
                stroke_opacity="0.45",
            )
            add(
                svg,
                "path",
                d=f"M{x - 6} {line - 14}L{x + 6} {line - 14}L{x} {line - 3}Z",
                fill="currentColor" if one.meets else "#fff",
                stroke="currentColor",
                stroke_width=1.3,
            )
            label(svg, self._start(one, 13.5 * len(words) * 0.86 + 10), y, words, size=13, halo=True)
        lanes = max(self.lanes) + 1 if self.lanes else 0
        for index, text in enumerate(self.others_lines):
            label(svg, LEFT, base + _LANE * (lanes + index), text, size=13)
