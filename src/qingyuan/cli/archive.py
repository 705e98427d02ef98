"""What a backup consists of: rows of every model as lines of JSON, blobs by their hash, and a manifest over both.

The format is the same for SQLite and PostgreSQL, so a backup of one restores into the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models
from django.db.migrations.recorder import MigrationRecorder

KIND = "qingyuan-backup"
VERSION = 1
MANIFEST = "manifest.json"
BLOBS = "blobs"
BLOB_LIST = "blobs.txt"
ROWS = "rows"
# Not data of the installation: Django makes these anew, or they live minutes.
LEFT_OUT = {"auth", "contenttypes", "sessions", "django_tasks_database"}
# Columns that name stored bytes; every other `...sha256` is of something that no file holds.
BLOB_COLUMNS = {
    "audits.runfile": ("sha256",),
    "delivery.archivevolume": ("zip_sha256",),
    "delivery.summary": ("document_sha256",),
    "kernel.upload": ("sha256",),
    "pilots.submission": ("package_sha256", "plan_sha256", "snapshot_sha256"),
}


def named_blobs() -> dict[str, str]:
    """Every blob that a row needs -> the first such row, for people (`pilots.submission 3: package_sha256`)."""
    named: dict[str, str] = {}
    for label, names in BLOB_COLUMNS.items():
        rows = apps.get_model(label)._default_manager.order_by("pk")
        for column in names:
            for pk, sha256 in rows.values_list("pk", column).iterator():
                if sha256:
                    named.setdefault(sha256, f"{label} {pk}: {column}")
    return named


def kept_models() -> list[type[models.Model]]:
    """Every table with data of the installation, also those between two others, in the order of their names."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not _is_left_out(model)
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def _is_left_out(model: type[models.Model]) -> bool:
    if model._meta.app_label in LEFT_OUT:
        return True
    # A table between two others goes with the one that is left out (permissions of users).
    return bool(model._meta.auto_created) and any(
        field.related_model is not None and field.related_model._meta.app_label in LEFT_OUT
        for field in model._meta.fields
    )


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return list(model._meta.concrete_fields)


def row_of(obj: models.Model, fields: Iterable[models.Field[Any, Any]]) -> list[Any]:
    """The values of a row as JSON data."""
    return [
        None if field.value_from_object(obj) is None else field.value_to_string(obj)  # type: ignore[attr-defined]
        for field in fields
    ]


def object_of(
    model: type[models.Model], fields: list[models.Field[Any, Any]], row: list[Any]
) -> models.Model:
    """The row as an object, exactly as it was: nothing is set anew on saving."""
    values = {}
    for field, value in zip(fields, row, strict=True):
        target = getattr(field, "target_field", field)
        values[field.attname] = None if value is None else target.to_python(value)  # type: ignore[attr-defined]
    return model(**values)


def migrations() -> list[str]:
    """The steps that the database has seen; a migration that only stands for several steps is left out.

    A new installation takes such a one and an older one its steps, and both fit the same backup.
    """
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    seen = MigrationRecorder(connection).applied_migrations()
    standing_for = MigrationLoader(None).replacements
    return sorted(
        f"{app}.{name}" for app, name in seen if app not in LEFT_OUT and (app, name) not in standing_for
    )


def file_sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def blob_path(folder: Path, sha256: str) -> Path:
    return folder / BLOBS / sha256[:2] / sha256


def listed_blobs(folder: Path) -> Iterator[tuple[str, int]]:
    """SHA-256 and bytes of every blob of a backup."""
    with (folder / BLOB_LIST).open(encoding="ascii") as handle:
        for line in handle:
            sha256, size = line.split()
            yield sha256, int(size)
