"""Global bounds where outlets may pay to be cleaner than their limits (several contaminants, units by removal).

The product of a giver's flow and its own outlet ppm is bilinear. Branch and bound over boxes [low, high] of the outlets:
inside a box each stream out of a maker carries its own mass between low and high times its flow, and the masses out of
a maker sum to what it really takes in and takes up (McCormick, Math. Program. 10 (1976) 147; Quesada, Grossmann, Comput.
Chem. Eng. 19 (1995) 1219). Every upper bound is a real network of `mixing`. Stops by gap or number of boxes, never by time.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from qingyuan.engine.water.check import real_ppm
from qingyuan.engine.water.mixing import (
    Arcs,
    Mixed,
    arcs_of,
    free_outlets,
    given_ppm,
    makers,
    mix,
    mixing_rows,
    outlet_limits,
)
from qingyuan.engine.water.parts import GRAMS, Numbers, Places, Plant
from qingyuan.engine.water.programme import NoSolution, Rows, least

GAP = 1e-6
"""Relative: how near the bound the search goes."""
CLOSED = 1e-3
"""Relative: a network within this of its bound counts as the answer, not as stopped at a limit."""
MOST_BOXES, MOST_WORK = 3_000, 600_000
"""So many boxes, or boxes times columns: about half a minute."""
EAGER = 100
"""Networks are sought in each of so many boxes, then in every fourth."""
POLISH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Outlets between `low` and `high` (makers, K); only `free` ones are worth splitting."""

    low: Numbers
    high: Numbers
    free: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Of a relaxed solution (makers, K): the outlets its flows really have, those its masses have, and the masses amiss."""

    real: Numbers
    outlet: Numbers
    amiss: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """The best network found, and the bound that no network can be below; `closed` if they meet within the gap."""

    best: Mixed
    bound: float
    boxes: int
    closed: bool


def pool(plant: Plant, *, gap: float = GAP, most_boxes: int | None = None) -> Pooled:
    """Raises NoSolution if not even the widest box has one, or no real network was found."""
    arcs, limits = arcs_of(plant), outlet_limits(plant)
    free = free_outlets(plant)
    low = np.minimum(np.where(free, lowest_outlets(plant), limits), limits)
    search = _Search(plant, arcs, limits)
    if most_boxes is None:
        columns = len(arcs.giver) * (1 + free.shape[1])
        most_boxes = max(20, min(MOST_BOXES, MOST_WORK // columns))
    box = Box(low=low, high=limits, free=free)
    value, point = _relax(plant, arcs, box)
    queue = [(value, 0, box, point)]
    boxes, settled = 1, np.inf
    while queue:
        value, _, box, point = heapq.heappop(queue)
        if boxes < EAGER or boxes % 8 < 2:
            search.look(point.real, box.high)
        enough = -np.inf if search.best is None else gap * max(search.best.freshwater, 1e-9)
        if boxes >= most_boxes or (search.best is not None and value >= search.best.freshwater - enough):
            return search.done(min(value, settled), boxes)
        parts = _split(box, point, plant)
        settled = settled if parts else min(settled, value)
        for part in parts:
            boxes += 1
            try:
                least_here, inside = _relax(plant, arcs, part)
            except NoSolution:
                continue
            heapq.heappush(queue, (max(least_here, value), boxes, part, inside))
    return search.done(settled, boxes)


def lowest_outlets(plant: Plant) -> Numbers:
    """(makers, K) below which no outlet can be: what comes in is at least so dirty, and no more than `limiting` flows."""
    cleanest = np.vstack([plant.fresh[None, :], plant.supply_ppm]).min(axis=0)
    if len(plant.units):
        made = np.where(np.isfinite(plant.fixed), plant.fixed, 0.0)
        cleanest = np.minimum(cleanest, made.min(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        taken_up = np.where(plant.load > 0, plant.load * GRAMS / plant.limiting[:, None], 0.0)
    of_units = np.where(np.isfinite(plant.fixed), plant.fixed, cleanest * plant.kept)
    return np.vstack([cleanest + taken_up, of_units])


class _Search:
    """The best network so far, with the outlets it was found at."""

    def __init__(self, plant: Plant, arcs: Arcs, limits: Numbers) -> None:
        self.plant, self.arcs, self.limits = plant, arcs, limits
        self.best: Mixed | None = None
        self.quality = limits

    def look(self, guess: Numbers, high: Numbers) -> None:
        """Try the box's guess and its upper corner, and polish each at the real outlets of its own network."""
        for start in (np.clip(guess, 0.0, self.limits), high):
            quality = start
            for _ in range(POLISH):
                cleaner = self._try(quality)
                if cleaner is None or np.allclose(cleaner, quality, rtol=1e-9, atol=0.0):
                    break
                quality = cleaner

    def _try(self, quality: Numbers) -> Numbers | None:
        """The real outlets where the network at `quality` is better than the best so far."""
        try:
            found = mix(self.plant, self.arcs, quality, tidy=False)
        except NoSolution:
            return None
        if self.best is not None and found.freshwater >= self.best.freshwater * (1 - 1e-9):
            return None
        self.best, self.quality = found, quality
        real = real_ppm(self.plant, self.arcs, found.flow)[1 + len(self.plant.sources) :]
        return np.minimum(np.where(real > 0, real, quality), quality)

    def done(self, bound: float, boxes: int) -> Pooled:
        """The best one again, with the least cost of units and the least flow; raises NoSolution without one."""
        if self.best is None:
            raise NoSolution("no network was found")
        best = mix(self.plant, self.arcs, self.quality)
        bound = min(bound, best.freshwater)
        closed = best.freshwater - bound <= CLOSED * max(best.freshwater, 1e-9)
        return Pooled(best=best, bound=bound, boxes=boxes, closed=closed)


