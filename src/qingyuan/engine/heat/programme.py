"""Small linear programmes with several aims in order, by HiGHS on arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from qingyuan.engine.heat.streams import Numbers


class NoSolution(ValueError):  # noqa: N818 (it says what happened)
    """Nothing meets all the limits."""


def in_order(
    aims: Sequence[Numbers], *, rows: Numbers, at_most: Numbers, equal_to: Numbers, upper: Numbers
) -> tuple[Numbers, float]:
    """Find x in [0, upper] with rows @ x <= at_most; rows with a finite `equal_to` (others NaN) exactly so.

    The least for the first aim; among those least for the second, and so on. Returns x and a proven lower bound of the first
    aim: the Lagrangian value at the solver's duals, computed here (valid for any duals). Scale the variables to about
    1. Raises NoSolution.
    """
    import highspy

    n = rows.shape[1]
    exact = np.isfinite(equal_to)
    low = np.where(exact, equal_to, -highspy.kHighsInf)
    high = np.where(exact, equal_to, at_most)
    model = _model(rows, low, high, upper)
    best, bound = np.zeros(n), 0.0
    columns = np.arange(n, dtype=np.int32)
    for turn, aim in enumerate(aims):
        largest = float(np.abs(aim).max(initial=0.0)) or 1.0
        cost = aim / largest
        model.changeColsCost(n, columns, cost)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise NoSolution(model.modelStatusToString(model.getModelStatus()))
        solution = model.getSolution()
        best = np.clip(np.array(solution.col_value), 0.0, upper)
        if turn == 0:
            prices = np.array(solution.row_dual)
            prices = np.where(exact, prices, np.minimum(prices, 0.0))
            reduced = cost - rows.T @ prices
            bound = largest * float(prices @ high + np.minimum(reduced, 0.0) @ upper)
        used = np.flatnonzero(cost).astype(np.int32)
        if len(used):
            model.addRow(-highspy.kHighsInf, float(cost @ best), len(used), used, cost[used])
    return best, bound


def _model(rows: Numbers, low: Numbers, high: Numbers, upper: Numbers) -> Any:
    import highspy

    model = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("primal_feasibility_tolerance", 1e-10),
        ("dual_feasibility_tolerance", 1e-10),
    ):
        model.setOptionValue(option, value)
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = rows.shape[1], rows.shape[0]
    programme.col_cost_ = np.zeros(rows.shape[1])
    programme.col_lower_, programme.col_upper_ = np.zeros(rows.shape[1]), upper
    programme.row_lower_, programme.row_upper_ = low, high
    filled = rows != 0
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.concatenate(([0], np.cumsum(filled.sum(axis=1)))).astype(np.int32)
    programme.a_matrix_.index_ = np.nonzero(filled)[1].astype(np.int32)
    programme.a_matrix_.value_ = rows[filled]
    model.passModel(programme)
    return model
