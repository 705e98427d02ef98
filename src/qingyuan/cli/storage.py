"""The file store in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import click

from qingyuan import installation

DAY = timedelta(days=1)
"""A blob is written before the row that names it; younger ones may still be waiting for theirs."""


@click.group()
def storage() -> None:
    """The file store."""


@storage.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
def sweep(*, dry_run: bool) -> None:
    """Remove what broken uploads left: blobs that no row names and temporary files, older than a day."""
    installation.start()
    from qingyuan.kernel import storage as store

    removed = size = 0
    before = datetime.now(UTC) - DAY
    for sha256, length in list(orphans(before=before)):
        # Asked again at the last moment: the same bytes may have been handed in meanwhile, and their row may
        # not be written yet. The time is asked last, because a new row comes after a new time.
        if is_named(sha256):
            continue
        changed = store.changed_at(sha256)
        if changed is None or changed >= before:
            continue
        if not dry_run:
            store.remove(sha256)
        removed, size = removed + 1, size + length
    for path in list(store.stale_incoming(before=before)):
        removed, size = removed + 1, size + path.stat().st_size
        if not dry_run:
            path.unlink(missing_ok=True)
    verb = "将清理" if dry_run else "已清理"
    click.echo(f"{verb} {removed} 个无主文件，共 {size} 字节")


def naming_columns() -> Iterator[tuple[type, str]]:
    """Every column that may name a blob: all whose name ends in sha256, so that no later room is forgotten."""
    from django.apps import apps

    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name.endswith("sha256"):
                yield model, field.name


def is_named(sha256: str) -> bool:
    return any(
        model._default_manager.filter(**{column: sha256}).exists()  # type: ignore[attr-defined]
        for model, column in naming_columns()
    )


def orphans(*, before: datetime) -> Iterator[tuple[str, int]]:
    """SHA-256 and bytes of blobs that nobody names and that stood already `before`."""
    from django.core.files.storage import default_storage

    from qingyuan.kernel import storage as store

    named = {
        value
        for model, column in naming_columns()
        for value in model._default_manager.values_list(column, flat=True)  # type: ignore[attr-defined]
    }
    for sha256 in store.stored():
        key = store.key_of(sha256)
        changed = store.changed_at(sha256) if sha256 not in named else None
        if changed is not None and changed < before:
            yield sha256, default_storage.size(key)
