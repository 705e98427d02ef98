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
class Columns:
    """k columns from 0 to `upper`: rows gain^T (x, columns) >= need with `gain` (n + k, r), and rows
    local columns >= local_lower with `local` (l, k) among themselves.
    """

    upper: Numbers
    whole: Bools
    gain: Numbers
    need: Numbers
    local: Any
    local_lower: Numbers


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

    def with_columns(self, more: Columns) -> Instance:
        """With more columns behind the measures, which cost nothing, and coupling rows over both."""
        count = len(more.upper)
        if sparse.issparse(self.gain):
            old = sparse.vstack([self.gain, sparse.csr_array((count, self.gain.shape[1]))])
            joined = sparse.csr_array(sparse.hstack([old, sparse.csr_array(more.gain)]))
        else:
            old = np.vstack([self.gain, np.zeros((count, self.gain.shape[1]))])
            joined = np.hstack([old, more.gain])
        return Instance(
            cost=np.concatenate([self.cost, np.zeros(count)]),
            gain=joined,
            need=np.concatenate([self.need, more.need]),
            local=sparse.csc_array(sparse.block_diag([self.local, more.local])),
            local_lower=np.concatenate([self.local_lower, more.local_lower]),
            local_upper=np.concatenate([self.local_upper, np.full(len(more.local_lower), np.inf)]),
            lower=np.concatenate([self.lower, np.zeros(count)]),
            upper=np.concatenate([self.upper, more.upper]),
            whole=np.concatenate([self.whole, more.whole]),
        )

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
