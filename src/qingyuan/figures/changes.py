"""Before and after: values that a plan changes, with the limits they must keep, and what requirements cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qingyuan.figures.model import Data, Figure, FigureError, finite, number
from qingyuan.figures.style import ALERT, COLOURS, FONT, INK, axis, base, decal, legend

MOST_PLACES = 40
Change = tuple[str, float, float, float | None]
"""A place, its value before and after, its limit."""


def changes(
    found: Sequence[Change],
    *,
    title: str,
    unit: str,
    name: str,
    what: str = "浓度",
    places: str = "断面",
) -> Figure:
    """A row a place: a ring where it was, a dot where it will be, a bar for its limit. Not from 0: places, not lengths, tell."""
    if not found:
        raise FigureError(f"{title}：没有数据")
    finite([value for one in found for value in one[1:] if value is not None], title)
    shown = sorted(found, key=_worst, reverse=True)[:MOST_PLACES] if len(found) > MOST_PLACES else list(found)
    rows = shown[::-1]  # the first on top
    limits = [[one[3], place] for place, one in enumerate(rows) if one[3] is not None]
    series: list[dict[str, Any]] = [
        {
            "type": "line",
            "data": [[one[1], place], [one[2], place]],
            "symbol": "none",
            "lineStyle": {"width": 3, "color": "#9aa5b1"},
            "silent": True,
            "z": 1,
        }
        for place, one in enumerate(rows)
    ]
    series += [
        {
            "type": "scatter",
            "name": "现状",
            "symbol": "circle",
            "symbolSize": 13,
            "itemStyle": {"color": "#ffffff", "borderColor": ALERT, "borderWidth": 2.5, "opacity": 1},
            "data": [[one[1], place] for place, one in enumerate(rows)],
            "z": 3,
        },
        {
            "type": "scatter",
            "name": "方案后",
            "symbol": "circle",
            "symbolSize": 13,
            "itemStyle": {"color": COLOURS[0], "opacity": 1},
            "data": [[one[2], place] for place, one in enumerate(rows)],
            "z": 4,
        },
    ]
    if limits:
        series.append(
            {
                "type": "scatter",
                "name": "限值",
                "symbol": "rect",
                "symbolSize": [4, 22],
                "itemStyle": {"color": INK, "opacity": 1},
                "data": limits,
                "z": 2,
            }
        )
    option = base(
        title,
        grid={"left": 30, "right": 60, "top": 60, "bottom": 100, "containLabel": True},
        legend=legend(["现状", "方案后", *(["限值"] if limits else [])], itemWidth=18),
        xAxis=axis(f"{what}（{unit}）", scale=True),
        yAxis=axis(
            "",
            kind="category",
            data=[one[0] for one in rows],
            splitLine={"show": True, "lineStyle": {"color": "#eef1f4"}},
        ),
        series=series,
    )
    shares = [(was / limit, will / limit) for _place, was, will, limit in found if limit]
    above = [sum(one[place] > 1 + 1e-9 for one in shares) for place in (0, 1)]
    told = f"超过限值的由 {above[0]} 个变为 {above[1]} 个" if limits else ""
    cut = f"（只画最差的 {MOST_PLACES} 个）" if len(found) > len(shown) else ""
    mean = sum(one[1] - one[2] for one in found) / len(found)
    return Figure(
        name=name,
        title=title,
        alt=f"{len(found)} 个{places}的{what}，现状与方案后{cut}；平均下降 {number(mean)} {unit}{'；' if told else ''}{told}。",
        option=option,
        data=Data(
            heads=(places, f"现状（{unit}）", f"方案后（{unit}）", f"限值（{unit}）"),
            rows=tuple(found),
        ),
        height=max(320, 190 + 30 * len(shown)),
    )


def _worst(one: Change) -> float:
    return one[2] / one[3] if one[3] else one[2]


def costs(
    found: Sequence[tuple[str, float, float]],
    *,
    title: str = "公平和把握的代价",
    unit: str = "元/a",
    name: str = "prices",
) -> Figure:
    """(requirement, cost, proven bound), the first without any: bars, each with what it costs more and its bound as a mark."""
    if not found:
        raise FigureError(f"{title}：没有数据")
    finite([value for one in found for value in one[1:]], title)
    rows = list(found)[::-1]
    plain = found[0][1]
    bars = []
    for who, cost, _bound in rows:
        more = f"（多 {100 * (cost - plain) / abs(plain):.1f} %）" if who != found[0][0] and plain else ""
        bars.append(
            {
                "value": cost,
                "itemStyle": {
                    "color": COLOURS[0] if who == found[0][0] else COLOURS[4],
                    "decal": decal(0 if who == found[0][0] else 1),
                },
                "label": {"formatter": f"{number(cost)}{more}"},
            }
        )
    option = base(
        title,
        grid={"left": 30, "right": 150, "top": 60, "bottom": 100, "containLabel": True},
        legend=legend(["年费用", "证明的下界"]),
        xAxis=axis(f"年费用（{unit}）"),
        yAxis=axis("", kind="category", data=[one[0] for one in rows]),
        series=[
            {
                "type": "bar",
                "name": "年费用",
                "data": bars,
                "barMaxWidth": 26,
                "itemStyle": {"color": COLOURS[4]},
                "label": {
                    "show": True, "position": "right", "distance": 10, "fontFamily": FONT, "fontSize": 13,
                    "color": INK,
                },
            },
            {
                "type": "scatter",
                "name": "证明的下界",
                "symbol": "rect",
                "symbolSize": [4, 30],
                "itemStyle": {"color": INK, "opacity": 1},
                "data": [[bound, place] for place, (_who, _cost, bound) in enumerate(rows)],
                "z": 5,
            },
        ],
    )  # fmt: skip
    dearest = max(found, key=lambda one: one[1])
    return Figure(
        name=name,
        title=title,
        alt=f"{len(found)} 种要求下的最低年费用和下界；不加要求时 {number(plain)} {unit}，最贵的是{dearest[0]}（{number(dearest[1])}）。",
        option=option,
        data=Data(heads=("要求", f"年费用（{unit}）", f"下界（{unit}）"), rows=tuple(found)),
        height=max(320, 180 + 52 * len(rows)),
    )


def abatement(
    steps: Sequence[tuple[str, float, float, bool]],
    *,
    title: str,
    cost_unit: str,
    effect_unit: str = "t/a",
    name: str = "macc",
) -> Figure:
    """(measure, cost per unit, effect, chosen) of many measures: steps as wide as their effect, the chosen ones filled.

    Where a few measures cost many times what the others do, the axis ends at the 98th percentile and says so.
    """
    if not steps:
        raise FigureError(f"{title}：没有方案")
    finite([value for step in steps for value in step[1:3]], title)
    if any(step[2] <= 0 for step in steps):
        raise FigureError(f"{title}：削减量须大于 0")
    ordered = sorted(steps, key=lambda one: (one[1], one[0]))
    costs_seen = sorted(one[1] for one in ordered)
    top = costs_seen[min(int(0.98 * len(costs_seen)), len(costs_seen) - 1)]
    cut = costs_seen[-1] > 3 * max(top, -costs_seen[0], 1e-12)
    series, rows, start = [], [], 0.0
    for place, (measure, cost, effect, chosen) in enumerate(ordered):
        end, height = start + effect, min(cost, top) if cut else cost
        colour = COLOURS[0] if chosen else "#ffffff"
        series.append(
            {
                "type": "line",
                "name": "选定的方案" if chosen else "未选的方案",
                "symbol": "none",
                "data": [[start, 0], [start, height], [end, height], [end, 0]],
                "lineStyle": {"color": INK, "width": 0.8 if len(ordered) > 80 else 1.2},
                "itemStyle": {"color": colour, "borderColor": INK, "borderWidth": 1},
                "areaStyle": {"color": colour, "opacity": 0.9, "origin": 0},
                "z": 2 + place % 2,
            }
        )
        rows.append((measure, cost, effect, end, "选定" if chosen else ""))
        start = end
    shown = [one for one in ("选定的方案", "未选的方案") if any(part["name"] == one for part in series)]
    option = base(
        title,
        grid={"left": 96, "right": 40, "top": 70, "bottom": 110},
        legend=legend(
            [
                {"name": one, "icon": "rect", "itemStyle": {"color": COLOURS[0] if one == "选定的方案" else "#ffffff", "borderColor": INK, "borderWidth": 1}}
                for one in shown
            ],
            itemWidth=22,
        ),
        xAxis=axis(f"累计削减量（{effect_unit}）", min=0, max=start, axisLine={"onZero": False}, axisLabel={"fontFamily": FONT, "fontSize": 13, "color": INK, "showMaxLabel": False}),
        yAxis=axis(f"单位减排成本（{cost_unit}）", upright=True, nameGap=66),
        series=series,
    )  # fmt: skip
    cheap = sum(effect for _measure, cost, effect, _chosen in ordered if cost < 0)
    taken = sum(effect for _measure, _cost, effect, chosen in ordered if chosen)
    ends = f"纵轴截止在 {number(top)}，更贵的画到顶；" if cut else ""
    return Figure(
        name=name,
        title=title,
        alt=f"{len(ordered)} 个方案按单位成本排列，共 {number(start)} {effect_unit}，选定的 {number(taken)}，成本为负的 {number(cheap)}；{ends}互斥的方案都在图上，不能全部相加。",
        option=option,
        data=Data(
            heads=("方案", f"单位成本（{cost_unit}）", f"削减量（{effect_unit}）", "累计", "选定"), rows=tuple(rows)
        ),
    )  # fmt: skip
