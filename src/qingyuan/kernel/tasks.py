"""Background work of the kernel."""

from __future__ import annotations

from django_tasks import task


@task()
def deliver_mail() -> int:
    from qingyuan.kernel import outbox

    return outbox.deliver()


@task()
def scan_uploads() -> int:
    """Ask ClamAV about the pending uploads and let them pass or refuse them."""
    from qingyuan.kernel.gate.scanning import scan_pending

    return len(scan_pending())
