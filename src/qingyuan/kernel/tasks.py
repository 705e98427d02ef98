"""Background work of the kernel."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

RESCAN_AFTER = timedelta(minutes=1)


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