def _split(box: Box, point: Point, plant: Plant) -> list[Box]:
    """In two, along the outlet whose streams carry most beside what they would if they were one water."""
    low, high = box.low, box.high
    limits = np.vstack([plant.wanted_ppm, plant.inlet, high])
    scale = np.where(limits > 0, limits, np.inf).min(axis=0, initial=np.inf)
    width = np.where(box.free, high - low, 0.0)
    score = np.where(width > 1e-9 * high, point.amiss / scale, 0.0)
    if score.max(initial=0.0) <= 1e-9:
        return []
    maker, kind = np.unravel_index(int(score.argmax()), score.shape)
    start, span = float(low[maker, kind]), float(width[maker, kind])
    at = (min(max(float(point.outlet[maker, kind]) - start, 0.0), span) + 0.5 * span) / 2
    upper, lower = high.copy(), low.copy()
    upper[maker, kind] = lower[maker, kind] = start + min(max(at, 0.1 * span), 0.9 * span)
    return [Box(low=low, high=upper, free=box.free), Box(low=lower, high=high, free=box.free)]


def _relax(plant: Plant, arcs: Arcs, box: Box) -> tuple[float, Point]:
    """The least freshwater over the box with masses of their own, and what its flows and masses say of the outlets."""
    relaxation = _Relaxation(plant, arcs, box)
    rows = relaxation.rows()
    aim = np.zeros(rows.matrix.shape[1])
    aim[: len(arcs.giver)] = arcs.giver == 0
    found, bound = least([aim], rows)
    flow = found[: len(arcs.giver)]
    real = real_ppm(plant, arcs, flow)[1 + len(plant.sources) :]
    mixed, amiss = relaxation.outlets(found)
    return max(bound, 0.0), Point(real=real, outlet=mixed, amiss=amiss)


