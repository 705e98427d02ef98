"""Bars: gain by enterprise, abatement costs, allocations with their Gini coefficient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qingyuan.figures.model import Cell, Data, Figure, FigureError, finite, number
from qingyuan.figures.style import ALERT, COLOURS, FAINT, FONT, INK, axis, base, decal, legend

MOST_NAMES = 40


def gains(
    found: Sequence[tuple[str, float]],
    *,
    title: str = "各企业的收益",
    unit: str = "元/a",
    name: str = "gains",
) -> Figure:
    """(enterprise, gain), the largest on top; losses hatched, on the other side of 0."""
    return ranked(found, title=title, unit=unit, name=name, heads=("企业", "收益"))


def ranked(
    found: Sequence[tuple[str, float]], *, title: str, unit: str, name: str, heads: tuple[str, str]
) -> Figure:
    """(who or what, value), the largest on top, values below 0 hatched; `heads` call the two in words."""
    who, what = heads
    if not found:
        raise FigureError(f"{title}：没有{who}")
    finite([value for _name, value in found], title)
    rows = sorted(found, key=lambda one: one[1])
    shown = rows if len(rows) <= MOST_NAMES else rows[-MOST_NAMES:]
    bars = [
        {
            "value": value,
            "itemStyle": {
                "color": COLOURS[0] if value >= 0 else ALERT,
                "decal": decal(0 if value >= 0 else 1),
            },
            "label": {"formatter": number(value), "position": "right" if value >= 0 else "left"},
        }
        for _name, value in shown
    ]
    option = base(
        title,
        grid={"left": 30, "right": 110, "top": 70, "bottom": 60, "containLabel": True},
        # Labels of losses stand left of their bars: room for them beside the names.
        xAxis=axis(unit, boundaryGap=["14%" if shown[0][1] < 0 else "0%", "0%"]),
        yAxis=axis("", kind="category", data=[one for one, _value in shown]),
        series=[
            {
                "type": "bar",
                "data": bars,
                "barMaxWidth": 22,
                "label": {"show": True, "fontFamily": FONT, "fontSize": 13, "color": INK},
            }
        ],
    )
    total = sum(value for _name, value in rows)
    lost = sum(value < 0 for _name, value in rows)
    cut = f"（只画前 {MOST_NAMES} 个）" if len(rows) > MOST_NAMES else ""
    return Figure(
        name=name,
        title=title,
        alt=f"{len(rows)} 个{who}的{what}{cut}，最大 {number(rows[-1][1])} {unit}，合计 {number(total)} {unit}，{lost} 个为负。",
        option=option,
        data=Data(heads=(who, f"{what}（{unit}）"), rows=tuple(rows[::-1])),
        height=max(320, 150 + 32 * len(shown)),
    )


def macc(
    steps: Sequence[tuple[str, float, float]],
    *,
    title: str = "边际减排成本曲线",
    cost_unit: str = "元/t",
    effect_unit: str = "t/a",
    name: str = "macc",
) -> Figure:
    """(measure, cost per unit, effect), the cheapest first: blocks as wide as their effect, numbered; the names in the legend."""
    if not steps:
        raise FigureError(f"{title}：没有方案")
    finite([value for step in steps for value in step[1:]], title)
    if any(effect <= 0 for _measure, _cost, effect in steps):
        raise FigureError(f"{title}：削减量须大于 0")
    ordered = sorted(steps, key=lambda one: one[1])
    whole = sum(effect for _measure, _cost, effect in ordered)
    series, rows, start = [], [], 0.0
    names = [f"{place}. {measure}" for place, (measure, _cost, _effect) in enumerate(ordered, start=1)]
    for place, (measure, cost, effect) in enumerate(ordered):
        end = start + effect
        series.append(_block(place, names[place], start, end, cost, narrow=effect < 0.012 * whole))
        rows.append((measure, cost, effect, end))
        start = end
    lines = -(-min(len(names), 30) // 4)
    option = base(
        title,
        grid={"left": 90, "right": 40, "top": 70, "bottom": 70 + 26 * lines},
        legend=legend(names[:30], icon="rect", itemWidth=14),
        xAxis=axis(f"累计削减量（{effect_unit}）", min=0, max=whole, axisLine={"onZero": False}),
        yAxis=axis(f"单位减排成本（{cost_unit}）", upright=True),
        series=series,
    )
    cheap = sum(effect for _measure, cost, effect in ordered if cost < 0)
    return Figure(
        name=name,
        title=title,
        alt=f"{len(ordered)} 个方案，共削减 {number(whole)} {effect_unit}，其中 {number(cheap)} 的成本为负。",
        option=option,
        data=Data(
            heads=("方案", f"单位成本（{cost_unit}）", f"削减量（{effect_unit}）", "累计"), rows=tuple(rows)
        ),
        height=480 + 26 * lines,
    )


def _block(place: int, name: str, start: float, end: float, cost: float, *, narrow: bool) -> dict[str, Any]:
    colour = COLOURS[place % len(COLOURS)]
    return {
        "type": "line",
        "name": name,
        "symbol": "none",
        "data": [[start, 0], [start, cost], [end, cost], [end, 0]],
        "lineStyle": {"color": INK, "width": 1},
        "itemStyle": {"color": colour},
        "areaStyle": {"color": colour, "opacity": 0.85, "origin": 0},
        "markPoint": {
            "symbol": "circle",
            "symbolSize": 1,
            "itemStyle": {"color": FAINT},
            "label": {
                "show": not narrow,
                "formatter": name.partition(".")[0],
                "position": "top",
                "fontFamily": FONT,
                "fontSize": 13,
                "color": INK,
            },
            "data": [{"coord": [(start + end) / 2, max(cost, 0)]}],
        },
    }


def allocations(
    receivers: Sequence[str],
    rules: Mapping[str, Sequence[float]],
    *,
    gini: Mapping[str, float] | None = None,
    title: str = "各规则下的分配",
    unit: str = "t/a",
    name: str = "allocations",
) -> Figure:
    """Amounts per receiver under each rule, side by side; the Gini coefficient of each rule in its name."""
    if not receivers or not rules:
        raise FigureError(f"{title}：没有数据")
    for rule, amounts in rules.items():
        if len(amounts) != len(receivers):
            raise FigureError(f"{title}：{rule} 有 {len(amounts)} 个数，应为 {len(receivers)} 个")
        finite(amounts, rule)
    known = gini or {}
    names = {rule: f"{rule}（基尼系数 {known[rule]:.3f}）" if rule in known else rule for rule in rules}
    series = [
        {
            "type": "bar",
            "name": names[rule],
            "data": [float(one) for one in amounts],
            "itemStyle": {
                "color": COLOURS[place % len(COLOURS)],
                "decal": decal(place),
                "borderColor": INK,
                "borderWidth": 0.5,
            },
            "barGap": "8%",
        }
        for place, (rule, amounts) in enumerate(rules.items())
    ]
    option = base(
        title,
        grid={"left": 90, "right": 30, "top": 70, "bottom": 110, "containLabel": False},
        legend=legend(list(names.values()), itemHeight=18, itemStyle={"borderWidth": 1}),
        xAxis=axis("", kind="category", data=list(receivers), axisLabel={"fontFamily": FONT, "fontSize": 13, "color": INK, "interval": 0, "rotate": 30 if len(receivers) > 9 else 0}),
        yAxis=axis(unit, upright=True),
        series=series,
    )  # fmt: skip
    fair = min(known, key=lambda rule: known[rule]) if known else ""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one, *(float(amounts[place]) for amounts in rules.values())) for place, one in enumerate(receivers)
    )
    told = f"；基尼系数最小的是{fair}（{known[fair]:.3f}）" if fair else ""
    return Figure(
        name=name,
        title=title,
        alt=f"{len(receivers)} 个对象在 {len(rules)} 种规则下的分配{told}。",
        option=option,
        data=Data(heads=("对象", *(f"{one}（{unit}）" for one in names.values())), rows=rows),
    )
