"""What all ways of reconciling share: arrays, statuses, results, errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ENVIRONMENT = -1
"""The node that is not conserved: the outside."""


class BalanceError(ValueError):
    """The flows contradict what reconciliation is defined for (shapes, negative deviations, correlations)."""


class NotConverged(ArithmeticError):  # noqa: N818 (it says what happened)
    """Successive linearisation did not come to rest; the message says after how many rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Exactly known values that no adjustment can reconcile: `where` requires `required`, they give `reached`."""

    where: str
    required: float
    reached: float


class Infeasible(BalanceError):  # noqa: N818 (an answer, not a malfunction)
    """Constraints that no values can meet; `contradictions` names each."""

    def __init__(self, contradictions: Sequence[Contradiction]) -> None:
        super().__init__("；".join(one.where for one in contradictions))
        self.contradictions = tuple(contradictions)


class Status(IntEnum):
    """The class of a variable (Narasimhan, Jordache: Data Reconciliation and Gross Error Detection, 2000, ch. 3)."""

    MEASURED_REDUNDANT = 0
    MEASURED_NONREDUNDANT = 1
    UNMEASURED_OBSERVABLE = 2
    UNOBSERVABLE = 3

    @property
    def label(self) -> str:
        return self.name.lower().replace("_", "-", 1).replace("_", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlations:
    """Pairs of measured flows whose errors are correlated: places of the flows, and rho from -1 to 1."""

    first: Places = field(default_factory=lambda: np.zeros(0, np.int64))
    second: Places = field(default_factory=lambda: np.zeros(0, np.int64))
    rho: Numbers = field(default_factory=lambda: np.zeros(0))

    def __len__(self) -> int:
        return len(self.rho)

    def of(self, kept: Mask) -> Correlations:
        """Those of which both flows are kept."""
        both = kept[self.first] & kept[self.second]
        return Correlations(first=self.first[both], second=self.second[both], rho=self.rho[both])


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """`reconciled` (n,) or (n, draws) is nan where unobservable; `chi2` is a number, or one a draw."""

    reconciled: Numbers
    chi2: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Standard deviations (n,): of the reconciled flows (nan unobservable) and of the adjustments (nan where none)."""

    sd: Numbers
    sd_adjustment: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodal:
    """The test of each single balance: |residual| / its standard deviation, nan where it has none.

    `group` (constraints,) is the test's place for each original node or constraint (-1: none); `test` (groups,).
    """

    group: Places
    test: Numbers


class Prepared(Protocol):
    """A system ready to reconcile any number of measurements: structure known, matrix factorised once."""

    @property
    def status(self) -> Places: ...

    @property
    def dof(self) -> int: ...

    def reconcile(self, values: Numbers) -> Solution: ...

    def spread(self, flows: Places | None = None) -> Spread: ...

    def nodal(self, values: Numbers) -> Nodal: ...

    def touching(self, groups: Mask) -> Mask: ...


def smallest_correlation_eigenvalue(correlations: Correlations) -> float:
    """Of the matrix of correlations; below 0 no errors can be correlated so. 1.0 without correlations.

    Found block by block: correlations usually come in small groups.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not len(correlations):
        return 1.0
    flows, place = np.unique(np.concatenate([correlations.first, correlations.second]), return_inverse=True)
    first, second = place[: len(correlations)], place[len(correlations) :]
    size = len(flows)
    graph = coo_array((np.ones(len(first)), (first, second)), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    least = 1.0
    for block in range(count):
        members = np.flatnonzero(label == block)
        spot = np.full(size, -1)
        spot[members] = np.arange(len(members))
        inside = label[first] == block
        matrix = np.eye(len(members))
        matrix[spot[first[inside]], spot[second[inside]]] = correlations.rho[inside]
        matrix[spot[second[inside]], spot[first[inside]]] = correlations.rho[inside]
        least = min(least, float(np.linalg.eigvalsh(matrix)[0]))
    return least
