"""Standard deviations of a network's reconciled flows and of their adjustments: selected columns of the inverse.

Cov(adjustment) = V B' (B V B')^-1 B V, Cov(reconciled) = V - Cov(adjustment). Of the inverse only the columns of
the nodes at the wanted flows are computed, a block at a time.
"""

from __future__ import annotations

import numpy as np

from qingyuan.engine.balance.network import Network
from qingyuan.engine.balance.parts import Numbers, Places, Spread, Status

BLOCK = 128
ROUNDING = 1e-12
MOST_CELLS = 2_000_000
"""Of a block of cuts, flows times columns: so that memory stays small."""


def spread(network: Network, flows: Places | None = None) -> Spread:
    """For `flows` (all if None); the others are nan."""
    count = len(network.scale)
    wanted = np.arange(count) if flows is None else np.asarray(flows, np.int64)
    sd, adjustment = np.full(count, np.nan), np.full(count, np.nan)
    measured = wanted[network.measured[wanted]]
    sd[measured] = np.sqrt(network.variance[measured])
    redundant = measured[network.status[measured] == Status.MEASURED_REDUNDANT]
    plain = redundant
    coupled = np.zeros(0, np.int64)
    if network.correlated is not None:
        many = np.zeros(count, bool)
        many[:] = np.diff(network.correlated.indptr) > 1
        plain, coupled = redundant[~many[redundant]], measured[many[measured]]
    variance = np.zeros(count)
    if len(plain):
        variance[plain] = (network.scale[plain] * network.variance[plain]) ** 2 * _between_ends(
            network, plain
        )
    for start in range(0, len(coupled), BLOCK):
        few = coupled[start : start + BLOCK]
        pushed = network.correlated[:, few].toarray()  # type: ignore[index]
        variance[few] = _through(network, pushed)
    for part in (plain, coupled):
        adjustment[part] = np.sqrt(np.maximum(variance[part], 0.0))
        sd[part] = np.sqrt(_rest(network.variance[part], variance[part]))
    still = (network.status != Status.MEASURED_REDUNDANT) & ~(adjustment**2 > ROUNDING * network.variance)
    adjustment[still] = np.nan
    _observable(network, wanted, sd)
    return Spread(sd=sd, sd_adjustment=adjustment)


def _between_ends(network: Network, flows: Places) -> Numbers:
    """(e_i - e_j)' (B V B')^-1 (e_i - e_j) for the ends i, j of each flow."""
    size = network.matrix.shape[0]
    first, second = network.above[flows], network.below[flows]
    nodes = np.unique(np.concatenate([first, second]))
    nodes = nodes[nodes < size]
    if len(flows) < len(nodes):
        return _flow_by_flow(network, first, second)
    own = np.zeros(size + 1)
    across = np.zeros(len(flows))
    by_second = np.argsort(second, kind="stable")
    for start in range(0, len(nodes), BLOCK):
        block = nodes[start : start + BLOCK]
        right = np.zeros((size, len(block)))
        right[block, np.arange(len(block))] = 1.0
        columns = network.solve(right)
        own[block] = columns[block, np.arange(len(block))]
        low, high = np.searchsorted(second[by_second], [block[0], block[-1] + 1])
        here = by_second[low:high]
        column = np.searchsorted(block, second[here])
        inner = first[here] < size
        across[here[inner]] = columns[first[here[inner]], column[inner]]
    found: Numbers = own[first] + own[second] - 2 * across
    return found


def _flow_by_flow(network: Network, first: Places, second: Places) -> Numbers:
    size = network.matrix.shape[0]
    found = np.zeros(len(first))
    for start in range(0, len(first), BLOCK):
        upper, lower = first[start : start + BLOCK], second[start : start + BLOCK]
        right = np.zeros((size + 1, len(upper)))
        place = np.arange(len(upper))
        right[upper, place] += 1.0
        right[lower, place] -= 1.0
        right = right[:size]
        found[start : start + BLOCK] = (right * network.solve(right)).sum(axis=0)
    return found


def _through(network: Network, pushed: Numbers) -> Numbers:
    """(B p)' (B V B')^-1 (B p) for each column p (n, columns) of changes of the measured flows."""
    right = network.residual(pushed)
    if not right.shape[0]:
        return np.zeros(pushed.shape[1])
    solved: Numbers = (right * network.solve(right)).sum(axis=0)
    return solved


def _observable(network: Network, wanted: Places, sd: Numbers) -> None:
    """Unmeasured flows: each is a sum of the measured ones over the cut that its bridge makes."""
    if network.trees is None:
        return
    trees = network.trees
    edges = network.unmeasured[trees.bridges]
    chosen = np.flatnonzero(np.isin(edges, wanted))
    width = max(1, MOST_CELLS // max(len(network.scale), 1))
    for start in range(0, len(chosen), width):
        few = chosen[start : start + width]
        inside = trees.members(few)
        cut = np.where(network.measured, network.scale, 0.0)[:, None] * (
            inside[network.head] - inside[network.tail]
        )
        if network.correlated is None:
            pushed = network.variance[:, None] * cut
        else:
            pushed = network.correlated @ cut
        variance = _rest((cut * pushed).sum(axis=0), _through(network, pushed))
        sd[edges[few]] = np.sqrt(variance) / network.scale[edges[few]]


def _rest(whole: Numbers, part: Numbers) -> Numbers:
    """The rest of whole without part, 0 where only rounding is left."""
    rest = whole - part
    return np.where(rest > ROUNDING * whole, rest, 0.0)
