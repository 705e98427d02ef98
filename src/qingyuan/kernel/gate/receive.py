"""Take a file in: inspect, store, record. Bytes first, then the row, so that a crash leaves no half upload."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from qingyuan.kernel import clock, storage
from qingyuan.kernel.errors import Invalid, Problem
from qingyuan.kernel.gate.inspect import Inspection, RefusedContent, inspect
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.models import Upload
from qingyuan.workbooks import guard

allowed_kinds = frozenset({"docx", "xlsx", "pdf", "ofd", "png", "jpg", "geojson"})


class RefusedUpload(Invalid):
    """The gate does not let this file in; the reason says what was found and how to mend it."""

    code = "refused_upload"

    def __init__(self, reason: str, *, file: str, code: str) -> None:
        super().__init__([Problem(reason, where="file", expected="", mend="")], reason)
        self.file = file
        self.content_code = code


def receive(
    file: UploadedFile[bytes] | BinaryIO, *, by: Any, name: str = "", allow: frozenset[str] = allowed_kinds
) -> Upload:
    """Inspect `file`, store its bytes and record it for user `by`; raises `RefusedUpload`.

    With a virus scanner configured the upload is `pending` until the scanner has spoken.
    """
    shown = clean_name(name or getattr(file, "name", "") or "file")
    handle = cast("BinaryIO", getattr(file, "file", file))
    if (size := _size(handle)) > settings.QINGYUAN_UPLOAD_MAX_BYTES:
        raise too_large(shown, size)
    if not size:
        raise RefusedUpload(
            _("文件“%(name)s”是空的，请检查后重新上传") % {"name": shown}, file=shown, code="empty"
        )
    handle.seek(0)
    # The form's field has looked through this very file under this name.
    found: Inspection | None = None if name else getattr(file, "inspection", None)
    if found is None or found.kind not in allow:
        try:
            found = inspect(handle, name=shown, allow=allow)
        except RefusedContent as error:
            raise RefusedUpload(f"“{shown}”：{error.reason}", file=shown, code=error.code) from error
    if found.kind == "xlsx" and (bomb := guard.refusal(handle)):
        expected, mend = bomb
        raise RefusedUpload(f"“{shown}”：{expected}；{mend}", file=shown, code="workbook_too_wide")
    blob = storage.put(handle)
    upload = Upload.objects.create(
        stage=Upload.Stage.PENDING if settings.QINGYUAN_CLAMAV else Upload.Stage.CLEAN,
        name=shown,
        kind=found.kind,
        media_type=found.media_type,
        size=blob.size,
        sha256=blob.sha256,
        crc32=blob.crc32,
        warnings=list(found.warnings),
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    if settings.QINGYUAN_CLAMAV:
        from qingyuan.kernel.tasks import scan_uploads

        scan_uploads.enqueue()
    return upload


def too_large(name: str, size: int | None = None) -> RefusedUpload:
    limit = settings.QINGYUAN_UPLOAD_MAX_BYTES / 1024 / 1024
    found = _("（实际 %(size).1f MB）") % {"size": size / 1024 / 1024} if size else ""
    return RefusedUpload(
        _("文件“%(name)s”超过单个文件上限 %(limit)d MB%(found)s，请压缩图片或拆分后重新上传")
        % {"name": name, "limit": limit, "found": found},
        file=name,
        code="too_large",
    )


def _size(handle: BinaryIO) -> int:
    handle.seek(0, 2)
    return handle.tell()
