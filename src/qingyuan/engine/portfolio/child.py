"""HiGHS in a process of its own, so that a limit is a limit: its time limit has been seen overrun by minutes.

    with Child() as child:
        outcome = child.run(programme, Limits(gap=0.0005, nodes=100_000), patience=600)

One child answers any number of programmes. It tells every better plan at once; where patience ends, the child is ended,
the best plan told so far is the answer (status "time") and the next call starts a new child.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np

from qingyuan.engine.portfolio.programme import Limits, Numbers, Outcome, Programme, run

START = "from qingyuan.engine.portfolio.child import serve; serve()"


class SolverFailed(RuntimeError):  # noqa: N818 (it says what happened)
    """The solver's process ended without an answer, or gave none that can be used."""


class Child:
    """The parent's side. Not for several threads at once."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.said: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(
        self,
        programme: Programme,
        limits: Limits | None = None,
        *,
        relaxed: bool = False,
        start: Numbers | None = None,
        patience: float | None = None,
    ) -> Outcome:
        """Solve; after `patience` seconds the best plan so far. Raises SolverFailed if the process dies of itself."""
        stream = self._stream()
        pickle.dump((programme, limits or Limits(), relaxed, start), stream, protocol=5)
        stream.flush()
        until = None if patience is None else time.monotonic() + patience
        best = Outcome(status="time", x=None, objective=float("inf"), bound=-float("inf"))
        while True:
            try:
                left = None if until is None else max(until - time.monotonic(), 0.0)
                kind, value = self.said.get(timeout=left)
            except queue.Empty:
                self.close()
                return best
            if kind == "done":
                return value  # type: ignore[no-any-return]
            if kind == "better":
                x, objective, bound = value
                best = Outcome(status="time", x=x, objective=objective, bound=max(bound, best.bound))
            else:
                self.close()
                raise SolverFailed(f"求解进程没有给出答案：{value}")

    def close(self) -> None:
        """End the process, whatever it does."""
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _stream(self) -> BinaryIO:
        if self.process is None or self.process.poll() is not None:
            self.close()
            paths = os.pathsep.join(path for path in sys.path if path)
            self.process = subprocess.Popen(  # noqa: S603 (our own interpreter with our own words)
                [sys.executable, "-c", START],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"},
            )
            self.said = queue.SimpleQueue()
            threading.Thread(target=_listen, args=(self.process.stdout, self.said), daemon=True).start()
        assert self.process.stdin is not None
        return self.process.stdin  # type: ignore[return-value]


def _listen(pipe: BinaryIO, said: queue.SimpleQueue[Any]) -> None:
    try:
        while True:
            said.put(pickle.load(pipe))  # noqa: S301 (our own child's words)
    except (EOFError, OSError, ValueError, pickle.UnpicklingError) as error:
        said.put(("ended", type(error).__name__))


def serve() -> None:
    """The child's side: programmes in, better plans and answers out, until the parent closes the pipe."""
    asked, told = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand between the answers

    def tell(kind: str, value: Any) -> None:
        pickle.dump((kind, value), told, protocol=5)
        told.flush()

    while True:
        try:
            programme, limits, relaxed, start = pickle.load(asked)  # noqa: S301 (our own parent's words)
        except EOFError:
            return

        def improved(x: Numbers, objective: float, bound: float) -> None:
            tell("better", (x, objective, bound if np.isfinite(bound) else -float("inf")))

        tell("done", run(programme, limits, relaxed=relaxed, start=start, improved=improved))
