"""From a park to its plan: relaxation, decisions, flows; checked anew; the gain split so that nobody is worse off."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qingyuan.engine.exchange.charges import Settled, Stop, settle
from qingyuan.engine.exchange.check import Ledger
from qingyuan.engine.exchange.flags import flags
from qingyuan.engine.exchange.model import Built, ExchangeError, Leg, Match, Park, Plan, Scope
from qingyuan.engine.exchange.network import Network, Numbers
from qingyuan.engine.exchange.programme import Frame, Rows, reduced_pairs
from qingyuan.engine.exchange.relax import Relaxed, relax
from qingyuan.engine.exchange.split import PairFlow, PlantFlow, split

TINY = 1e-9
"""A flow below this part of its bound is rounding."""


def plan(
    park: Park,
    *,
    gap: float = 0.005,
    nodes: int | None = None,
    seconds: float | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Plan:
    """The plan of least cost: sum of net cost and fixed charges, proven to `gap` (relative).

    Linear parks are solved exactly. `nodes` and `seconds` stop a search early: status `stopped`, with the best plan and
    its bound. Raises ExchangeError for a park that contradicts itself.
    """
    if not 0 <= gap < math.inf:
        raise ExchangeError([f"允许差距 {gap}：应为不小于 0 的数"])
    network = Network.of(park)
    rows = Rows(network)
    frame = Frame(network, rows)
    relaxed = relax(network, rows, frame, told=told)
    settled = settle(network, rows, frame, relaxed, Stop(gap=gap, nodes=nodes, seconds=seconds))
    flows = _Flows.of(network, rows, frame, settled)
    matches, built = flows.matches(), flows.built()
    objective = flows.objective()
    if objective > 0:  # a search that stopped early may hold something worse than doing nothing
        flows = flows.emptied()
        matches, built, objective = (), (), 0.0
    scope, bound = _proof(relaxed, settled, objective, gap)
    distance = abs(objective - bound) / max(abs(objective), 1e-9)
    ledger = Ledger(park, matches, built)
    ledger.add_up()
    if abs(math.fsum(ledger.costs) - objective) > 1e-6 * max(1.0, abs(objective)):
        ledger.broken.append(f"费用合计 {math.fsum(ledger.costs):g}，目标值 {objective:g}")
    exact = not settled.by_time
    return Plan(
        status="done" if distance <= max(gap, 1e-9) else "stopped",
        matches=matches,
        facilities=built,
        objective=objective,
        bound=bound,
        gap=distance,
        verified=not ledger.broken,
        scope=scope,
        repeatable=exact,
        by_enterprise=split(park, flows.pair_flows(), flows.plant_flows(), flows.plant_costs()),
        flags=flags(park),
        broken=tuple(ledger.broken),
        pairs=relaxed.all_pairs,
        pairs_seen=len(settled.pairs),
    )


def _proof(relaxed: Relaxed, settled: Settled, objective: float, gap: float) -> tuple[Scope, float]:
    """The bound, and of what. The relaxation's holds for all pairs; the search's for those that it looked at."""
    rounding = 1e-9 * max(1.0, abs(objective))
    whole = len(settled.pairs) == relaxed.all_pairs
    linear = settled.bound == relaxed.bound
    if whole or linear:
        bound = max(relaxed.bound, settled.bound)
        scope: Scope = "full"
    elif objective - relaxed.bound <= gap * max(abs(objective), 1e-9):
        bound, scope = relaxed.bound, "full"
    else:
        bound, scope = max(relaxed.bound, settled.bound), "restricted"
    # A bound above the plan by rounding says: equal.
    return scope, objective if bound > objective - rounding else bound


@dataclass(frozen=True, slots=True)
class _Flows:
    """Flows of the plan by place, rounding cleared away."""

    network: Network
    rows: Rows
    frame: Frame
    settled: Settled
    pair: Numbers
    into: Numbers
    between: Numbers
    out: Numbers

    @classmethod
    def of(cls, network: Network, rows: Rows, frame: Frame, settled: Settled) -> _Flows:
        a, b, c, _plants = frame.sizes
        flow = settled.frame
        return cls(
            network,
            rows,
            frame,
            settled,
            _clear(settled.flow, settled.pairs.upper),
            _clear(flow[:a], network.into.upper),
            _clear(flow[a : a + b], network.between.upper),
            _clear(flow[a + b : a + b + c], network.out.upper),
        )

    def emptied(self) -> _Flows:
        parts = (np.zeros_like(one) for one in (self.pair, self.into, self.between, self.out))
        return _Flows(self.network, self.rows, self.frame, self.settled, *parts)

    def objective(self) -> float:
        network, pairs = self.network, self.settled.pairs
        fixed = [network.park.facilities[place].fixed_cost for place in self.plants()]
        total = math.fsum(
            [
                *(pairs.cost * self.pair),
                *pairs.fixed[self.pair > 0],
                *(network.into.cost * self.into),
                *(network.between.cost * self.between),
                *(network.out.cost * self.out),
                *fixed,
            ]
        )
        return total + 0.0

    def matches(self) -> tuple[Match, ...]:
        park, pairs = self.network.park, self.settled.pairs
        found = np.flatnonzero(self.pair)
        order = found[np.lexsort((pairs.head[found], pairs.tail[found]))]
        return tuple(
            Match(
                offer=park.offers[pairs.tail[k]].offer,
                need=park.needs[pairs.head[k]].need,
                quantity_t=float(self.pair[k]),
                served_t=float(self.pair[k] * pairs.rate[k]),
            )
            for k in order
        )

    def plants(self) -> list[int]:
        """Places of the facilities that take anything."""
        heads = [self.network.into.head[self.into > 0], self.network.between.head[self.between > 0]]
        return [int(place) for place in np.unique(np.concatenate(heads))]

    def built(self) -> tuple[Built, ...]:
        park, network = self.network.park, self.network
        found = []
        for place in self.plants():
            one = park.facilities[place]
            takes = [
                *(
                    Leg(
                        end=park.offers[network.into.tail[k]].offer,
                        kind="offer",
                        quantity_t=float(self.into[k]),
                    )
                    for k in np.flatnonzero((network.into.head == place) & (self.into > 0))
                ),
                *(
                    Leg(
                        end=park.facilities[network.between.tail[k]].facility,
                        kind="facility",
                        quantity_t=float(self.between[k]),
                    )
                    for k in np.flatnonzero((network.between.head == place) & (self.between > 0))
                ),
            ]
            gives = [
                *(
                    Leg(end=park.needs[network.out.head[k]].need, kind="need", quantity_t=float(self.out[k]))
                    for k in np.flatnonzero((network.out.tail == place) & (self.out > 0))
                ),
                *(
                    Leg(
                        end=park.facilities[network.between.head[k]].facility,
                        kind="facility",
                        quantity_t=float(self.between[k]),
                    )
                    for k in np.flatnonzero((network.between.tail == place) & (self.between > 0))
                ),
            ]
            taken = math.fsum(leg.quantity_t for leg in takes)
            found.append(
                Built(
                    facility=one.facility,
                    kind=one.kind,
                    site=one.site,
                    capacity_t=one.capacity_t if math.isfinite(one.capacity_t) else None,
                    taken_t=taken,
                    given_t=math.fsum(leg.quantity_t for leg in gives),
                    fixed_cost=one.fixed_cost,
                    cost=one.fixed_cost + one.cost_per_t * taken,
                    takes=tuple(takes),
                    gives=tuple(gives),
                )
            )
        return tuple(found)

    def pair_flows(self) -> list[PairFlow]:
        pairs, prices = self.settled.pairs, self.settled.prices
        found = np.flatnonzero(self.pair)
        some = pairs.take(found)
        flow = self.pair[found]
        rest = np.zeros(len(found))
        if len(found):
            plain = some.relaxed_cost - some.cost
            reduced = reduced_pairs(self.network, self.rows, some, prices) - plain
            rest = np.maximum(-reduced, 0.0)
        return [
            PairFlow(
                offer=int(some.tail[k]),
                need=int(some.head[k]),
                tonnes=float(flow[k]),
                cost=float(some.cost[k] * flow[k] + some.fixed[k]),
                price=max(-float(prices[some.tail[k]]), 0.0),
                rest=float(rest[k]),
            )
            for k in range(len(found))
        ]

    def plant_flows(self) -> list[PlantFlow]:
        network, plants = self.network, self.network.park.facilities
        found = []
        for k in np.flatnonzero(self.into):
            place = int(network.into.head[k])
            brings = (plants[place].cost_per_t - network.into.cost[k]) * self.into[k]
            found.append(
                PlantFlow(place, int(network.into.tail[k]), "into", float(self.into[k]), float(brings))
            )
        for k in np.flatnonzero(self.between):
            place = int(network.between.head[k])
            brings = (plants[place].cost_per_t - network.between.cost[k]) * self.between[k]
            start = int(network.between.tail[k])
            found.append(PlantFlow(place, start, "between", float(self.between[k]), float(brings)))
        for k in np.flatnonzero(self.out):
            place, brings = int(network.out.tail[k]), -network.out.cost[k] * self.out[k]
            found.append(PlantFlow(place, int(network.out.head[k]), "out", float(self.out[k]), float(brings)))
        return found

    def plant_costs(self) -> dict[int, float]:
        network, plants = self.network, self.network.park.facilities
        taken = np.zeros(len(plants))
        np.add.at(taken, network.into.head, self.into)
        np.add.at(taken, network.between.head, self.between)
        return {
            place: plants[place].fixed_cost + plants[place].cost_per_t * float(taken[place])
            for place in self.plants()
        }


def _clear(flow: Numbers, upper: Numbers) -> Numbers:
    cleared: Numbers = np.where(flow > TINY * np.maximum(upper, 1e-12), flow, 0.0)
    return cleared
