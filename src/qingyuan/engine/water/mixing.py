"""The linear programme of who gives water to whom, when the outlets of processes and units are held at given ppm.

Outlets are limits: a process or unit may leave its water cleaner than its `quality`, and whoever takes it counts with
`quality`. So every solution is a real network, and the least freshwater over all qualities is the true one. For one
contaminant, processes at their outlet limits are optimal (Savelski, Bagajewicz, Chem. Eng. Sci. 55 (2000) 5035), as
are units with a given outlet: then this programme alone is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from qingyuan.engine.water.parts import GRAMS, Numbers, Places, Plant
from qingyuan.engine.water.programme import Rows, least


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """Places of givers (0 freshwater, then sources, processes, units) and takers (demands, processes, units)."""

    giver: Places
    taker: Places
    upper: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """The flows on the arcs, the freshwater they use, and a lower bound of it under these qualities."""

    arcs: Arcs
    flow: Numbers
    freshwater: float
    bound: float


def makers(plant: Plant) -> int:
    """Processes and units: those that take water and give it."""
    return len(plant.processes) + len(plant.units)


def arcs_of(plant: Plant) -> Arcs:
    """All pairs, but no process or unit feeds itself; for one contaminant processes feed only dirtier-leaving ones."""
    sources, demands, processes = len(plant.sources), len(plant.demands), len(plant.processes)
    givers, takers = 1 + sources + makers(plant), demands + makers(plant)
    giver, taker = (
        place.ravel() for place in np.meshgrid(np.arange(givers), np.arange(takers), indexing="ij")
    )
    maker_out, maker_in = giver - 1 - sources, taker - demands
    kept = ~((maker_out == maker_in) & (maker_out >= 0))
    if len(plant.contaminants) == 1 and processes:
        rank = np.argsort(np.argsort(plant.outlet[:, 0], kind="stable"), kind="stable")
        both = (maker_out >= 0) & (maker_out < processes) & (maker_in >= 0) & (maker_in < processes)
        backwards = np.zeros(len(giver), bool)
        backwards[both] = rank[maker_out[both]] >= rank[maker_in[both]]
        kept &= ~backwards
    giver, taker = giver[kept], taker[kept]
    return Arcs(giver=giver, taker=taker, upper=np.minimum(_most_out(plant)[giver], _most_in(plant)[taker]))


def _most_in(plant: Plant) -> Numbers:
    everything = float(plant.supply.sum() + plant.wanted.sum() + plant.limiting.sum())
    return np.concatenate([plant.wanted, plant.limiting, np.minimum(plant.capacity, max(everything, 1.0))])


def _most_out(plant: Plant) -> Numbers:
    most_in = _most_in(plant)
    return np.concatenate([[most_in.sum()], plant.supply, most_in[len(plant.demands) :]])


def outlet_limits(plant: Plant) -> Numbers:
    """(makers, K) the dirtiest that processes and units may leave; for units the dirtiest that can come to them."""
    dirtiest = np.vstack([plant.fresh[None, :], plant.supply_ppm, plant.outlet]).max(axis=0)
    kept = dirtiest[None, :] * plant.kept
    return np.vstack([plant.outlet, np.where(np.isfinite(plant.fixed), plant.fixed, kept)])


def free_outlets(plant: Plant) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """(makers, K): which outlets may pay to be cleaner than their limit. None: the programme alone is exact."""
    count = len(plant.contaminants)
    several = count > 1
    of_processes = np.full((len(plant.processes), count), several)
    of_units = ~np.isfinite(plant.fixed) & (plant.kept > 0)
    return np.vstack([of_processes, of_units])


def given_ppm(plant: Plant, quality: Numbers) -> Numbers:
    """(givers, K) the ppm that takers count with."""
    return np.vstack([plant.fresh[None, :], plant.supply_ppm, quality])


def mix(plant: Plant, arcs: Arcs, quality: Numbers, *, tidy: bool = True) -> Mixed:
    """The least freshwater when makers leave at `quality` (makers, K); then the least cost of units, then the least flow.

    `tidy` False stops at the freshwater. Raises NoSolution.
    """
    rows = mixing_rows(plant, arcs, given_ppm(plant, quality), quality)
    fresh = (arcs.giver == 0).astype(np.float64)
    first_unit = len(plant.demands) + len(plant.processes)
    unit = arcs.taker - first_unit
    price = np.where(unit >= 0, plant.cost[np.maximum(unit, 0)] if len(plant.cost) else 0.0, 0.0)
    aims = [fresh]
    if tidy:
        aims += [price] if price.any() else []
        aims.append(np.ones(len(fresh)))
    flow, bound = least(aims, rows)
    flow = np.where(flow > 1e-9 * max(float(flow.max(initial=0.0)), 1e-12), flow, 0.0)
    return Mixed(arcs=arcs, flow=flow, freshwater=float(fresh @ flow), bound=max(bound, 0.0))


def mixing_rows(plant: Plant, arcs: Arcs, seen: Numbers, reached: Numbers) -> Rows:
    """The rows when takers count with `seen` (givers, K) and makers must leave at most `reached` (makers, K)."""
    sources, demands = len(plant.sources), len(plant.demands)
    count, kinds = len(arcs.giver), len(plant.contaminants)
    place = np.arange(count)
    blocks: list[csr_array] = []
    low: list[Numbers] = []
    high: list[Numbers] = []

    def add(
        rows: Places, columns: Places, entries: Numbers, size: int, limits: tuple[Numbers, Numbers]
    ) -> None:
        blocks.append(csr_array(coo_array((entries, (rows, columns)), shape=(size, count))))
        low.append(limits[0])
        high.append(limits[1])

    out = arcs.giver - 1
    from_source = (out >= 0) & (out < sources)
    nothing = np.full(sources, -np.inf)
    add(
        out[from_source],
        place[from_source],
        np.ones(int(from_source.sum())),
        sources,
        (nothing, plant.supply),
    )
    into_demand = arcs.taker < demands
    met = np.ones(int(into_demand.sum()))
    add(arcs.taker[into_demand], place[into_demand], met, demands, (plant.wanted, plant.wanted))
    made_out, made_in = out - sources, arcs.taker - demands
    gives, takes = made_out >= 0, made_in >= 0
    size = makers(plant)
    add(
        np.concatenate([made_out[gives], made_in[takes]]),
        np.concatenate([place[gives], place[takes]]),
        np.concatenate([np.ones(int(gives.sum())), -np.ones(int(takes.sum()))]),
        size,
        (np.full(size, -np.inf), np.zeros(size)),
    )
    into_unit = made_in >= len(plant.processes)
    unit = made_in[into_unit] - len(plant.processes)
    units = len(plant.units)
    add(unit, place[into_unit], np.ones(len(unit)), units, (np.full(units, -np.inf), plant.capacity))
    into_process = takes & ~into_unit
    limits = np.vstack([plant.wanted_ppm, plant.inlet, np.full((units, kinds), np.inf)])
    kept = np.vstack([np.ones((len(plant.processes), kinds)), plant.kept])
    fixed = np.vstack([np.zeros((len(plant.processes), kinds), bool), np.isfinite(plant.fixed)])
    loads = np.vstack([plant.load, np.zeros((units, kinds))]) * GRAMS
    for kind in range(kinds):
        ppm = max(float(seen[:, kind].max(initial=0.0)), float(reached[:, kind].max(initial=0.0)), 1e-9)
        at = into_demand | into_process
        ends = demands + len(plant.processes)
        over = (seen[arcs.giver[at], kind] - limits[arcs.taker[at], kind]) / ppm
        add(arcs.taker[at], place[at], over, ends, (np.full(ends, -np.inf), np.zeros(ends)))
        at = takes & ~fixed[np.maximum(made_in, 0), kind] if size else takes
        maker = made_in[at]
        room = (reached[maker, kind] - kept[maker, kind] * seen[arcs.giver[at], kind]) / ppm
        add(
            maker,
            place[at],
            room,
            size,
            (np.where(fixed[:, kind], -np.inf, loads[:, kind] / ppm), np.full(size, np.inf)),
        )
    from scipy.sparse import vstack

    matrix = csr_array(vstack(blocks, format="csr"))
    return Rows(matrix=matrix, low=np.concatenate(low), high=np.concatenate(high), upper=arcs.upper)
