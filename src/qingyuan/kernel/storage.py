"""Bytes by their SHA-256, in a local folder or an S3-compatible store.

A blob is complete or absent: locally it is written beside its place, synced, and moved there in one step.
The same bytes are stored once. A row that names a blob is written only after the blob stands.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from django.core.exceptions import ImproperlyConfigured
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Blob:
    """Stored bytes: their SHA-256 (hex), their size in bytes, and their CRC-32, which a zip compares for nothing."""

    sha256: str
    size: int
    crc32: int


def key_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


@contextmanager
def writing() -> Iterator[IO[bytes]]:
    """A temporary file that `keep` moves into the store; it vanishes if nobody keeps it."""
    folder = _staging()
    with tempfile.NamedTemporaryFile(dir=folder, prefix="incoming-", delete=False) as handle:
        path = Path(handle.name)
        try:
            yield handle
        finally:
            handle.close()
            path.unlink(missing_ok=True)


def keep(handle: IO[bytes], *, sha256: str) -> None:
    """Store what was written to a `writing` file, under the hash that its writer took on the way."""
    handle.flush()
    os.fsync(handle.fileno())
    key = key_of(sha256)
    if isinstance(default_storage, FileSystemStorage):
        # Also over the same bytes: its fresh time tells the sweep that somebody is about to name this blob.
        target = Path(default_storage.path(key))
        target.parent.mkdir(parents=True, exist_ok=True)
        Path(handle.name).replace(target)
    else:
        # Likewise: the same bytes are put again, and their time is new. A store that would make up a second name
        # instead would leave blobs that nobody finds.
        handle.seek(0)
        saved = default_storage.save(key, File(handle))
        if saved != key:
            default_storage.delete(saved)
            raise ImproperlyConfigured(f"the file store keeps {key} as {saved}: it must overwrite by name")


def put(source: BinaryIO | IO[bytes]) -> Blob:
    """Copy a readable into the store (from its beginning)."""
    source.seek(0)
    with writing() as handle:
        blob = _digest(source, handle.write)
        keep(handle, sha256=blob.sha256)
    return blob


def digest(source: BinaryIO | IO[bytes]) -> Blob:
    """Hash, size and CRC of a readable from where it stands."""
    return _digest(source, lambda _chunk: None)


def _digest(source: BinaryIO | IO[bytes], pass_on: Callable[[bytes], object]) -> Blob:
    sha, size, crc = hashlib.sha256(), 0, 0
    while chunk := source.read(CHUNK):
        sha.update(chunk)
        size += len(chunk)
        crc = zlib.crc32(chunk, crc)
        pass_on(chunk)
    return Blob(sha.hexdigest(), size, crc)


def exists(sha256: str) -> bool:
    return default_storage.exists(key_of(sha256))


def open_blob(sha256: str) -> BinaryIO:
    """A readable of stored bytes; `FileNotFoundError` if they are gone."""
    return default_storage.open(key_of(sha256), "rb")  # type: ignore[return-value]


def stored() -> Iterator[str]:
    """Every SHA-256 in the store."""
    folders, _files = _listing("")
    for first in folders:
        for second in _listing(first)[0]:
            for name in _listing(f"{first}/{second}")[1]:
                if len(name) == hashlib.sha256().digest_size * 2:
                    yield name


def remove(sha256: str) -> None:
    default_storage.delete(key_of(sha256))


def changed_at(sha256: str) -> datetime | None:
    """When the blob was last handed in; None if it is gone."""
    key = key_of(sha256)
    try:
        return default_storage.get_modified_time(key) if default_storage.exists(key) else None
    except FileNotFoundError:
        return None


def stale_incoming(*, before: datetime) -> Iterator[Path]:
    """Temporary files of uploads that were killed on the way. A store without a local folder has none here."""
    folder = _staging()
    for path in Path(folder).glob("incoming-*") if folder else ():
        try:
            changed = path.stat().st_mtime
        except FileNotFoundError:  # its upload has just ended
            continue
        if changed < before.timestamp():
            yield path


def _listing(path: str) -> tuple[list[str], list[str]]:
    try:
        folders, files = default_storage.listdir(path)
    except FileNotFoundError:
        return [], []
    return [folder for folder in folders if folder != "incoming"], files


def _staging() -> str | None:
    """Temporary files stand on the same file system as the store, so that the last move is one step."""
    try:
        folder = Path(default_storage.path("incoming"))
    except NotImplementedError:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)
