"""Partition around medoids: k of n objects, such that the sum of distances to the nearest chosen one is small.

Kaufman and Rousseeuw (1990): BUILD chooses one after the other what helps most, SWAP exchanges while that helps. The
gains of all exchanges are found together, as Schubert and Rousseeuw (2019) describe for FastPAM1. Written from the papers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qingyuan.engine.diagnosis.sector import DiagnosisError, Numbers

Places = npt.NDArray[np.intp]
_LEAST_GAIN = 1e-12


def medoids(distances: Numbers, count: int) -> Places:
    """Places of `count` medoids in rising order; ties go to the lowest place, so the answer is always the same.

    `distances` (n, n) are symmetric, not negative, 0 on the diagonal. Raises DiagnosisError unless 1 <= count <= n.
    """
    rows = len(distances)
    if distances.shape != (rows, rows) or not 1 <= count <= rows:
        raise DiagnosisError(f"{count} medoids of a matrix {distances.shape}")
    if count == rows:
        return np.arange(rows)
    chosen = _build(distances, count)
    whole = float(distances.sum()) or 1.0
    while True:
        better, gain = _best_swap(distances, chosen)
        if gain <= _LEAST_GAIN * whole:
            return np.sort(chosen)
        chosen = better


def cost(distances: Numbers, chosen: Places) -> float:
    """The sum of distances to the nearest of the chosen."""
    return float(distances[:, chosen].min(axis=1).sum())


def _build(distances: Numbers, count: int) -> Places:
    first = int(distances.sum(axis=0).argmin())
    chosen = [first]
    nearest = distances[first].copy()
    for _ in range(count - 1):
        gains = np.maximum(nearest[:, None] - distances, 0.0).sum(axis=0)
        gains[chosen] = -1.0
        chosen.append(int(gains.argmax()))
        np.minimum(nearest, distances[chosen[-1]], out=nearest)
    return np.array(chosen, dtype=np.intp)


def _best_swap(distances: Numbers, chosen: Places) -> tuple[Places, float]:
    """The exchange of one chosen for one other that lowers the cost most, and by how much."""
    own = distances[:, chosen]
    near = own.argmin(axis=1)
    near[chosen] = np.arange(len(chosen))  # also beside an equal one: none is nearest to nobody
    first = own[np.arange(len(own)), near]
    if len(chosen) > 1:
        own = own.copy()
        own[np.arange(len(own)), near] = np.inf
        second = own.min(axis=1)
    else:
        second = np.full(len(first), np.inf)
    joining = np.minimum(distances - first[:, None], 0.0).sum(axis=0)
    # What changes besides when the nearest one leaves: the object goes to the newcomer or to its second nearest.
    leaving = np.clip(distances, first[:, None], second[:, None]) - first[:, None]
    order = np.argsort(near, kind="stable")
    starts = np.searchsorted(near[order], np.arange(len(chosen)))
    change = np.add.reduceat(leaving[order], starts, axis=0) + joining[None, :]
    change[:, chosen] = np.inf
    best = int(change.argmin())
    gone, come = divmod(best, len(distances))
    better = chosen.copy()
    better[gone] = come
    return better, -float(change.flat[best])
