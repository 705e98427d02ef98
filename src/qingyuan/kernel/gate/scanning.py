"""The virus scanner's word on pending uploads."""

from __future__ import annotations

import logging
import uuid

from django.conf import settings
from django.db import connection, transaction

from qingyuan.kernel import storage
from qingyuan.kernel.gate import clamav
from qingyuan.kernel.models import Upload

logger = logging.getLogger(__name__)


def scan_pending() -> dict[uuid.UUID, str]:
    """Scan every upload that waits, also those that an earlier run could not reach the scanner for.

    Returns the new states. While the scanner is out of reach uploads stay pending, and nobody reads them.
    """
    states: dict[uuid.UUID, str] = {}
    for upload_id in Upload.objects.filter(stage=Upload.Stage.PENDING).values_list("pk", flat=True):
        try:
            state = _scan(upload_id)
        except clamav.ScannerUnavailable as error:
            logger.warning("uploads stay pending: %s", error)
            break
        if state:
            states[upload_id] = state
    return states


@transaction.atomic
def _scan(upload_id: uuid.UUID) -> str:
    skip = connection.features.has_select_for_update_skip_locked
    rows = Upload.objects.select_for_update(skip_locked=skip).filter(pk=upload_id, stage=Upload.Stage.PENDING)
    if (upload := rows.first()) is None:
        return ""
    with storage.open_blob(upload.sha256) as handle:
        result = clamav.scan(handle, settings.QINGYUAN_CLAMAV)
    if result.clean:
        upload.stage = Upload.Stage.CLEAN
    else:
        upload.stage, upload.reason = Upload.Stage.REFUSED, f"查毒发现 {result.signature}"
    upload.save(update_fields=["stage", "reason"])
    return upload.stage
