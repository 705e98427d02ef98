"""Siting for thousands of firms and sites: offers in clusters choose what is built, with a bound for the true park.

Two coarse parks stand for the true one, each with the offers of a cluster as one. The hopeful one is never dearer: a
cluster's offer saves as much disposal as its dearest member would from the cluster's middle,

    max over members of (disposal_cost + transport * km(member, middle)),

so that by the triangle inequality every flow of a member has a flow of its cluster that costs no more, and limits of quality
are left out: its bound is a bound for the true park. The middling one has the members' mean. What either builds may be built
in the true park, which is then planned in full over these sites.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from qingyuan.engine.exchange.model import ExchangeError, Offer, Park, Plan
from qingyuan.engine.exchange.network import Network
from qingyuan.engine.exchange.planning import plan
from qingyuan.engine.exchange.programme import Frame, Rows
from qingyuan.engine.exchange.relax import relax

SEED = 2022
MOST_ARCS = 150_000
"""Offers times facilities up to which the true park's own relaxation is solved as well."""


def plan_by_clusters(park: Park, *, clusters: int, gap: float = 0.01) -> Plan:
    """The plan over the sites that the coarse parks choose; `bound` holds for all sites and offers, `gap` is from it.

    Status `stopped` where that gap is wider than asked. Raises ExchangeError for stated links, which have no place.
    """
    if park.links is not None:
        raise ExchangeError(["按组选址须由坐标计算配对，不能用链接表"])
    if clusters < 1:
        raise ExchangeError([f"组数 {clusters}：应为 1 以上的整数"])
    park.check()
    groups = list(_groups(park, clusters))
    hopeful = plan(_coarse(park, groups, hopeful=True), gap=gap / 2)
    middling = plan(_coarse(park, groups, hopeful=False), gap=gap / 2)
    chosen = {(one.facility, one.site) for made in (hopeful, middling) for one in made.facilities}
    kept = tuple(one for one in park.facilities if (one.facility, one.site) in chosen)
    found = plan(replace(park, facilities=kept), gap=gap / 4)
    bound = min(max(hopeful.bound, _relaxed(park)), found.objective)
    distance = abs(found.objective - bound) / max(abs(found.objective), 1e-9)
    return replace(
        found,
        bound=bound,
        gap=distance,
        status="done" if distance <= max(gap, 1e-9) else "stopped",
        scope=hopeful.scope,
        repeatable=found.repeatable and hopeful.repeatable and middling.repeatable,
    )


def _relaxed(park: Park) -> float:
    """The bound of the true park's linear relaxation, where it is small enough: mostly by far the better one."""
    if len(park.offers) * len(park.facilities) > MOST_ARCS:
        return -np.inf
    network = Network.of(park)
    rows = Rows(network)
    return relax(network, rows, Frame(network, rows)).bound


def _groups(park: Park, clusters: int) -> Iterator[list[Offer]]:
    """Offers of one material near each other, a tonne's disposal counted as the way that it would pay for."""
    from scipy.cluster.vq import kmeans2

    by_material: dict[str, list[Offer]] = {}
    for offer in park.offers:
        by_material.setdefault(offer.material, []).append(offer)
    for offers in by_material.values():
        count = max(1, round(clusters * len(offers) / len(park.offers)))
        if count >= len(offers):
            yield from ([one] for one in offers)
            continue
        per_km = park.transport_cost or 1.0
        features = np.array(
            [[one.x_km or 0.0, one.y_km or 0.0, one.disposal_cost_per_t / per_km] for one in offers]
        )
        _middles, label = kmeans2(features, count, minit="++", seed=SEED, missing="warn", iter=20)
        for place in np.unique(label):
            yield [offers[k] for k in np.flatnonzero(label == place)]


def _coarse(park: Park, groups: list[list[Offer]], *, hopeful: bool) -> Park:
    needs = tuple(replace(one, lowest={}, highest={}) for one in park.needs) if hopeful else park.needs
    return replace(
        park,
        offers=tuple(_together(park, number, group, hopeful=hopeful) for number, group in enumerate(groups)),
        needs=needs,
    )


def _together(park: Park, number: int, group: list[Offer], *, hopeful: bool) -> Offer:
    weight = np.array([one.quantity_t for one in group])
    share = weight / weight.sum() if weight.sum() > 0 else np.full(len(group), 1 / len(group))
    placed = all(one.x_km is not None and one.y_km is not None for one in group)
    spots = np.array([[one.x_km or 0.0, one.y_km or 0.0] for one in group])
    middle = share @ spots
    saved = np.array([one.disposal_cost_per_t for one in group])
    away = park.transport_cost * np.hypot(*(spots - middle).T)
    names = set.intersection(*(set(one.quality) for one in group))
    return Offer(
        offer=f"cluster {number}",
        enterprise=f"cluster {number}",
        material=group[0].material,
        quantity_t=float(weight.sum()),
        disposal_cost_per_t=float((saved + away).max() if hopeful else share @ saved),
        x_km=float(middle[0]) if placed else None,
        y_km=float(middle[1]) if placed else None,
        quality={name: float(share @ [one.quality[name] for one in group]) for name in sorted(names)},
    )
