"""What tests begin with, made once a process by the verbs and then put back as rows.

Nearly every test begins in the same world at the same instant, and most with the same pilot in it. Making them takes
dozens of verbs with their ledger entries and mails; putting their rows back takes a moment, and a test cannot tell: the
same rows, the same chain. What is put back depends on every row that stood before: a test that changed the
world first gets its pilot made by the verbs, as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction

# Rooms whose tables verbs fill. What migrations fill (content types, permissions) stands already.
ROOMS = {"kernel", "people", "calls", "registry", "pilots", "audits", "review", "delivery", "account"}
MOST = 400  # kept makings: beyond that, a process makes them anew

Rows = dict[str, frozenset[tuple[Any, ...]]]


@dataclass(frozen=True)
class Table:
    name: str
    columns: tuple[str, ...]
    key: int
    """Where the primary key stands among the columns."""

    @property
    def listed(self) -> str:
        return ", ".join(f'"{column}"' for column in self.columns)


@dataclass(frozen=True)
class Change:
    """What a making did to the rows, and the key of what it gave."""

    gone: Rows
    come: Rows
    result: Any


def tables() -> list[Table]:
    """Everything that verbs may fill, join tables as well."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in ROOMS and model._meta.managed and not model._meta.proxy:
            columns = tuple(field.column for field in model._meta.concrete_fields)
            found.append(Table(model._meta.db_table, columns, columns.index(model._meta.pk.column)))
    return found


def read() -> Rows:
    """All rows as the database holds them."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'SELECT {table.listed} FROM "{table.name}"')
            found[table.name] = frozenset(cursor.fetchall())
    return found


def apply(change: Change) -> None:
    """Foreign keys are judged at the end of the transaction, so that the order of tables is free."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables():
            if gone := change.gone.get(table.name):
                cursor.executemany(
                    f'DELETE FROM "{table.name}" WHERE "{table.columns[table.key]}" = %s',
                    [(row[table.key],) for row in gone],
                )
            if come := change.come.get(table.name):
                if connection.vendor == "postgresql":
                    with cursor.copy(f'COPY "{table.name}" ({table.listed}) FROM STDIN') as copy:
                        for row in come:
                            copy.write_row(row)
                else:
                    marks = ", ".join(["%s"] * len(table.columns))
                    cursor.executemany(
                        f'INSERT INTO "{table.name}" ({table.listed}) VALUES ({marks})', list(come)
                    )


_kept: dict[Any, Change] = {}


def once(what: Any, make: Callable[[], Any]) -> Any:
    """`make()` gives a key (anything but a row); from the second time on its rows are put back instead.

    `what` names the making with its arguments. The hour, the store of files, the way of hashing passwords and whether
    the test has real transactions (mails leave after a commit) belong to it as well.
    """
    from django.conf import settings

    from qingyuan.kernel import clock

    before = read()
    key = (
        what,
        clock.now(),
        str(settings.MEDIA_ROOT),
        repr(settings.STORAGES["default"]),
        tuple(settings.PASSWORD_HASHERS),
        connection.in_atomic_block,
        frozenset(before.items()),
    )
    if (change := _kept.get(key)) is not None and _files_stand(change):
        apply(change)
        return change.result
    result = make()
    if len(_kept) < MOST:
        after = read()
        _kept[key] = Change(
            {name: before[name] - after[name] for name in before if before[name] - after[name]},
            {name: after[name] - before[name] for name in after if after[name] - before[name]},
            result,
        )
    return result


def _files_stand(change: Change) -> bool:
    from qingyuan.kernel import storage
    from qingyuan.kernel.models import Upload

    columns = [field.column for field in Upload._meta.concrete_fields]
    place = columns.index("sha256")
    uploads = change.come.get(Upload._meta.db_table, frozenset())
    return all(storage.exists(row[place]) for row in uploads)
