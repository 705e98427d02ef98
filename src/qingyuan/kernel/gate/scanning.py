"""The virus scanner's word on pending uploads."""

from __future__ import annotations

import logging
import uuid

from django.conf import settings

from qingyuan.kernel import storage
from qingyuan.kernel.gate import clamav
from qingyuan.kernel.models import Upload

logger = logging.getLogger(__name__)


GIVE_UP_AFTER = 3
"""Failures in a row after which the scanner counts as out of reach; one file that it cannot take stops no other."""


def limit_problem() -> str:
    """A sentence for who starts the server, where the scanner cannot take what the gate lets in; empty where it can.

    A file above the scanner's limit would stay pending for ever, with nobody the wiser.
    """
    size = settings.QINGYUAN_UPLOAD_MAX_BYTES
    if not settings.QINGYUAN_CLAMAV or not (reason := clamav.refuses(size, settings.QINGYUAN_CLAMAV)):
        return ""
    if "size limit" in reason:
        megabytes = -(-size // 2**20)
        return (
            f"QINGYUAN_CLAMAV: clamd refuses a file of QINGYUAN_UPLOAD_MAX_BYTES={size} bytes ({reason}). "
            f"Set StreamMaxLength, MaxFileSize and MaxScanSize in clamd.conf to {megabytes}M or more (and "
            "AlertExceedsMax yes), or lower QINGYUAN_UPLOAD_MAX_BYTES; until then larger uploads stay pending"
        )
    return f"QINGYUAN_CLAMAV: {reason}; until clamd answers, uploads stay pending and nobody can read them"


def scan_pending() -> dict[uuid.UUID, str]:
    """Scan every upload that waits, also those that an earlier run could not reach the scanner for.

    Returns the new states. While the scanner is out of reach uploads stay pending, and nobody reads them.
    """
    states: dict[uuid.UUID, str] = {}
    failures = 0
    waiting = Upload.objects.filter(stage=Upload.Stage.PENDING).order_by("uploaded_at")
    for upload_id, sha256 in waiting.values_list("pk", "sha256"):
        try:
            with storage.open_blob(sha256) as handle:
                result = clamav.scan(handle, settings.QINGYUAN_CLAMAV)
        except (clamav.ScannerUnavailable, FileNotFoundError) as error:
            logger.warning("upload %s stays pending: %s", upload_id, error)
            failures += 1
            if failures == GIVE_UP_AFTER:
                break
            continue
        failures = 0
        states[upload_id] = _mark(upload_id, result)
    return states


def _mark(upload_id: uuid.UUID, result: clamav.Scan) -> str:
    """Two workers may have asked about the same file: the first word stands."""
    state = Upload.Stage.CLEAN if result.clean else Upload.Stage.REFUSED
    reason = "" if result.clean else f"查毒发现 {result.signature}"
    Upload.objects.filter(pk=upload_id, stage=Upload.Stage.PENDING).update(stage=state, reason=reason)
    return state
