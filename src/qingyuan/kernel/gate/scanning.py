"""The virus scanner's word on a pending upload."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from qingyuan.kernel import storage
from qingyuan.kernel.gate import clamav
from qingyuan.kernel.models import Upload


def scan_pending(upload_id: str) -> str:
    """Scan one upload and return its new state; a scanner out of reach leaves it pending for the next try."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload_id)
        if upload.stage != Upload.Stage.PENDING:
            return upload.stage
        with storage.open_blob(upload.sha256) as handle:
            result = clamav.scan(handle, settings.QINGYUAN_CLAMAV)
        if result.clean:
            upload.stage = Upload.Stage.CLEAN
        else:
            upload.stage, upload.reason = Upload.Stage.REFUSED, f"查毒发现 {result.signature}"
        upload.save(update_fields=["stage", "reason"])
    return upload.stage
