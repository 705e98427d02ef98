"""Linear programmes with aims in order, by HiGHS on arrays, with a bound that does not trust HiGHS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from qingyuan.engine.water.parts import Numbers

TOLERANCE = 1e-10


class NoSolution(ValueError):  # noqa: N818 (it says what happened)
    """Nothing meets all the limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """low <= matrix @ x <= high, 0 <= x <= upper."""

    matrix: csr_array
    low: Numbers
    high: Numbers
    upper: Numbers


def least(aims: Sequence[Numbers], rows: Rows) -> tuple[Numbers, float]:
    """The x least for the first aim; among those least for the second, and so on. And a lower bound of the first aim:
    the Lagrangian value at the solver's duals, computed here, valid for any duals. Raises NoSolution.
    """
    import highspy

    count = rows.matrix.shape[1]
    if not count:
        if (rows.low > TOLERANCE).any() or (rows.high < -TOLERANCE).any():
            raise NoSolution("no flow can meet the limits")
        return np.zeros(0), 0.0
    finite = rows.upper[np.isfinite(rows.upper)]
    size = float(finite.max(initial=0.0)) or 1.0  # so that tolerances mean the same for litres as for lakes
    rows = replace(rows, low=rows.low / size, high=rows.high / size, upper=rows.upper / size)
    model = _model(rows)
    columns = np.arange(count, dtype=np.int32)
    best, bound = np.zeros(count), 0.0
    for turn, aim in enumerate(aims):
        largest = float(np.abs(aim).max(initial=0.0)) or 1.0
        cost = aim / largest
        model.changeColsCost(count, columns, cost)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            if turn:
                break  # the aims before this one stand
            raise NoSolution(model.modelStatusToString(model.getModelStatus()))
        solution = model.getSolution()
        best = np.clip(np.array(solution.col_value), 0.0, rows.upper)
        if turn == 0:
            bound = largest * lagrangian(cost, rows, np.array(solution.row_dual))
        used = np.flatnonzero(cost).astype(np.int32)
        if len(used):
            value = float(cost @ best)
            model.addRow(-highspy.kHighsInf, value + 1e-11 * max(value, 1.0), len(used), used, cost[used])
    return best * size, bound * size


def lagrangian(cost: Numbers, rows: Rows, prices: Numbers) -> float:
    """Min over 0 <= x <= upper of cost @ x - prices @ (matrix @ x - the side of the row that the price pushes to)."""
    prices = np.where((prices > 0) & ~np.isfinite(rows.low), 0.0, prices)
    prices = np.where((prices < 0) & ~np.isfinite(rows.high), 0.0, prices)
    side = np.where(prices > 0, rows.low, rows.high)
    reduced = cost - rows.matrix.T @ prices
    with np.errstate(invalid="ignore"):
        gained = np.where(reduced < -1e-12, reduced * rows.upper, 0.0)
    return float(np.where(prices != 0, prices * np.where(prices != 0, side, 0.0), 0.0).sum() + gained.sum())


def _model(rows: Rows) -> Any:
    import highspy

    model = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("primal_feasibility_tolerance", TOLERANCE),
        ("dual_feasibility_tolerance", TOLERANCE),
    ):
        model.setOptionValue(option, value)
    infinite = highspy.kHighsInf
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = rows.matrix.shape
    programme.col_cost_ = np.zeros(rows.matrix.shape[1])
    programme.col_lower_ = np.zeros(rows.matrix.shape[1])
    programme.col_upper_ = np.where(np.isfinite(rows.upper), rows.upper, infinite)
    programme.row_lower_ = np.where(np.isfinite(rows.low), rows.low, -infinite)
    programme.row_upper_ = np.where(np.isfinite(rows.high), rows.high, infinite)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = rows.matrix.indptr.astype(np.int32)
    programme.a_matrix_.index_ = rows.matrix.indices.astype(np.int32)
    programme.a_matrix_.value_ = rows.matrix.data
    model.passModel(programme)
    return model
