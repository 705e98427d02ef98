"""What keeps a dataset from being fixed beside faults of its tables; each idea of the room adds its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qingyuan.audits.models import Dataset
from qingyuan.kernel.errors import Problem

_blockers: list[Callable[[Dataset], Iterable[Problem]]] = []


def register(blocker: Callable[[Dataset], Iterable[Problem]]) -> None:
    if blocker not in _blockers:
        _blockers.append(blocker)


def problems_of(dataset: Dataset) -> list[Problem]:
    """What a reason may override."""
    return [problem for blocker in _blockers for problem in blocker(dataset)]
