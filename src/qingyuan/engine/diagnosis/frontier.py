"""Efficiency frontier of a sector: data envelopment analysis, input-oriented, each score with its own proof.

For enterprise o with inputs x and outputs y (Charnes, Cooper, Rhodes 1978; Banker, Charnes, Cooper 1984):

    min theta  with  sum_j l_j x_j <= theta x_o,  sum_j l_j y_j >= y_o,  l >= 0     (CRS), and sum_j l_j = 1 (VRS).

theta is the share of its inputs with which the best practice seen would make its outputs. HiGHS solves the
programmes, each from where the last one ended, over those enterprises only that can matter. Every score is then checked without it: the mixture l is laid over the data (an upper
bound), and the prices u, v of the programme bound theta from below by weak duality.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from qingyuan.engine.diagnosis.sector import DiagnosisError, Numbers

TOLERANCE: Final = 1e-6
_PEER: Final = 1e-7
_LEAST_GAIN: Final = 1e-9
_JOIN_AT_ONCE: Final = 10


class SolverFailed(RuntimeError):  # noqa: N818 (it says what happened)
    """The solver gave no solution; the message carries its own status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Efficiencies in (0, 1] (0 where nothing is made); None where figures are missing or all inputs are 0.

    `peers`: the enterprises of its constant-returns mixture, by place. `gap`: how far the bounds of either score lie apart.
    """

    crs: float | None
    vrs: float | None
    peers: tuple[int, ...] = ()
    gap: float | None = None

    @property
    def scale(self) -> float | None:
        """Scale efficiency crs / vrs."""
        return self.crs / self.vrs if self.crs is not None and self.vrs else None

    @property
    def verified(self) -> bool:
        """Whether both scores are proven to the tolerance."""
        return self.gap is not None and self.gap <= TOLERANCE


def frontier(
    inputs: Numbers, outputs: Numbers, *, tick: Callable[[int], object] | None = None
) -> list[Score]:
    """A score for each of n enterprises from inputs (n, m) and outputs (n, s); nan marks what is unknown.

    `tick` is called with the number of programmes solved since the last call. Raises DiagnosisError for shapes that
    do not fit, negative or infinite figures, or no input or output at all.
    """
    if inputs.ndim != 2 or outputs.ndim != 2 or len(inputs) != len(outputs):
        raise DiagnosisError("inputs and outputs must be matrices with one row an enterprise")
    if not inputs.shape[1] or not outputs.shape[1]:
        raise DiagnosisError("at least one input and one output are needed")
    both = np.hstack([inputs, outputs])
    if (both < 0).any() or np.isinf(both).any():
        raise DiagnosisError("inputs and outputs must be finite and not negative")
    usable = ~np.isnan(both).any(axis=1) & (inputs > 0).any(axis=1)
    places = np.flatnonzero(usable)
    scores = [Score(crs=None, vrs=None)] * len(inputs)
    if not len(places):
        return scores
    x, y = _scaled(inputs[places]), _scaled(outputs[places])
    programme = _Programme(x, y)
    constant = programme.solve_all(convex=False, tick=tick)
    variable = programme.solve_all(convex=True, tick=tick)
    for row, place in enumerate(places.tolist()):
        crs, vrs = constant[row], variable[row]
        scores[place] = Score(
            crs=crs.theta,
            vrs=vrs.theta,
            peers=tuple(int(places[peer]) for peer in np.flatnonzero(crs.mixture > _PEER)),
            gap=max(crs.gap, vrs.gap),
        )
    return scores


def _scaled(columns: Numbers) -> Numbers:
    """Each column by its mean: tonnes and grams alike."""
    means = columns.mean(axis=0)
    return columns / np.where(means > 0, means, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solved:
    theta: float
    mixture: Numbers
    gap: float


class _Programme:
    """One linear programme for all: between two runs only the enterprise in question changes.

    Its columns are theta, the enterprise itself, and a core of others. Whoever would improve the score at the prices
    found joins the core, until nobody would: few enterprises span a frontier, and the rest cost no more than a product.
    """

    def __init__(self, x: Numbers, y: Numbers) -> None:
        import highspy

        self.x, self.y = x, y
        self.count, self.inputs = x.shape
        self.outputs = y.shape[1]
        self.rows = self.inputs + self.outputs + 1
        self.columns = np.hstack([x, y, np.ones((self.count, 1))])
        inf = highspy.kHighsInf
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.silent()
        for option, value in (("solver", "simplex"), ("presolve", "off"), ("threads", 1), ("random_seed", 0)):
            self.solver.setOptionValue(option, value)
        lower = np.concatenate([np.full(self.inputs, -inf), np.zeros(self.outputs), [-inf]])
        upper = np.concatenate([np.zeros(self.inputs), np.full(self.outputs + 1, inf)])
        nothing = np.zeros(0, np.int32)
        self.solver.addRows(self.rows, lower, upper, 0, nothing, nothing, np.zeros(0))
        every = np.arange(self.inputs).astype(np.int32)
        self.solver.addCol(1.0, 0.0, inf, self.inputs, every, -np.ones(self.inputs))
        self.core = np.zeros(0, dtype=np.intp)
        self.inside = np.zeros(self.count, dtype=np.bool_)
        self.inf = inf
        self._join(np.array([0]))  # the place of the enterprise itself
        self.core = self.core[:0]
        self.inside[:] = False

    def _join(self, places: npt.NDArray[np.intp]) -> None:
        size = len(places)
        self.solver.addCols(
            size,
            np.zeros(size),
            np.zeros(size),
            np.full(size, self.inf),
            size * self.rows,
            (self.rows * np.arange(size)).astype(np.int32),
            np.tile(np.arange(self.rows), size).astype(np.int32),
            self.columns[places].ravel(),
        )
        self.core = np.concatenate([self.core, places])
        self.inside[places] = True

    def solve_all(self, *, convex: bool, tick: Callable[[int], object] | None) -> list[_Solved]:
        last = self.rows - 1
        self.solver.changeRowBounds(last, 1.0 if convex else -self.inf, 1.0 if convex else self.inf)
        found = []
        for place in range(self.count):
            found.append(self._solve(place, convex=convex))
            if tick is not None:
                tick(1)
        return found

    def _solve(self, place: int, *, convex: bool) -> _Solved:
        for row in range(self.inputs):
            self.solver.changeCoeff(row, 0, -float(self.x[place, row]))
        for row in range(self.rows):
            self.solver.changeCoeff(row, 1, float(self.columns[place, row]))
        for row in range(self.outputs):
            self.solver.changeRowBounds(self.inputs + row, float(self.y[place, row]), self.inf)
        while True:
            values, prices = self._run()
            gains = self.columns @ prices
            gains[self.inside] = 0.0
            gains[place] = 0.0
            better = np.flatnonzero(gains > _LEAST_GAIN)
            if not len(better):
                break
            order = np.argsort(-gains[better], kind="stable")[:_JOIN_AT_ONCE]
            self._join(better[order])
        mixture = np.zeros(self.count)
        np.add.at(mixture, self.core, np.maximum(values[2:], 0.0))
        mixture[place] += max(values[1], 0.0)
        theta = max(float(values[0]), 0.0)
        upper = self._above(place, mixture, convex=convex)
        lower = self._below(place, prices, convex=convex)
        gap = max(upper - lower, abs(theta - upper), 0.0)
        # The enterprise alone is a mixture: no score lies above 1.
        return _Solved(theta=min(theta, 1.0), mixture=mixture, gap=gap)

    def _run(self) -> tuple[Numbers, Numbers]:
        """Values of the columns and prices of the rows."""
        import highspy

        self.solver.run()
        status = self.solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            self.solver.clearSolver()  # once more, from nothing
            self.solver.run()
            status = self.solver.getModelStatus()
            if status != highspy.HighsModelStatus.kOptimal:
                raise SolverFailed(f"HiGHS ended with {self.solver.modelStatusToString(status)}")
        solution = self.solver.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual)

    def _above(self, place: int, mixture: Numbers, *, convex: bool) -> float:
        """A theta that the mixture surely reaches: it is mended until it makes all the outputs."""
        made, wanted = mixture @ self.y, self.y[place]
        if convex:
            short = np.max(wanted - made, initial=0.0)
            if short > TOLERANCE or abs(mixture.sum() - 1) > TOLERANCE:
                return float(np.inf)
        else:
            needed = wanted > 0
            if (made[needed] <= 0).any():
                return float(np.inf)
            mixture = mixture * max(float(np.max(wanted[needed] / made[needed], initial=0.0)), 1.0)
        used, have = mixture @ self.x, self.x[place]
        if (used[have == 0] > TOLERANCE).any():
            return float(np.inf)
        return float(np.max(used[have > 0] / have[have > 0]))

    def _below(self, place: int, prices: Numbers, *, convex: bool) -> float:
        """The bound of weak duality from these prices, made feasible for every enterprise."""
        v = np.maximum(-prices[: self.inputs], 0.0)
        u = np.maximum(prices[self.inputs : self.inputs + self.outputs], 0.0)
        cost, worth = self.x @ v, self.y @ u
        if cost[place] <= 0:
            return 0.0
        if convex:
            return float((worth[place] - np.max(worth - cost)) / cost[place])
        if (worth[cost <= 0] > 0).any():
            return 0.0
        ratio = np.max(worth[cost > 0] / cost[cost > 0], initial=0.0)
        return float(worth[place] / cost[place] / ratio) if ratio > 0 else 0.0
