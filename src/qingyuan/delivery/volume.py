"""The archive volume 归档卷: one zip of every paper, made once and stored; the same project at the same instant, the same bytes."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO, cast

from qingyuan.delivery import archive_parts
from qingyuan.delivery.models import Project
from qingyuan.kernel import clock, storage
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.binding_docx import Entry, write_directory
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.papers.package import Member, write_package
from qingyuan.review.archive import DIRECTORY, RETENTION_NOTE, Paper
from qingyuan.workbooks.write import write_table


@dataclass(frozen=True, kw_only=True)
class Volume:
    """A stored volume, before the record names it."""

    directory: list[dict[str, Any]]
    directory_sha256: str
    zip_sha256: str
    size: int

    @property
    def fingerprint(self) -> str:
        """The same directory is the same argument of the verb, whenever its zip was made."""
        return self.directory_sha256


def entries(project: Project) -> list[Entry]:
    """The lines of the directory, in the order of the volume."""
    return [_entry(folder, paper) for folder, paper in archive_parts.of(project)]


def _entry(folder: str, paper: Paper) -> Entry:
    note = "；".join(part for part in (folder, paper.note) if part)
    return Entry(title=paper.title, author=paper.author, on=paper.on, retention=paper.retention, note=note)


def as_data(lines: list[Entry]) -> list[dict[str, Any]]:
    """The directory as canonical JSON data: what the record keeps and the ledger keeps the hash of."""
    return [
        {
            "title": entry.title,
            "author": entry.author,
            "on": entry.on.isoformat() if entry.on else "",
            "retention": entry.retention,
            "note": entry.note,
        }
        for entry in lines
    ]


def rows(project: Project) -> list[dict[str, Any]]:
    return as_data(entries(project))


def rows_hash(found: list[dict[str, Any]]) -> str:
    return sha256_hex(canonical_bytes(found))


@in_record_language()
def directory_docx(title: str, fonds: str, lines: list[Entry], *, on: datetime) -> bytes:
    return write_directory(
        title=title, fonds=fonds, entries=lines, note=RETENTION_NOTE, created_on=clock.local(on).date()
    )


@in_record_language()
def directory_xlsx(title: str, lines: list[Entry]) -> bytes:
    target = io.BytesIO()
    write_table(target, DIRECTORY, as_rows(lines), title="归档目录", subtitle=title)
    return target.getvalue()


def as_rows(lines: list[Entry]) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "title": entry.title,
            "author": entry.author or None,
            "on": entry.on,
            "pages": None,
            "retention": entry.retention,
            "note": entry.note or None,
        }
        for number, entry in enumerate(lines, start=1)
    ]


@in_record_language()
def make(project: Project, *, at: datetime | None = None) -> Volume:
    """Write the volume into the store. Outside of any transaction: it reads every file of the project."""
    at = at or clock.now()
    parts = archive_parts.of(project)
    found = as_data([_entry(folder, paper) for folder, paper in parts])
    with tempfile.TemporaryFile() as handle:
        sealed = write_package(
            cast("BinaryIO", handle),
            _members(project, parts, at),
            manifest_extra={
                "kind": "qingyuan-project-archive",
                "project": str(project.pk),
                "directory_sha256": rows_hash(found),
            },
            at=at,
        )
        handle.seek(0)
        blob = storage.put(handle)
    assert blob.sha256 == sealed.sha256
    return Volume(directory=found, directory_sha256=rows_hash(found), zip_sha256=blob.sha256, size=blob.size)


def _members(project: Project, parts: list[archive_parts.Part], at: datetime) -> Iterator[Member]:
    lines = [_entry(folder, paper) for folder, paper in parts]
    data = directory_docx(project.title, project.supervisor.host.name, lines, on=at)
    yield Member(name="归档目录.docx", open=partial(io.BytesIO, data), size=len(data))
    for folder, paper in parts:
        yield paper.member(folder)
