"""A mixed-integer programme as arrays, and what a solver says of it. The only module that talks to HiGHS.

    minimise cost . x   subject to   row_lower <= A x <= row_upper,   lower <= x <= upper,   x_j whole where `whole`

One thread, a fixed seed, stop by gap or by nodes: the same programme gives the same answer, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

Numbers = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Status = Literal["optimal", "infeasible", "unbounded", "nodes", "time", "enough", "failed"]

FEASIBLE = 1e-9
"""Feasibility asked of the solver, on rows scaled to about 1; exactness is the verifier's business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Columns n, rows m; `rows` is an (m, n) sparse matrix, any format."""

    cost: Numbers
    lower: Numbers
    upper: Numbers
    whole: Bools
    rows: Any
    row_lower: Numbers
    row_upper: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When to stop. `enough`: any plan as cheap as this will do. `seconds` only where asked for: not repeatable."""

    gap: float = 0.0
    nodes: int | None = None
    enough: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`x` is None where nothing was found. Duals and reduced costs are of the linear relaxation only."""

    status: Status
    x: Numbers | None
    objective: float
    bound: float
    row_dual: Numbers | None = None
    reduced: Numbers | None = None
    nodes: int = 0


def power_of_two(size: float) -> float:
    """The power of two nearest below `size`: scaling by it changes no digit. 1 for 0 and infinities."""
    if not np.isfinite(size) or size <= 0:
        return 1.0
    return float(2.0 ** np.floor(np.log2(size)))


def run(
    programme: Programme,
    limits: Limits,
    *,
    relaxed: bool = False,
    start: Numbers | None = None,
    improved: Callable[[Numbers, float, float], None] | None = None,
) -> Outcome:
    """Solve in this process. `relaxed` ignores `whole`; `start` is a plan to begin with; `improved` hears of better ones."""
    import highspy

    n = len(programme.cost)
    if n == 0:
        empty = (programme.row_lower <= 0).all() and (programme.row_upper >= 0).all()
        return Outcome(
            status="optimal" if empty else "infeasible",
            x=np.zeros(0) if empty else None,
            objective=0.0,
            bound=0.0,
            row_dual=np.zeros(len(programme.row_lower)),
            reduced=np.zeros(0),
        )
    matrix = sparse.csc_array(programme.rows)
    scale = _row_scale(matrix, len(programme.row_lower))
    money = power_of_two(float(np.abs(programme.cost).max(initial=0.0))) / 64.0
    whole = programme.whole & ~relaxed
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    for option, value in _options(limits, money, mixed=bool(whole.any())):
        solver.setOptionValue(option, value)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = n, len(programme.row_lower)
    model.col_cost_ = programme.cost / money
    model.col_lower_, model.col_upper_ = programme.lower, programme.upper
    model.row_lower_, model.row_upper_ = programme.row_lower / scale, programme.row_upper / scale
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data / scale[matrix.indices]
    if whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[one] for one in whole.tolist()]
    solver.passModel(model)
    if start is not None and whole.any():
        first = highspy.HighsSolution()
        first.col_value = start.tolist()
        solver.setSolution(first)
    if improved is not None and whole.any():
        solver.cbMipImprovingSolution.subscribe(
            lambda event: improved(
                np.array(event.data_out.mip_solution),
                event.data_out.objective_function_value * money,
                event.data_out.mip_dual_bound * money,
            )
        )
    solver.run()
    return _outcome(solver, highspy, money, scale, mixed=bool(whole.any()))


def _row_scale(matrix: Any, rows: int) -> Numbers:
    largest = np.zeros(rows)
    np.maximum.at(largest, matrix.indices, np.abs(matrix.data))
    return np.array([power_of_two(one) for one in largest.tolist()])


def _options(limits: Limits, money: float, *, mixed: bool) -> list[tuple[str, Any]]:
    options: list[tuple[str, Any]] = [
        ("threads", 1),
        ("random_seed", 0),
        ("primal_feasibility_tolerance", FEASIBLE),
        ("dual_feasibility_tolerance", FEASIBLE),
    ]
    if mixed:
        options += [
            ("mip_rel_gap", limits.gap),
            ("mip_abs_gap", 0.0),
            ("mip_feasibility_tolerance", FEASIBLE),
        ]
        if limits.nodes is not None:
            options.append(("mip_max_nodes", limits.nodes))
        if limits.enough is not None:
            options.append(("objective_target", limits.enough / money))
    if limits.seconds is not None:
        options.append(("time_limit", limits.seconds))
    return options


def _outcome(solver: Any, highspy: Any, money: float, scale: Numbers, *, mixed: bool) -> Outcome:
    statuses = highspy.HighsModelStatus
    known: dict[Any, Status] = {
        statuses.kOptimal: "optimal",
        statuses.kInfeasible: "infeasible",
        statuses.kUnboundedOrInfeasible: "infeasible",  # every column is bounded
        statuses.kUnbounded: "unbounded",
        statuses.kTimeLimit: "time",
        statuses.kSolutionLimit: "nodes",
        statuses.kIterationLimit: "nodes",
        statuses.kObjectiveTarget: "enough",
    }
    status: Status = known.get(solver.getModelStatus(), "failed")
    info, solution = solver.getInfo(), solver.getSolution()
    if mixed:
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        objective = info.objective_function_value * money if found else float("inf")
        bound = info.mip_dual_bound * money
        bound = objective if status == "optimal" and bound > objective else min(bound, objective)
        return Outcome(
            status=status,
            x=np.array(solution.col_value) if found else None,
            objective=objective,
            bound=bound,
            nodes=int(info.mip_node_count),
        )
    if status != "optimal":
        return Outcome(status=status, x=None, objective=float("inf"), bound=-float("inf"))
    value = float(info.objective_function_value) * money
    return Outcome(
        status=status,
        x=np.array(solution.col_value),
        objective=value,
        bound=value,
        row_dual=np.array(solution.row_dual) * money / scale if len(scale) else np.zeros(0),
        reduced=np.array(solution.col_dual) * money,
    )
