"""Profiles and fields: a river along its way, a Pareto front, levels of enterprises by indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qingyuan.figures.model import Data, Figure, FigureError, finite, number
from qingyuan.figures.style import ALERT, FAINT, FONT, INK, axis, base, legend, line

Points = Sequence[tuple[float, float]]
MOST_MARKED = 24
"""Points of a curve that can bear marks without hiding it."""


def river_profile(
    profiles: Mapping[str, Points],
    *,
    sections: Sequence[tuple[str, float, float]] = (),
    substance: str = "浓度",
    unit: str = "mg/L",
    title: str = "沿程水质",
    name: str = "river",
) -> Figure:
    """Profiles (km, concentration) by scenario; sections (name, km, limit) with their limit as a level mark."""
    if not profiles:
        raise FigureError(f"{title}：没有数据")
    for scenario, points in profiles.items():
        finite([value for point in points for value in point], scenario)
    finite([value for section in sections for value in section[1:]], title)
    few = max(map(len, profiles.values())) <= MOST_MARKED
    series: list[dict[str, Any]] = [
        line(
            place, scenario, [[float(x), float(y)] for x, y in points], symbolSize=7,
            **({} if few else {"symbol": "none"}),
        )
        for place, (scenario, points) in enumerate(profiles.items())
    ]  # fmt: skip
    if sections:
        series[0]["markLine"] = _uprights(sections)
        series.append(
            {
                "type": "scatter",
                "name": "断面限值",
                "symbol": "rect",
                "symbolSize": [30, 4],
                "itemStyle": {"color": ALERT, "opacity": 1},
                "z": 10,
                "data": [
                    {"value": [km, limit], "label": {"formatter": number(limit)}}
                    for _section, km, limit in sections
                ],
                "label": {
                    "show": True,
                    "position": "right",
                    "fontFamily": FONT,
                    "fontSize": 12,
                    "color": INK,
                    "backgroundColor": "rgba(255,255,255,0.85)",
                },
            }
        )
    option = base(
        title,
        grid={"left": 90, "right": 150 if sections else 60, "top": 130 if sections else 70, "bottom": 110},
        legend=legend([str(one["name"]) for one in series]),
        xAxis=axis("距上游（km）", max="dataMax"),
        yAxis=axis(f"{substance}（{unit}）", upright=True, min=0),
        series=series,
    )
    rows = (
        *((scenario, float(x), float(y), None) for scenario, points in profiles.items() for x, y in points),
        *((section, km, None, limit) for section, km, limit in sections),
    )
    return Figure(
        name=name,
        title=title,
        alt=f"{len(profiles)} 个情景的{substance}沿程变化，{len(sections)} 个断面的限值为短横线。",
        option=option,
        data=Data(heads=("情景或断面", "km", f"{substance}（{unit}）", f"限值（{unit}）"), rows=rows),
    )


def _uprights(sections: Sequence[tuple[str, float, float]]) -> dict[str, Any]:
    """Where the sections are, with their names slanting above."""
    where = dict.fromkeys((section, km) for section, km, _limit in sections)
    return {
        "symbol": "none",
        "silent": True,
        "lineStyle": {"type": [2, 4], "color": FAINT, "width": 1},
        "label": {
            "position": "end", "rotate": 24, "align": "left", "fontFamily": FONT, "fontSize": 12, "color": INK,
        },
        "data": [{"xAxis": float(km), "label": {"formatter": section}} for section, km in where],
    }  # fmt: skip


def pareto_front(
    points: Points,
    *,
    chosen: int | None = None,
    bounds: Sequence[float | None] = (),
    x_name: str = "削减量（t/a）",
    y_name: str = "费用（元/a）",
    title: str = "费用与削减的前沿",
    name: str = "pareto",
) -> Figure:
    """Points of a front in order; `chosen` is the place of the plan taken, `bounds` what each point costs at least."""
    if not points:
        raise FigureError(f"{title}：前沿没有点")
    finite([value for point in points for value in point], title)
    listed = [[float(x), float(y)] for x, y in points]
    series: list[dict[str, Any]] = [line(0, "前沿", listed)]
    least = [[x, bound] for (x, _y), bound in zip(listed, bounds, strict=False) if bound is not None]
    finite([bound for _x, bound in least], title)
    if least:
        series.append(line(1, "证明的下界", least, symbol="none"))
    if chosen is not None:
        series.append(
            {
                "type": "scatter",
                "name": "选定的方案",
                "symbol": "diamond",
                "symbolSize": 20,
                "symbolKeepAspect": True,
                "itemStyle": {"color": ALERT, "borderColor": INK, "borderWidth": 1.5, "opacity": 1},
                "data": [listed[chosen]],
                "label": {
                    "show": True,
                    "formatter": "选定的方案",
                    "position": "top",
                    "distance": 8,
                    "fontFamily": FONT,
                    "fontSize": 14,
                    "color": INK,
                },
                "z": 5,
            }
        )
    option = base(
        title,
        grid={"left": 110, "right": 60, "top": 70, "bottom": 110},
        legend=legend([str(one["name"]) for one in series if one["type"] == "line"]),
        xAxis=axis(x_name, scale=True),
        yAxis=axis(y_name, upright=True, scale=True, nameGap=78),
        series=series,
    )
    known = [*bounds, *[None] * (len(listed) - len(bounds))]
    rows = tuple(
        (x, y, known[place], "选定" if place == chosen else "") for place, (x, y) in enumerate(listed)
    )
    return Figure(
        name=name,
        title=title,
        alt=f"{len(listed)} 个点的前沿" + ("" if chosen is None else "，菱形为选定的方案") + "。",
        option=option,
        data=Data(heads=(x_name, y_name, "下界", ""), rows=rows),
    )


LEVELS: Mapping[str, tuple[str, str, str]] = {
    "I": ("I", "#08519c", "#ffffff"),
    "II": ("II", "#6baed6", "#000000"),
    "III": ("III", "#deebf7", "#000000"),
    "below": ("×", "#d55e00", "#ffffff"),
    "missing": ("缺", "#ffffff", "#000000"),
    "na": ("—", "#ececec", "#5b6770"),
}
WORDS = {
    "I": "I 级",
    "II": "II 级",
    "III": "III 级",
    "below": "低于 III 级",
    "missing": "缺数据",
    "na": "不适用",
}


def level_map(
    enterprises: Sequence[str],
    indicators: Sequence[str],
    levels: Sequence[Sequence[str | None]],
    *,
    title: str = "各企业各项指标的级别",
    name: str = "levels",
) -> Figure:
    """levels[e][i] is I, II, III, below, na, or None (missing). Every cell bears its level as a letter: grey loses nothing."""
    if not enterprises or not indicators:
        raise FigureError(f"{title}：没有数据")
    found = [["missing" if one is None else one for one in row] for row in levels]
    if len(found) != len(enterprises) or any(len(row) != len(indicators) for row in found):
        raise FigureError(f"{title}：级别表应为 {len(enterprises)} 行 {len(indicators)} 列")
    if unknown := sorted({one for row in found for one in row} - set(LEVELS)):
        raise FigureError(f"{title}：不认得级别 {'、'.join(unknown)}")
    present = [level for level in LEVELS if any(level in row for row in found)]
    cells = [
        {
            "value": [column, row, present.index(level)],
            "label": {"formatter": LEVELS[level][0], "color": LEVELS[level][2]},
        }
        for row, line in enumerate(found)
        for column, level in enumerate(line)
    ]
    keys = {
        "type": "piecewise",
        "orient": "horizontal",
        "left": "center",
        "bottom": 10,
        "itemWidth": 22,
        "itemSymbol": "rect",
        "textStyle": {"fontFamily": FONT, "fontSize": 14, "color": INK},
        "pieces": [
            {"value": place, "label": f"{LEVELS[level][0]} {WORDS[level]}" if level not in "III" else WORDS[level], "color": LEVELS[level][1]}
            for place, level in enumerate(present)
        ],
    }  # fmt: skip
    upright = {"fontFamily": FONT, "fontSize": 13, "color": INK, "interval": 0}
    across = {**upright, "rotate": 38} if max(map(len, indicators)) * 14 * len(indicators) > 780 else upright
    option = base(
        title,
        grid={"left": 30, "right": 30, "top": 70, "bottom": 60, "containLabel": True},
        visualMap=keys,
        xAxis=axis("", kind="category", data=list(indicators), axisLabel=across, axisTick={"show": False}),
        yAxis=axis("", kind="category", data=list(enterprises), inverse=True, axisLabel=upright, axisTick={"show": False}),
        series=[
            {
                "type": "heatmap",
                "data": cells,
                "itemStyle": {"borderColor": "#7b8794", "borderWidth": 1},
                "label": {"show": True, "fontFamily": FONT, "fontSize": 13},
            }
        ],
    )  # fmt: skip
    below = sum(one == "below" for row in found for one in row)
    return Figure(
        name=name,
        title=title,
        alt=f"{len(enterprises)} 家企业 {len(indicators)} 项指标的级别，{below} 格低于 III 级。",
        option=option,
        data=Data(
            heads=("企业", *indicators),
            rows=tuple(
                (who, *(WORDS[one] for one in row)) for who, row in zip(enterprises, found, strict=True)
            ),
        ),
        width=max(960, 220 + 46 * len(indicators)),
        height=max(360, 190 + 30 * len(enterprises)),
    )
