"""The figures of an audit out of its result: one definition each, as SVG and PNG beside the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qingyuan.figures import Figure

Said = Mapping[str, Any]
OUTSIDE = "园区以外"
Owners = Mapping[str, tuple[str, str]]
"""Whose an offer or a need is, and of what material."""


def figures_of(result: Mapping[str, Any], owners: Owners) -> dict[str, list[Figure]]:
    """By part; what has nothing to draw is left out."""
    from qingyuan.figures import FigureError

    found: dict[str, list[Figure]] = {}
    for key, draw in _DRAWN.items():
        if key in result and result[key]["status"] != "infeasible":
            try:
                drawn = list(draw(result[key], owners))
            except FigureError:
                drawn = []  # nothing above zero to show: the tables say so
            if drawn:
                found[key] = drawn
    return found


def _balance(said: Said, _owners: Owners) -> Iterator[Figure]:
    """A Sankey of every material: their units differ."""
    from qingyuan.figures import sankey

    graph = said.get("sankey")
    if not graph:
        return
    of = {node["name"]: node["of"] for node in graph["nodes"]}
    material = {one["flow"]: one["material"] or "" for one in said["flows"]}
    by_material: dict[str, list[tuple[str, str, float]]] = {}
    for one in graph["links"]:
        # The outside is a side of its own on either end: what comes from it is no cycle with what goes to it.
        start, end = of[one["source"]], of[one["target"]]
        ends = (
            f"{OUTSIDE}（来）" if start == "environment" else start,
            f"{OUTSIDE}（去）" if end == "environment" else end,
        )
        by_material.setdefault(material.get(one["flow"], ""), []).append((*ends, one["value"]))
    for place, (name, flows) in enumerate(by_material.items(), start=1):
        yield sankey(
            flows,
            title=f"协调后的物质流{'：' if name else ''}{name}",
            unit="采集表的单位",
            name="balance-sankey" if len(by_material) == 1 else f"balance-sankey-{place}",
        )


def _heat(said: Said, _owners: Owners) -> Iterator[Figure]:
    from qingyuan.figures import composite_curves, grand_composite

    curves = said["composites"]
    if curves["hot"] and curves["cold"]:
        yield composite_curves(curves["hot"], curves["cold"], name="heat-composites")
    if said["grand_composite"]:
        yield grand_composite(
            said["grand_composite"],
            pinches=[one["shifted_c"] for one in said["pinches"]],
            name="heat-grand-composite",
        )


def _water(said: Said, _owners: Owners) -> Iterator[Figure]:
    from qingyuan.figures import limiting_composite

    if said["composite"]:
        yield limiting_composite(
            said["composite"],
            fresh_t_h=said["freshwater_t_h"],
            pinches=said["pinches_ppm"],
            name="water-composite",
        )


def _exchange(said: Said, owners: Owners) -> Iterator[Figure]:
    from qingyuan.figures import exchange_graph, gains

    if said["matches"]:
        built = {one["facility"] for one in said["facilities"]}
        flows = [
            (
                owners.get(one["offer"], (one["offer"], ""))[0],
                owners.get(one["need"], (one["need"], ""))[0],
                owners.get(one["offer"], owners.get(one["need"], ("", "")))[1],
                one["quantity_t"],
            )
            for one in said["matches"]
        ]
        shown = {name for flow in flows for name in flow[:2]}
        yield exchange_graph(flows, facilities=sorted(built & shown), name="exchange-graph")
    if said["by_enterprise"]:
        yield gains(
            [(one["enterprise"], one["gain"]) for one in said["by_enterprise"]], name="exchange-gains"
        )


def _air(said: Said, _owners: Owners) -> Iterator[Figure]:
    from qingyuan.figures import ranked

    for key, title, unit in (("pm25_ug_m3", "PM2.5", "μg/m³"), ("o3_ppb", "臭氧", "ppb")):
        found = [(one["receptor"], one[key]) for one in said["receptors"] if one.get(key) is not None]
        if found:
            yield ranked(
                found,
                title=f"各受体点的{title}",
                unit=unit,
                name=f"air-{key.split('_')[0]}",
                heads=("受体点", title),
            )


def _select(said: Said, _owners: Owners) -> Iterator[Figure]:
    from qingyuan.figures import pareto_front

    front = [
        (one["reached"], one["cost"])
        for one in said.get("front") or []
        if one["cost"] is not None and isinstance(one["reached"], int | float)
    ]
    if len(front) > 1:
        yield pareto_front(front, name="select-front")


_DRAWN: dict[str, Callable[[Said, Owners], Iterator[Figure]]] = {
    "balance": _balance,
    "heat": _heat,
    "water": _water,
    "exchange": _exchange,
    "air": _air,
    "select": _select,
}
