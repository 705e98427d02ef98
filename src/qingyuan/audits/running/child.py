"""The command of the terminal in a process of its own, watched: it can be told to stop, and it cannot outlive its worker.

What is computed here is to the letter what `qingyuan diagnose|park|region` computes: the same command on the same tables.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MARK = "计算："
"""How a command says on stderr which of its parts it begins."""
_KEPT_LINES = 50
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How the command ended. `stopped`: we ended it (cancelled, lease lost); `late`: it took longer than allowed."""

    code: int
    said: str
    """Its stdout: the result, or what was wrong with the data, as JSON."""
    complaint: str
    """The last lines of its stderr."""
    cpu_ms: int
    stopped: bool = False
    late: bool = False


def compute(
    command: str,
    source: Path,
    out: Path,
    *,
    go_on: Callable[[str], bool],
    every: float,
    limit: float,
) -> Ended:
    """Run `qingyuan COMMAND SOURCE --out OUT --json`.

    `go_on` is asked every `every` seconds with the part that is being computed; where it says no, the process and all
    that it started are killed. So they are after `limit` seconds.
    """
    with (out.parent / "stdout").open("w+b") as stdout:
        process = subprocess.Popen(  # noqa: S603 (our own command; the folder is ours, the command one of three)
            [sys.executable, "-m", "qingyuan", command, str(source), "--out", str(out), "--json"],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUTF8": "1"},
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 (no lock is taken in it)
        )
        assert process.stderr is not None
        heard = _Listener(process.stderr)
        begun = time.monotonic()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        stopped = late = False
        try:
            while not (stopped or late):
                try:
                    process.wait(timeout=every)
                    break
                except subprocess.TimeoutExpired:
                    stopped = not go_on(heard.part)
                    late = time.monotonic() - begun > limit
        finally:
            _kill(process)
            heard.join()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        stdout.seek(0)
        return Ended(
            code=process.returncode,
            said=stdout.read().decode("utf-8", "replace"),
            complaint="\n".join(heard.lines),
            cpu_ms=round(
                1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime),
            ),
            stopped=stopped,
            late=late,
        )


class _Listener:
    """Reads stderr to its end, so that the command never waits for us, and keeps the last lines."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.part = ""
        self.lines: list[str] = []
        self._stream = stream
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with self._stream as stream:
            for raw in stream:
                line = raw.decode("utf-8", "replace").strip()
                if line.startswith(MARK):
                    self.part = line.removeprefix(MARK).rstrip(" …")[:80]
                elif line:
                    self.lines = [*self.lines[1 - _KEPT_LINES :], line[:500]]

    def join(self) -> None:
        self._thread.join()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _die_with_parent() -> None:
    """Linux ends the computation with the worker that waits for it, even where that one is killed outright."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
