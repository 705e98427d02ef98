"""The park as arrays: nodes, arcs with tight bounds, and which pairs of offer and need may meet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from qingyuan.engine.exchange.model import ExchangeError, Park

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

BLOCK = 2_000_000
"""Pairs that are looked at in one go: memory, not meaning."""


@dataclass(frozen=True, slots=True)
class Arcs:
    """Possible flows: `tail` and `head` are places in the lists of their kind, `rate` tonnes out per tonne in.

    `upper` is the tightest bound that the ends, the capacity and the rate allow.
    """

    tail: Places
    head: Places
    cost: Numbers
    rate: Numbers
    upper: Numbers
    fixed: Numbers

    def __len__(self) -> int:
        return len(self.tail)

    def take(self, which: Any) -> Arcs:
        return Arcs(
            self.tail[which],
            self.head[which],
            self.cost[which],
            self.rate[which],
            self.upper[which],
            self.fixed[which],
        )

    @property
    def relaxed_cost(self) -> Numbers:
        """Cost with the fixed charge spread over the whole bound: the linear relaxation of use-or-not."""
        spread = np.divide(self.fixed, self.upper, out=np.zeros_like(self.fixed), where=self.upper > 0)
        cost: Numbers = self.cost + spread
        return cost

    @staticmethod
    def join(parts: Sequence[Arcs]) -> Arcs:
        if not parts:
            nothing = np.zeros(0, np.int64)
            return Arcs(nothing, nothing, *(np.zeros(0) for _ in range(4)))
        return Arcs(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("tail", "head", "cost", "rate", "upper", "fixed")
            )
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """Blending limits. `quality` (offers, P), `given` (facilities, P), `low` and `high` (needs, P); nan: none, or unknown."""

    names: tuple[str, ...]
    quality: Numbers
    given: Numbers
    low: Numbers
    high: Numbers

    @property
    def limited(self) -> npt.NDArray[np.bool_]:
        """(needs,) which needs have any limit."""
        return np.asarray(~(np.isnan(self.low) & np.isnan(self.high)).all(axis=1), dtype=np.bool_)

    def unknown(self, quality: Numbers, tail: Places, head: Places) -> npt.NDArray[np.bool_]:
        """Which arcs bring something of unknown quality to a need that limits just that."""
        found = np.zeros(len(tail), bool)
        for place in range(len(self.names)):
            limits = ~np.isnan(self.low[head, place]) | ~np.isnan(self.high[head, place])
            found |= limits & np.isnan(quality[tail, place])
        return found


@dataclass(frozen=True, slots=True)
class Network:
    """A checked park. Pairs of offers and needs come in blocks, so that a hundred million of them need no memory."""

    park: Park
    supply: Numbers
    demand: Numbers
    disposal: Numbers
    value: Numbers
    limits: Limits
    groups: tuple[tuple[Places, Places], ...]
    """Offers and needs of each material that has both (computed pairs)."""
    links: Arcs | None
    capacity: Numbers
    """(facilities,) tonnes taken, finite."""
    into: Arcs
    """Offer to facility."""
    between: Arcs
    """Facility to facility."""
    out: Arcs
    """Facility to need."""

    @classmethod
    def of(cls, park: Park) -> Network:
        park.check()
        supply = np.array([one.quantity_t for one in park.offers], dtype=np.float64)
        demand = np.array([one.quantity_t for one in park.needs], dtype=np.float64)
        disposal = np.array([one.disposal_cost_per_t for one in park.offers], dtype=np.float64)
        value = np.array([one.value_per_t for one in park.needs], dtype=np.float64)
        offers, needs = (
            _by_material([one.material for one in park.offers]),
            _by_material([one.material for one in park.needs]),
        )
        groups = tuple((offers[name], needs[name]) for name in offers if name in needs)
        if park.transport_cost and park.links is None:
            _located(park, groups)
        capacity = _capacities(park, float(supply.sum()))
        limits = _limits(park)
        nodes = _Nodes(park, supply=supply, demand=demand, disposal=disposal, value=value, capacity=capacity)
        out = nodes.out(needs)
        return cls(
            park=park,
            supply=supply,
            demand=demand,
            disposal=disposal,
            value=value,
            limits=limits,
            groups=groups if park.links is None else (),
            links=_links(park, supply, demand, limits),
            capacity=capacity,
            into=nodes.into(offers),
            between=nodes.between(),
            out=out.take(~limits.unknown(limits.given, out.tail, out.head)),
        )

    def blocks(self) -> Iterator[Arcs]:
        """All pairs that may ever be worth using. Computed pairs that cost money serve nobody but a blend."""
        if self.links is not None:
            yield self.links
            return
        here = _positions(self.park.offers), _positions(self.park.needs)
        limited = self.limits.limited
        for offers, needs in self.groups:
            step = max(1, BLOCK // len(needs))
            for start in range(0, len(offers), step):
                yield self._computed(offers[start : start + step], needs, here, limited)

    def _computed(
        self,
        offers: Places,
        needs: Places,
        here: tuple[Numbers, Numbers],
        limited: npt.NDArray[np.bool_],
    ) -> Arcs:
        cost = -self.disposal[offers][:, None] - self.value[needs][None, :]
        if self.park.transport_cost:
            gap = here[0][offers][:, None, :] - here[1][needs][None, :, :]
            cost = cost + self.park.transport_cost * np.hypot(gap[..., 0], gap[..., 1])
        worth = (cost < 0) | limited[needs][None, :]
        row, column = np.nonzero(worth)
        tail, head = offers[row], needs[column]
        upper = np.minimum(self.supply[tail], self.demand[head])
        arcs = Arcs(tail, head, cost[row, column], np.ones(len(row)), upper, np.zeros(len(row)))
        unusable = (upper <= 0) | self.limits.unknown(self.limits.quality, tail, head)
        return arcs.take(~unusable) if unusable.any() else arcs


def _by_material(materials: Sequence[str]) -> dict[str, Places]:
    found: dict[str, list[int]] = {}
    for place, name in enumerate(materials):
        found.setdefault(name, []).append(place)
    return {name: np.array(places, dtype=np.int64) for name, places in found.items()}


def _located(park: Park, groups: Sequence[tuple[Places, Places]]) -> None:
    problems = []
    for offers, needs in groups:
        problems += [
            f"供给 {park.offers[k].offer} 没有坐标"
            for k in offers
            if park.offers[k].x_km is None or park.offers[k].y_km is None
        ]
        problems += [
            f"需求 {park.needs[k].need} 没有坐标"
            for k in needs
            if park.needs[k].x_km is None or park.needs[k].y_km is None
        ]
    if problems:
        raise ExchangeError(problems)


def _positions(rows: Sequence[Any]) -> Numbers:
    blank = math.nan
    return np.array(
        [(blank if one.x_km is None else one.x_km, blank if one.y_km is None else one.y_km) for one in rows],
        dtype=np.float64,
    ).reshape(len(rows), 2)


def _capacities(park: Park, supply: float) -> Numbers:
    """Stated capacities; where none is stated, all that could ever arrive."""
    most = supply * math.prod(max(1.0, one.rate) for one in park.facilities)
    return np.array([min(one.capacity_t, most) for one in park.facilities], dtype=np.float64)


def _limits(park: Park) -> Limits:
    names = tuple(dict.fromkeys(name for one in park.needs for name in (*one.lowest, *one.highest)))

    def table(rows: Sequence[Any], kind: str) -> Numbers:
        return np.array(
            [[getattr(one, kind).get(name, math.nan) for name in names] for one in rows], dtype=np.float64
        ).reshape(len(rows), len(names))

    return Limits(
        names,
        table(park.offers, "quality"),
        table(park.facilities, "quality"),
        table(park.needs, "lowest"),
        table(park.needs, "highest"),
    )


def _links(park: Park, supply: Numbers, demand: Numbers, limits: Limits) -> Arcs | None:
    if park.links is None:
        return None
    offers = {one.offer: place for place, one in enumerate(park.offers)}
    needs = {one.need: place for place, one in enumerate(park.needs)}
    count = len(park.links)
    tail = np.fromiter((offers[one.offer] for one in park.links), np.int64, count)
    head = np.fromiter((needs[one.need] for one in park.links), np.int64, count)
    cost, rate, capacity, fixed = (
        np.fromiter(map(attrgetter(name), park.links), np.float64, count)
        for name in ("net_cost_per_t", "rate", "capacity_t", "fixed_cost")
    )
    upper = np.minimum(np.minimum(supply[tail], demand[head] / rate), capacity)
    arcs = Arcs(tail, head, cost, rate, upper, fixed)
    usable = (upper > 0) & ~limits.unknown(limits.quality, tail, head)
    # A link that costs money can only be of use to a blend.
    return arcs.take(usable & ((cost < 0) | limits.limited[head]))


class _Nodes:
    """Makes the arcs around facilities."""

    def __init__(
        self,
        park: Park,
        *,
        supply: Numbers,
        demand: Numbers,
        disposal: Numbers,
        value: Numbers,
        capacity: Numbers,
    ) -> None:
        self.park, self.supply, self.demand = park, supply, demand
        self.disposal, self.value, self.capacity = disposal, value, capacity
        self.spots = _positions(park.facilities)
        self.rate = np.array([one.rate for one in park.facilities], dtype=np.float64)

    def carry(self, start: Numbers, end: Numbers) -> Numbers | float:
        if not self.park.transport_cost:
            return 0.0
        gap = start - end
        cost: Numbers = self.park.transport_cost * np.hypot(gap[..., 0], gap[..., 1])
        return cost

    def into(self, offers: dict[str, Places]) -> Arcs:
        spots, parts = _positions(self.park.offers), []
        for place, one in enumerate(self.park.facilities):
            found = [offers[name] for name in one.takes if name in offers]
            tail = np.concatenate(found) if found else np.zeros(0, np.int64)
            cost = self.carry(spots[tail], self.spots[place]) - self.disposal[tail] + one.cost_per_t
            upper = np.minimum(self.supply[tail], self.capacity[place])
            parts.append(_arcs(tail, np.full(len(tail), place), cost, np.full(len(tail), one.rate), upper))
        return _usable(Arcs.join(parts))

    def between(self) -> Arcs:
        plants, parts = self.park.facilities, []
        for start, one in enumerate(plants):
            ends = [
                place
                for place, other in enumerate(plants)
                if one.gives and one.gives in other.takes and other.facility != one.facility
            ]
            head = np.array(ends, dtype=np.int64)
            onward = np.array([plants[place].cost_per_t for place in ends])
            upper = np.minimum(self.capacity[start] * one.rate, self.capacity[head])
            cost = self.carry(self.spots[start], self.spots[head]) + onward
            parts.append(_arcs(np.full(len(head), start), head, cost, self.rate[head], upper))
        return _usable(Arcs.join(parts))

    def out(self, needs: dict[str, Places]) -> Arcs:
        spots, parts = _positions(self.park.needs), []
        for place, one in enumerate(self.park.facilities):
            head = needs.get(one.gives, np.zeros(0, np.int64)) if one.gives else np.zeros(0, np.int64)
            cost = self.carry(self.spots[place], spots[head]) - self.value[head]
            upper = np.minimum(self.demand[head], self.capacity[place] * one.rate)
            parts.append(_arcs(np.full(len(head), place), head, cost, np.ones(len(head)), upper))
        return _usable(Arcs.join(parts))


def _arcs(tail: Places, head: Places, cost: Numbers, rate: Numbers, upper: Numbers) -> Arcs:
    if np.isnan(cost).any():
        raise ExchangeError(["计算运距需要坐标：有设施、供给或需求没有写坐标"])
    return Arcs(tail.astype(np.int64), head.astype(np.int64), cost, rate, upper, np.zeros(len(tail)))


def _usable(arcs: Arcs) -> Arcs:
    return arcs.take(arcs.upper > 0)
