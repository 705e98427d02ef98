"""OR-Tools' min-cost flow in a process of its own: its HiGHS and ours cannot be loaded into one. A bench extra only.

In: JSON {arcs: [[tail, head, capacity, cost]], nodes, total} on stdin. Out: {cost, cpu_ms} of building and solving.
"""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    asked = json.load(sys.stdin)
    start = time.process_time()
    flow = SimpleMinCostFlow()
    for tail, head, capacity, cost in asked["arcs"]:
        flow.add_arc_with_capacity_and_unit_cost(tail, head, capacity, cost)
    flow.set_node_supply(asked["nodes"], asked["total"])
    flow.set_node_supply(asked["nodes"] + 1, -asked["total"])
    assert flow.solve() == flow.OPTIMAL
    spent = time.process_time() - start
    print(json.dumps({"cost": flow.optimal_cost(), "cpu_ms": round(spent * 1000, 1)}))


if __name__ == "__main__":
    main()
