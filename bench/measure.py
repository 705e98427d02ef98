"""How a figure is taken: CPU of the process and its children, best of a few runs; counts; ratios in the same run."""

from __future__ import annotations

import gc
import resource
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Row:
    """One line of the table. Times in milliseconds of CPU, sizes in bytes; `peers` quotes what others need."""

    work: str
    cpu_ms: float | None = None
    sql: int | None = None
    size: int | None = None
    ratio: float | None = None
    ratio_to: str = ""
    memory_mb: float | None = None
    budget: str = ""
    within: bool | None = None
    peers: str = ""
    notes: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value not in (None, "", {})}


def cpu_ms(work: Callable[[], Any], *, runs: int = 5, before: Callable[[], Any] | None = None) -> float:
    """Least CPU milliseconds of this process and its children over `runs` runs, after one that is not counted."""
    if before:
        before()
    work()
    best = float("inf")
    for _run in range(runs):
        if before:
            before()
        gc.collect()
        start = _used()
        work()
        best = min(best, _used() - start)
    return round(best * 1000, 1)


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def peak_mb(work: Callable[[], Any]) -> float:
    """Megabytes that Python allocated at most during the work."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return round(tracemalloc.get_traced_memory()[1] / 1024 / 1024, 1)
    finally:
        tracemalloc.stop()
