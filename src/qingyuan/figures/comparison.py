"""Bars that set a new way beside the usual one, each measure in parts of what the usual way takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qingyuan.figures.model import Cell, Data, Figure, FigureError, finite, number
from qingyuan.figures.style import COLOURS, FONT, INK, axis, base, decal, legend


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One measure: what the usual way takes (low, mid, high) and what the new one takes; None: not stated."""

    title: str
    unit: str
    low: float
    mid: float
    high: float
    actual: float | None


def compared(
    rows: Sequence[Compared],
    *,
    title: str,
    name: str,
    usual: str = "传统方式",
    new: str = "本试点",
) -> Figure:
    """Four bars a measure, the usual way's middle figure being 100; each bar bears its own figure with its unit."""
    drawn = [row for row in rows if row.mid > 0]
    if not drawn:
        raise FigureError(f"{title}：没有可比的数")
    for row in drawn:
        finite([row.low, row.mid, row.high, *([] if row.actual is None else [row.actual])], row.title)
        if not 0 <= row.low <= row.mid <= row.high or (row.actual is not None and row.actual < 0):
            raise FigureError(f"{row.title}：须为 0 ≤ 低 ≤ 中 ≤ 高，且没有负数")
    heads = {f"{usual}（高）": "high", f"{usual}（中）": "mid", f"{usual}（低）": "low", new: "actual"}
    places = {f"{usual}（高）": 3, f"{usual}（中）": 1, f"{usual}（低）": 2, new: 0}
    bottom_up = drawn[::-1]
    series = [
        {
            "type": "bar",
            "name": head,
            "barGap": "12%",
            "barCategoryGap": "28%",
            "itemStyle": {
                "color": COLOURS[places[head]],
                "decal": decal(places[head]),
                "borderColor": INK,
                "borderWidth": 0.5,
            },
            "label": {"show": True, "position": "right", "fontFamily": FONT, "fontSize": 13, "color": INK},
            "data": [_bar(getattr(row, key), row) for row in bottom_up],
        }
        for head, key in reversed(heads.items())
    ]
    option = base(
        title,
        grid={"left": 30, "right": 120, "top": 60, "bottom": 110, "containLabel": True},
        legend=legend(list(heads)[::-1], itemHeight=18, itemStyle={"borderWidth": 1}),
        xAxis=axis(f"以{usual}的中值为 100", min=0),
        yAxis=axis("", kind="category", data=[row.title for row in bottom_up]),
        series=series,
    )
    told = "；".join(
        f"{row.title} {number(row.actual)} {row.unit}，{usual} {number(row.mid)} {row.unit}"
        if row.actual is not None
        else f"{row.title}没有数据"
        for row in drawn
    )
    table: tuple[tuple[Cell, ...], ...] = tuple(
        (row.title, row.unit, row.low, row.mid, row.high, row.actual) for row in drawn
    )
    return Figure(
        name=name,
        title=title,
        alt=f"{len(drawn)} 项：{told}。",
        option=option,
        data=Data(
            heads=("项目", "单位", f"{usual}（低）", f"{usual}（中）", f"{usual}（高）", new), rows=table
        ),
        height=190 + 116 * len(drawn),
    )


def _bar(value: float | None, row: Compared) -> dict[str, object]:
    if value is None:
        return {"value": 0, "label": {"formatter": "没有数据"}}
    return {"value": 100 * value / row.mid, "label": {"formatter": f"{number(value)} {row.unit}"}}
