"""A schedule as an SVG with bars: readable in grey, without styles or scripts, its text in the drawing itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET  # writes only

WIDTH, LABEL, LINE, HEAD = 960, 250, 30, 30
_MOST_MARKS = 18
_LONGEST_LABEL = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A step from the morning of its first day to the evening of its last."""

    title: str
    starts: dt.date
    ends: dt.date


def draw(bars: Sequence[Bar], start: dt.date, end: dt.date, *, title: str) -> str:
    """The SVG of `bars` between two days. Bars are cut at the edges; each names itself and its days."""
    height = HEAD + LINE * len(bars) + 8
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {height}",
            "width": "100%",
            "role": "img",
            "aria-labelledby": "gantt-title gantt-desc",
            "class": "q-gantt",
            "fill": "currentColor",
        },
    )
    ET.SubElement(svg, "title", {"id": "gantt-title"}).text = title
    said = "；".join(f"{bar.title} {bar.starts.isoformat()} 至 {bar.ends.isoformat()}" for bar in bars)
    ET.SubElement(svg, "desc", {"id": "gantt-desc"}).text = said
    days = max((end - start).days + 1, 1)

    def x(day: dt.date, *, after: bool = False) -> float:
        passed = min(max((day - start).days + after, 0), days)
        return round(LABEL + (WIDTH - LABEL - 10) * passed / days, 1)

    for day in _marks(start, end):
        place = str(x(day))
        ET.SubElement(
            svg,
            "line",
            {
                "x1": place,
                "x2": place,
                "y1": "20",
                "y2": str(height),
                "stroke": "currentColor",
                "stroke-opacity": "0.25",
            },
        )
        ET.SubElement(svg, "text", {"x": place, "y": "15", "font-size": "12"}).text = f"{day:%Y-%m}"
    for number, bar in enumerate(bars):
        top = HEAD + LINE * number
        label = bar.title if len(bar.title) <= _LONGEST_LABEL else f"{bar.title[: _LONGEST_LABEL - 1]}…"
        ET.SubElement(svg, "text", {"x": "0", "y": str(top + 19), "font-size": "14"}).text = label
        left, right = x(bar.starts), x(bar.ends, after=True)
        rect = ET.SubElement(
            svg,
            "rect",
            {
                "x": str(left),
                "y": str(top + 6),
                "width": str(max(round(right - left, 1), 2)),
                "height": str(LINE - 12),
                "rx": "2",
                "fill-opacity": "0.55" if number % 2 else "0.75",
                "stroke": "currentColor",
            },
        )
        ET.SubElement(rect, "title").text = f"{bar.title}：{bar.starts.isoformat()} 至 {bar.ends.isoformat()}"
    return ET.tostring(svg, encoding="unicode")


def _marks(start: dt.date, end: dt.date) -> list[dt.date]:
    """First days of months inside the term, so few that their names do not touch."""
    months = []
    year, month = start.year, start.month
    while (day := dt.date(year, month, 1)) <= end:
        if day >= start:
            months.append(day)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    step = -(-len(months) // (_MOST_MARKS // 2)) or 1
    return months[::step]
