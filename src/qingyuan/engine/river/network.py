"""A river network as a forest: every reach flows into at most one other. Order, cycles, and sums downstream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
OUTLET = -1


class RiverError(ValueError):
    """An argument for which the river has no answer; `reaches` are the indices that it concerns."""

    def __init__(self, message: str, reaches: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.reaches = tuple(int(reach) for reach in reaches)


@dataclass(frozen=True, slots=True)
class Network:
    """`down[i]` is the reach below reach i, or OUTLET; `depth[i]` the number of reaches below it; `order` upstream first."""

    down: Places
    depth: Places
    order: Places

    def __len__(self) -> int:
        return len(self.down)

    def gather(self, delivery: Numbers, source: Numbers) -> Numbers:
        """F with F_i = source_i + sum of delivery_j F_j over the reaches j that flow into i: (I - T) F = source.

        One sparse triangular solve in the order of the water. `delivery` is (n,), `source` (n,) or (n, m).
        """
        from scipy.sparse import csr_array
        from scipy.sparse.linalg import spsolve_triangular

        count = len(self)
        if count == 0:
            return source.astype(np.float64)
        place = np.empty(count, dtype=np.intp)
        place[self.order] = np.arange(count)
        above = np.flatnonzero(self.down >= 0)
        rows = np.concatenate([np.arange(count), place[self.down[above]]])
        columns = np.concatenate([np.arange(count), place[above]])
        values = np.concatenate([np.ones(count), -delivery[above]])
        matrix = csr_array((values, (rows, columns)), shape=(count, count))
        solved = spsolve_triangular(matrix, source[self.order], lower=True, unit_diagonal=True)
        return np.asarray(solved, dtype=np.float64)[place]

    def to_outlet(self, amount: Numbers) -> Numbers:
        """For each reach the sum of `amount` over itself and every reach below it."""
        total = amount.astype(np.float64)
        below = self.down.copy()
        while (going := np.flatnonzero(below >= 0)).size:
            target = below[going]
            total[going] += total[target]
            below[going] = below[target]
        return total


def network(down: Sequence[int] | Places) -> Network:
    """The network of `down` (OUTLET where the water leaves). Raises RiverError with the reaches of a cycle."""
    below = np.asarray(down, dtype=np.intp).reshape(-1)
    count = len(below)
    if count and (below.min() < OUTLET or below.max() >= count):
        wrong = np.flatnonzero((below < OUTLET) | (below >= count))
        raise RiverError("a reach flows into one that does not exist", wrong.tolist())
    # By doubling: after k steps `jump` points 2^k reaches down and `depth` counts the steps taken.
    depth = (below >= 0).astype(np.intp)
    jump = below.copy()
    for _step in range(count.bit_length() + 1):
        going = np.flatnonzero(jump >= 0)
        if not going.size:
            break
        target = jump[going]
        depth[going] += depth[target]
        jump[going] = jump[target]
    if (jump >= 0).any():
        raise RiverError("the water runs in a circle", _circle(below, int(np.flatnonzero(jump >= 0)[0])))
    order = np.argsort(-depth, kind="stable").astype(np.intp)
    return Network(below, depth, order)


def circles(down: Sequence[int] | Places) -> list[list[int]]:
    """Every circle of the network, each from its first reach on and in the water's direction."""
    below = np.asarray(down, dtype=np.intp).reshape(-1).tolist()
    state = [0] * len(below)  # 0 unseen, else the number of the walk that saw it
    found: list[list[int]] = []
    for walk, start in enumerate(range(len(below)), start=1):
        reach = start
        while reach >= 0 and state[reach] == 0:
            state[reach] = walk
            reach = below[reach]
        if reach >= 0 and state[reach] == walk:
            circle = _circle(np.asarray(below, dtype=np.intp), reach)
            first = circle.index(min(circle))
            found.append(circle[first:] + circle[:first])
    return found


def _circle(below: Places, inside: int) -> list[int]:
    """The circle that the water from `inside` ends in."""
    seen: dict[int, int] = {}
    path: list[int] = []
    reach = inside
    while reach not in seen:
        seen[reach] = len(path)
        path.append(reach)
        reach = int(below[reach])
    return path[seen[reach] :]
