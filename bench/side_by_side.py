"""Rows beside other people's packages on the same data, with the same answer: asserted before any time is told.

A package that is not installed (extra: bench) is named with that as the reason. `python -m bench.side_by_side` prints them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.measure import Row, cpu_ms

FIRMS, NEIGHBOURS = 100, 20
FLOWS = 2_000
ENTERPRISES, SECONDS = 1_000, 20.0


def rows() -> list[Row]:
    return [exchange(), balance(), selection()]


def told(name: str, work: Callable[[], Any], agrees: Callable[[Any], bool], ours: float) -> str:
    """The peer's time, once its answer is ours; else why it was skipped."""
    try:
        theirs = work()
    except ModuleNotFoundError as missing:
        return f"{name}: skipped, {missing.name} is not installed (extra: bench)"
    own = None
    if isinstance(theirs, tuple):  # ran in a process of its own, and timed itself
        theirs, own = theirs
    assert agrees(theirs), (name, theirs)
    time = cpu_ms(work, runs=1) if own is None else own
    return f"{name}: {time:,.0f} ms, {time / max(ours, 0.1):,.1f} times"


def transport():
    """A park without yields: whole tonnes and whole money, as flow solvers want them."""
    import numpy as np
    from scipy.spatial import cKDTree

    from qingyuan.engine.exchange import Link, Need, Offer, Park

    random = np.random.default_rng(7)
    count = 2 * FIRMS
    spots = random.random((count, 2)) * 10
    far, reached = cKDTree(random.random((count, 2)) * 10).query(spots, k=NEIGHBOURS)
    quantity, demand = random.integers(10, 1000, (2, count))
    cost = (
        10 * far - random.integers(20, 200, count)[:, None] + random.integers(-50, 50, reached.shape)
    ).astype(int)
    return Park(
        offers=tuple(Offer(offer=f"o{k}", enterprise=f"e{k % FIRMS}", material="m", quantity_t=float(quantity[k])) for k in range(count)),
        needs=tuple(Need(need=f"n{k}", enterprise=f"e{k % FIRMS}", material="m", quantity_t=float(demand[k])) for k in range(count)),
        links=tuple(
            Link(offer=f"o{k}", need=f"n{reached[k, j]}", net_cost_per_t=float(cost[k, j]))
            for k in range(count)
            for j in range(NEIGHBOURS)
        ),
    )  # fmt: skip


def exchange() -> Row:
    from bench.peers import exchange_flow, exchange_linprog
    from qingyuan.engine.exchange import plan

    park = transport()
    found = plan(park)
    time = cpu_ms(lambda: plan(park), runs=2)

    def agrees(cost: float) -> bool:
        return abs(cost - found.objective) <= 1e-7 * abs(found.objective)

    peers = {
        "OR-Tools min-cost flow (C++, no check, no split)": lambda: exchange_flow.by_ortools(park),
        "networkx network simplex": lambda: exchange_flow.by_networkx(park),
        "PuLP with CBC": lambda: exchange_flow.by_pulp(park),
        "linopy with HiGHS": lambda: exchange_flow.by_linopy(park),
        "scipy linprog": lambda: exchange_linprog.least_cost(park),
    }
    return Row(
        f"exchange of {FIRMS} firms, {len(park.links):,} pairs without yields, from records to the checked plan and its split",
        cpu_ms=time,
        peers="; ".join(told(name, work, agrees, time) for name, work in peers.items()),
        notes={"the same least cost as all peers": found.objective},
    )


def balance() -> Row:
    import numpy as np

    from bench.balance import nested
    from bench.peers import balance_cvxpy
    from qingyuan.engine.balance import network

    problem, value = nested(parks=1, enterprises=10, units=20, flows=FLOWS, unmeasured=0.0)
    ours = network.prepare(**problem).reconcile(value)
    time = cpu_ms(lambda: network.prepare(**problem).reconcile(value), runs=3)
    spread = np.sqrt(problem["variance"])

    def agrees(theirs: Any) -> bool:
        return bool((np.abs(theirs - ours.reconciled) <= 1e-4 * spread).all())

    return Row(
        f"balance of {FLOWS:,} flows, 200 nodes, all measured",
        cpu_ms=time,
        peers=told("cvxpy with Clarabel", lambda: balance_cvxpy.reconciled(problem, value), agrees, time),
    )


def selection() -> Row:
    """Bare HiGHS and PuLP with CBC, each with a time limit, beside the first rung of the ladder."""
    from bench.peers import selection_pulp
    from bench.portfolio import GAP, _apart, instance_of

    ours = _apart("rung", ENTERPRISES)
    alone = _apart("bare", ENTERPRISES, int(SECONDS))
    lines = [f"bare HiGHS: {alone['status']} after {alone['cpu_s']:.1f} s, gap {alone['gap']:.3%}"]
    try:
        instance = instance_of(ENTERPRISES)
        theirs: list[Any] = []
        time = cpu_once(lambda: theirs.append(selection_pulp.least_cost(instance, gap=GAP, seconds=SECONDS)))
        cost, how = theirs[0]
        if cost is not None:
            bound = ours["objective"] * (1 - GAP) - 1e-6 * abs(ours["objective"])
            assert cost >= bound, (cost, bound)  # nothing is cheaper than what is proven
            if how == "optimal":
                assert cost <= ours["objective"] * (1 + 2 * GAP)
        more = "" if cost is None else f", {cost / ours['objective'] - 1:+.3%} of our cost"
        lines.append(f"PuLP with CBC: {how} after {time:.1f} s{more}")
    except ModuleNotFoundError as missing:
        lines.append(f"PuLP with CBC: skipped, {missing.name} is not installed (extra: bench)")
    return Row(
        f"least-cost selection, {ENTERPRISES:,} enterprises, beside others with a limit of {SECONDS:g} s",
        cpu_ms=ours["cpu_s"] * 1000,
        peers="; ".join(lines),
        notes=ours,
    )


def cpu_once(work: Callable[[], Any]) -> float:
    """Seconds of CPU of one run, children included."""
    import resource

    def used() -> float:
        both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in both)

    start = used()
    work()
    return used() - start


if __name__ == "__main__":
    for row in rows():
        print(row.work, f"{row.cpu_ms} ms", row.peers, row.notes, sep="\n  ")
