"""The files of an application as they are stored: attachments, and the pictures of its chapters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField, Value

from qingyuan.kernel.models import Upload
from qingyuan.pilots.models import Pilot

PICTURES = frozenset({"png", "jpg"})
_UPLOAD = ("upload_id", "upload__name", "upload__kind", "upload__stage", "upload__size", "upload__sha256")
_BLANK = Value("", output_field=CharField())


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An attachment with its purpose, or a picture of the chapters without one."""

    purpose: str
    condition_id: str
    question_id: str
    title: str
    number: int
    upload: str
    name: str
    kind: str
    stage: str
    size: int
    """Bytes."""
    sha256: str

    @property
    def is_picture(self) -> bool:
        """May a chapter show it?"""
        return self.kind in PICTURES and self.stage == Upload.Stage.CLEAN


def files_of(pilot: Pilot) -> list[StoredFile]:
    """All files of a pilot, attachments by purpose and condition, whatever the database sorts like (one query)."""
    attached = pilot.attachments.order_by().values_list(
        "purpose", "condition_id", "question_id", "title", "pk", *_UPLOAD
    )
    shown = pilot.pictures.order_by().values_list(
        _BLANK, _BLANK, _BLANK, _BLANK, Value(0, output_field=BigIntegerField()), *_UPLOAD
    )
    rows: Iterable[Any] = attached.union(shown, all=True)
    files = [StoredFile(*[*row[:5], str(row[5]), *row[6:]]) for row in rows]
    return sorted(files, key=lambda file: (file.purpose, file.condition_id, file.number, file.upload))
