"""Judge the size while the bytes stream in, so that nobody fills the disk before a form looks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, StopUpload, TemporaryFileUploadHandler

DRAIN_LIMIT = 4
"""A request up to this many times the file limit is read to its end, so that the browser shows our sentence
instead of a broken connection; beyond that the connection is cut."""


class StreamingLimitHandler(TemporaryFileUploadHandler):
    """Writes to a temporary file and gives up on a file as soon as it passes the limit.

    The names of such files stand in `request.oversized_files`; the other fields of the form survive.
    """

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        # Django's order: input_data, META, content_length, boundary, encoding.
        content_length = kwargs["content_length"] if "content_length" in kwargs else args[2]
        self.is_hopeless = content_length > DRAIN_LIMIT * settings.QINGYUAN_UPLOAD_MAX_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.is_hopeless:
            # Here, not in handle_raw_input: only from here on does Django's parser understand StopUpload.
            self._note(args[1] if len(args) > 1 else "")
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > settings.QINGYUAN_UPLOAD_MAX_BYTES:
            self.file.close()
            self._note(self.file_name)
            raise SkipFile
        super().receive_data_chunk(raw_data, start)

    def _note(self, name: str | None) -> None:
        request: Any = self.request
        request.oversized_files = [*getattr(request, "oversized_files", []), name or ""]
