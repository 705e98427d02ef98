"""The figures of each part out of its JSON: one way for the single commands and for whole audits. Nothing is computed here.

What the JSON does not hold and a figure needs (whose an offer is, the way down a river) comes in as a keyword.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qingyuan.figures import Figure

Said = Mapping[str, Any]
MOST_FLOWS = 200
"""Beyond so many a Sankey shows nothing any more: the largest are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Offers as (enterprise, material), needs as enterprise, facilities as what they give; names without one stay."""

    offers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)
    gives: Mapping[str, str] = field(default_factory=dict)


def balance(said: Said, *, graph: Said | None = None, outside: str = "外界") -> Iterator[Figure]:
    """A Sankey of every material, in the flows' own units. `graph`: in place of the JSON's, which large balances lack."""
    from qingyuan.figures import sankey

    graph = graph or said.get("sankey")
    if not graph:
        return
    of = {node["name"]: node["of"] for node in graph["nodes"]}
    material = {one["flow"]: one["material"] or "" for one in said["flows"]}
    by_material: dict[str, list[tuple[str, str, float]]] = {}
    once = {
        one["flow"]: one for one in graph["links"]
    }  # a flow that closes a cycle stands there as two stubs
    for one in once.values():
        # The outside is a side of its own on either end: what comes from it is no cycle with what goes to it.
        start, end = of[one["source"]], of[one["target"]]
        ends = (
            f"{outside}（来）" if start == "environment" else start,
            f"{outside}（去）" if end == "environment" else end,
        )
        by_material.setdefault(material.get(one["flow"], ""), []).append((*ends, one["value"]))
    for place, (name, flows) in enumerate(by_material.items()):
        largest = sorted(flows, key=lambda one: -one[2])[:MOST_FLOWS]
        title = f"协调后的物质流{'：' if name else ''}{name}"
        yield sankey(largest, title=title, unit="", name=_name("sankey", place, len(by_material)))


def heat(said: Said) -> Iterator[Figure]:
    """Composite curves where there are streams of both kinds, and the grand composite curve."""
    from qingyuan.figures import composite_curves, grand_composite

    curves = said["composites"]
    if len(curves["hot"]) and len(curves["cold"]):
        yield composite_curves(_points(curves["hot"]), _points(curves["cold"]))
    if len(said["grand_composite"]):
        pinches = [float(one["shifted_c"]) for one in said["pinches"]]
        yield grand_composite(_points(said["grand_composite"]), pinches=pinches)


def water(
    said: Said, *, fixed_load: bool, fresh_ppm: float = 0.0, regenerated: bool = False
) -> Iterator[Figure]:
    """The limiting composite of each contaminant; the supply line where one contaminant and fixed loads define it."""
    from qingyuan.figures import limiting_composite

    several = said["composites"]
    single = fixed_load and not several and not regenerated
    composites = several or {"": said["composite"]}
    for place, (name, points) in enumerate(composites.items()):
        if points:
            yield limiting_composite(
                _points(points),
                fresh_t_h=said["freshwater_t_h"] if single else None,
                fresh_ppm=fresh_ppm,
                pinches=[] if several else list(said["pinches_ppm"]),
                title=f"极限水复合曲线{'：' if name else ''}{name}",
                name=_name("limiting-composite", place, len(composites)),
            )


def exchange(said: Said, *, parties: Parties) -> Iterator[Figure]:
    """The gain of each enterprise, and the graph of exchanges between enterprises and facilities."""
    from qingyuan.figures import exchange_graph, gains

    flows: dict[tuple[str, str, str], float] = {}

    def add(start: str, end: str, material: str, tonnes: float) -> None:
        flows[start, end, material] = flows.get((start, end, material), 0.0) + tonnes

    for one in said["matches"]:
        start, material = parties.offers.get(one["offer"], (one["offer"], ""))
        add(start, parties.needs.get(one["need"], one["need"]), material, one["quantity_t"])
    for plant in said["facilities"]:
        for leg in plant.get("takes", ()):
            if leg["kind"] == "offer":
                start, material = parties.offers.get(leg["end"], (leg["end"], ""))
                add(start, plant["facility"], material, leg["quantity_t"])
        for leg in plant.get("gives", ()):
            end = parties.needs.get(leg["end"], leg["end"]) if leg["kind"] == "need" else leg["end"]
            add(plant["facility"], end, parties.gives.get(plant["facility"], ""), leg["quantity_t"])
    if said["by_enterprise"]:
        yield gains([(one["enterprise"], one["gain"]) for one in said["by_enterprise"]])
    if flows:
        listed = [(*ends, tonnes) for ends, tonnes in flows.items()]
        yield exchange_graph(listed, facilities=[one["facility"] for one in said["facilities"]])


def measures(said: Said) -> Iterator[Figure]:
    """A marginal abatement cost curve of every pollutant."""
    from qingyuan.figures import macc

    curves = {name: curve for name, curve in said["macc"].items() if curve}
    for place, (pollutant, curve) in enumerate(curves.items()):
        yield macc(
            [(step["measure"], step["cost_per_unit"], step["effect"]) for step in curve],
            title=f"边际减排成本：{pollutant}",
            cost_unit="金额/单位削减量",
            effect_unit="每年",
            name=_name("macc", place, len(curves)),
        )


def _points(found: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    return [(float(first), float(second)) for first, second in found]


def _name(stem: str, place: int, count: int) -> str:
    """A file's stem; numbered where there are several, because names of materials are no file names."""
    return stem if count == 1 else f"{stem}-{place + 1}"
