"""Who gains what: a split of the whole gain that leaves nobody worse off.

1. Pair of offer and need: where a price is agreed (`price_per_t`), the giver has (disposal saved + price) per tonne, the
   taker the rest. Where none is agreed, the giver has the shadow price of its offer, and what neither side's scarcity
   explains is halved. With no price agreed anywhere, no fixed charges and no facilities this is a point of the core
   (Owen 1975): no group of enterprises could do better by exchanging among themselves only.
2. Facility: what is left of disposal saved and value after transport, cost and agreed prices is shared in proportion to
   what each user brings in (disposal saved or value, less its own transport); facilities that feed each other are one.
3. Whoever would still lose is made good; those who gain pay for it in proportion to their gains.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from qingyuan.engine.exchange.model import Gain, Park


@dataclass(frozen=True, slots=True)
class PairFlow:
    """A flow of the plan: places of offer and need; `cost` a year with the fixed charge; shadow price of the offer and what the
    pair's own bound is worth, per tonne.
    """

    offer: int
    need: int
    tonnes: float
    cost: float
    price: float
    rest: float


@dataclass(frozen=True, slots=True)
class PlantFlow:
    """A flow at a facility. `brings`: disposal saved or value, less transport, a year; between facilities minus transport."""

    plant: int
    other: int
    kind: str
    tonnes: float
    brings: float


def split(
    park: Park, pairs: list[PairFlow], plants: list[PlantFlow], costs: dict[int, float]
) -> tuple[Gain, ...]:
    """Every enterprise of the park, in the order of first mention. `costs` of the built facilities, by place."""
    gains = dict.fromkeys(
        [one.enterprise for one in park.offers] + [one.enterprise for one in park.needs], 0.0
    )
    for flow in pairs:
        offer, need = park.offers[flow.offer], park.needs[flow.need]
        if offer.price_per_t is None:
            given = (flow.price + flow.rest / 2) * flow.tonnes
        else:
            given = (offer.disposal_cost_per_t + offer.price_per_t) * flow.tonnes
        gains[offer.enterprise] += given
        gains[need.enterprise] += -flow.cost - given
    for members in _pools(plants, costs):
        _share(
            park, gains, [one for one in plants if one.plant in members], sum(costs[one] for one in members)
        )
    return _made_good(gains)


def _pools(plants: list[PlantFlow], costs: dict[int, float]) -> list[set[int]]:
    """Built facilities, those that feed each other together."""
    pools = [{place} for place in costs]
    for flow in plants:
        if flow.kind == "between":
            joined = [pool for pool in pools if flow.plant in pool or flow.other in pool]
            pools = [pool for pool in pools if pool not in joined] + [set().union(*joined)]
    return pools


def _share(park: Park, gains: dict[str, float], flows: list[PlantFlow], cost: float) -> None:
    brought: defaultdict[str, float] = defaultdict(float)
    surplus = -cost
    for flow in flows:
        surplus += flow.brings
        if flow.kind == "into":
            offer = park.offers[flow.other]
            paid = (offer.price_per_t or 0.0) * flow.tonnes
            gains[offer.enterprise] += paid
            surplus -= paid
            brought[offer.enterprise] += max(flow.brings, 0.0)
        elif flow.kind == "out":
            brought[park.needs[flow.other].enterprise] += max(flow.brings, 0.0)
    total = sum(brought.values())
    for name, amount in brought.items():
        gains[name] += surplus * (amount / total if total > 0 else 1 / len(brought))


def _made_good(gains: dict[str, float]) -> tuple[Gain, ...]:
    lost = -sum(gain for gain in gains.values() if gain < 0)
    won = sum(gain for gain in gains.values() if gain > 0)
    left = max(1 - lost / won, 0.0) if won > 0 else 0.0
    return tuple(
        Gain(enterprise=name, gain=max(gain, 0.0) * left, before_compensation=gain)
        for name, gain in gains.items()
    )
