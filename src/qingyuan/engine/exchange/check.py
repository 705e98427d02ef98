"""The plan read anew from the tables, in tonnes and money, without the arrays and the solver that made it."""

from __future__ import annotations

import math
from collections import defaultdict

from qingyuan.engine.exchange.model import Built, Facility, Match, Need, Offer, Park

TOLERANCE = 1e-6


def distance(first: Offer | Need | Facility, second: Offer | Need | Facility) -> float:
    """Kilometres as the crow flies."""
    assert first.x_km is not None
    assert first.y_km is not None
    assert second.x_km is not None
    assert second.y_km is not None
    return math.dist((first.x_km, first.y_km), (second.x_km, second.y_km))


class Ledger:
    """Adds up a plan by the words of the tables."""

    def __init__(self, park: Park, matches: tuple[Match, ...], built: tuple[Built, ...]) -> None:
        self.park, self.matches, self.built = park, matches, built
        self.offers = {one.offer: one for one in park.offers}
        self.needs = {one.need: one for one in park.needs}
        self.links = None if park.links is None else {(one.offer, one.need): one for one in park.links}
        self.options = {(one.facility, one.site, one.capacity_t): one for one in park.facilities}
        self.given: defaultdict[str, list[float]] = defaultdict(list)
        self.served: defaultdict[str, list[float]] = defaultdict(list)
        self.blend: defaultdict[str, list[tuple[float, dict[str, float]]]] = defaultdict(list)
        self.costs: list[float] = []
        self.broken: list[str] = []

    def option(self, one: Built) -> Facility:
        """The row of the table that was built."""
        return self.options[one.facility, one.site, math.inf if one.capacity_t is None else one.capacity_t]

    def carried(self, start: Offer | Facility, end: Need | Facility) -> float:
        return self.park.transport_cost * distance(start, end) if self.park.transport_cost else 0.0

    def add_up(self) -> None:
        for match in self.matches:
            self._match(match)
        names = [one.facility for one in self.built]
        self.broken += [
            f"设施 {name} 建了不止一处" for name in sorted({n for n in names if names.count(n) > 1})
        ]
        for plant in self.built:
            self._plant(plant)
        for name, amounts in self.given.items():
            self._most(f"供给 {name}", math.fsum(amounts), self.offers[name].quantity_t)
        for name, amounts in self.served.items():
            self._most(f"需求 {name}", math.fsum(amounts), self.needs[name].quantity_t)
        for name, parts in self.blend.items():
            self._blend(self.needs[name], parts)

    def _match(self, match: Match) -> None:
        offer, need = self.offers[match.offer], self.needs[match.need]
        rate, where = 1.0, f"{match.offer}→{match.need}"
        if match.quantity_t < 0:
            self.broken.append(f"{where}：流量为负")
        if self.links is None:
            if offer.material != need.material:
                self.broken.append(f"{where}：物料不同")
            per_tonne = self.carried(offer, need) - offer.disposal_cost_per_t - need.value_per_t
            self.costs.append(per_tonne * match.quantity_t)
        else:
            link = self.links[match.offer, match.need]
            rate = link.rate
            self._most(where, match.quantity_t, link.capacity_t)
            self.costs += [link.net_cost_per_t * match.quantity_t, link.fixed_cost]
        self.given[match.offer].append(match.quantity_t)
        self.served[match.need].append(match.quantity_t * rate)
        self.blend[match.need].append((match.quantity_t * rate, dict(offer.quality)))
        self._same(f"{where} 的折合量", match.served_t, match.quantity_t * rate)

    def _plant(self, plant: Built) -> None:
        option = self.option(plant)
        plants = {one.facility: one for one in self.built}
        where = f"设施 {plant.facility}"
        for leg in plant.takes:
            if leg.kind == "offer":
                offer = self.offers[leg.end]
                material, saved = offer.material, offer.disposal_cost_per_t
                self.given[leg.end].append(leg.quantity_t)
                self.costs.append((self.carried(offer, option) - saved) * leg.quantity_t)
            else:
                source = self.option(plants[leg.end])
                material = source.gives
                self.costs.append(self.carried(source, option) * leg.quantity_t)
            if material not in option.takes:
                self.broken.append(f"{where}：不接收 {leg.end} 的物料")
        for leg in plant.gives:
            if leg.kind == "need":
                need = self.needs[leg.end]
                if need.material != option.gives:
                    self.broken.append(f"{where}：产出不是 {leg.end} 需要的物料")
                self.served[leg.end].append(leg.quantity_t)
                self.blend[leg.end].append((leg.quantity_t, dict(option.quality)))
                self.costs.append((self.carried(option, need) - need.value_per_t) * leg.quantity_t)
        taken = math.fsum(leg.quantity_t for leg in plant.takes)
        given = math.fsum(leg.quantity_t for leg in plant.gives)
        self.costs += [option.cost_per_t * taken, option.fixed_cost]
        self._most(where, taken, option.capacity_t)
        self._same(f"{where} 的产出", given, option.rate * taken if option.gives else 0.0)

    def _blend(self, need: Need, parts: list[tuple[float, dict[str, float]]]) -> None:
        total = math.fsum(amount for amount, _quality in parts)
        for sign, limits in ((1, need.highest), (-1, need.lowest)):
            for name, limit in limits.items():
                if any(name not in quality for amount, quality in parts if amount > 0):
                    self.broken.append(f"需求 {need.need}：有来料的 {name} 不明")
                    continue
                mixed = math.fsum(amount * quality[name] for amount, quality in parts)
                scale = max(abs(limit), *(abs(quality[name]) for _amount, quality in parts), 1e-12)
                if sign * (mixed - limit * total) > TOLERANCE * max(total, need.quantity_t) * scale:
                    self.broken.append(f"需求 {need.need}：{name} 为 {mixed / total:g}，限值 {limit:g}")

    def _most(self, where: str, amount: float, most: float) -> None:
        if amount > most + TOLERANCE * max(1.0, abs(most)):
            self.broken.append(f"{where}：{amount:g} t 超过 {most:g} t")

    def _same(self, where: str, amount: float, wanted: float) -> None:
        if abs(amount - wanted) > TOLERANCE * max(1.0, abs(wanted)):
            self.broken.append(f"{where}：{amount:g} t，应为 {wanted:g} t")
