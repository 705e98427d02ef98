"""Hand a stored file out: only through a view that has checked the right, as an attachment, never sniffed."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from qingyuan.kernel import storage
from qingyuan.kernel.errors import Refused
from qingyuan.kernel.models import Upload


class NotReadable(Refused):
    """The file waits for the virus scanner or was refused."""

    code = "not_readable"


def serve(upload: Upload) -> FileResponse:
    """The response for an upload that the calling view has already guarded."""
    if not upload.is_readable:
        raise NotReadable(
            _("文件“%(name)s”%(state)s，暂不能下载")
            % {"name": upload.name, "state": upload.get_stage_display()}
        )
    return serve_blob(upload.sha256, name=upload.name, media_type=upload.media_type)


PICTURES = frozenset({"image/png", "image/jpeg"})


def serve_picture(upload: Upload) -> FileResponse:
    """A picture to be shown inside a page of ours: only the types that hold no script; any other is not found."""
    if upload.media_type not in PICTURES:
        raise Http404
    response = serve(upload)
    response["Content-Disposition"] = "inline"
    return response


def serve_png(sha256: str, *, name: str) -> FileResponse:
    """A drawing of ours to be shown inside a page, by its bytes; the calling view has guarded it."""
    response = serve_blob(sha256, name=name, media_type="image/png")
    response["Content-Disposition"] = "inline"
    return response


def serve_blob(sha256: str, *, name: str, media_type: str) -> FileResponse:
    try:
        handle = storage.open_blob(sha256)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(handle, as_attachment=True, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
