"""Unmeasured flows of a network: which can be computed from the balances, and their values.

An unmeasured flow is observable exactly if it is a bridge of the graph of the unmeasured flows (the environment a node
like the others): Mah, Stanley, Downing, Ind. Eng. Chem. Process Des. Dev. 15 (1976) 175. Bridges are found without
recursion: a spanning forest, a random whole number sent round the cycle of each other edge, and its sum on each edge
of the forest; an edge on no cycle carries exactly 0. Sums over subtrees are triangular solves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array
from scipy.sparse.csgraph import breadth_first_order
from scipy.sparse.linalg import spsolve_triangular

from qingyuan.engine.balance.parts import Mask, Numbers, Places

_LARGEST = 1 << 30  # so that sums of 2^20 of them stay whole in a float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """`bridges` (k,) are places among the given edges; `below` the tree node under each; `sign` (k,) is +1 where the
    edge points away from that node. `sums` of node values over the subtree under each bridge.
    """

    bridges: Places
    below: Places
    sign: Numbers
    matrix: csr_array
    position: Places

    def sums(self, node_values: Numbers) -> Numbers:
        """Over the subtree under each bridge; `node_values` (nodes,) or (nodes, columns)."""
        if not len(self.bridges):
            return np.zeros((0, *node_values.shape[1:]))
        ordered = np.zeros((len(self.position), *node_values.shape[1:]))
        ordered[self.position[:-1]] = node_values  # the last is the root above all
        total = spsolve_triangular(self.matrix, ordered, lower=True, unit_diagonal=True)
        found: Numbers = total[self.position[self.below]]
        return found

    def members(self, few: Places) -> Numbers:
        """(nodes, few): 1 where a node lies in the subtree under that bridge."""
        wanted = np.zeros((len(self.position), len(few)))
        wanted[self.position[self.below[few]], np.arange(len(few))] = 1.0
        inside = spsolve_triangular(csr_array(self.matrix.T), wanted, lower=False, unit_diagonal=True)
        found: Numbers = inside[self.position[:-1]]
        return found


def forest(*, tail: Places, head: Places, nodes: int, label: Places) -> Forest:
    """Bridges among the edges tail -> head over nodes 0..nodes-1; the last node is the environment, and a root.

    `label` (nodes,) are the connected components by these edges.
    """
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    key = low * nodes + high
    keys, first = np.unique(key, return_index=True)
    root = nodes  # a node of our own above one node of each component
    roots = _roots(label, nodes)
    rows = np.concatenate([keys // nodes, np.full(len(roots), root)])
    columns = np.concatenate([keys % nodes, roots])
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(nodes + 1, nodes + 1)).tocsr()
    order, parent = breadth_first_order(graph, root, directed=False)
    parent = parent[:nodes].astype(np.int64)
    child = np.flatnonzero(parent != root)
    above = parent[child]
    place = np.searchsorted(keys, np.minimum(child, above) * nodes + np.maximum(child, above))
    tree_edge = first[place]
    position = np.empty(nodes + 1, np.int64)
    position[order] = np.arange(nodes, -1, -1)  # deepest first: sums run from the leaves to the roots
    matrix = csr_array(
        csc_array(
            (
                np.concatenate([np.ones(nodes + 1), np.full(len(child), -1.0)]),
                (
                    np.concatenate([np.arange(nodes + 1), position[above]]),
                    np.concatenate([np.arange(nodes + 1), position[child]]),
                ),
            ),
            shape=(nodes + 1, nodes + 1),
        )
    )
    bridge = _on_no_cycle(
        tail=tail, head=head, tree_edge=tree_edge, child=child, matrix=matrix, position=position
    )
    edges, below = tree_edge[bridge], child[bridge]
    return Forest(
        bridges=edges,
        below=below,
        sign=np.where(tail[edges] == below, 1.0, -1.0),
        matrix=matrix,
        position=position,
    )


def _roots(label: Places, nodes: int) -> Places:
    """One node of each component: the environment where it belongs, else the first."""
    _, first = np.unique(label, return_index=True)
    roots = first.astype(np.int64)
    roots[label[nodes - 1]] = nodes - 1
    return roots


def _on_no_cycle(
    *, tail: Places, head: Places, tree_edge: Places, child: Places, matrix: csr_array, position: Places
) -> Mask:
    others = np.ones(len(tail), bool)
    others[tree_edge] = False
    if not others.any():
        return np.ones(len(tree_edge), bool)
    random = np.random.default_rng(2022)
    sent = np.zeros((len(position), 2))
    for column in range(2):
        amount = random.integers(1, _LARGEST, int(others.sum())).astype(np.float64)
        size = len(position)
        sent[:, column] = np.bincount(position[tail[others]], amount, size) - np.bincount(
            position[head[others]], amount, size
        )
    total = spsolve_triangular(matrix, sent, lower=True, unit_diagonal=True)
    clear: Mask = (total[position[child]] == 0).all(axis=1)
    return clear
