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
    from qingyuan.figures import sankey

    graph = said.get("sankey")
    if graph and graph["links"]:
        of = {node["name"]: OUTSIDE if node["of"] == "environment" else node["of"] for node in graph["nodes"]}
        flows = [(of[one["source"]], of[one["target"]], one["value"]) for one in graph["links"]]
        # The outside is a side of its own on either end: what comes from it is no cycle with what goes to it.
        yield sankey(
            [
                (
                    f"{OUTSIDE}（来）" if start == OUTSIDE else start,
                    f"{OUTSIDE}（去）" if end == OUTSIDE else end,
                    value,
                )
                for start, end, value in flows
            ],
            title="物质代谢",
            unit="t/a",
            name="balance-sankey",
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
    from qingyuan.figures import gains

    for key, title, unit in (
        ("pm25_ug_m3", "各受体点的 PM2.5", "μg/m³"),
        ("o3_ppb", "各受体点的臭氧", "ppb"),
    ):
        found = [(one["receptor"], one[key]) for one in said["receptors"] if one.get(key) is not None]
        if found:
            yield gains(found, title=title, unit=unit, name=f"air-{key.split('_')[0]}")


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
