"""The independent check of a network: flows and loads balanced anew, from the links alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qingyuan.engine.water.mixing import Arcs
from qingyuan.engine.water.parts import FRESH, GRAMS, WASTE, Link, Numbers, Plant

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`worst` is the largest violation, relative to the flow or limit that it violates; `ppm` what each giver really has."""

    verified: bool
    worst: float
    freshwater: float
    wastewater: float
    ppm: Numbers


def check(plant: Plant, links: Sequence[Link]) -> Checked:
    """Every source used up or discharged, every demand met, every limit kept at the real concentrations."""
    givers = [FRESH, *plant.sources, *plant.processes, *plant.units]
    takers = [*plant.demands, *plant.processes, *plant.units, WASTE]
    give = {name: place for place, name in enumerate(givers)}
    take = {name: place for place, name in enumerate(takers)}
    flow = np.zeros((len(givers), len(takers)))
    for one in links:
        flow[give[one.tail], take[one.head]] += one.flow
    worst = max((-one.flow for one in links), default=0.0)
    sources, demands = len(plant.sources), len(plant.demands)
    made = slice(1 + sources, len(givers))
    into = flow.sum(axis=0)
    out = flow.sum(axis=1)
    total = max(float(out.sum()), 1e-300)
    worst = max(worst, _over(np.abs(out[1 : 1 + sources] - plant.supply), plant.supply, total))
    worst = max(worst, _over(np.abs(into[:demands] - plant.wanted), plant.wanted, total))
    worst = max(worst, _over(np.abs(out[made] - into[demands:-1]), out[made], total))
    worst = max(
        worst, _over(into[demands + len(plant.processes) : -1] - plant.capacity, plant.capacity, total)
    )
    ppm = _concentrations(plant, flow)
    limits = np.vstack([plant.wanted_ppm, plant.inlet])
    ends = flow[:, : len(limits)]
    carried = ends.T @ ppm
    allowed = ends.sum(axis=0)[:, None] * limits
    top = max(float(ppm.max(initial=0.0)), 1e-300)
    busy = ends.sum(axis=0)[:, None] + 0 * limits
    worst = max(worst, _over(carried - allowed, busy * top, busy.max(initial=0.0) * top))
    outlets = ppm[1 + sources : 1 + sources + len(plant.processes)]
    worst = max(worst, _over(outlets - plant.outlet, plant.outlet, top))
    idle = (into[demands : demands + len(plant.processes)] <= 0)[:, None] & (plant.load > 0)
    return Checked(
        verified=worst <= TOLERANCE and not idle.any(),
        worst=worst,
        freshwater=float(out[0]),
        wastewater=float(into[-1]),
        ppm=ppm,
    )


def real_ppm(plant: Plant, arcs: Arcs, flow: Numbers) -> Numbers:
    """(givers, K) the concentrations that flows on arcs really have."""
    givers = 1 + len(plant.sources) + len(plant.processes) + len(plant.units)
    takers = len(plant.demands) + len(plant.processes) + len(plant.units)
    table = np.zeros((givers, takers + 1))
    np.add.at(table, (arcs.giver, arcs.taker), flow)
    return _concentrations(plant, table)


def _concentrations(plant: Plant, flow: Numbers) -> Numbers:
    """(givers, K): mass balances of processes and units solved together, whoever feeds whom."""
    sources, demands = len(plant.sources), len(plant.demands)
    processes, units = len(plant.processes), len(plant.units)
    known = np.vstack([plant.fresh[None, :], plant.supply_ppm])
    size = processes + units
    made = np.zeros((size, len(plant.contaminants)))
    into = flow[:, demands : demands + size]
    through = into.sum(axis=0)
    for kind in range(len(plant.contaminants)):
        kept = np.concatenate([np.ones(processes), plant.kept[:, kind]])
        fixed = np.concatenate([np.full(processes, np.nan), plant.fixed[:, kind]])
        held = np.isfinite(fixed) | (through <= 0)
        load = np.concatenate([plant.load[:, kind] * GRAMS, np.zeros(units)])
        matrix = np.diag(np.where(held, 1.0, through)) - np.where(
            held[:, None], 0.0, kept[:, None] * into[1 + sources :].T
        )
        right = np.where(
            held,
            np.where(np.isfinite(fixed), fixed, 0.0),
            kept * (into[: 1 + sources].T @ known[:, kind]) + load,
        )
        made[:, kind] = np.linalg.solve(matrix, right) if size else right
    return np.vstack([known, made])


def _over(excess: Numbers, size: Numbers, whole: float) -> float:
    """The largest excess relative to `size`, where that is a fair part of the whole."""
    if not excess.size:
        return 0.0
    fair = np.maximum(np.where(np.isfinite(size), size, whole), 1e-3 * whole)
    return float((np.where(np.isfinite(excess), excess, 0.0) / np.maximum(fair, 1e-300)).max())
