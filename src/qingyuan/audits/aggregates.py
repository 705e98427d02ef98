"""What may be shown of raw figures to who may not read them: sums and quartiles over enough enterprises, without secrets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import quantiles
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.audits.models import Dataset, DatasetVersion, FigureNote
from qingyuan.workbooks import collected as books
from qingyuan.workbooks.collected import Collected, Sheet
from qingyuan.workbooks.schema import Column, Table

FEWEST = 5
"""Of fewer enterprises nothing is shown: from a sum of three, two could know the third."""
LARGEST_SHARE = Decimal("0.8")
"""Nor where one enterprise makes up more than this of the sum."""
Notes = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Aggregate:
    """One column over all enterprises. `hidden` says why nothing is shown."""

    table: str
    column: str
    enterprises: int
    secret: int
    hidden: str = ""
    total: str = ""
    lower: str = ""
    median: str = ""
    upper: str = ""


def notes_of(dataset: Dataset) -> dict[str, list[dict[str, Any]]]:
    """What is said of single figures now, by table, each with the place of its row (one query or two)."""
    stated = FigureNote.objects.filter(row__dataset=dataset).select_related("evidence", "stated_by")
    notes = list(stated.order_by("row_id", "column"))
    if not notes:
        return {}
    places: dict[int, tuple[str, int]] = {}
    counted: dict[str, int] = defaultdict(int)
    filled = dataset.rows.exclude(values={}).order_by("table", "position")
    for pk, table in filled.values_list("pk", "table"):
        places[pk] = (table, counted[table])
        counted[table] += 1
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in notes:
        if one.row_id in places:
            table, place = places[one.row_id]
            found[table].append(
                {
                    "row": place,
                    "column": one.column,
                    "source": one.source,
                    "method": one.method,
                    "evidence_sha256": one.evidence.sha256 if one.evidence else "",
                    "secret": one.is_secret,
                    "reason": one.secret_reason,
                    "by": str(one.stated_by.ref),
                    "at": one.stated_at.isoformat(),
                }
            )
    return dict(found)


def of_version(version: DatasetVersion) -> list[Aggregate]:
    """Of a fixed version."""
    held = list(version.tables.all())
    sheets = tuple(
        Sheet(name=one.name, columns=tuple(one.columns), rows=tuple(tuple(row) for row in one.rows))
        for one in held
    )
    content = Collected(template=version.dataset.template, sheets=sheets)
    return list(_aggregates(content, {one.name: one.notes for one in held}))


def of_content(content: Collected, notes: Notes) -> list[Aggregate]:
    return list(_aggregates(content, notes))


def _aggregates(content: Collected, notes: Notes) -> Iterator[Aggregate]:
    for table in books.tables(content.template, content.by_name):
        sheet = content.by_name.get(table.name)
        if sheet is None or "enterprise" not in sheet.columns:
            continue
        secret = {(one["row"], one["column"]) for one in notes.get(table.name, ()) if one.get("secret")}
        known = {column.name: column for column in table.columns}
        for place, name in enumerate(sheet.columns):
            column = known.get(name)
            if column is not None and column.kind in {"decimal", "integer"}:
                yield _of_column(table, column, sheet, place, secret)


def _of_column(
    table: Table, column: Column, sheet: Sheet, place: int, secret: set[tuple[int, str]]
) -> Aggregate:
    whose = sheet.columns.index("enterprise")
    sums: dict[str, Decimal] = defaultdict(Decimal)
    kept_back: set[str] = set()
    for number, row in enumerate(sheet.rows):
        text, name = row[place], row[whose]
        if text is None or text == "na" or name is None:
            continue
        if (number, column.name) in secret:
            kept_back.add(name)
        else:
            sums[name] += Decimal(text)
    for name in kept_back:
        sums.pop(name, None)  # part of an enterprise's sum would tell the rest
    values = sorted(sums.values())
    about = Aggregate(
        table=table.title, column=column.heading, enterprises=len(values), secret=len(kept_back)
    )
    if len(values) < FEWEST:
        return _hidden(about, _("不足 %d 家，不显示") % FEWEST)
    total = sum(values, Decimal())
    if total and max(map(abs, values)) > LARGEST_SHARE * abs(total):
        return _hidden(about, _("一家占八成以上，不显示"))
    lower, median, upper = quantiles([float(value) for value in values], n=4, method="inclusive")
    return Aggregate(
        **{
            **vars(about),
            "total": _shown(float(total)),
            "lower": _shown(lower),
            "median": _shown(median),
            "upper": _shown(upper),
        }
    )


def _hidden(about: Aggregate, why: str) -> Aggregate:
    return Aggregate(**{**vars(about), "hidden": why})


def _shown(value: float) -> str:
    """Three digits: a quartile must not give an enterprise's figure to the last digit."""
    return f"{float(f'{value:.3g}'):,.10g}"
