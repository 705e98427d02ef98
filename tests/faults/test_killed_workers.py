"""kill -9 of a worker in the middle of a computation: the run is taken up again, never lost, never ended twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from qingyuan.audits.models import Run
from qingyuan.audits.running import tasks
from qingyuan.audits.running.worker import Worker, work
from qingyuan.kernel import ledger
from qingyuan.kernel.models import LedgerEntry
from tests.run_maker import asked

pytestmark = pytest.mark.django_db(transaction=True)
RUNS = 3


def worker(name: str) -> subprocess.Popen[bytes]:
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}:@/{database['NAME']}?host={database['HOST']}&port={database['PORT']}"
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.worker_victim", name],
        env={**os.environ, "QINGYUAN_DATABASE_URL": url, "QINGYUAN_DATA": str(settings.DATA_DIR)},
    )


def until(found, *, seconds: int = 90):
    """What `found` gives, as soon as it gives something."""
    for _try in range(10 * seconds):
        if something := found():
            return something
        time.sleep(0.1)  # waiting for other processes, not for ourselves
    raise AssertionError("nothing came of it")


def computing_for(pid: int) -> list[int]:
    """The processes that a worker started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(word) for word in listed.split()]


def test_of_two_workers_one_is_killed(live_maker, live_world, monkeypatch):
    monkeypatch.setattr(tasks, "wake", lambda: None)  # only the workers of this test compute
    runs = [asked(live_maker, note=f"第 {number} 个") for number in range(RUNS)]
    processes = [worker("甲"), worker("乙")]
    try:
        held = until(lambda: Run.objects.filter(stage="running", worker="甲").first())
        started = until(lambda: computing_for(processes[0].pid))
        processes[0].send_signal(signal.SIGKILL)
        processes[0].wait()
        # What it had started does not outlive it.
        until(lambda: not any(Path(f"/proc/{pid}/fd/0").exists() for pid in started))
        processes[1].wait(timeout=120)
    finally:
        for process in processes:
            process.kill()
            process.wait()
    held.refresh_from_db()
    assert held.stage == "running", "its lease still runs: nobody else may take it"
    assert work(Worker(name="丙")) == 0
    Run.objects.filter(pk=held.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert work(Worker(name="丙")) == 1
    for run in runs:
        run.refresh_from_db()
        assert run.stage == "done"
        assert run.files.filter(name="result.json").count() == 1
    assert len({run.result_sha256 for run in runs}) == 1, (
        "the same data give the same result, whoever computes"
    )
    assert LedgerEntry.objects.filter(verb="run.finish").count() == RUNS
    assert Run.objects.get(pk=held.pk).token == 2
    assert ledger.verify()
