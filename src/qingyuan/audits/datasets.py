"""Datasets as tables: what stands in the rows now, what a version holds, and what differs between two of them.

For who computes on a dataset: `tables(version)` gives every table typed, as the readers of `workbooks` give it for the
uploaded file; `write(version, target)` makes the workbook that `qingyuan diagnose|park|region` takes, `hand_on` the same
tables for a command that we start ourselves.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from qingyuan.audits.models import Dataset, DatasetRow, DatasetVersion
from qingyuan.kernel.errors import Refused
from qingyuan.workbooks import collected as books
from qingyuan.workbooks.book import Book
from qingyuan.workbooks.collected import Collected, Sheet
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import Column, Table

OF_SCHEMA = ("settings", "indicators")
"""Tables whose rows say which columns others have."""


class Damaged(Refused):
    """A fixed version does not have the hash that it was fixed with."""

    code = "damaged"


# --- a version


def collected(version: DatasetVersion) -> Collected:
    """The tables of a fixed version; raises Damaged where their hash is not the recorded one."""
    sheets = tuple(
        Sheet(name=one.name, columns=tuple(one.columns), rows=tuple(tuple(row) for row in one.rows))
        for one in version.tables.all()
    )
    found = Collected(template=version.dataset.template, sheets=sheets)
    if found.fingerprint != version.content_sha256:
        raise _damaged(version)
    return found


def _damaged(version: DatasetVersion) -> Damaged:
    return Damaged(_("数据第 %d 版与定版时的校验值不符，请联系平台运维人员") % version.number)


def tables(version: DatasetVersion) -> dict[str, Reading]:
    """Every filled table typed, by its name (columns by name: Decimal, int, date, str, None blank, NA)."""
    return books.readings(collected(version))


def reading(version: DatasetVersion, name: str) -> Reading | None:
    """One filled table typed; None where the version has none of it (one query)."""
    found = version.tables.filter(name=name).first()
    if found is None:
        return None
    sheet = Sheet(name=name, columns=tuple(found.columns), rows=tuple(tuple(row) for row in found.rows))
    if sheet.sha256 != found.sha256:
        raise _damaged(version)
    return books.readings(Collected(template=version.dataset.template, sheets=(sheet,))).get(name)


def book(version: DatasetVersion) -> Book:
    """The version as a book, for readers that take one (`workbooks.industry_case.read_sector`)."""
    return books.book_of(collected(version))


def write(version: DatasetVersion, target: BinaryIO) -> None:
    """The version as the workbook that the commands take."""
    books.write(collected(version), target)


def hand_on(version: DatasetVersion, target: BinaryIO, *, file: str) -> None:
    """The version as tables that the commands read faster than that workbook, with the same result to the letter."""
    books.hand_on(collected(version), target, file=file)


# --- what is being filled in


def schema_of(dataset: Dataset) -> list[Table]:
    """The tables with all columns that this dataset has (one query for a sector, none else)."""
    sheets = {
        name: Sheet(name=name, columns=tuple(columns), rows=()) for name, columns in dataset.columns.items()
    }
    if dataset.template == Dataset.Template.INDUSTRY:
        rows = dataset.rows.filter(table__in=OF_SCHEMA).order_by("table", "position")
        sheets |= _sheets(rows, {table.name: table for table in books.tables("industry")})
    return books.tables(dataset.template, sheets)


def table_of(dataset: Dataset, name: str) -> Table | None:
    return next((table for table in schema_of(dataset) if table.name == name), None)


def content_of(dataset: Dataset) -> Collected:
    """The rows as they stand now."""
    known = {table.name: table for table in schema_of(dataset)}
    sheets = _sheets(dataset.rows.order_by("table", "position"), known)
    return Collected(
        template=dataset.template, sheets=tuple(sheets[name] for name in known if name in sheets)
    )


def _sheets(rows: QuerySet[DatasetRow], known: Mapping[str, Table]) -> dict[str, Sheet]:
    """The rows of the known tables. Their JSON is taken apart a table at a time, not a row at a time."""
    texts: dict[str, list[str]] = defaultdict(list)
    for name, text in rows.values_list("table", Cast("values", TextField())):
        texts[name].append(text)
    found = {
        name: [one for one in json.loads(f"[{','.join(texts[name])}]") if one]
        for name in texts
        if name in known
    }
    return {name: sheet_of(known[name], values) for name, values in found.items() if values}


def sheet_of(table: Table, rows: Sequence[Mapping[str, str]]) -> Sheet:
    """Rows of canonical texts as a sheet: the columns that hold anything, in the table's order."""
    held = {name for row in rows for name in row}
    order = [column.name for column in table.columns if column.name in held]
    order += sorted(held - set(order))
    return Sheet(
        name=table.name,
        columns=tuple(order),
        rows=tuple(tuple(map(row.get, order)) for row in rows),
    )