class _Relaxation:
    """Columns: flows on arcs, waste of makers, masses on arcs out of makers, masses wasted (a block a contaminant)."""

    def __init__(self, plant: Plant, arcs: Arcs, box: Box) -> None:
        self.plant, self.arcs, self.low, self.high = plant, arcs, box.low, box.high
        self.size = makers(plant)
        self.count = len(arcs.giver)
        self.made = np.flatnonzero(arcs.giver > len(plant.sources))
        self.maker = arcs.giver[self.made] - 1 - len(plant.sources)
        self.kinds = box.low.shape[1]
        block = len(self.made) + self.size
        self.columns = self.count + self.size + self.kinds * block
        self.mass_at = [self.count + self.size + kind * block for kind in range(self.kinds)]
        self.triplets: list[tuple[Places, Places, Numbers]] = []
        self.lows: list[Numbers] = []
        self.highs: list[Numbers] = []
        self.row = 0

    def rows(self) -> Rows:
        plant, arcs = self.plant, self.arcs
        seen = given_ppm(plant, self.low)
        base = mixing_rows(plant, arcs, seen, self.high)
        plain = base.matrix.shape[0] - self.kinds * (len(plant.demands) + len(plant.processes) + self.size)
        start = base.matrix[:plain]
        start.resize((plain, self.columns))
        place = np.arange(self.size)
        takes = np.flatnonzero(arcs.taker >= len(plant.demands)).astype(np.int64)
        taking = arcs.taker[takes] - len(plant.demands)
        self._add(
            [(self.maker, self.made, 1.0), (place, self.count + place, 1.0), (taking, takes, -1.0)],
            np.zeros(self.size),
            np.zeros(self.size),
        )
        for kind in range(self.kinds):
            self._kind(kind, seen[:, kind], takes, taking)
        from scipy.sparse import coo_array, vstack

        row, column, entry = (np.concatenate([one[part] for one in self.triplets]) for part in range(3))
        more = csr_array(
            coo_array(
                (entry, (row.astype(np.int64), column.astype(np.int64))), shape=(self.row, self.columns)
            )
        )
        most = base.upper.sum()
        dirtiest = np.maximum(self.high.max(axis=0), 1e-9)
        masses = np.concatenate([np.full(len(self.made) + self.size, most * top) for top in dirtiest])
        upper = np.concatenate([base.upper, np.full(self.size, most), masses])
        scale = np.ones(self.columns)  # masses in units of their contaminant's dirtiest ppm
        for kind, top in enumerate(dirtiest):
            begin = self.mass_at[kind]
            scale[begin : begin + len(self.made) + self.size] = top
        matrix = csr_array(vstack([start, more], format="csr").multiply(scale[None, :]))
        low = np.concatenate([base.low[:plain], *self.lows])
        high = np.concatenate([base.high[:plain], *self.highs])
        self.scale = scale
        largest = np.maximum(np.abs(matrix).max(axis=1).toarray().ravel(), 1e-12)
        largest[:plain] = 1.0
        return Rows(
            matrix=csr_array(matrix.multiply((1 / largest)[:, None])),
            low=low / largest,
            high=high / largest,
            upper=upper / scale,
        )

    def outlets(self, found: Numbers) -> tuple[Numbers, Numbers]:
        """(makers, K): mass over flow of all that leaves, and how far single streams are from it, in mass."""
        found = found * self.scale
        flow, wasted = found[self.made], found[self.count : self.count + self.size]
        through = np.bincount(self.maker, flow, self.size) + wasted
        mixed, amiss = np.zeros_like(self.low), np.zeros_like(self.low)
        for kind in range(self.kinds):
            mass = found[self.mass_at[kind] :][: len(self.made)]
            out = found[self.mass_at[kind] + len(self.made) :][: self.size]
            total = np.bincount(self.maker, mass, self.size) + out
            mixed[:, kind] = np.where(
                through > 0, total / np.where(through > 0, through, 1.0), self.low[:, kind]
            )
            apart = np.abs(mass - mixed[self.maker, kind] * flow)
            amiss[:, kind] = np.bincount(self.maker, apart, self.size)
        return mixed, amiss

    def _kind(self, kind: int, seen: Numbers, takes: Places, taking: Places) -> None:
        plant, arcs = self.plant, self.arcs
        demands, processes = len(plant.demands), len(plant.processes)
        given = np.flatnonzero(arcs.giver <= len(plant.sources))
        mass = self.mass_at[kind] + np.arange(len(self.made))
        wasted = self.mass_at[kind] + len(self.made) + np.arange(self.size)
        ends = demands + processes
        limit = np.concatenate([plant.wanted_ppm[:, kind], plant.inlet[:, kind]])
        at = np.flatnonzero(arcs.taker < ends)
        into_given = given[arcs.taker[given] < ends]
        into_made = np.flatnonzero(arcs.taker[self.made] < ends)
        self._add(
            [
                (arcs.taker[at], at, -limit[arcs.taker[at]]),
                (arcs.taker[into_given], into_given, seen[arcs.giver[into_given]]),
                (arcs.taker[self.made[into_made]], mass[into_made], 1.0),
            ],
            np.full(ends, -np.inf),
            np.zeros(ends),
        )
        # what goes out is what comes in, less what is removed, and the load; units of given outlet need no balance
        kept = np.concatenate([np.ones(processes), plant.kept[:, kind]])
        fixed = np.concatenate([np.zeros(processes, bool), np.isfinite(plant.fixed[:, kind])])
        kept = np.where(fixed, 0.0, kept)
        load = np.concatenate([plant.load[:, kind], np.zeros(len(plant.units))]) * GRAMS
        place = np.arange(self.size)
        own = np.where(fixed, 0.0, 1.0)
        plain = arcs.giver[takes] <= len(plant.sources)
        spot = np.full(self.count, -1)
        spot[self.made] = np.arange(len(self.made))
        chained = takes[~plain]
        self._add(
            [
                (self.maker, mass, own[self.maker]),
                (place, wasted, own),
                (taking[plain], takes[plain], -kept[taking[plain]] * seen[arcs.giver[takes[plain]]]),
                (taking[~plain], mass[spot[chained]], -kept[taking[~plain]]),
            ],
            np.where(fixed, 0.0, load),
            np.where(fixed, 0.0, load),
        )
        for stream, carried, maker in (
            (self.made, mass, self.maker),
            (self.count + place, wasted, place),
        ):
            rows = np.arange(len(stream))
            above, below = self.low[maker, kind], self.high[maker, kind]
            nothing = np.zeros(len(stream))
            self._add([(rows, carried, 1.0), (rows, stream, -above)], nothing, np.full(len(stream), np.inf))
            self._add([(rows, carried, 1.0), (rows, stream, -below)], np.full(len(stream), -np.inf), nothing)

    def _add(self, parts: Sequence[tuple[Any, Any, Any]], low: Numbers, high: Numbers) -> None:
        for rows, columns, entries in parts:
            self.triplets.append((rows + self.row, columns, np.broadcast_to(entries, rows.shape)))
        self.lows.append(low)
        self.highs.append(high)
        self.row += len(low)
