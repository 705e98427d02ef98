"""Reconciliation under nonlinear constraints by successive linearisation: g(x) = 0 replaced by its tangent, again and again.

Each round solves the linear problem from the MEASURED values (Knepper, Gorman, AIChE J. 26 (1980) 260), so that a
fixed point is a stationary point of the weighted least squares under the constraints themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from qingyuan.engine.balance import linear
from qingyuan.engine.balance.parts import Correlations, Mask, NotConverged, Numbers, Solution, Status

ROUNDS = 200
AT_REST = 1e-12

Constraints = Callable[[Numbers], tuple[Numbers, csr_array]]
"""x (n,) -> residuals g (m,), Jacobian (m, n)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linearised:
    """The result: the tangent system at the solution (its classification and test hold there), and the solution.

    `point` (n,) is where the constraints hold: it has a value for unobservable variables too, one of many.
    """

    system: linear.Linear
    solution: Solution
    point: Numbers
    rounds: int


def reconcile_nonlinear(
    constraints: Constraints,
    *,
    values: Numbers,
    measured: Mask,
    variance: Numbers,
    start: Numbers,
    correlations: Correlations | None = None,
    names: tuple[str, ...] | None = None,
) -> Linearised:
    """Weighted least squares under constraints(x) = 0. `start` (n,) gives the unmeasured their first values.

    Raises NotConverged after {ROUNDS} rounds, Infeasible where the tangent system contradicts itself.
    """
    point = np.where(measured, values, start).astype(np.float64)
    given = np.where(measured, values, 0.0)
    size = np.where(measured & (variance > 0), np.sqrt(np.where(measured, variance, 0.0)), np.abs(point))
    size = np.where(size > 0, size, 1.0)
    damping, last = 1.0, np.inf
    for count in range(1, ROUNDS + 1):
        residual, jacobian = constraints(point)
        # Unmeasured variables are sought as changes from where they are, so that the unobservable stay there.
        bound = jacobian @ np.where(measured, point, 0.0) - residual
        system = linear.prepare(
            matrix=csr_array(jacobian), bound=bound, measured=measured, variance=variance,
            correlations=correlations, names=names,
        )  # fmt: skip
        found = system.reconcile(given)
        change = np.where(measured, found.reconciled - point, _changes(system, found, bound))
        step = float(np.max(np.abs(change) / np.maximum(size, np.abs(point)), initial=0.0))
        if step > 0.9 * last:
            damping = max(damping * 0.7, 0.05)
        last = step
        point = point + damping * change
        if step <= AT_REST * max(1.0, 1 / damping):
            reconciled = np.where(system.status == Status.UNOBSERVABLE, np.nan, point)
            return Linearised(
                system=system,
                solution=Solution(reconciled=reconciled, chi2=found.chi2),
                point=point,
                rounds=count,
            )
    raise NotConverged(f"successive linearisation moved by {last:.1e} still after {ROUNDS} rounds")


def _changes(system: linear.Linear, found: Solution, bound: Numbers) -> Numbers:
    """What the unmeasured change by, unobservable ones too: the least change that meets the tangent constraints."""
    measured = np.where(system.measured, found.reconciled, 0.0)
    rest = bound - system.matrix @ measured
    change = np.zeros(len(measured))
    for block in system.blocks:
        change[block.unmeasured] = block.inverse @ (rest[block.rows] / block.row_size)
    return change
