"""Background work of the kernel."""

from __future__ import annotations

from django_tasks import task


@task()
def deliver_mail() -> int:
    from qingyuan.kernel import outbox

    return outbox.deliver()


@task()
def scan_upload(upload_id: str) -> str:
    """Ask ClamAV about a pending upload and let it pass or refuse it."""
    from qingyuan.kernel.gate.scanning import scan_pending

    return scan_pending(upload_id)
