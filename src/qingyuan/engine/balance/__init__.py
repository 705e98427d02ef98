"""Material metabolism: flows reconciled under conservation, classified, tested for gross errors.

`balance` does the whole for a table of flows with names. On arrays: `network.prepare` (conservation at nodes, sparse,
one factorisation for any number of draws), `linear.prepare` (any linear constraints), `reconcile_nonlinear`.
"""

from qingyuan.engine.balance.nonlinear import Linearised, reconcile_nonlinear
from qingyuan.engine.balance.parts import (
    ENVIRONMENT,
    BalanceError,
    Contradiction,
    Correlations,
    Infeasible,
    NotConverged,
    Solution,
    Spread,
    Status,
)
from qingyuan.engine.balance.result import Balance, Reconciled, Suspicion, balance
from qingyuan.engine.balance.table import OUTSIDE, Constraint, Flow, names_of

__all__ = [
    "ENVIRONMENT",
    "OUTSIDE",
    "Balance",
    "BalanceError",
    "Constraint",
    "Contradiction",
    "Correlations",
    "Flow",
    "Infeasible",
    "Linearised",
    "NotConverged",
    "Reconciled",
    "Solution",
    "Spread",
    "Status",
    "Suspicion",
    "balance",
    "names_of",
    "reconcile_nonlinear",
]
