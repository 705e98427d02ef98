"""The same linear exchange by others: OR-Tools' and networkx's min-cost flow, PuLP with CBC, linopy with HiGHS. Bench extra only.

All offers and needs may stay open, at no cost: a bypass carries what is not exchanged. Quantities and costs are whole, as
the flow solvers want them. Each gives the least total cost.
"""

from __future__ import annotations


def by_ortools(park) -> tuple[float, float]:
    """The cost, and milliseconds of CPU of building and solving, in a process of its own. ModuleNotFoundError without it."""
    import importlib.util
    import json
    import subprocess
    import sys

    if importlib.util.find_spec("ortools") is None:
        raise ModuleNotFoundError("ortools", name="ortools")
    place = _places(park)
    source, sink, total = len(place), len(place) + 1, sum(int(one.quantity_t) for one in park.offers)
    arcs = [(source, place["o", one.offer], int(one.quantity_t), 0) for one in park.offers]
    arcs += [(place["n", one.need], sink, int(one.quantity_t), 0) for one in park.needs]
    arcs += [
        (place["o", one.offer], place["n", one.need], total, int(one.net_cost_per_t)) for one in park.links
    ]
    arcs.append((source, sink, total, 0))
    done = subprocess.run(
        [sys.executable, "-m", "bench.peers.ortools_apart"],
        input=json.dumps({"arcs": arcs, "nodes": len(place), "total": total}),
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    return float(said["cost"]), float(said["cpu_ms"])


def by_networkx(park) -> float:
    import networkx as nx

    graph, total = nx.DiGraph(), sum(int(one.quantity_t) for one in park.offers)
    graph.add_node("source", demand=-total)
    graph.add_node("sink", demand=total)
    for one in park.offers:
        graph.add_edge("source", ("o", one.offer), capacity=int(one.quantity_t), weight=0)
    for one in park.needs:
        graph.add_edge(("n", one.need), "sink", capacity=int(one.quantity_t), weight=0)
    for one in park.links:
        graph.add_edge(("o", one.offer), ("n", one.need), weight=int(one.net_cost_per_t))
    graph.add_edge("source", "sink", weight=0)
    return float(nx.network_simplex(graph)[0])


def by_pulp(park) -> float:
    import pulp

    model = pulp.LpProblem("exchange", pulp.LpMinimize)
    flow = [pulp.LpVariable(f"t{place}", 0) for place in range(len(park.links))]
    model += pulp.lpSum(one.net_cost_per_t * amount for one, amount in zip(park.links, flow, strict=True))
    for side, key in ((park.offers, "offer"), (park.needs, "need")):
        parts: dict[str, list] = {}
        for one, amount in zip(park.links, flow, strict=True):
            parts.setdefault(getattr(one, key), []).append(amount)
        for one in side:
            model += pulp.lpSum(parts.get(getattr(one, key), [])) <= one.quantity_t
    model.solve(pulp.PULP_CBC_CMD(msg=False))
    return float(pulp.value(model.objective))


def by_linopy(park) -> float:
    import linopy
    import pandas as pd

    model = linopy.Model()
    flow = model.add_variables(lower=0, coords=[pd.RangeIndex(len(park.links), name="pair")], name="flow")
    for side, key in ((park.offers, "offer"), (park.needs, "need")):
        names = pd.Series([getattr(one, key) for one in park.links], name=key)
        names.index.name = "pair"
        most = pd.Series({getattr(one, key): one.quantity_t for one in side}).rename_axis(key)
        sums = flow.groupby(names).sum()
        model.add_constraints(sums <= most.loc[sorted(set(names))].to_xarray(), name=key)
    cost = pd.Series([one.net_cost_per_t for one in park.links]).rename_axis("pair")
    model.add_objective((flow * cost.to_xarray()).sum())
    model.solve(solver_name="highs", output_flag=False, progress=False)
    return float(model.objective.value)


def _places(park) -> dict[tuple[str, str], int]:
    names = [("o", one.offer) for one in park.offers] + [("n", one.need) for one in park.needs]
    return {name: place for place, name in enumerate(names)}
