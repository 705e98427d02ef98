"""Background work of the kernel."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

RESCAN_AFTER = timedelta(minutes=1)
REMIND_EVERY = timedelta(minutes=30)


@task()
def deliver_mail() -> int:
    from qingyuan.kernel import outbox

    return outbox.deliver()


@task()
def scan_uploads() -> int:
    """Ask ClamAV about the pending uploads and let them pass or refuse them; what still waits is asked again soon."""
    from qingyuan.kernel.gate.scanning import scan_pending
    from qingyuan.kernel.models import Upload

    states = scan_pending()
    if (
        scan_uploads.get_backend().supports_defer
        and Upload.objects.filter(stage=Upload.Stage.PENDING).exists()
    ):
        scan_uploads.using(run_after=timezone.now() + RESCAN_AFTER).enqueue()
    return len(states)


@task()
def remind() -> int:
    """Mail before deadlines, and again in half an hour."""
    from qingyuan.kernel import reminders

    try:
        return reminders.send()
    finally:
        keep_reminding(after=REMIND_EVERY)


def keep_reminding(*, after: timedelta | None = None) -> None:
    """One round waits in the queue, however many workers ask for it; only a queue that can wait takes one."""
    backend = remind.get_backend()
    if not backend.supports_defer:
        return
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    waiting = DBTaskResult.objects.filter(task_path=remind.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        remind.using(run_after=timezone.now() + after if after else None).enqueue()
