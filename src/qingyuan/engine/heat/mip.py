"""A mixed integer programme on arrays, by HiGHS: one thread, stopped by gap or nodes, so that a run can be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from qingyuan.engine.heat.streams import Numbers


class SolverFailed(RuntimeError):  # noqa: N818 (it says what happened)
    """HiGHS found nothing usable; the message carries its own status."""


@dataclass(slots=True)
class Model:
    """Columns and rows as they are added; every entry a triplet."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    entries: list[float] = field(default_factory=list)

    def column(self, *, cost: float = 0.0, upper: float, whole: bool = False) -> int:
        """A variable from 0 to `upper`; its number."""
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms: Sequence[tuple[int, float]], *, low: float = -np.inf, high: float = np.inf) -> int:
        """Keep low <= sum of entry x variable <= high; its number."""
        number = len(self.low)
        self.low.append(low)
        self.high.append(high)
        self.rows += [number] * len(terms)
        self.columns += [column for column, _entry in terms]
        self.entries += [entry for _column, entry in terms]
        return number

    def programme(self, weights: Numbers) -> Any:
        """The arrays that HiGHS takes, with these costs."""
        import highspy

        programme = highspy.HighsLp()
        columns, rows = len(self.cost), len(self.low)
        programme.num_col_, programme.num_row_ = columns, rows
        programme.col_cost_ = weights
        programme.col_lower_, programme.col_upper_ = np.zeros(columns), np.array(self.upper)
        programme.row_lower_, programme.row_upper_ = np.array(self.low), np.array(self.high)
        order = np.argsort(np.array(self.rows, dtype=np.int64), kind="stable")
        counts = (
            np.bincount(np.array(self.rows, dtype=np.int64), minlength=rows) if rows else np.zeros(0, int)
        )
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        programme.a_matrix_.index_ = np.array(self.columns, dtype=np.int32)[order]
        programme.a_matrix_.value_ = np.array(self.entries, dtype=np.float64)[order]
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        programme.integrality_ = [kinds[whole] for whole in self.whole]
        return programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """The best found, and a proven bound. `stopped`: by nodes or time before the gap was reached; `by_time`: by time."""

    x: Numbers
    objective: float
    bound: float
    stopped: bool
    by_time: bool

    @property
    def gap(self) -> float:
        """|objective - bound| / max(|objective|, 1e-9)."""
        return abs(self.objective - self.bound) / max(abs(self.objective), 1e-9)


def solve(
    model: Model,
    *,
    gap: float = 1e-6,
    nodes: int | None = None,
    seconds: float | None = None,
    cost: npt.ArrayLike | None = None,
    start: Numbers | None = None,
    absolute: float = 1e-9,
) -> Solved:
    """Minimise. `cost` replaces the columns' own; `start` is a solution to begin with.

    `absolute` is a difference of objective and bound that will do. Raises SolverFailed.
    """
    import highspy

    weights = np.asarray(model.cost if cost is None else cost, dtype=np.float64)
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    options: list[tuple[str, bool | int | float]] = [
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", gap),
        ("mip_abs_gap", absolute),
        ("mip_feasibility_tolerance", 1e-9),
        ("primal_feasibility_tolerance", 1e-9),
    ]
    if nodes is not None:
        options.append(("mip_max_nodes", nodes))
    if seconds is not None:
        options.append(("time_limit", seconds))
    for option, value in options:
        highs.setOptionValue(option, value)
    highs.passModel(model.programme(weights))
    if start is not None:
        highs.setSolution(_solution(start))
    highs.run()
    status = highs.getModelStatus()
    limits = {
        highspy.HighsModelStatus.kTimeLimit,
        highspy.HighsModelStatus.kSolutionLimit,
        highspy.HighsModelStatus.kIterationLimit,
    }
    info = highs.getInfo()
    has = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if not has or (status != highspy.HighsModelStatus.kOptimal and status not in limits):
        raise SolverFailed(highs.modelStatusToString(status))
    x = np.array(highs.getSolution().col_value)
    integer = np.array(model.whole, dtype=np.bool_)
    x[integer] = np.round(x[integer])
    objective = float(weights @ x)
    bound = float(info.mip_dual_bound) if integer.any() else float(info.objective_function_value)
    if not np.isfinite(bound):  # stopped before the root: the linear relaxation bounds it all the same
        bound = relaxed(model, weights)
    return Solved(
        x=x,
        objective=objective,
        bound=min(bound, objective),
        stopped=status != highspy.HighsModelStatus.kOptimal,
        by_time=status == highspy.HighsModelStatus.kTimeLimit,
    )


def relaxed(model: Model, weights: Numbers) -> float:
    """A lower bound: the least cost if nothing had to be whole."""
    import highspy

    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    programme = model.programme(weights)
    programme.integrality_ = []
    highs.passModel(programme)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise SolverFailed(highs.modelStatusToString(highs.getModelStatus()))
    return float(highs.getInfo().objective_function_value)


def _solution(start: Numbers) -> Any:
    import highspy

    solution = highspy.HighsSolution()
    solution.col_value = list(start)
    return solution
