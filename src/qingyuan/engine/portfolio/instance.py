"""The selection as arrays: what every solver of this package takes.

    minimise cost . x
    subject to   gain^T x >= need                      coupling rows: targets, receptors, budgets, fairness, cuts
                 local_lower <= local x <= local_upper  at most one of a group, a needs b, one period …
                 lower <= x <= upper, x_j whole where `whole`

`gain` is (n, R), a measure a row, so that prices on the coupling rows reach the measures by one product.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from qingyuan.engine.portfolio.programme import Bools, Numbers, Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """n measures, R coupling rows, L local rows. `gain` dense (n, R) or sparse; `local` csc (L, n)."""

    cost: Numbers
    gain: Any
    need: Numbers
    local: Any
    local_lower: Numbers
    local_upper: Numbers
    lower: Numbers
    upper: Numbers
    whole: Bools

    @property
    def measures(self) -> int:
        return len(self.cost)

    def priced(self, prices: Numbers) -> Numbers:
        """Cost - gain . prices: what each measure costs when its effects are paid for."""
        return self.cost - np.asarray(self.gain @ prices, dtype=np.float64)

    def reached(self, x: Numbers) -> Numbers:
        """gain^T x per coupling row; only measures with x other than 0 are touched."""
        used = np.flatnonzero(x)
        if len(used) * 4 > len(x):
            return np.asarray(self.gain.T @ x, dtype=np.float64)
        return np.asarray(self.gain[used].T @ x[used], dtype=np.float64)

    def with_rows(self, gain: Numbers, need: Numbers) -> Instance:
        """With more coupling rows: `gain` (n, k), `need` (k,)."""
        if sparse.issparse(self.gain):
            joined = sparse.csr_array(sparse.hstack([self.gain, sparse.csr_array(gain)]))
        else:
            joined = np.hstack([self.gain, gain])
        return replace(self, gain=joined, need=np.concatenate([self.need, need]))

    def programme(self, columns: Any = None, *, settled: Numbers | None = None) -> Programme:
        """As the solver takes it. With `columns` only these are free, and the others stand as `settled` says."""
        if columns is None:
            return Programme(
                cost=self.cost,
                lower=self.lower,
                upper=self.upper,
                whole=self.whole,
                rows=sparse.vstack([sparse.csc_array(self.gain.T), self.local], format="csc"),
                row_lower=np.concatenate([self.need, self.local_lower]),
                row_upper=np.concatenate([np.full(len(self.need), np.inf), self.local_upper]),
            )
        assert settled is not None
        rest = settled.copy()
        rest[columns] = 0.0
        local = self.local[:, columns]
        touched = np.unique(local.indices)
        local = sparse.csr_array(local)[touched]
        others = np.asarray(self.local @ rest)[touched]
        return Programme(
            cost=self.cost[columns],
            lower=self.lower[columns],
            upper=self.upper[columns],
            whole=self.whole[columns],
            rows=sparse.vstack([sparse.csc_array(self.gain[columns].T), local], format="csc"),
            row_lower=np.concatenate([self.need - self.reached(rest), self.local_lower[touched] - others]),
            row_upper=np.concatenate([np.full(len(self.need), np.inf), self.local_upper[touched] - others]),
        )
