"""Flows: Sankey of a balance (feedback split, because a Sankey knows no cycles) and the graph of exchanges."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from qingyuan.figures.model import Data, Figure, FigureError, finite, number
from qingyuan.figures.style import COLOURS, FAINT, FONT, INK, base, decal

Flow = tuple[str, str, float]
BACK = "（回流）"
LATIN = 0x2E7F
"""Letters after it are as wide as they are high."""
MOST_FLOWS = 60
"""So many flows of a graph can still be told apart; the table has them all."""
BOX = (660, 530)
"""Pixels in which the nodes of a graph stand; invisible corners keep it in shape."""


def sankey(flows: Sequence[Flow], *, title: str, unit: str, name: str = "sankey") -> Figure:
    """Flows (from, to, value). A flow that closes a cycle ends in a hatched twin of where it goes back to.

    Values must be 0 or more; flows of 0 are left out. Raises FigureError.
    """
    finite([value for _start, _end, value in flows], title)
    if negative := [f"{start}→{end}" for start, end, value in flows if value < 0]:
        raise FigureError(f"{title}：流量不能为负（{'、'.join(negative)}）")
    merged: defaultdict[tuple[str, str], float] = defaultdict(float)
    for start, end, value in flows:
        if value > 0:
            merged[start, end] += float(value)
    if not merged:
        raise FigureError(f"{title}：没有大于 0 的流量")
    order = {node: place for place, node in enumerate(_order(merged))}
    throughput: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    links: list[dict[str, Any]] = []
    twins: dict[str, float] = {}
    for (start, end), value in merged.items():
        back = order[end] <= order[start]
        throughput[start][0] += value
        throughput[end][1] += value
        target = end
        if back:
            target = f"{end}{BACK}"
            twins[target] = twins.get(target, 0.0) + value
        shade = FAINT if back else COLOURS[order[start] % len(COLOURS)]
        links.append(
            {
                "source": start,
                "target": target,
                "value": value,
                "lineStyle": {"color": shade, "opacity": 0.38},
            }
        )
    nodes: list[dict[str, Any]] = [
        _node(node, f"{node} {number(max(throughput[node]))}", COLOURS[place % len(COLOURS)])
        for node, place in order.items()
    ]
    nodes += [
        _node(
            twin,
            f"{twin}{number(value)}",
            COLOURS[order[twin.removesuffix(BACK)] % len(COLOURS)],
            hatched=True,
        )
        for twin, value in twins.items()
    ]
    option = base(
        f"{title}（{unit}）" if unit else title,
        series=[
            {
                "type": "sankey",
                "data": nodes,
                "links": links,
                "left": 30,
                "right": 190,
                "top": 66,
                "bottom": 30,
                "nodeWidth": 18,
                "nodeGap": 16,
                "layoutIterations": 64,
                "label": {"fontFamily": FONT, "fontSize": 14, "color": INK},
            }
        ],
    )
    rows = tuple(
        (start, end, value, "是" if order[end] <= order[start] else "")
        for (start, end), value in merged.items()
    )
    alt = (
        f"桑基图：{len(order)} 个节点、{len(rows)} 股流，其中 {sum(bool(row[3]) for row in rows)} 股是回流。"
    )
    return Figure(
        name=name,
        title=title,
        alt=alt,
        option=option,
        data=Data(heads=("从", "到", f"数值（{unit}）" if unit else "数值", "回流"), rows=rows),
        height=max(540, 36 * len(nodes)),
    )


def _node(name: str, label: str, colour: str, *, hatched: bool = False) -> dict[str, Any]:
    style: dict[str, Any] = {"color": colour, "borderColor": INK, "borderWidth": 0.6}
    if hatched:
        style["decal"] = decal(1)
    return {"name": name, "itemStyle": style, "label": {"formatter": label}}


def _order(flows: dict[tuple[str, str], float]) -> list[str]:
    """An order of the nodes against which little flows back (Eades, Lin and Smyth 1993, by weight)."""
    nodes = list(dict.fromkeys(node for pair in flows for node in pair))
    out: dict[str, dict[str, float]] = {node: {} for node in nodes}
    into: dict[str, dict[str, float]] = {node: {} for node in nodes}
    for (start, end), value in flows.items():
        if start != end:
            out[start][end] = into[end][start] = value
    first: list[str] = []
    last: list[str] = []
    left = dict.fromkeys(nodes)

    def drop(node: str) -> None:
        del left[node]
        for other in out[node]:
            into[other].pop(node, None)
        for other in into[node]:
            out[other].pop(node, None)

    while left:
        sink = next((node for node in left if not out[node]), None)
        source = None if sink is not None else next((node for node in left if not into[node]), None)
        if sink is not None:
            last.append(sink)
            drop(sink)
            continue
        node = source or max(left, key=lambda one: sum(out[one].values()) - sum(into[one].values()))
        first.append(node)
        drop(node)
    return first + last[::-1]


def _on_circle(place: int, count: int) -> dict[str, Any]:
    """Where a node stands, and its label on the outer side."""
    angle = 2 * math.pi * place / count - math.pi / 2
    x, y = math.cos(angle), math.sin(angle)
    side = ("right" if x > 0 else "left") if abs(x) > 0.25 else ("bottom" if y > 0 else "top")
    return {"x": BOX[0] * (1 + x) / 2, "y": BOX[1] * (1 + y) / 2, "label": {"position": side}}


def _room_beside(names: Sequence[str]) -> int:
    """Pixels for the longest name at the side, as far as the nodes keep half of the picture."""
    widths = (sum(15 if ord(letter) > LATIN else 8 for letter in name) for name in names)
    return min(240, max(150, 24 + max(widths)))


def exchange_graph(
    flows: Sequence[tuple[str, str, str, float]],
    *,
    title: str = "产业共生网络",
    unit: str = "t",
    facilities: Sequence[str] = (),
    name: str = "exchange",
) -> Figure:
    """Exchanges (from, to, material, quantity) between enterprises and shared `facilities` (drawn as diamonds)."""
    if not flows:
        raise FigureError(f"{title}：没有交换")
    finite([flow[3] for flow in flows], title)
    if any(flow[3] < 0 for flow in flows):
        raise FigureError(f"{title}：数量不能为负")
    shown = list(flows)
    if len(flows) > MOST_FLOWS:
        least = sorted((flow[3] for flow in flows), reverse=True)[MOST_FLOWS - 1]
        shown = [flow for flow in flows if flow[3] >= least][:MOST_FLOWS]
    names = list(dict.fromkeys(node for flow in shown for node in flow[:2]))
    materials = list(dict.fromkeys(flow[2] for flow in shown))
    most = max(flow[3] for flow in shown) or 1.0
    between: defaultdict[tuple[str, str], int] = defaultdict(int)
    edges = []
    for start, end, material, quantity in shown:
        nth = between[start, end]
        between[start, end] += 1
        place = materials.index(material)
        edges.append(
            {
                "source": start,
                "target": end,
                "value": quantity,
                "lineStyle": {
                    "width": 1.5 + 6.5 * (quantity / most) ** 0.5,
                    "color": COLOURS[place % len(COLOURS)],
                    "type": ("solid", "dashed", "dotted")[place % 3],
                    "curveness": 0.16 + 0.16 * nth,
                    "opacity": 0.85,
                },
                "label": {"show": True, "formatter": f"{material} {number(quantity)}"},
            }
        )
    shared = set(facilities)
    nodes = [
        {
            "name": node,
            **_on_circle(place, len(names)),
            "symbol": "diamond" if node in shared else "circle",
            "symbolSize": 38 if node in shared else 26,
            "itemStyle": {
                "color": "#ffffff" if node in shared else "#c9d3dc",
                "borderColor": INK,
                "borderWidth": 1.5,
            },
        }
        for place, node in enumerate(names)
    ]
    nodes += [
        {"name": f"\u2060{corner}", "x": x, "y": y, "symbol": "none", "label": {"show": False}}
        for corner, (x, y) in enumerate(((0, 0), BOX))
    ]
    option = base(
        f"{title}（{unit}）",
        series=[
            {
                "type": "graph",
                "layout": "none",
                "data": nodes,
                "links": edges,
                "left": _room_beside(names),
                "right": _room_beside(names),
                "top": 120,
                "bottom": 70,
                "edgeSymbol": ["none", "arrow"],
                "edgeSymbolSize": [0, 12],
                "label": {"show": True, "fontFamily": FONT, "fontSize": 15, "color": INK},
                "edgeLabel": {
                    "fontFamily": FONT,
                    "fontSize": 12,
                    "color": INK,
                    "backgroundColor": "rgba(255,255,255,0.85)",
                    "padding": [1, 3],
                },
            }
        ],
    )
    cut = f"（只画最大的 {MOST_FLOWS} 股）" if len(flows) > MOST_FLOWS else ""
    kinds = f"，其中 {len(shared & set(names))} 个共享设施（菱形）" if shared & set(names) else ""
    return Figure(
        name=name,
        title=title,
        alt=f"交换网络：{len(names)} 个节点{kinds}，{len(flows)} 股交换{cut}；线越粗数量越大，线型分物料。",
        option=option,
        data=Data(heads=("从", "到", "物料", f"数量（{unit}）"), rows=tuple(flows)),
        height=720,
    )
