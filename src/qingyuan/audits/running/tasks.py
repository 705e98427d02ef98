"""What wakes the workers: a task with every run, and a look every half minute for runs whose worker died."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

QUEUE = "engine"
"""A queue of its own: no mail waits behind a long computation."""
LOOK_EVERY = timedelta(seconds=30)


@task(queue_name=QUEUE)
def compute_runs() -> int:
    """Compute everything that is free."""
    from qingyuan.audits.running.worker import work

    return work()


@task(queue_name=QUEUE)
def look_for_lost_runs() -> int:
    """Compute what a dead worker left, and look again in half a minute."""
    from qingyuan.audits.running.worker import work

    try:
        return work()
    finally:
        keep_looking(after=LOOK_EVERY)


def wake() -> None:
    """Ask for a worker; with the database's own queue this stands in the same transaction as the run."""
    if compute_runs.get_backend().supports_defer:
        compute_runs.enqueue()
    else:
        transaction.on_commit(compute_runs.enqueue)


def keep_looking(*, after: timedelta | None = None) -> None:
    """One look waits in the queue, however many workers ask for it; only a queue that can wait takes one."""
    if not look_for_lost_runs.get_backend().supports_defer:
        return
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    path = look_for_lost_runs.module_path
    if not DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY).exists():
        look_for_lost_runs.using(run_after=timezone.now() + after if after else None).enqueue()
