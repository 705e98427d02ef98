"""Many rows at once that share most of their columns: a large table comes in as one value, not as thousands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models

BATCH = 2000


def insert_rows(
    model: type[models.Model],
    *,
    shared: Mapping[str, Any],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Insert a row of `shared` and its own values of the fields `names`, for each of `rows`.

    As `bulk_create` without signals, and without keys in return; every column without a default of the database must
    be given. Own values are what JSON holds: text, numbers, None, lists and dicts for a field of JSON; keys as text.
    """
    together = list(rows)
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(
            (model(**shared, **dict(zip(names, row, strict=True))) for row in together), batch_size=BATCH
        )
        return
    for start in range(0, len(together), BATCH):
        _insert(model, shared, names, together[start : start + BATCH])


def _insert(
    model: type[models.Model], shared: Mapping[str, Any], names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """One statement with one JSON value: PostgreSQL takes it apart, nobody escapes every cell by itself."""
    quote = connection.ops.quote_name
    same: list[Any] = [model._meta.get_field(name) for name in shared]
    own: list[Any] = [model._meta.get_field(name) for name in names]
    columns = ", ".join(quote(field.column) for field in (*same, *own))
    # Lengths are left out, so that what is too long is refused and not cut.
    constants = [f"%s::{_kind(field)}" for field in same]
    theirs = [f"t.{quote(field.column)}" for field in own]
    shape = ", ".join(f"{quote(field.column)} {_kind(field)}" for field in own)
    heads = [field.column for field in own]
    said = json.dumps([dict(zip(heads, row, strict=True)) for row in rows], ensure_ascii=False)
    values = [
        field.get_db_prep_save(value, connection) for field, value in zip(same, shared.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({columns}) "  # noqa: S608 (names of our own columns)
            f"SELECT {', '.join((*constants, *theirs))} FROM jsonb_to_recordset(%s::jsonb) AS t({shape})",
            [*values, said],
        )


def _kind(field: Any) -> str:
    return str(field.db_type(connection)).partition("(")[0]
