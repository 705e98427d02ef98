"""Rows about exchange: a linear park of 10,000 firms, fixed charges at 1,000, siting of 20 plants for 200, beside bare HiGHS."""

from __future__ import annotations

from bench.measure import Row, cpu_ms

NEIGHBOURS = 44
"""Needs that each offer can reach: 88 pairs a firm, with two offers and two needs each."""


def park(firms: int, *, dearest: float = 0.0):
    """Firms in a square of their own density; yields from 0.5 to 1; fixed charges up to `dearest` on every pair."""
    import numpy as np
    from scipy.spatial import cKDTree

    from qingyuan.engine.exchange import Link, Need, Offer, Park

    random = np.random.default_rng(1)
    count = 2 * firms
    spots = random.random((firms, 2)) * firms**0.5
    quantity, demand = random.integers(10, 1000, (2, count)).astype(float)
    disposal, value = random.uniform(20, 200, count), random.uniform(20, 300, count)
    owner = np.arange(count) % firms
    nearby = cKDTree(spots[owner] + 1e-6 * random.random((count, 2)))
    far, reached = nearby.query(spots[owner], k=NEIGHBOURS)
    rate = random.uniform(0.5, 1, reached.shape)
    cost = 10 * far - disposal[:, None] - value[reached] * rate
    fixed = random.uniform(0, dearest, reached.shape)
    return Park(
        offers=tuple(
            Offer(offer=f"o{k}", enterprise=f"e{owner[k]}", material="m", quantity_t=float(quantity[k]))
            for k in range(count)
        ),
        needs=tuple(
            Need(need=f"n{k}", enterprise=f"e{owner[k]}", material="m", quantity_t=float(demand[k]))
            for k in range(count)
        ),
        links=tuple(
            Link(
                offer=f"o{k}",
                need=f"n{reached[k, j]}",
                net_cost_per_t=float(cost[k, j]),
                rate=float(rate[k, j]),
                fixed_cost=float(fixed[k, j]),
            )
            for k in range(count)
            for j in range(NEIGHBOURS)
        ),
    )


def siting(firms: int, sites: int):
    """Sludge of `firms`, plants at `sites`, one buyer of what they give."""
    import numpy as np

    from qingyuan.engine.exchange import Facility, Need, Offer, Park

    random = np.random.default_rng(3)
    side = firms**0.5
    spots, places = random.random((firms, 2)) * side, random.random((sites, 2)) * side
    offers = tuple(
        Offer(
            offer=f"o{k}",
            enterprise=f"e{k}",
            material="污泥",
            quantity_t=float(random.integers(10, 1000)),
            disposal_cost_per_t=float(random.uniform(100, 300)),
            x_km=float(x),
            y_km=float(y),
        )
        for k, (x, y) in enumerate(spots)
    )
    buyer = Need(
        need="n",
        enterprise="e0",
        material="燃料",
        quantity_t=1e9,
        value_per_t=80,
        x_km=side / 2,
        y_km=side / 2,
    )
    plants = tuple(
        Facility(
            facility=f"F{k}",
            takes=("污泥",),
            gives="燃料",
            rate=0.3,
            capacity_t=float(random.integers(30, 120)) * firms,
            fixed_cost=float(random.uniform(1, 3)) * 2000 * firms,
            cost_per_t=50,
            x_km=float(x),
            y_km=float(y),
        )
        for k, (x, y) in enumerate(places)
    )
    return Park(offers=offers, needs=(buyer,), facilities=plants, transport_cost=10.0)


def rows() -> list[Row]:
    from qingyuan.engine.exchange import plan

    found = [building(), beside()]
    for work, question, gap, budget in (
        ("exchange of 10,000 firms, 880,000 pairs with yields, optimal over all pairs", park(10_000), 0, 8_000),
        ("exchange of 1,000 firms, 88,000 pairs with fixed charges, to 0.5 %", park(1_000, dearest=2000), 0.005, 5_000),
        ("siting of 20 plants for 200 firms, to 1 %", siting(200, 20), 0.01, 15_000),
        ("siting of 50 plants for 2,000 firms, to 1 %", siting(2_000, 50), 0.01, None),
    ):  # fmt: skip
        made = plan(question, gap=gap)
        time = cpu_ms(lambda question=question, gap=gap: plan(question, gap=gap), runs=1)
        found.append(
            Row(
                work,
                cpu_ms=time,
                budget=f"<= {budget:,} ms" if budget else "",
                within=time <= budget and made.verified and made.status == "done" if budget else None,
                notes={
                    "objective": made.objective,
                    "gap": made.gap,
                    "scope": made.scope,
                    "pairs": made.pairs,
                    "pairs seen": made.pairs_seen,
                },
            )
        )
    return found


def beside() -> Row:
    """A linear park of 1,000 firms, beside the same written for scipy's linprog."""
    from bench.peers.exchange_linprog import least_cost
    from qingyuan.engine.exchange import plan

    question = park(1_000)
    ours, theirs = plan(question).objective, least_cost(question)
    assert abs(ours - theirs) <= 1e-7 * abs(ours)
    time = cpu_ms(lambda: plan(question), runs=2)
    other = cpu_ms(lambda: least_cost(question), runs=1)
    return Row(
        "exchange of 1,000 firms, 88,000 pairs with yields, from records to the checked plan and its split",
        cpu_ms=time,
        peers=f"scipy linprog (no bounds on flows, no check, no split): {other:,.0f} ms, the same cost",
    )


def building() -> Row:
    """The model's own making beside HiGHS's bare solve of it."""
    from qingyuan.engine.exchange.network import Network
    from qingyuan.engine.exchange.programme import Frame, Rows, load, pair_columns, solver
    from qingyuan.engine.exchange.relax import run

    question = park(1_000)

    def build():
        network = Network.of(question)
        rows = Rows(network)
        frame = Frame(network, rows)
        (pairs,) = network.blocks()
        highs = solver()
        load(
            highs,
            columns=pair_columns(network, rows, pairs),
            cost=pairs.relaxed_cost,
            upper=pairs.upper,
            rows_lower=rows.lower,
            rows_upper=rows.upper,
        )
        assert not frame.count
        return highs

    time = cpu_ms(build, runs=3)
    bare = cpu_ms(lambda: run(build()), runs=3) - time
    return Row(
        "exchange of 1,000 firms: making the model (from records)",
        cpu_ms=time,
        ratio=round(time / bare, 2),
        ratio_to="bare HiGHS solve",
        budget="<= 20 % of the solve",
        within=time <= 0.2 * bare,
        notes={"bare ms": round(bare, 1)},
    )
