"""The cast's world, built once a process by the verbs and then put back as rows.

Nearly every test begins in the same world at the same instant. Building it takes some thirty verbs with their ledger
entries and mails; putting its rows back takes a moment, and the tests cannot tell: the same rows, the same chain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from django.apps import apps
from django.db import connection, models

# Rooms whose tables a world fills. What migrations fill (content types, permissions) stands already.
ROOMS = {"kernel", "people", "calls", "registry", "pilots", "account"}
ONE_ROW = "kernel_ledgerhead"

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def tables() -> dict[str, list[str]]:
    """Table -> columns of everything a verb may fill, join tables as well."""
    return {
        model._meta.db_table: [field.column for field in model._meta.concrete_fields]
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ROOMS and model._meta.managed and not model._meta.proxy
    }


def read() -> Rows:
    """All rows as the database holds them."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table, columns in tables().items():
            cursor.execute(f'SELECT {_listed(columns)} FROM "{table}"')
            if rows := cursor.fetchall():
                found[table] = (columns, rows)
    return found


def write(kept: Rows) -> None:
    """Put the rows into a database that holds none of them. Foreign keys are judged at the end of the transaction."""
    from django.db import transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in kept.items():
            if table == ONE_ROW:
                cursor.execute(f'DELETE FROM "{table}"')
            if connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{table}" ({_listed(columns)}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row([_plain(value) for value in row])
            else:
                marks = ", ".join(["%s"] * len(columns))
                statement = f'INSERT INTO "{table}" ({_listed(columns)}) VALUES ({marks})'
                cursor.executemany(statement, rows)


def _plain(value: Any) -> Any:
    """JSON comes back as data or text; COPY takes it as text."""
    import json

    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _listed(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


class Kept:
    """A world's rows, and how to find its people and bodies again."""

    def __init__(self, world: Any) -> None:
        self.kind = type(world)
        self.rows = read()
        self.keys = {field.name: _keys_of(getattr(world, field.name)) for field in fields(world)}

    def put_back(self) -> Any:
        """The same world in the present database, its objects read afresh."""
        write(self.rows)
        wanted: dict[type[models.Model], set[Any]] = {}
        for value in self.keys.values():
            for model, key in value.values() if isinstance(value, dict) else [value]:
                wanted.setdefault(model, set()).add(key)
        found = {model: model._default_manager.in_bulk(keys) for model, keys in wanted.items()}
        made = self.kind()
        for name, value in self.keys.items():
            if isinstance(value, dict):
                setattr(made, name, {key: found[model][pk] for key, (model, pk) in value.items()})
            else:
                setattr(made, name, found[value[0]][value[1]])
        return made


def _keys_of(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: (type(row), row.pk) for key, row in value.items()}
    return type(value), value.pk


_kept: dict[Any, Kept] = {}


def once(key: Any, build: Callable[[], Any]) -> Any:
    """Build a world the first time it is asked for under `key`, and put its rows back every other time.

    Only in an empty house: rows that another fixture made before are neither kept nor written into.
    """
    from qingyuan.kernel.models import LedgerEntry
    from qingyuan.people.models import User

    if LedgerEntry.objects.exists() or User.objects.exists():
        return build()
    if key in _kept:
        return _kept[key].put_back()
    world = build()
    _kept[key] = Kept(world)
    return world