def own_columns(template: str, content: Collected) -> dict[str, list[str]]:
    """The columns of these tables that the plain template does not have."""
    plain = {table.name: {column.name for column in table.columns} for table in books.tables(template)}
    begun = books.begun(template)
    found = {}
    for sheet in content.sheets:
        if sheet.name == "values":
            found["values"] = [name for name in sheet.columns if name != "enterprise"]
            continue
        added = [
            *begun.get(sheet.name, []),
            *(name for name in sheet.columns if name not in plain[sheet.name]),
        ]
        if added:
            found[sheet.name] = list(dict.fromkeys(added))
    return found


# --- differences


@dataclass(frozen=True)
class CellChange:
    """A cell that differs; `row` names the row in words."""

    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class TableDifference:
    """What differs in one table: rows in words, cells one by one."""

    title: str
    added: list[str]
    removed: list[str]
    changed: list[CellChange]

    @property
    def count(self) -> int:
        return len(self.added) + len(self.removed) + len(self.changed)


def difference(before: Collected, after: Collected) -> list[TableDifference]:
    """Added and removed rows and changed cells, table by table; tables that are equal are left out."""
    known = {table.name: table for table in books.tables(after.template, before.by_name)}
    known |= {
        table.name: table
        for table in books.tables(after.template, after.by_name)
        if table.name in after.by_name
    }
    found = []
    for name, table in known.items():
        old, new = before.by_name.get(name), after.by_name.get(name)
        if old != new and (one := _differs(table, old, new)).count:
            found.append(one)
    return found


def _differs(table: Table, old: Sheet | None, new: Sheet | None) -> TableDifference:
    olds, news = _keyed(table, old), _keyed(table, new)
    titles = {column.name: column.heading for column in table.columns}
    changed = [
        CellChange(_words(key), titles.get(name, name), olds[key].get(name, ""), news[key].get(name, ""))
        for key in olds
        if key in news
        for name in dict.fromkeys([*olds[key], *news[key]])
        if olds[key].get(name, "") != news[key].get(name, "")
    ]
    return TableDifference(
        title=table.title,
        added=[_words(key) for key in news if key not in olds],
        removed=[_words(key) for key in olds if key not in news],
        changed=changed,
    )


def _keyed(table: Table, sheet: Sheet | None) -> dict[tuple[str, ...], dict[str, str]]:
    """Rows by what names them: the table's key, else every required word; the second of the same name is number 2."""
    names = table.key or tuple(one.name for one in table.columns if one.required and names_a_row(one))
    seen: Counter[tuple[str, ...]] = Counter()
    found = {}
    for row in sheet.rows if sheet else ():
        cells = {name: cell for name, cell in zip(sheet.columns if sheet else (), row, strict=True) if cell}
        key = tuple(cells.get(name, "") for name in names)
        seen[key] += 1
        found[(*key, f"#{seen[key]}") if seen[key] > 1 else key] = cells
    return found


def names_a_row(column: Column) -> bool:
    return column.kind in {"text", "code", "choice"}


def _words(key: tuple[str, ...]) -> str:
    return " · ".join(part for part in key if part) or _("（没有名称的行）")


def row_name(table: Table, values: Mapping[str, Any]) -> str:
    """A row in words, for lists."""
    names = table.key or tuple(one.name for one in table.columns if names_a_row(one))[:3]
    return " · ".join(str(values[name]) for name in names if values.get(name)) or _("（没有名称的行）")
