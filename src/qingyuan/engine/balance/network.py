"""Reconciliation of a network of flows under conservation at its inner nodes: one sparse factorisation.

Least squares (Kuehn, Davidson, Chem. Eng. Prog. 57 (1961) 44): with B the incidence of the measured flows after nodes
joined by unmeasured flows are merged, V their covariance and y their values, the reconciled values are

    x = y - V B' (B V B')^-1 B y        chi2 = (B y)' (B V B')^-1 (B y)

B V B' is a grounded weighted Laplacian: symmetric, and sparse where the network is. A flow that enters with a
coefficient (the amount that one unit of it carries) enters so at both its ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from qingyuan.engine.balance.forest import Forest, forest
from qingyuan.engine.balance.parts import (
    ENVIRONMENT,
    BalanceError,
    Contradiction,
    Correlations,
    Infeasible,
    Mask,
    Nodal,
    Numbers,
    Places,
    Solution,
    Status,
)

EXACT = 1e-9
"""How far exactly known flows may miss their balance, relative to the flows at it."""
REFINE_ABOVE = 1e-13
ROUNDING = 1e-14
AT_ONCE = 8
"""Columns that SuperLU solves together: with a hundred it takes twenty times as long a column,
unless its factors are nearly full."""
DENSE = 100


def factorise(matrix: csc_array) -> Any:
    """The LU factors of a symmetric positive definite sparse matrix, ordered for little fill, without pivoting."""
    return splu(
        matrix,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True, "Equil": False},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A prepared network (see `prepare`). `above`, `below` (n,) are places among the kept balances of a flow's ends
    (`size` where not kept); `scale` is the coefficient, `variance` 0 where unmeasured or exactly known.
    """

    nodes: int
    measured: Mask
    scale: Numbers
    variance: Numbers
    tail: Places
    head: Places
    above: Places
    below: Places
    group: Places
    kept_group: Places
    dof: int
    status: Places
    matrix: csc_array
    factor: Any
    correlated: csr_array | None
    unmeasured: Places
    trees: Forest | None
    closed: Places
    """(n,) the closed component of each node group: no adjustable flow leads out of it; -1 where one does."""

    def reconcile(self, values: Numbers) -> Solution:
        """`values` (n,) or (n, draws); what stands at unmeasured flows is ignored. Raises Infeasible."""
        values = np.asarray(values, np.float64)
        measured = np.where(_like(self.measured, values), values, 0.0)
        self._check_closed(measured)
        first = self.residual(measured)
        multipliers = self.solve(first)
        adjusted = measured + self._adjustment(multipliers)
        scale = np.abs(_like(self.scale, values) * measured).max(initial=0.0)
        rest = self.residual(adjusted)
        if np.abs(rest).max(initial=0.0) > REFINE_ABOVE * scale:
            more = self.solve(rest)
            multipliers = multipliers + more
            adjusted += self._adjustment(more)
        adjusted[np.abs(adjusted) <= ROUNDING * np.abs(measured)] = 0.0  # what its balance forces to 0
        chi2 = np.maximum((multipliers * first).sum(axis=0), 0.0)
        reconciled = np.where(_like(self.measured, values), adjusted, np.nan)
        if self.trees is not None and len(self.trees.bridges):
            trees = self.trees
            edges = self.unmeasured[trees.bridges]
            sums = trees.sums(self._node_sums(adjusted))
            reconciled[edges] = sums * _like(trees.sign, sums) / _like(self.scale[edges], sums)
        return Solution(reconciled=reconciled, chi2=np.asarray(chi2))

    def residual(self, values: Numbers) -> Numbers:
        """In minus out at each kept balance, (size,) or (size, draws)."""
        size = self.matrix.shape[0]
        amounts = _like(self.scale, values) * values
        if values.ndim == 1:
            into = np.bincount(self.below, amounts, size + 1)
            return np.asarray((into - np.bincount(self.above, amounts, size + 1))[:size], np.float64)
        return np.asarray((self.incidence() @ amounts)[:size], np.float64)

    def incidence(self) -> csr_array:
        """(size + 1, n): +1 at the balance that a flow enters, -1 at that which it leaves; the last row is no balance."""
        count, size = len(self.scale), self.matrix.shape[0]
        flows = np.arange(count)
        signs = np.concatenate([np.ones(count), -np.ones(count)])
        rows = np.concatenate([self.below, self.above])
        return csr_array(coo_array((signs, (rows, np.concatenate([flows, flows]))), shape=(size + 1, count)))

    def nodal(self, values: Numbers) -> Nodal:
        """Each merged node's residual against its standard deviation; groups without redundancy have none."""
        values = np.where(self.measured, values, 0.0)
        deviation = np.sqrt(self.matrix.diagonal())
        test = np.full(int(self.group.max(initial=-1)) + 2, np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            test[self.kept_group] = np.where(deviation > 0, np.abs(self.residual(values)) / deviation, np.nan)
        return Nodal(group=self.group, test=test[:-1])

    def touching(self, groups: Mask) -> Mask:
        """The measured redundant flows at any of these groups."""
        padded = np.append(groups, False)
        place = np.append(self.group, -1)  # the environment belongs to no group
        at = padded[place[self.tail]] | padded[place[self.head]]
        found: Mask = at & (self.status == Status.MEASURED_REDUNDANT)
        return found

    def solve(self, right: Numbers) -> Numbers:
        """(B V B')^-1 right, of (size,) or (size, columns)."""
        if not right.shape[0]:
            return right
        if right.ndim == 1:
            return np.asarray(self.factor.solve(right), np.float64)
        solved = np.empty_like(right)
        width = AT_ONCE if self.factor.nnz < DENSE * len(right) else 16 * AT_ONCE
        for start in range(0, right.shape[1], width):
            few = np.asfortranarray(right[:, start : start + width])
            solved[:, start : start + width] = self.factor.solve(few)
        return solved

    def _adjustment(self, multipliers: Numbers) -> Numbers:
        padded = np.concatenate([multipliers, np.zeros((1, *multipliers.shape[1:]))])
        pull = _like(self.scale, padded) * (padded[self.above] - padded[self.below])
        if self.correlated is not None:
            return np.asarray(self.correlated @ pull, np.float64)
        return np.asarray(_like(self.variance, pull) * pull, np.float64)

    def _node_sums(self, adjusted: Numbers) -> Numbers:
        """Measured in minus out at every node, the environment last."""
        amounts = _like(self.scale, adjusted) * adjusted
        size, count = self.nodes + 1, len(self.scale)
        if adjusted.ndim == 1:
            return np.asarray(
                np.bincount(self.head, amounts, size) - np.bincount(self.tail, amounts, size), np.float64
            )
        flows = np.arange(count)
        signs = np.concatenate([np.ones(count), -np.ones(count)])
        rows = np.concatenate([self.head, self.tail])
        matrix = coo_array((signs, (rows, np.concatenate([flows, flows]))), shape=(size, count)).tocsr()
        return np.asarray(matrix @ amounts, np.float64)

    def _check_closed(self, measured: Numbers) -> None:
        """Where only exactly known flows lead out, they must balance by themselves."""
        if not (self.closed >= 0).any():
            return
        amounts = self.scale * (measured if measured.ndim == 1 else measured[:, 0])
        of_node = np.append(np.where(self.group >= 0, self.closed[self.group], -1), -1)
        count = int(self.closed.max()) + 1
        into, out = of_node[self.head], of_node[self.tail]
        crossing = (into != out) & self.measured
        enters, leaves = crossing & (into >= 0), crossing & (out >= 0)
        received = np.bincount(into[enters], amounts[enters], count)
        given = np.bincount(out[leaves], amounts[leaves], count)
        size = np.abs(amounts).max(initial=0.0)
        wrong = np.flatnonzero(np.abs(received - given) > EXACT * size)
        if len(wrong):
            raise Infeasible(
                [
                    Contradiction(
                        where=" ".join(str(node) for node in np.flatnonzero(of_node[:-1] == component)),
                        required=float(given[component]),
                        reached=float(received[component]),
                    )
                    for component in wrong
                ]
            )

    def spread(self, flows: Places | None = None) -> Any:
        """Standard deviations; see `qingyuan.engine.balance.spread`."""
        from qingyuan.engine.balance.spread import spread

        return spread(self, flows)


def prepare(
    *,
    tail: Places,
    head: Places,
    nodes: int,
    measured: Mask,
    variance: Numbers,
    coefficient: Numbers | None = None,
    correlations: Correlations | None = None,
) -> Network:
    """A network of n flows tail -> head over nodes 0..nodes-1 and ENVIRONMENT, merged, classified and factorised.

    `variance` (n,) of the measured flows, 0 = exactly known; `coefficient` (n,) not below 0, 1 where None.
    """
    count = len(tail)
    scale = np.ones(count) if coefficient is None else np.asarray(coefficient, np.float64)
    _check(tail, head, nodes=nodes, measured=measured, variance=variance, scale=scale)
    outside = nodes
    tail = np.where(tail == ENVIRONMENT, outside, tail)
    head = np.where(head == ENVIRONMENT, outside, head)
    variance = np.where(measured, variance, 0.0)
    active = (tail != head) & (scale > 0)
    status = np.where(measured, int(Status.MEASURED_NONREDUNDANT), int(Status.UNOBSERVABLE))
    unmeasured = np.flatnonzero(active & ~measured)
    group, trees = np.arange(nodes + 1), None
    if len(unmeasured):
        _, label = _components(tail[unmeasured], head[unmeasured], nodes + 1)
        trees = forest(tail=tail[unmeasured], head=head[unmeasured], nodes=nodes + 1, label=label)
        status[unmeasured[trees.bridges]] = int(Status.UNMEASURED_OBSERVABLE)
        group = label
    groups = int(group.max()) + 1
    above, below = group[tail], group[head]
    crossing = active & measured & (above != below)
    status[crossing] = int(Status.MEASURED_REDUNDANT)
    outer = int(group[outside])
    above, below = np.where(crossing, above, outer), np.where(crossing, below, outer)
    spot = np.arange(groups) - (np.arange(groups) > outer)  # the balances: all groups but the environment's
    spot[outer] = groups - 1
    above, below = spot[above], spot[below]
    correlated = _covariance(variance, correlations, measured)
    weight = scale * scale * variance
    matrix = _laplacian(above, below, weight=weight, size=groups - 1)
    kept_balances, closed = _independent(matrix, above, below, weight > 0)
    if correlated is not None:
        matrix = _through(above, below, scale=scale, covariance=correlated, size=groups - 1)
    size = int(kept_balances.sum())
    if size < groups - 1:
        matrix = csc_array(matrix[kept_balances][:, kept_balances])
        fewer = np.full(groups, size)
        fewer[:-1][kept_balances] = np.arange(size)
        above, below = fewer[above], fewer[below]
    numbers = np.delete(np.arange(groups), outer)
    # groups are told apart by what they are merged with; the environment's own has no balance
    node_group = np.where(group[:-1] == outer, -1, group[:-1])
    return Network(
        nodes=nodes,
        measured=measured,
        scale=scale,
        variance=variance,
        tail=tail,
        head=head,
        above=above,
        below=below,
        group=node_group,
        kept_group=numbers[kept_balances],
        dof=size,
        status=status.astype(np.int64),
        matrix=matrix,
        factor=factorise(matrix) if size else None,
        correlated=correlated,
        unmeasured=unmeasured,
        trees=trees,
        closed=np.append(closed, -1)[spot],
    )


def _independent(matrix: csc_array, above: Places, below: Places, adjustable: Mask) -> tuple[Mask, Places]:
    """Which balances to keep: all, but one of each component from which no adjustable flow leads to the environment;
    and that component, -1 where there is such a flow.
    """
    size = matrix.shape[0]
    outward = adjustable & ((above == size) != (below == size))
    grounded = np.bincount(np.minimum(above, below)[outward], minlength=size)[:size] > 0
    # A symmetric matrix: its strong components are its components, and found without transposing it.
    pattern = csr_array((matrix.data, matrix.indices, matrix.indptr), shape=matrix.shape)
    count, label = connected_components(pattern, directed=True, connection="strong")
    open_to = np.bincount(label, grounded, count) > 0
    kept = np.ones(size, bool)
    if open_to.all():
        return kept, np.full(size, -1, np.int64)
    _, first = np.unique(label, return_index=True)
    kept[first[~open_to]] = False
    return kept, np.where(open_to[label], -1, label).astype(np.int64)


def _components(first: Places, second: Places, nodes: int) -> tuple[int, Places]:
    graph = coo_array((np.ones(len(first), np.int8), (first, second)), shape=(nodes, nodes)).tocsr()
    count, label = connected_components(graph, directed=False)
    return int(count), label.astype(np.int64)


def _covariance(variance: Numbers, correlations: Correlations | None, measured: Mask) -> csr_array | None:
    if correlations is None or not len(correlations):
        return None
    pairs = correlations.of(measured)
    deviation = np.sqrt(variance)
    value = pairs.rho * deviation[pairs.first] * deviation[pairs.second]
    place = np.arange(len(variance))
    rows = np.concatenate([place, pairs.first, pairs.second])
    columns = np.concatenate([place, pairs.second, pairs.first])
    size = len(variance)
    return csr_array(
        coo_array((np.concatenate([variance, value, value]), (rows, columns)), shape=(size, size))
    )


def _through(above: Places, below: Places, *, scale: Numbers, covariance: csr_array, size: int) -> csc_array:
    """B V B' with a covariance V that is not diagonal."""
    flows = np.arange(len(scale))
    rows, columns = np.concatenate([below, above]), np.concatenate([flows, flows])
    entries = np.concatenate([scale, -scale])
    incidence = csr_array(coo_array((entries, (rows, columns)), shape=(size + 1, len(scale))))[:size]
    return csc_array(incidence @ covariance @ incidence.T)


def _laplacian(above: Places, below: Places, *, weight: Numbers, size: int) -> csc_array:
    """B V B' with V diagonal: `weight` is its coefficient squared times the variance."""
    diagonal = (np.bincount(above, weight, size + 1) + np.bincount(below, weight, size + 1))[:size]
    inner = np.flatnonzero((above < size) & (below < size) & (weight > 0))
    upper, lower, off = above[inner], below[inner], -weight[inner]
    place = np.arange(size)
    matrix = coo_array(
        (
            np.concatenate([diagonal, off, off]),
            (np.concatenate([place, upper, lower]), np.concatenate([place, lower, upper])),
        ),
        shape=(size, size),
    )
    return csc_array(matrix)


def _check(
    tail: Places, head: Places, *, nodes: int, measured: Mask, variance: Numbers, scale: Numbers
) -> None:
    if not len(tail) == len(head) == len(measured) == len(variance) == len(scale):
        raise BalanceError("tail, head, measured, variance and coefficient must have one entry a flow")
    ends = np.concatenate([tail, head])
    if len(ends) and (ends.min() < ENVIRONMENT or ends.max() >= nodes):
        raise BalanceError(f"tail and head must be nodes from 0 to {nodes - 1}, or {ENVIRONMENT}")
    deviations = variance[measured]
    if not (np.isfinite(deviations).all() and (deviations >= 0).all()):
        raise BalanceError("variance: expected finite numbers not below 0 for the measured flows")
    if not (np.isfinite(scale).all() and (scale >= 0).all()):
        raise BalanceError("coefficient: expected finite numbers not below 0")


def _like(column: Any, values: Numbers) -> Any:
    """`column` (n,) so that it multiplies (n,) or (n, draws)."""
    return column if values.ndim == 1 else column[:, None]
