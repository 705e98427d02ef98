"""Cascades: composite curves, grand composite curve, limiting water composite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qingyuan.figures.model import Data, Figure, FigureError, finite, number
from qingyuan.figures.style import ALERT, FONT, INK, axis, base, legend, line

Points = Sequence[tuple[float, float]]
GRID = {"left": 90, "right": 60, "top": 70, "bottom": 110}


def composite_curves(
    hot: Points, cold: Points, *, title: str = "复合曲线", unit: str = "kW", name: str = "composites"
) -> Figure:
    """Hot and cold composite, points (℃, heat); the cold one already shifted right by the cold utility."""
    _some(title, hot, cold)
    option = base(
        title,
        grid=GRID,
        legend=legend(["热复合曲线", "冷复合曲线"]),
        xAxis=axis(f"热量（{unit}）"),
        yAxis=axis("温度（℃）", upright=True, scale=True),
        series=[
            line(0, "热复合曲线", _turned(hot)),
            line(1, "冷复合曲线", _turned(cold)),
        ],
    )
    rows = (*(("热", *point) for point in hot), *(("冷", *point) for point in cold))
    return Figure(
        name=name,
        title=title,
        alt=f"热、冷复合曲线：热流 {number(_span(hot))} {unit}，冷流 {number(_span(cold))} {unit}。",
        option=option,
        data=Data(heads=("曲线", "温度（℃）", f"热量（{unit}）"), rows=rows),
    )


def grand_composite(
    points: Points,
    *,
    pinches: Sequence[float] = (),
    title: str = "总复合曲线",
    unit: str = "kW",
    name: str = "grand-composite",
) -> Figure:
    """Points (shifted ℃, net heat) as the cascade gives them, and the shifted temperatures of the pinches."""
    _some(title, points)
    finite(pinches, title)
    drawn = line(0, "总复合曲线", _turned(points))
    drawn["markLine"] = _lines([("y", value, f"夹点 {number(value)} ℃") for value in pinches])
    option = base(
        title,
        grid=GRID,
        legend=legend(["总复合曲线"]),
        xAxis=axis(f"净热流（{unit}）"),
        yAxis=axis("移位温度（℃）", upright=True, scale=True),
        series=[drawn],
    )
    where = "、".join(f"{number(value)} ℃" for value in pinches)
    return Figure(
        name=name,
        title=title,
        alt=f"总复合曲线，{'夹点在 ' + where if pinches else '没有夹点（阈值问题）'}。",
        option=option,
        data=Data(heads=("移位温度（℃）", f"净热流（{unit}）"), rows=tuple(points)),
    )


def limiting_composite(
    points: Points,
    *,
    fresh_t_h: float | None = None,
    fresh_ppm: float = 0.0,
    pinches: Sequence[float] = (),
    title: str = "极限水复合曲线",
    name: str = "limiting-composite",
) -> Figure:
    """Points (ppm, load kg/h), and the line of the least fresh water: ppm = fresh + 1000 · load / flow (t/h)."""
    _some(title, points)
    finite([*pinches, fresh_ppm], title)
    curve = line(0, "极限复合曲线", _turned(points))
    curve["markLine"] = _lines([("y", value, f"夹点 {number(value)} ppm") for value in pinches])
    series = [curve]
    if fresh_t_h is not None and fresh_t_h > 0:
        whole = max(load for _ppm, load in points)
        end = [whole, fresh_ppm + 1000 * whole / fresh_t_h]
        series.append(line(1, f"供水线（新鲜水 {number(fresh_t_h)} t/h）", [[0, fresh_ppm], end]))
    option = base(
        title,
        grid=GRID,
        legend=legend([one["name"] for one in series]),
        xAxis=axis("污染物负荷（kg/h）"),
        yAxis=axis("浓度（ppm）", upright=True),
        series=series,
    )
    least = "" if fresh_t_h is None else f"，最少新鲜水 {number(fresh_t_h)} t/h"
    return Figure(
        name=name,
        title=title,
        alt=f"极限水复合曲线{least}；夹点 {'、'.join(number(one) for one in pinches) or '无'} ppm。",
        option=option,
        data=Data(heads=("浓度（ppm）", "累计负荷（kg/h）"), rows=tuple(points)),
    )


def _some(title: str, *curves: Points) -> None:
    for curve in curves:
        if not len(curve):
            raise FigureError(f"{title}：没有数据")
        finite([value for point in curve for value in point], title)


def _turned(points: Points) -> list[list[float]]:
    """Levels run upwards: (level, amount) is drawn at (amount, level)."""
    return [[float(amount), float(level)] for level, amount in points]


def _span(points: Points) -> float:
    return max(amount for _level, amount in points) - min(amount for _level, amount in points)


def _lines(found: Sequence[tuple[str, float, str]]) -> dict[str, Any]:
    """Level or upright marks with their names."""
    return {
        "symbol": "none",
        "lineStyle": {"type": [2, 3], "color": ALERT, "width": 1.5},
        "label": {"fontFamily": FONT, "fontSize": 13, "color": INK, "position": "insideEndTop"},
        "data": [
            {f"{which}Axis": float(value), "label": {"formatter": words}} for which, value, words in found
        ],
    }
