"""Prices foreseen before any programme is solved: whoever is asked for more than it has becomes dearer, smoothly.

Each pair flows by the logistic function of what it would save, in units of a temperature that falls; each node's price
follows the logarithm of asked over had (Sinkhorn's scaling with bounds on flows). A guess only: it chooses the pairs with
which the solver starts, and pricing makes good whatever it missed.
"""

from __future__ import annotations

import numpy as np

from qingyuan.engine.exchange.network import Arcs, Numbers, Places

ROUNDS = 30
HOT, COLD = 0.2, 0.01
"""Temperatures, as parts of the mean cost."""
DAMPING = 0.7


def foresee(arcs: Arcs, supply: Numbers, demand: Numbers) -> tuple[Numbers, Numbers]:
    """What a tonne more of each offer and of each need would roughly be worth, 0 or more."""
    cost = arcs.relaxed_cost
    offers, needs = np.zeros(len(supply)), np.zeros(len(demand))
    scale = float(np.abs(cost).mean()) if len(cost) else 0.0
    if not scale:
        return offers, needs
    for heat in scale * np.geomspace(HOT, COLD, ROUNDS):
        flow = _flow(arcs, cost, offers, needs, heat=heat)
        offers = _dearer(offers, _total(arcs.tail, flow, supply), supply, heat)
        flow = _flow(arcs, cost, offers, needs, heat=heat)
        needs = _dearer(needs, _total(arcs.head, flow * arcs.rate, demand), demand, heat)
    return offers, needs


def _flow(arcs: Arcs, cost: Numbers, offers: Numbers, needs: Numbers, *, heat: float) -> Numbers:
    paid = (cost + offers[arcs.tail] + arcs.rate * needs[arcs.head]) / heat
    flow: Numbers = arcs.upper / (1.0 + np.exp(np.clip(paid, -40.0, 40.0)))
    return flow


def _dearer(price: Numbers, asked: Numbers, had: Numbers, heat: float) -> Numbers:
    step = DAMPING * heat * np.log(np.maximum(asked, 1e-9) / np.maximum(had, 1e-9))
    raised: Numbers = np.maximum(price + step, 0.0)
    return raised


def _total(place: Places, flow: Numbers, like: Numbers) -> Numbers:
    return np.asarray(np.bincount(place, flow, len(like)), dtype=np.float64)
