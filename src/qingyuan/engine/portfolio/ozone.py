"""Least cost under ozone limits whose surface over (NOx, VOC) need not be convex: no local search that could be trapped.

Ozone hears only two sums of a plan, the region's NOx and VOC. Over a grid of these two the least cost of landing in each
cell is a value function: a programme without ozone in it. Cells in which the surface stays above the limit are dropped; the
others are searched best first, a cell being halved while its cheapest plan misses the limit. What is cheaper than every
cell that is left cannot exist: the answer is global within the gap, and every plan is run through the full surface.

For tables (`Grid`, a spline that stays within the four entries around a point) a cell's least ozone is a proven floor; for
other surfaces it is the least of 17 x 17 points, and `sampled` says so.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qingyuan.engine.air.ozone import Grid, Surface
from qingyuan.engine.portfolio.assemble import numbers
from qingyuan.engine.portfolio.certificate import THOROUGH
from qingyuan.engine.portfolio.instance import Instance
from qingyuan.engine.portfolio.model import Extra, Model
from qingyuan.engine.portfolio.programme import Numbers
from qingyuan.engine.portfolio.solve import Solved, gap_of

SAMPLES = 17
NARROW = 1e-7
SLACK = 1e-9
"""ppb by which rounding may pass a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Ozone at a receptor at most `ppb`."""

    target: str
    surface: Surface
    ppb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """The pollutants whose sums ozone hears, with the base year's emissions in the unit of the effects."""

    nox: str
    voc: str
    nox_base: float
    voc_base: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Ratios to the base; `cost`: a lower bound of landing here, None where impossible; `floor_ppb` over the limits'
    surfaces the least excess, ozone - limit.
    """

    nox_low: float
    nox_high: float
    voc_low: float
    voc_high: float
    floor_ppb: float
    cost: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ozone:
    """The best plan (None: no plan keeps the limits), ozone by limit, and the value function on the first grid."""

    solved: Solved | None
    ppb: list[float]
    nox_ratio: float
    voc_ratio: float
    cells: list[Cell]
    examined: int
    sampled: bool
    least_ppb: list[float]
    """The least ozone of any cell that can be reached: what no plan goes below."""


def least_cost(
    model: Model, limits: Sequence[Limit], axes: Axes, *, grid: int = 8, most: int = 2_000
) -> Ozone:
    """The least-cost plan of the model that keeps every limit. `most` cells are examined at most."""
    return _Search(model, limits, axes).run(grid, most)


class _Search:
    def __init__(self, model: Model, limits: Sequence[Limit], axes: Axes) -> None:
        self.model, self.limits, self.axes = model, limits, axes
        effects, rows = model.assembled.case.measures.effects, model.assembled.rows
        self.cuts = [
            numbers(effects[name])[rows] if name in effects else np.zeros(len(rows))
            for name in (axes.nox, axes.voc)
        ]
        self.bases = (axes.nox_base, axes.voc_base)
        self.examined = 0

    def run(self, grid: int, most: int) -> Ozone:
        cells = [self._cell(*edges) for edges in self._grid(grid)]
        heap = [
            (cell.cost, number, cell)
            for number, cell in enumerate(cells)
            if cell.cost is not None and cell.floor_ppb <= SLACK
        ]
        heapq.heapify(heap)
        best: Solved | None = None
        settled: list[float] = []
        number = len(cells)
        gap = self.model.effort.gap
        while heap and self.examined < most:
            bound, _number, cell = heap[0]
            if best is not None and bound >= best.objective - gap * abs(best.objective):
                break
            heapq.heappop(heap)
            self.examined += 1
            solved = self._solve(cell)
            if solved.x is None:
                continue
            if max(self._excess(solved.x)) <= SLACK:
                settled.append(max(solved.bound, bound))
                if best is None or solved.objective < best.objective:
                    best = solved
                continue
            for half in _halves(cell):
                if half is None:
                    settled.append(max(solved.bound, bound))
                    break
                number += 1
                small = self._cell(*half)
                if small.cost is not None and small.floor_ppb <= SLACK:
                    heapq.heappush(heap, (max(small.cost, solved.bound, bound), number, small))
        return self._answer(best, cells, [*settled, *(one[0] for one in heap)], stopped=self.examined >= most)

    def _answer(self, best: Solved | None, cells: list[Cell], bounds: list[float], *, stopped: bool) -> Ozone:
        reachable = [cell for cell in cells if cell.cost is not None]
        least = [
            min((self._floor(limit, cell)[0] for cell in reachable), default=float("inf"))
            for limit in self.limits
        ]
        sampled = any(not isinstance(limit.surface, Grid) for limit in self.limits)
        if best is None or best.x is None:
            return Ozone(
                solved=None, ppb=[], nox_ratio=1.0, voc_ratio=1.0, cells=cells, examined=self.examined,
                sampled=sampled, least_ppb=least,
            )  # fmt: skip
        bound = min([*bounds, best.objective])
        inside = gap_of(best.objective, bound) <= self.model.effort.gap
        nox, voc = self.ratios(best.x)
        return Ozone(
            solved=replace(best, bound=bound, status="done" if inside and not stopped else "stopped"),
            ppb=[float(limit.surface.at(nox, voc)) for limit in self.limits],
            nox_ratio=nox,
            voc_ratio=voc,
            cells=cells,
            examined=self.examined,
            sampled=sampled,
            least_ppb=least,
        )

    def ratios(self, x: Numbers) -> tuple[float, float]:
        """What is left of NOx and VOC, as ratios to the base."""
        nox, voc = (1.0 - float(cut @ x) / base for cut, base in zip(self.cuts, self.bases, strict=True))
        return nox, voc

    def _excess(self, x: Numbers) -> list[float]:
        nox, voc = self.ratios(x)
        found = []
        for limit in self.limits:
            domain = limit.surface.domain
            at = limit.surface.at(
                np.clip(nox, domain.nox_low, domain.nox_high), np.clip(voc, domain.voc_low, domain.voc_high)
            )
            found.append(float(at) - limit.ppb)
        return found

    def _grid(self, count: int) -> list[tuple[float, float, float, float]]:
        """Cells over what plans can reach and all surfaces know; none where these do not meet."""
        axes = []
        for number, (cut, base) in enumerate(zip(self.cuts, self.bases, strict=True)):
            names = (("nox_low", "nox_high"), ("voc_low", "voc_high"))[number]
            low = max(getattr(limit.surface.domain, names[0]) for limit in self.limits)
            high = min(getattr(limit.surface.domain, names[1]) for limit in self.limits)
            ends = []
            for sign in (1.0, -1.0):
                solved = self.model.solve(objective=-sign * cut, effort=THOROUGH)
                if solved.x is None:
                    return []
                ends.append(1.0 - sign * -solved.bound / base)
            low, high = max(low, ends[0] - NARROW), min(high, ends[1] + NARROW)
            if low > high:
                return []
            axes.append(np.unique(np.linspace(low, high, count + 1)))
        return [
            (float(one), float(two), float(three), float(four))
            for one, two in _spans(axes[0])
            for three, four in _spans(axes[1])
        ]

    def _cell(self, nox_low: float, nox_high: float, voc_low: float, voc_high: float) -> Cell:
        cell = Cell(
            nox_low=nox_low, nox_high=nox_high, voc_low=voc_low, voc_high=voc_high, floor_ppb=0.0, cost=None
        )
        floor = max((self._floor(limit, cell)[1] for limit in self.limits), default=0.0)
        relaxed = self.model.child.run(self._extra_instance(cell).programme(), relaxed=True)
        return replace(cell, floor_ppb=floor, cost=relaxed.objective if relaxed.x is not None else None)

    def _floor(self, limit: Limit, cell: Cell) -> tuple[float, float]:
        """The least ozone in a cell, and less the limit."""
        surface = limit.surface
        if isinstance(surface, Grid):
            rows = _touched(surface.nox_ratio, cell.nox_low, cell.nox_high)
            columns = _touched(surface.voc_ratio, cell.voc_low, cell.voc_high)
            least = max(float(surface.o3_ppb[rows, columns].min()), _steepest(surface, cell))
        else:
            nox = np.linspace(cell.nox_low, cell.nox_high, SAMPLES)
            voc = np.linspace(cell.voc_low, cell.voc_high, SAMPLES)
            least = float(surface.at(nox[:, None], voc[None, :]).min())
        return least, least - limit.ppb

    def _rows(self, cell: Cell) -> Extra:
        gain, need = [], []
        for cut, base, low, high in zip(
            self.cuts, self.bases, (cell.nox_low, cell.voc_low), (cell.nox_high, cell.voc_high), strict=True
        ):
            gain += [cut, -cut]
            need += [base * (1.0 - high), -base * (1.0 - low)]
        return Extra(gain=np.array(gain).T, need=np.array(need))

    def _extra_instance(self, cell: Cell) -> Instance:
        rows = self._rows(cell)
        instance = self.model.assembled.instance.with_rows(rows.gain, rows.need)
        old = self.model.extra
        return instance if old is None else instance.with_rows(old.gain, old.need)

    def _solve(self, cell: Cell) -> Solved:
        rows, old = self._rows(cell), self.model.extra
        if old is not None:
            rows = Extra(
                gain=np.hstack([old.gain, rows.gain]),
                need=np.concatenate([old.need, rows.need]),
                makers=old.makers,
            )
        return replace(self.model, extra=rows).solve()


def _steepest(surface: Grid, cell: Cell) -> float:
    """A floor from the middle of a cell and the steepest slope around it: tight where the cell is small.

    A slope of the spline is at most three times a secant's (Fritsch & Carlson); those of the table's neighbourhood,
    doubled, stand for the second direction, along which the rows are interpolated first.
    """
    middle = float(surface.at((cell.nox_low + cell.nox_high) / 2, (cell.voc_low + cell.voc_high) / 2))
    fall = 0.0
    places = []
    for axis, low, high in (
        (surface.nox_ratio, cell.nox_low, cell.nox_high),
        (surface.voc_ratio, cell.voc_low, cell.voc_high),
    ):
        near = _touched(axis, low, high)
        places.append(slice(max(near.start - 1, 0), near.stop + 1))
    table = surface.o3_ppb[places[0], places[1]]
    for axis, place, direction, width in (
        (surface.nox_ratio, places[0], 0, cell.nox_high - cell.nox_low),
        (surface.voc_ratio, places[1], 1, cell.voc_high - cell.voc_low),
    ):
        steps = np.diff(axis[place])
        if len(steps):
            slopes = np.abs(np.diff(table, axis=direction)).max(axis=1 - direction) / steps
            fall += 6.0 * float(slopes.max()) * width / 2
    return middle - fall


def _spans(axis: Numbers) -> list[tuple[float, float]]:
    if len(axis) == 1:
        return [(float(axis[0]), float(axis[0]))]
    return [(float(one), float(two)) for one, two in itertools.pairwise(axis)]


def _touched(axis: Numbers, low: float, high: float) -> slice:
    """The entries of an axis around [low, high]."""
    first = max(int(np.searchsorted(axis, low, side="right")) - 1, 0)
    last = min(int(np.searchsorted(axis, high, side="left")), len(axis) - 1)
    return slice(first, last + 1)


def _halves(cell: Cell) -> list[tuple[float, float, float, float] | None]:
    """The cell in two along its longer side; [None] where it is too narrow to halve."""
    nox, voc = cell.nox_high - cell.nox_low, cell.voc_high - cell.voc_low
    if max(nox, voc) < NARROW:
        return [None]
    if nox >= voc:
        middle = (cell.nox_low + cell.nox_high) / 2
        return [
            (cell.nox_low, middle, cell.voc_low, cell.voc_high),
            (middle, cell.nox_high, cell.voc_low, cell.voc_high),
        ]
    middle = (cell.voc_low + cell.voc_high) / 2
    return [
        (cell.nox_low, cell.nox_high, cell.voc_low, middle),
        (cell.nox_low, cell.nox_high, middle, cell.voc_high),
    ]
