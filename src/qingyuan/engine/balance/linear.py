"""Reconciliation under any linear constraints A x = b: dense, one connected block of flows and constraints at a time.

Unmeasured variables are projected out (Crowe, Garcia Campos, Hrymak, AIChE J. 29 (1983) 881): with P a basis of the
left null space of their columns A_u, the constraints P'A_m x_m = P'b hold between measured values alone. A measured
value is redundant exactly if its column of P'A_m is not zero; an unmeasured one is observable exactly if no vector
of the null space of A_u moves it. Columns are scaled by the standard deviations, so that units do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from qingyuan.engine.balance.parts import (
    BalanceError,
    Contradiction,
    Correlations,
    Infeasible,
    Mask,
    Nodal,
    Numbers,
    Places,
    Solution,
    Spread,
    Status,
)

RANK = 1e-10
"""A singular value below this part of the largest is none."""
ZERO = 1e-8
"""A projected column below this part of the column is none."""
ROUNDING = 1e-14
CONTRADICTED = 1e-8
"""A residual above this part of the constraint's largest term cannot be rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One connected block: `rows`, and `columns` split into adjustable, exactly known and unmeasured ones.

    `projected` = P'A over the adjustable columns in units of their deviations, `root` = a square root of their
    correlation matrix, `left`, `values`, `right` the singular value decomposition of projected @ root.
    """

    rows: Places
    adjustable: Places
    known: Places
    unmeasured: Places
    matrix: Numbers
    bound: Numbers
    row_size: Numbers
    basis: Numbers
    root: Numbers
    left: Numbers
    values: Numbers
    right: Numbers
    inverse: Numbers
    """Pseudo-inverse of the unmeasured columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A prepared system (see `prepare`)."""

    matrix: csr_array
    bound: Numbers
    deviation: Numbers
    measured: Mask
    correlation: csr_array | None
    blocks: tuple[Block, ...]
    status: Places
    dof: int
    names: tuple[str, ...]

    def reconcile(self, values: Numbers) -> Solution:
        """`values` (n,) or (n, draws); what stands at unmeasured flows is ignored. Raises Infeasible."""
        single = values.ndim == 1
        given = np.where(self.measured[:, None], values.reshape(len(self.measured), -1), 0.0)
        found, chi2 = given.copy(), np.zeros(given.shape[1])
        contradictions: list[Contradiction] = []
        for block in self.blocks:
            chi2 += self._block(block, given, found, contradictions)
        if contradictions:
            raise Infeasible(contradictions)
        found[np.abs(found) <= ROUNDING * np.abs(given)] = 0.0  # what its constraint forces to 0
        found[self.status == Status.UNOBSERVABLE] = np.nan
        return Solution(
            reconciled=found[:, 0] if single else found, chi2=np.asarray(chi2[0] if single else chi2)
        )

    def _block(
        self, block: Block, given: Numbers, found: Numbers, contradictions: list[Contradiction]
    ) -> Numbers:
        deviation = self.deviation[block.adjustable][:, None]
        fixed = block.matrix[:, len(block.adjustable) : len(block.adjustable) + len(block.known)]
        free, loose = (
            block.matrix[:, : len(block.adjustable)],
            block.matrix[:, len(block.adjustable) + len(block.known) :],
        )
        target = block.bound[:, None] - fixed @ given[block.known]
        missing = block.basis.T @ ((target - free @ given[block.adjustable]) / block.row_size[:, None])
        whitened = block.left.T @ missing / block.values[:, None]
        found[block.adjustable] = given[block.adjustable] + deviation * (
            block.root @ (block.right.T @ whitened)
        )
        rest = target - free @ found[block.adjustable]
        again = block.left.T @ (block.basis.T @ (rest / block.row_size[:, None])) / block.values[:, None]
        found[block.adjustable] += deviation * (block.root @ (block.right.T @ again))
        rest = (target - free @ found[block.adjustable]) / block.row_size[:, None]
        found[block.unmeasured] = block.inverse @ rest
        over = rest * block.row_size[:, None] - loose @ found[block.unmeasured]
        columns = np.concatenate([block.adjustable, block.known, block.unmeasured])
        terms = np.maximum(np.abs(found[columns]), np.abs(given[columns]))
        largest = np.maximum(np.abs(block.matrix) @ terms, np.abs(block.bound)[:, None])
        wrong = np.abs(over) > CONTRADICTED * np.maximum(largest, largest.max(initial=0.0) * 1e-6)
        contradictions.extend(
            Contradiction(
                where=self.names[block.rows[row]],
                required=float(block.bound[row]),
                reached=float(block.bound[row] - over[row, 0]),
            )
            for row in np.flatnonzero(wrong.any(axis=1))
        )
        return np.asarray((whitened**2).sum(axis=0), np.float64)

    def spread(self, flows: Places | None = None) -> Spread:
        """For all flows, whatever is asked for: they cost nothing more here."""
        del flows
        count = len(self.measured)
        sd, adjustment = np.full(count, np.nan), np.full(count, np.nan)
        sd[self.measured] = self.deviation[self.measured]
        redundant = self.status == Status.MEASURED_REDUNDANT
        adjustment[redundant] = 0.0
        for block in self.blocks:
            deviation = self.deviation[block.adjustable][:, None]
            change = deviation * (block.root @ block.right.T)
            after = deviation * block.root
            after = after - change @ block.right
            adjustment[block.adjustable] = np.sqrt((change**2).sum(axis=1))
            sd[block.adjustable] = np.sqrt((after**2).sum(axis=1))
            free = block.matrix[:, : len(block.adjustable)] / block.row_size[:, None]
            carried = block.inverse @ (free @ after)
            sd[block.unmeasured] = np.sqrt((carried**2).sum(axis=1))
        sd[self.status == Status.UNOBSERVABLE] = np.nan
        # without redundancy a flow moves only with those that its error is correlated with
        still = ~redundant & ~(adjustment > ROUNDING * self.deviation)
        adjustment[still] = np.nan
        return Spread(sd=sd, sd_adjustment=adjustment)

    def nodal(self, values: Numbers) -> Nodal:
        """Each constraint between measured values alone: |residual| / its standard deviation."""
        given = np.where(self.measured, values, 0.0)
        whole = np.asarray(abs(self.matrix) @ (~self.measured).astype(float)) == 0
        weighed = self.matrix.multiply(self.deviation[None, :]).tocsr()
        spread = weighed if self.correlation is None else weighed @ self.correlation
        variance = np.asarray(weighed.multiply(spread).sum(axis=1)).ravel()
        residual = np.abs(self.matrix @ given - self.bound)
        with np.errstate(divide="ignore", invalid="ignore"):
            test = np.where(whole & (variance > 0), residual / np.sqrt(np.maximum(variance, 0)), np.nan)
        return Nodal(group=np.arange(len(test)), test=test)

    def touching(self, groups: Mask) -> Mask:
        """The measured redundant flows in any of these constraints."""
        at = np.asarray(abs(self.matrix).T @ groups.astype(float)) > 0
        found: Mask = at & (self.status == Status.MEASURED_REDUNDANT)
        return found


def prepare(
    *,
    matrix: csr_array,
    bound: Numbers,
    measured: Mask,
    variance: Numbers,
    correlations: Correlations | None = None,
    names: Sequence[str] | None = None,
) -> Linear:
    """Constraints matrix (m, n) @ x = bound (m,), projected, classified and decomposed.

    `variance` (n,) of the measured flows, 0 = exactly known. `names` (m,) of the constraints, for what is infeasible.
    """
    rows, count = matrix.shape
    if not (len(bound) == rows and len(measured) == count and len(variance) == count):
        raise BalanceError("bound must have one entry a constraint, measured and variance one a flow")
    deviations = variance[measured]
    if not (np.isfinite(deviations).all() and (deviations >= 0).all()):
        raise BalanceError("variance: expected finite numbers not below 0 for the measured flows")
    matrix = csr_array(matrix)
    matrix.eliminate_zeros()
    deviation = np.sqrt(np.where(measured, variance, 0.0))
    correlation = _correlation(correlations, deviation, count)
    status = np.where(measured, int(Status.MEASURED_NONREDUNDANT), int(Status.UNOBSERVABLE)).astype(np.int64)
    blocks = []
    for block_rows, columns in _connected(matrix, correlation):
        dense = matrix[block_rows][:, columns].toarray()
        blocks.append(
            _block(
                dense, block_rows, columns, bound=bound, measured=measured, deviation=deviation,
                correlation=correlation, status=status,
            )
        )  # fmt: skip
    return Linear(
        matrix=matrix,
        bound=np.asarray(bound, np.float64),
        deviation=deviation,
        measured=measured,
        correlation=correlation,
        blocks=tuple(blocks),
        status=status,
        dof=sum(len(block.values) for block in blocks),
        names=tuple(names) if names is not None else tuple(str(row) for row in range(rows)),
    )


def _block(
    dense: Numbers,
    rows: Places,
    columns: Places,
    *,
    bound: Numbers,
    measured: Mask,
    deviation: Numbers,
    correlation: csr_array | None,
    status: Places,
) -> Block:
    is_measured = measured[columns]
    is_free = is_measured & (deviation[columns] > 0)
    order = np.concatenate(
        [np.flatnonzero(is_free), np.flatnonzero(is_measured & ~is_free), np.flatnonzero(~is_measured)]
    )
    dense, columns = dense[:, order], columns[order]
    free, known = int(is_free.sum()), int((is_measured & ~is_free).sum())
    adjustable, fixed, unmeasured = np.split(columns, [free, free + known])
    weighed = dense[:, :free] * deviation[adjustable]
    size = np.abs(weighed).max(axis=1, initial=0.0)
    size = np.where(size > 0, size, np.abs(dense).max(axis=1, initial=0.0))
    size = np.where(size > 0, size, 1.0)
    loose = dense[:, free + known :] / size[:, None]
    basis, inverse, moves = _left_null_space(loose)
    projected = basis.T @ (weighed / size[:, None])
    projected[:, ~_moved(projected, weighed / size[:, None])] = 0.0  # rounding must not count as rank
    root = np.eye(free) if correlation is None else _root(correlation[adjustable][:, adjustable].toarray())
    left, values, right = np.linalg.svd(projected @ root, full_matrices=False)
    rank = int((values > RANK * values.max(initial=0.0)).sum())
    for place, part, scaled in (
        (adjustable, projected, weighed / size[:, None]),
        (
            fixed,
            basis.T @ (dense[:, free : free + known] / size[:, None]),
            dense[:, free : free + known] / size[:, None],
        ),
    ):
        status[place[_moved(part, scaled)]] = int(Status.MEASURED_REDUNDANT)
    status[unmeasured[~moves]] = int(Status.UNMEASURED_OBSERVABLE)
    return Block(
        rows=rows, adjustable=adjustable, known=fixed, unmeasured=unmeasured, matrix=dense, bound=bound[rows],
        row_size=size, basis=basis, root=root, left=left[:, :rank], values=values[:rank], right=right[:rank],
        inverse=inverse,
    )  # fmt: skip


def _moved(projected: Numbers, columns: Numbers) -> Mask:
    found: Mask = np.linalg.norm(projected, axis=0) > ZERO * np.linalg.norm(columns, axis=0)
    return found


def _left_null_space(loose: Numbers) -> tuple[Numbers, Numbers, Mask]:
    """A basis of it, the pseudo-inverse, and which columns the null space moves; columns are brought to one length."""
    rows, count = loose.shape
    if not count:
        return np.eye(rows), np.zeros((0, rows)), np.zeros(0, bool)
    length = np.linalg.norm(loose, axis=0)
    length = np.where(length > 0, length, 1.0)
    left, values, right = np.linalg.svd(loose / length)
    rank = int((values > RANK * values.max(initial=0.0)).sum())
    inverse = (right[:rank].T / values[:rank]) @ left[:, :rank].T / length[:, None]
    moves: Mask = np.linalg.norm(right[rank:], axis=0) > ZERO
    return left[:, rank:], inverse, moves


def _root(correlation: Numbers) -> Numbers:
    if not len(correlation):
        return correlation
    values, vectors = np.linalg.eigh(correlation)
    if values[0] < -1e-9:
        raise BalanceError(
            "correlations: no errors can be correlated so (the matrix has a negative eigenvalue)"
        )
    root: Numbers = vectors * np.sqrt(np.maximum(values, 0.0))
    return root


def _correlation(correlations: Correlations | None, deviation: Numbers, count: int) -> csr_array | None:
    from scipy.sparse import coo_array

    if correlations is None or not len(correlations):
        return None
    pairs = correlations.of(deviation > 0)
    place = np.arange(count)
    rows = np.concatenate([place, pairs.first, pairs.second])
    columns = np.concatenate([place, pairs.second, pairs.first])
    entries = np.concatenate([np.ones(count), pairs.rho, pairs.rho])
    return csr_array(coo_array((entries, (rows, columns)), shape=(count, count)))


def _connected(matrix: csr_array, correlation: csr_array | None) -> list[tuple[Places, Places]]:
    """Rows and columns of each connected block that has a row."""
    from scipy.sparse import block_array

    rows, count = matrix.shape
    coupled = csr_array((count, count)) if correlation is None else correlation
    graph = block_array([[csr_array((rows, rows)), abs(matrix)], [None, abs(coupled)]]).tocsr()
    blocks, label = connected_components(graph, directed=False)
    by_row = _members(label[:rows], blocks)
    by_column = _members(label[rows:], blocks)
    return [(by_row[block], by_column[block]) for block in range(blocks) if len(by_row[block])]


def _members(label: Places, blocks: int) -> list[Places]:
    order = np.argsort(label, kind="stable")
    cuts = np.searchsorted(label[order], np.arange(1, blocks))
    return np.split(order, cuts)
