"""Counts of several kinds for each of some groups, bars side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qingyuan.figures.model import Cell, Data, Figure, FigureError, finite
from qingyuan.figures.style import COLOURS, FONT, INK, axis, base, decal, legend

MOST_GROUPS = 40


def counts(
    groups: Sequence[str],
    kinds: Mapping[str, Sequence[int]],
    *,
    title: str,
    unit: str,
    name: str,
    head: str,
) -> Figure:
    """`kinds` maps a kind of thing to its number in every group; `head` calls the groups. The first group is on top."""
    if not groups or not kinds:
        raise FigureError(f"{title}：没有数据")
    for kind, numbers in kinds.items():
        if len(numbers) != len(groups):
            raise FigureError(f"{title}：{kind} 有 {len(numbers)} 个数，应为 {len(groups)} 个")
        if any(number < 0 for number in finite(numbers, kind)):
            raise FigureError(f"{title}：{kind} 有负数")
    shown = min(len(groups), MOST_GROUPS)
    series = [
        {
            "type": "bar",
            "name": kind,
            "data": list(numbers[:shown])[::-1],
            "barGap": "10%",
            "barMaxWidth": 22,
            "itemStyle": {
                "color": COLOURS[place % len(COLOURS)],
                "decal": decal(place),
                "borderColor": INK,
                "borderWidth": 0.5,
            },
            "label": {"show": True, "position": "right", "fontFamily": FONT, "fontSize": 13, "color": INK},
        }
        for place, (kind, numbers) in enumerate(kinds.items())
    ]
    option = base(
        title,
        grid={"left": 30, "right": 70, "top": 60, "bottom": 90, "containLabel": True},
        legend=legend(list(kinds), itemHeight=18, itemStyle={"borderWidth": 1}),
        xAxis=axis(unit, min=0, minInterval=1),
        yAxis=axis("", kind="category", data=list(groups[:shown])[::-1]),
        series=series[::-1],
    )
    told = "；".join(f"{kind}共 {sum(numbers)} {unit}" for kind, numbers in kinds.items())
    cut = f"（只画前 {MOST_GROUPS} 项）" if shown < len(groups) else ""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (group, *(numbers[place] for numbers in kinds.values())) for place, group in enumerate(groups)
    )
    return Figure(
        name=name,
        title=title,
        alt=f"{len(groups)} 项{head}{cut}：{told}。",
        option=option,
        data=Data(heads=(head, *kinds), rows=rows),
        height=max(280, 170 + shown * (16 + 26 * len(kinds))),
    )
