"""The same question asked naively: a loop over all pairs, one name per variable, HiGHS's own modelling words."""

from __future__ import annotations

import math
from typing import Any

import highspy
import numpy as np

from qingyuan.engine.exchange import Facility, Link, Need, Offer, Park


def naive(park: Park) -> float:  # noqa: PLR0912, PLR0915 (one page on purpose: to be read beside the contract)
    """The least cost, by a model written straight from the words of the contract."""
    highs = highspy.Highs()
    highs.silent()
    for name, value in {"mip_rel_gap": 0.0, "mip_abs_gap": 0.0, "threads": 1}.items():
        highs.setOptionValue(name, value)
    cost: list[Any] = [0.0 * highs.addVariable(0, 0)]
    given: dict[str, list[Any]] = {one.offer: [] for one in park.offers}
    served: dict[str, list[tuple[Any, dict[str, float]]]] = {one.need: [] for one in park.needs}

    def km(a: Any, b: Any) -> float:
        return math.hypot(a.x_km - b.x_km, a.y_km - b.y_km) if park.transport_cost else 0.0

    def meets(quality: Any, need: Need) -> bool:
        return all(name in quality for name in (*need.lowest, *need.highest))

    offers, needs = {o.offer: o for o in park.offers}, {n.need: n for n in park.needs}
    links = park.links
    if links is None:
        links = tuple(
            Link(
                offer=o.offer,
                need=n.need,
                net_cost_per_t=park.transport_cost * km(o, n) - o.disposal_cost_per_t - n.value_per_t,
            )
            for o in park.offers
            for n in park.needs
            if o.material == n.material
        )
    for link in links:
        offer, need = offers[link.offer], needs[link.need]
        if not meets(offer.quality, need):
            continue
        t = highs.addVariable(0, 1e7)
        highs.addConstr(t <= min(link.capacity_t, 1e7))
        cost.append(link.net_cost_per_t * t)
        if link.fixed_cost:
            z = highs.addBinary()
            most = min(link.capacity_t, offer.quantity_t, need.quantity_t / link.rate)
            highs.addConstr(t - most * z <= 0)
            cost.append(link.fixed_cost * z)
        given[link.offer].append(1.0 * t)
        served[link.need].append((link.rate * t, offer.quality))
    built: dict[str, list[Any]] = {}
    taken: dict[int, list[Any]] = {k: [] for k in range(len(park.facilities))}
    made: dict[int, list[Any]] = {k: [] for k in range(len(park.facilities))}
    for k, plant in enumerate(park.facilities):
        for o in park.offers:
            if o.material in plant.takes:
                t = highs.addVariable(0, 1e7)
                taken[k].append(1.0 * t)
                given[o.offer].append(1.0 * t)
                net = park.transport_cost * km(o, plant) - o.disposal_cost_per_t + plant.cost_per_t
                cost.append(net * t)
        for n in park.needs:
            if plant.gives == n.material and meets(plant.quality, n):
                t = highs.addVariable(0, 1e7)
                made[k].append(1.0 * t)
                served[n.need].append((1.0 * t, plant.quality))
                cost.append((park.transport_cost * km(plant, n) - n.value_per_t) * t)
        for j, other in enumerate(park.facilities):
            if plant.gives and plant.gives in other.takes and plant.facility != other.facility:
                t = highs.addVariable(0, 1e7)
                made[k].append(1.0 * t)
                taken[j].append(1.0 * t)
                cost.append((park.transport_cost * km(plant, other) + other.cost_per_t) * t)
    for k, plant in enumerate(park.facilities):
        y = highs.addBinary()
        built.setdefault(plant.facility, []).append(1.0 * y)
        cost.append(plant.fixed_cost * y)
        whole = sum(o.quantity_t for o in park.offers) * 10
        zero = 0.0 * y
        highs.addConstr(sum(taken[k], zero) - min(plant.capacity_t, whole) * y <= 0)
        if plant.gives:
            highs.addConstr(sum(made[k], zero) - plant.rate * sum(taken[k], zero) == 0)
    for options in built.values():
        highs.addConstr(sum(options[1:], options[0]) <= 1)
    for o in park.offers:
        if given[o.offer]:
            highs.addConstr(sum(given[o.offer][1:], given[o.offer][0]) <= o.quantity_t)
    for n in park.needs:
        parts = served[n.need]
        if not parts:
            continue
        highs.addConstr(sum((p for p, _q in parts[1:]), parts[0][0]) <= n.quantity_t)
        for name, limit in n.highest.items():
            terms = [(q[name] - limit) * p for p, q in parts]
            highs.addConstr(sum(terms[1:], terms[0]) <= 0)
        for name, limit in n.lowest.items():
            terms = [(q[name] - limit) * p for p, q in parts]
            highs.addConstr(sum(terms[1:], terms[0]) >= 0)
    highs.minimize(sum(cost[1:], cost[0]))
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(highs.getInfo().objective_function_value)


