"""The web server with its background worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import click

from qingyuan import installation

STOP_SECONDS = 15
"""How long a child may take to end its present task before it is killed."""
PARENT_VARIABLE = "QINGYUAN_PARENT"
QUEUES = ("default", "engine")
"""A worker for each: no mail waits behind a long computation."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option(
    "--threads",
    type=click.IntRange(1, 128),
    help="Threads of each; by default twice the processors, at most 8.",
)
@click.option("--worker/--no-worker", "with_worker", default=True, help="Run the background worker beside.")
@click.option("--migrate", is_flag=True, help="Bring the database up to date first.")
def serve(
    *, host: str, port: int, processes: int, threads: int | None, with_worker: bool, migrate: bool
) -> None:
    """Serve the site until stopped; the worker ends with it."""
    installation.ensure_free(
        host, port, remedy=f"请换一个，例如 qingyuan serve --port {installation.another(port)}"
    )
    installation.adopt()
    if migrate:
        installation.start()
        installation.prepare()
    installation.make_folders()
    from granian.constants import Interfaces
    from granian.server import Server

    keepers = [WorkerKeeper(queue) for queue in QUEUES] if with_worker else []
    server = Server(
        "qingyuan.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads or min(8, 2 * (os.cpu_count() or 1)),
        log_access=False,
        websockets=False,
        process_name=None,
    )
    for keeper in keepers:
        keeper.start()
    try:
        server.serve()
    finally:
        for keeper in keepers:
            keeper.ask_to_stop()
        for keeper in keepers:
            keeper.stop()


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def worker(arguments: tuple[str, ...]) -> None:
    """Work off the queues: mail, reminders before deadlines, virus scans, computations.

    ARGUMENTS go to django-tasks' own worker; `--queue-name default` (mail and scans) and `--queue-name engine`
    (computations) make workers of one kind, without it one worker does everything.
    """
    installation.start()
    if parent := os.environ.get(PARENT_VARIABLE):
        threading.Thread(target=_end_with, args=(int(parent),), daemon=True).start()
    from django.core.management import call_command

    from qingyuan.audits.running.tasks import keep_looking
    from qingyuan.kernel.gate.scanning import limit_problem
    from qingyuan.kernel.tasks import keep_reminding

    if problem := limit_problem():
        click.echo(f"qingyuan: {problem}", err=True)
    keep_reminding()
    keep_looking()
    named = any(argument.startswith("--queue-name") for argument in arguments)
    call_command("db_worker", *arguments, *([] if named else ["--queue-name=*"]), reload=False)


def _end_with(parent: int) -> None:
    """A worker whose server was killed outright ends as well, instead of working on alone."""
    while os.getppid() == parent:
        time.sleep(2)
    os.kill(os.getpid(), signal.SIGTERM)


class WorkerKeeper:
    """Keeps one worker process of a queue alive beside the server."""

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._process = self._spawn()
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let the worker end its task."""
        self._stopping.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        """Let the worker end its task, then end it."""
        self.ask_to_stop()
        process = self._process
        if process is None:
            return
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 (our own command and one of our queues)
            [sys.executable, "-m", "qingyuan", "worker", "--queue-name", self._queue, "--verbosity", "0"],
            env={**os.environ, PARENT_VARIABLE: str(os.getpid())},
            # A Ctrl-C in the terminal goes to the server, which then ends the worker in its own time.
            start_new_session=True,
        )

    def _watch(self) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            assert self._process is not None
            begun = time.monotonic()
            code = self._process.wait()
            if self._stopping.is_set():
                return
            pause = 1.0 if time.monotonic() - begun > 60 else min(pause * 2, 60.0)
            click.echo(f"qingyuan: the background worker ended ({code}); again in {pause:.0f} s", err=True)
            if not self._stopping.wait(pause):
                self._process = self._spawn()
