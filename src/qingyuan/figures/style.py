"""What all figures share: a palette told apart by the colour-blind and in grey, marks, dashes, patterns, axes, title."""

from __future__ import annotations

from typing import Any, Final

FONT: Final = "Noto Sans SC"
INK, FAINT, GRID = "#1f2933", "#5b6770", "#d9dee3"
ALERT: Final = "#d55e00"
COLOURS: Final = ("#0072b2", "#e69f00", "#009e73", "#8c4a7d", "#56b4e9", ALERT, "#b5a500", "#4d4d4d")
"""Okabe and Ito (2008), in an order of alternating lightness; purple and yellow darkened so that they show on white and in grey."""
MARKS: Final = ("circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle", "pin")
DASHES: Final = ("solid", [8, 4], [2, 3], [10, 3, 2, 3], [14, 4], [5, 2, 1, 2], [1, 4], [20, 5])


def decal(place: int) -> dict[str, Any]:
    """A pattern for the `place`-th filled area: plain, stripes of both slants, dots, crossing, level and upright lines."""
    thin = "rgba(0,0,0,0.45)"
    patterns: tuple[dict[str, Any], ...] = (
        {"symbol": "none"},
        {"symbol": "rect", "color": thin, "dashArrayX": [1, 0], "dashArrayY": [2, 6], "rotation": -0.785},
        {"symbol": "circle", "color": thin, "symbolSize": 0.55, "dashArrayX": [[6, 6], [0, 6, 6, 0]], "dashArrayY": [6, 0]},
        {"symbol": "rect", "color": thin, "dashArrayX": [1, 0], "dashArrayY": [2, 6], "rotation": 0.785},
        {"symbol": "rect", "color": thin, "dashArrayX": [1, 0], "dashArrayY": [2, 5], "rotation": 0},
        {"symbol": "rect", "color": thin, "dashArrayX": [1, 0], "dashArrayY": [2, 5], "rotation": 1.5708},
        {"symbol": "triangle", "color": thin, "symbolSize": 0.7, "dashArrayX": [[9, 9], [0, 9, 9, 0]], "dashArrayY": [7, 2]},
        {"symbol": "rect", "color": thin, "dashArrayX": [4, 4], "dashArrayY": [4, 4], "rotation": 0},
    )  # fmt: skip
    return patterns[place % len(patterns)]


def base(title: str, **parts: Any) -> dict[str, Any]:
    """An option with the house's title, fonts and colours."""
    return {
        "backgroundColor": "#ffffff",
        "color": list(COLOURS),
        "textStyle": {"fontFamily": FONT, "color": INK, "fontSize": 14},
        "title": {
            "text": title,
            "left": "center",
            "top": 12,
            "textStyle": {"fontFamily": FONT, "fontWeight": "normal", "fontSize": 20, "color": INK},
        },
        **parts,
    }


def legend(names: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "data": names,
        "bottom": 10,
        "itemWidth": 36,
        "itemHeight": 14,
        "textStyle": {"fontFamily": FONT, "fontSize": 14, "color": INK},
        **more,
    }


def axis(name: str, *, kind: str = "value", upright: bool = False, **more: Any) -> dict[str, Any]:
    """An axis with its name (and unit) in the middle of it."""
    return {
        "type": kind,
        "name": name,
        "nameLocation": "middle",
        "nameGap": 58 if upright else 34,
        "nameTextStyle": {"fontFamily": FONT, "fontSize": 14, "color": INK},
        "axisLine": {"show": True, "lineStyle": {"color": FAINT}},
        "axisLabel": {"fontFamily": FONT, "fontSize": 13, "color": INK},
        "splitLine": {"show": kind == "value", "lineStyle": {"color": GRID}},
        **more,
    }


def line(place: int, name: str, points: list[list[float]], **more: Any) -> dict[str, Any]:
    """A curve told apart by colour, dash and mark."""
    return {
        "type": "line",
        "name": name,
        "data": points,
        "symbol": MARKS[place % len(MARKS)],
        "symbolSize": 9,
        "showAllSymbol": True,
        "lineStyle": {
            "width": 2.5,
            "type": DASHES[place % len(DASHES)],
            "color": COLOURS[place % len(COLOURS)],
        },
        "itemStyle": {"color": COLOURS[place % len(COLOURS)]},
        **more,
    }
