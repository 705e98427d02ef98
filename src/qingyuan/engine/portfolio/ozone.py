"""Least cost under ozone limits whose surface over (NOx, VOC) need not be convex: no local search that could be trapped.

Ozone hears only two sums of a plan, the region's NOx and VOC. The plane of these two is cut into pieces in which the limits
may be kept (`landing`); one programme chooses the measures together with the piece in which they land. The trapezoids
around the pieces hold every plan that keeps the limits, so that its bound is a bound for the true problem; those within
them give plans. The piece where the best plan lands is cut finer until both meet within the gap. Every plan is run through
the full surface.

For tables (`Grid`, a spline that stays within the four entries around a point) the pieces are proven; other surfaces are
sampled on the mesh, and `sampled` says so.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from qingyuan.engine.air.ozone import Grid
from qingyuan.engine.portfolio.assemble import numbers
from qingyuan.engine.portfolio.cuts import Maker
from qingyuan.engine.portfolio.instance import Columns, Instance
from qingyuan.engine.portfolio.landing import SLACK, Limit, Piece, Trapezoid, Window, least, pieces
from qingyuan.engine.portfolio.model import Model
from qingyuan.engine.portfolio.programme import Numbers
from qingyuan.engine.portfolio.solve import Solved, Warm, gap_of, optimise

__all__ = ["Axes", "Cell", "Limit", "Ozone", "least_cost"]
FIRST, FINER = 24, 6
"""Strips of the whole plane, and of a piece that is cut finer."""
NARROW, LAST = 1e-7, 0.05
TIGHT = 1e-6
"""Gaps up to which the optimum itself is sought."""


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
    """The best plan, ozone by limit, and the value function on a grid.

    Without a plan `bound` is infinite where none can exist, else what any plan costs at least.
    """

    solved: Solved | None
    ppb: list[float]
    nox_ratio: float
    voc_ratio: float
    cells: list[Cell]
    examined: int
    """Programmes that were solved for it."""
    sampled: bool
    least_ppb: list[float]
    """The least ozone of any cell that can be reached: what no plan goes below."""
    bound: float
    repeatable: bool


def least_cost(
    model: Model,
    limits: Sequence[Limit],
    axes: Axes,
    *,
    grid: int = 8,
    most: int = 200,
    required: Mapping[int, Fraction] | None = None,
) -> Ozone:
    """The least-cost plan of the model that keeps every limit. `most` programmes are solved at most; where the model's
    effort states seconds, these are for all of them together. `grid`: cells a side of the value function. `required`
    overrides what demands ask.
    """
    return _Search(model, limits, axes, required).run(grid, most)


class _Search:
    def __init__(
        self,
        model: Model,
        limits: Sequence[Limit],
        axes: Axes,
        required: Mapping[int, Fraction] | None = None,
    ) -> None:
        self.model, self.limits = model, limits
        effects, rows = model.assembled.case.measures.effects, model.assembled.rows
        self.cuts = [
            numbers(effects[name])[rows] if name in effects else np.zeros(len(rows))
            for name in (axes.nox, axes.voc)
        ]
        self.bases = (axes.nox_base, axes.voc_base)
        self.posed = model.posed(required=required)
        self.examined = 0
        self.repeatable = True
        self.gap = max(model.effort.gap, 1e-9)
        seconds = model.effort.seconds
        self.until = math.inf if seconds is None else time.monotonic() + seconds
        self.best: Solved | None = None
        self.bound = -math.inf

    def run(self, grid: int, most: int) -> Ozone:
        window = self._window()
        left = [] if window is None else list(pieces(self.limits, window, FIRST))
        while left and self.examined < most:
            outer, place = self._land([one.around for one in left], share=0.35)
            if outer is None:
                break
            self.bound = max(self.bound, outer.bound)
            if outer.x is None:
                if outer.status == "infeasible":
                    left = []
                break
            if max(self._excess(outer.x)) <= SLACK:
                self._take(outer)
                if outer.status == "done" or self._enough():
                    break
            finer = list(pieces(self.limits, left[place].window, FINER))
            self._within(left if self.best is None else finer)
            if self._enough() or left[place].width < NARROW:
                break
            left = [*left[:place], *finer, *left[place + 1 :]]
        if not left and self.best is None:
            self.bound = math.inf
        return self._answer(window, grid)

    def _within(self, among: Sequence[Piece]) -> None:
        """A plan within the pieces that keep the limits for certain."""
        sure = [one.sure for one in among if one.sure is not None]
        enough = self.bound + 0.98 * self.gap * abs(self.bound)
        inner = self._land(sure, share=0.1, enough=enough)[0] if sure else None
        if inner is not None and inner.x is not None and max(self._excess(inner.x)) <= SLACK:
            self._take(inner)

    def _take(self, solved: Solved) -> None:
        if self.best is None or solved.objective < self.best.objective:
            self.best = solved

    def _enough(self) -> bool:
        return (
            self.best is not None
            and gap_of(self.best.objective, min(self.bound, self.best.objective)) <= self.gap
        )

    def _land(
        self, among: Sequence[Trapezoid], *, share: float, enough: float | None = None
    ) -> tuple[Solved | None, int]:
        """The least-cost plan that lands in one of them, and in which; None where time is over."""
        effort = self.model.effort
        if effort.seconds is not None:
            rest = self.until - time.monotonic()
            if rest <= LAST:
                self.repeatable = False
                return None, 0
            effort = replace(effort, seconds=rest, patience=rest + 2.0)
        self.examined += 1
        instance, makers, short = self.posed
        n = instance.measures
        more = self._columns(among)
        solved = optimise(
            instance.with_columns(more),
            self.model.child,
            effort=replace(effort, gap=effort.gap * share, exact=effort.gap <= TIGHT, enough=enough),
            makers=[_Wider(maker, len(more.upper)) for maker in makers],
            short=None if short is None else lambda x: short(x[:n]),
            warm=Warm(),
        )
        self.repeatable &= solved.repeatable
        if solved.x is None:
            return solved, 0
        return _narrowed(solved, instance), int(solved.x[n : n + len(among)].argmax())

    def _columns(self, among: Sequence[Trapezoid]) -> Columns:
        """Per trapezoid whether it is chosen, then NOx and VOC there (0 elsewhere); their sums are the plan's."""
        k = len(among)
        chosen, nox, voc = np.eye(k), np.eye(k), np.eye(k)
        zero = np.zeros((k, k))
        low, high = (np.array([getattr(one, name) for one in among]) for name in ("nox_low", "nox_high"))
        bottom, top = (np.array([getattr(one, name) for one in among]) for name in ("bottom", "top"))
        local = np.block(
            [
                [-low[:, None] * chosen, nox, zero],
                [high[:, None] * chosen, -nox, zero],
                [-bottom[:, [0]] * chosen, -bottom[:, [1]] * nox, voc],
                [top[:, [0]] * chosen, top[:, [1]] * nox, -voc],
                [np.ones((1, k)), np.zeros((1, 2 * k))],
                [-np.ones((1, k)), np.zeros((1, 2 * k))],
            ]
        )
        gain, need = [], []
        for place, (cut, base) in enumerate(zip(self.cuts, self.bases, strict=True), start=1):
            share = np.zeros(3 * k)
            share[place * k : (place + 1) * k] = 1.0
            both = np.concatenate([cut / base, share])
            gain += [both, -both]
            need += [1.0, -1.0]
        most = [np.ones(k), high, np.maximum(top[:, 0] + top[:, 1] * low, top[:, 0] + top[:, 1] * high)]
        return Columns(
            upper=np.maximum(np.concatenate(most), 0.0),
            whole=np.repeat([True, False, False], k),
            gain=np.array(gain).T,
            need=np.array(need),
            local=local,
            local_lower=np.concatenate([np.zeros(4 * k), [1.0, -1.0]]),
        )

    def _answer(self, window: Window | None, grid: int) -> Ozone:
        best = self.best
        cells = [] if window is None else self._cells(window, grid, whatever=best is None)
        reachable = [cell for cell in cells if cell.cost is not None]
        floors = [
            min((least(limit.surface, _window(cell)) for cell in reachable), default=math.inf)
            for limit in self.limits
        ]
        nox, voc = (1.0, 1.0) if best is None or best.x is None else self.ratios(best.x)
        if best is not None:
            bound = min(self.bound, best.objective)
            inside = gap_of(best.objective, bound) <= self.gap
            best = replace(
                best, bound=bound, status="done" if inside else "stopped", repeatable=self.repeatable
            )
        return Ozone(
            solved=best,
            ppb=[] if best is None else [float(limit.surface.at(nox, voc)) for limit in self.limits],
            nox_ratio=nox,
            voc_ratio=voc,
            cells=cells,
            examined=self.examined,
            sampled=any(not isinstance(limit.surface, Grid) for limit in self.limits),
            least_ppb=floors,
            bound=self.bound,
            repeatable=self.repeatable,
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

    def _window(self) -> Window | None:
        """What plans can reach (of the linear relaxation: no plan reaches more) and all surfaces know; None without any."""
        edges = []
        instance, _makers, _short = self.posed
        for number, (cut, base) in enumerate(zip(self.cuts, self.bases, strict=True)):
            names = (("nox_low", "nox_high"), ("voc_low", "voc_high"))[number]
            low = max(getattr(limit.surface.domain, names[0]) for limit in self.limits)
            high = min(getattr(limit.surface.domain, names[1]) for limit in self.limits)
            ends = []
            for sign in (1.0, -1.0):
                outcome = self.model.child.run(replace(instance, cost=-sign * cut).programme(), relaxed=True)
                if outcome.x is None:
                    return None
                ends.append(1.0 - sign * -outcome.objective / base)
            low, high = max(low, ends[0] - NARROW), min(high, ends[1] + NARROW)
            if low > high:
                return None
            edges += [low, high]
        return Window(nox_low=edges[0], nox_high=edges[1], voc_low=edges[2], voc_high=edges[3])

    def _cells(self, window: Window, count: int, *, whatever: bool) -> list[Cell]:
        """The value function: over a grid of the window the least cost of the relaxation. Those for which no time is
        left are missing, unless they are wanted `whatever` it takes.
        """
        spans = [
            list(itertools.pairwise(np.linspace(low, high, count + 1).tolist()))
            if high > low
            else [(low, high)]
            for low, high in ((window.nox_low, window.nox_high), (window.voc_low, window.voc_high))
        ]
        found = []
        for nox, voc in itertools.product(*spans):
            if not whatever and time.monotonic() > self.until:
                break
            here = Window(nox_low=nox[0], nox_high=nox[1], voc_low=voc[0], voc_high=voc[1])
            square = Trapezoid(nox_low=nox[0], nox_high=nox[1], bottom=(voc[0], 0.0), top=(voc[1], 0.0))
            instance = self.posed[0].with_columns(self._columns([square]))
            relaxed = self.model.child.run(instance.programme(), relaxed=True)
            found.append(
                Cell(
                    nox_low=nox[0], nox_high=nox[1], voc_low=voc[0], voc_high=voc[1],
                    floor_ppb=max((least(one.surface, here) - one.ppb for one in self.limits), default=0.0),
                    cost=relaxed.objective if relaxed.x is not None else None,
                )
            )  # fmt: skip
        return found


def _window(cell: Cell) -> Window:
    return Window(nox_low=cell.nox_low, nox_high=cell.nox_high, voc_low=cell.voc_low, voc_high=cell.voc_high)


@dataclass(frozen=True, slots=True)
class _Wider:
    """A maker of rows over the measures, where the choice of a piece stands behind them."""

    maker: Maker
    more: int

    @property
    def needed(self) -> float:
        return self.maker.needed

    def reached(self, x: Numbers) -> float:
        return self.maker.reached(x[: -self.more])

    def row(self, x: Numbers) -> tuple[Numbers, float]:
        gain, need = self.maker.row(x[: -self.more])
        return np.concatenate([gain, np.zeros(self.more)]), need


def _narrowed(solved: Solved, instance: Instance) -> Solved:
    """The plan over the measures alone, its rows within the piece chosen."""
    assert solved.x is not None
    n, final = instance.measures, solved.final
    gain = final.gain.toarray() if hasattr(final.gain, "toarray") else final.gain
    return replace(
        solved,
        x=solved.x[:n],
        final=replace(
            instance, gain=gain[:n], need=final.need - np.asarray(gain[n:].T @ solved.x[n:], dtype=np.float64)
        ),
    )