def random_park(seed: int) -> Park:
    """A small park with everything that the contract knows, by turns."""
    r = np.random.default_rng(seed)
    materials = ["灰", "渣", "水"][: r.integers(1, 4)]
    blending = r.random() < 0.4
    place = lambda: {"x_km": float(r.integers(0, 30)), "y_km": float(r.integers(0, 30))}
    firms = [f"企业{k}" for k in range(r.integers(2, 6))]
    offers = tuple(
        Offer(
            offer=f"o{k}",
            enterprise=str(r.choice(firms)),
            material=str(r.choice(materials)),
            quantity_t=float(r.integers(0, 50)),
            disposal_cost_per_t=float(r.integers(-5, 40)),
            quality={"硫": float(r.integers(0, 10))} if blending else {},
            **place(),
        )
        for k in range(r.integers(1, 7))
    )
    limit = lambda: {"硫": float(r.integers(2, 8))} if blending and r.random() < 0.6 else {}
    needs = []
    for k in range(r.integers(1, 7)):
        low, high = limit(), limit()
        if low and high and low["硫"] > high["硫"]:
            low, high = high, low
        needs.append(
            Need(
                need=f"n{k}",
                enterprise=str(r.choice(firms)),
                material=str(r.choice([*materials, "制品"])),
                quantity_t=float(r.integers(0, 50)),
                value_per_t=float(r.integers(-5, 60)),
                lowest=low,
                highest=high,
                **place(),
            )
        )
    links = None
    if r.random() < 0.4:
        links = tuple(
            Link(
                offer=o.offer,
                need=n.need,
                net_cost_per_t=float(r.integers(-60, 15)),
                rate=float(r.choice([0.5, 0.8, 1.0, 1.2])),
                fixed_cost=float(r.choice([0, 0, 100, 500])),
                capacity_t=float(r.choice([5, 20, np.inf])),
            )
            for o in offers
            for n in needs
            if r.random() < 0.7
        )
    facilities = tuple(
        Facility(
            facility=f"F{k // 2}",
            site=f"址{k}",
            takes=tuple(r.choice(materials, size=r.integers(1, len(materials) + 1), replace=False).tolist()),
            gives=str(r.choice(["", "制品", materials[0]])),
            rate=float(r.choice([0.4, 0.9, 1.0])),
            capacity_t=float(r.choice([15, 60, np.inf])),
            fixed_cost=float(r.choice([0, 50, 400])),
            cost_per_t=float(r.integers(0, 15)),
            quality={"硫": float(r.integers(0, 10))} if r.random() < 0.5 else {},
            **place(),
        )
        for k in range(r.integers(0, 5))
    )
    return Park(
        offers=offers,
        needs=tuple(needs),
        links=links,
        facilities=facilities,
        transport_cost=float(r.choice([0.0, 0.5, 2.0])),
    )
