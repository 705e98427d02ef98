"""Long jobs over any `concurrent.futures.Executor`: processes here, a Dask cluster's when users outgrow a machine.

A job is a list of parts, each a pure function of its arguments (its random numbers come from the job's seed and the part's
number). The answer is the list of the parts' answers in their order: the same wherever and however often a part ran.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

Answer = TypeVar("Answer")
Opened = Callable[[], AbstractContextManager[Executor]]
ATTEMPTS = 3


def gather(
    work: Callable[..., Answer], parts: Sequence[tuple[Any, ...]], *, opened: Opened | None = None
) -> list[Answer]:
    """`work(*part)` for every part, in order. `opened` gives an executor; None: here, one after the other.

    What a dying worker leaves undone is given to a fresh executor, and after a few deaths done here. An exception of the
    work itself is raised at once.
    """
    done: dict[int, Answer] = {}
    for _attempt in range(ATTEMPTS if opened is not None else 0):
        left = [number for number in range(len(parts)) if number not in done]
        if not left:
            break
        assert opened is not None
        with opened() as executor:
            done |= _round(executor, work, parts, left)
    return [done[number] if number in done else work(*part) for number, part in enumerate(parts)]


def _round(
    executor: Executor, work: Callable[..., Answer], parts: Sequence[tuple[Any, ...]], left: list[int]
) -> dict[int, Answer]:
    """The answers that this executor gives before it breaks."""
    found: dict[int, Answer] = {}
    numbers = {}
    try:
        for number in left:
            numbers[executor.submit(work, *parts[number])] = number
    except RuntimeError:  # broken while parts were still being handed out
        pass
    for future in as_completed(numbers):
        try:
            found[numbers[future]] = future.result()
        except CancelledError:
            continue
        except Exception as error:
            if not _is_death(error):
                raise
    return found


def _is_death(error: BaseException) -> bool:
    """Whether a worker died, rather than its work failed: by name too, so that Dask need not be installed."""
    from concurrent.futures import BrokenExecutor

    return isinstance(error, BrokenExecutor) or type(error).__name__ in {
        "KilledWorker",
        "CommClosedError",
        "FutureCancelledError",
    }


def processes(count: int) -> Opened:
    """Processes of this machine, started afresh (no copies of this one's threads)."""
    import multiprocessing

    def opened() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))

    return opened


def cluster(address: str) -> Opened:
    """A Dask cluster by the address of its scheduler (tcp://…). Needs the extra `cluster`; raises ImportError without."""
    from distributed import Client

    @contextmanager
    def opened() -> Iterator[Executor]:
        connect: Any = Client  # untyped
        with connect(address, set_as_default=False) as client:
            yield client.get_executor(retries=ATTEMPTS)

    return opened
