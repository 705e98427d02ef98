"""What a report filed elsewhere would change in an enterprise's rows: worked out the same way for the page and the taking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.audits import filling
from qingyuan.audits.models import Dataset, DatasetRow, EnterpriseSheet
from qingyuan.catalogue.filings import Filing, Target, filings_for
from qingyuan.workbooks.collected import text_of
from qingyuan.workbooks.convert import convert
from qingyuan.workbooks.filings import Brought, Filed
from qingyuan.workbooks.schema import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure of the report beside the one that stands. `what`: new, changed or same."""

    brought: Brought
    table: Table
    column: Column
    row: DatasetRow
    old: str
    new: str

    @property
    def what(self) -> str:
        if self.old == self.new:
            return "same"
        return "changed" if self.old else "new"

    @property
    def key(self) -> str:
        return f"{self.row.pk}.{self.column.name}"

    @property
    def is_converted(self) -> bool:
        return self.brought.factor != 1


@dataclass(frozen=True, kw_only=True)
class Compared:
    """All that the report brings: what has a place here, and what has none, with the reason."""

    lines: Sequence[Difference]
    homeless: Sequence[tuple[Brought, str]]


def available(dataset: Dataset) -> list[Filing]:
    """The reports that may be brought into this dataset, by the last day of its year."""
    return filings_for(dataset.template, on=date(dataset.year, 12, 31))


def compare(sheet: EnterpriseSheet, filed: Filed) -> Compared:
    """Two queries, whatever the number of figures."""
    tables = {table.name: table for table in filling.own_tables(sheet.dataset)}
    rows = filling.rows_of(sheet)
    lines, homeless = [], []
    for one in filed.brought:
        found, why = _place(one, tables, rows, sheet.dataset.template)
        if found is None:
            homeless.append((one, why))
            continue
        table, column, row = found
        text = text_of(one.value) or ""
        _values, complaints = convert(column, [text])
        if complaints:
            homeless.append((one, complaints[0][0]))
            continue
        lines.append(
            Difference(
                brought=one,
                table=table,
                column=column,
                row=row,
                old=row.values.get(column.name, ""),
                new=text,
            )
        )
    return Compared(lines=lines, homeless=homeless)


def _place(
    one: Brought, tables: dict[str, Table], rows: Sequence[DatasetRow], template: Any
) -> tuple[tuple[Table, Column, DatasetRow] | None, str]:
    target: Target | None = one.item.targets.get(template)
    table = tables.get(target.table) if target else None
    if target is None or table is None:
        return None, _("这种数据采集表没有这一项")
    column = next((column for column in table.columns if column.name == target.column), None)
    if column is None:
        return None, _("“%(table)s”没有“%(column)s”列，可由申报单位在数据表中增加") % {
            "table": table.title,
            "column": target.column.rpartition(":")[2],
        }
    mine = [
        row
        for row in rows
        if row.table == table.name
        and all(row.values.get(name, "") == value for name, value in target.where.items())
    ]
    if not mine:
        return None, _("“%s”中还没有本企业对应的一行，请先添加") % table.title
    if len(mine) > 1:
        return None, _("“%s”中本企业有几行（如几个排放口），请在各行中填写") % table.title
    return (table, column, mine[0]), ""


def method_of(filing: Filing, sheet_name: str, line: Difference) -> str:
    """Where the figure stands in the report, as its method says it."""
    place = f"{sheet_name} {line.brought.cell}".strip()
    stated = f"{line.brought.stated} {line.brought.stated_unit}".strip()
    return _("取自“%(title)s”%(place)s：%(item)s %(stated)s") % {
        "title": filing.title,
        "place": place,
        "item": line.brought.item.title,
        "stated": stated,
    }
