"""Cells while they are filled in: guarded writes with a revision per row, no ledger entry each.

Two people never overwrite each other: who saves on top of an older revision of a row gets 409, and a cell that the
schema does not take is refused in words and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from qingyuan.audits import datasets, extent
from qingyuan.audits.models import Dataset, DatasetRow
from qingyuan.audits.rules import dataset as rules
from qingyuan.kernel import clock
from qingyuan.kernel.errors import Invalid, NotAllowed, NotFound, Problem, Stale, WrongStage
from qingyuan.kernel.permission import judge
from qingyuan.workbooks.collected import text_of
from qingyuan.workbooks.convert import convert
from qingyuan.workbooks.schema import Column, Table

MOST_CELL = 2000
MOST_CHANGES = 2000
"""Cells of one save."""
MOST_ROWS = 100_000


@dataclass(frozen=True)
class Change:
    """A cell as it was typed, on top of the row's revision that the page had shown."""

    row: int
    column: str
    text: str
    revision: int


class RowChanged(Stale):
    """Somebody saved rows after this page was opened; `cells` are (row, column, theirs, yours)."""

    code = "row_changed"

    def __init__(self, cells: Sequence[tuple[DatasetRow, str, str, str]]) -> None:
        super().__init__(_("打开页面之后，他人改过这些行；您填写的内容没有覆盖它们，请核对后再存"))
        self.cells = cells


def place_of(row: int, column: str) -> str:
    return f"{row}.{column}"


def refuse_strangers(dataset: Dataset, by: Any) -> None:
    verdict = judge(rules.writes_raw, by, dataset)
    if not verdict:
        raise NotAllowed(verdict.reasons)


def save_cells(dataset: Dataset, *, table: Table, changes: Sequence[Change], by: Any) -> list[DatasetRow]:
    """Save what was typed into one table. All problems at once; returns the rows that changed."""
    refuse_strangers(dataset, by)
    return write_cells(dataset, table=table, changes=changes, by=by, origin=DatasetRow.Origin.GRID)


def write_cells(
    dataset: Dataset,
    *,
    table: Table,
    changes: Sequence[Change],
    by: Any,
    origin: str,
    enterprise: Any = None,
) -> list[DatasetRow]:
    """The same for whoever the caller has let in; `enterprise`: only rows of this one, and never whose they are."""
    if len(changes) > MOST_CHANGES:
        raise Invalid([Problem(_("一次最多保存 %d 个单元格") % MOST_CHANGES, where="cells")])
    columns = {column.name: column for column in table.columns}
    wanted = {change.row for change in changes}
    with transaction.atomic():
        _lock(dataset)
        rows = DatasetRow.objects.select_for_update().filter(dataset=dataset, table=table.name)
        if enterprise is not None:
            rows = rows.filter(enterprise=enterprise)
        found = rows.in_bulk(wanted)
        refuse_signed(dataset, (row.enterprise_id for row in found.values()))
        if wanted - found.keys() or any(change.column not in columns for change in changes):
            raise NotFound(_("这一行或这一列已不存在，请刷新页面"))
        canonical, problems = _typed(
            changes, columns, fixed=("enterprise",) if enterprise is not None else ()
        )
        if problems:
            raise Invalid(problems)
        return _write(dataset, found, changes, canonical, columns=columns, by=by, origin=origin)


def _write(
    dataset: Dataset,
    found: Mapping[int, DatasetRow],
    changes: Sequence[Change],
    canonical: Mapping[str, str | None],
    *,
    columns: Mapping[str, Column],
    by: Any,
    origin: str,
) -> list[DatasetRow]:
    stale, changed = [], {}
    for change in changes:
        row, text = found[change.row], canonical[place_of(change.row, change.column)]
        stands = row.values.get(change.column)
        if text == stands:
            continue
        if change.revision != row.revision and row.pk not in changed:
            stale.append((row, columns[change.column].heading, stands or "", change.text))
            continue
        if text is None:
            row.values.pop(change.column)
        else:
            row.values[change.column] = text
        changed[row.pk] = row
    if stale:
        raise RowChanged(stale)
    if not changed:
        return []
    rows = list(changed.values())
    if "enterprise" in columns:
        names = names_in_scope(dataset) if any(change.column == "enterprise" for change in changes) else None
        for row in rows:
            if names is not None:
                row.enterprise_id = names.get(row.values.get("enterprise", ""))
    now = clock.now()
    for row in rows:
        row.revision += 1
        row.updated_at, row.updated_by, row.origin = now, by, origin
    DatasetRow.objects.bulk_update(
        rows, ["values", "revision", "updated_at", "updated_by", "origin", "enterprise"]
    )
    return rows


def add_row(
    dataset: Dataset, *, table: Table, values: Mapping[str, str], by: Any, enterprise: Any = None
) -> DatasetRow:
    """A row below the others. Everything that its cells cannot be is said at once; the key may not stand twice."""
    if enterprise is None:
        refuse_strangers(dataset, by)
    typed = [Change(0, name, text, 0) for name, text in values.items()]
    columns = {column.name: column for column in table.columns}
    canonical, problems = _typed(typed, columns)
    kept = {name: text for name in values if (text := canonical.get(place_of(0, name))) is not None}
    if not kept and not problems:
        problems.append(Problem(_("请至少填写一项"), where="cells"))
    if problems:
        raise Invalid([Problem(one.message, where=one.where.partition(".")[2]) for one in problems])
    with transaction.atomic():
        _lock(dataset)
        if enterprise is not None:
            refuse_signed(dataset, [enterprise.pk])
        rows = DatasetRow.objects.filter(dataset=dataset, table=table.name)
        _refuse_double(rows, table, kept)
        last = rows.aggregate(last=Max("position"))["last"]
        if rows.count() >= min(table.max_rows, MOST_ROWS):
            raise Invalid([Problem(_("这张表已满"), where="cells")])
        return DatasetRow.objects.create(
            dataset=dataset,
            table=table.name,
            position=0 if last is None else last + 1,
            enterprise_id=enterprise.pk if enterprise else names_in_scope(dataset).get(kept.get("enterprise", "")),
            values=kept,
            origin=DatasetRow.Origin.ENTERPRISE if enterprise else DatasetRow.Origin.GRID,
            revision=1,
            updated_at=clock.now(),
            updated_by=by,
        )  # fmt: skip


def remove_row(dataset: Dataset, *, row: int, revision: int, by: Any, enterprise: Any = None) -> None:
    """Take a row out, unless somebody has changed it since it was shown."""
    if enterprise is None:
        refuse_strangers(dataset, by)
    with transaction.atomic():
        _lock(dataset)
        rows = DatasetRow.objects.filter(dataset=dataset)
        found = (rows if enterprise is None else rows.filter(enterprise=enterprise)).filter(pk=row).first()
        if found is None:
            raise NotFound(_("这一行已不存在"))
        refuse_signed(dataset, [found.enterprise_id])
        if found.revision != revision:
            raise Stale(_("打开页面之后，他人改过这一行，请核对后再删"))
        found.delete()


def refuse_signed(dataset: Dataset, enterprises: Iterable[Any]) -> None:
    """What an enterprise has signed changes only after the sheet was reopened (one query)."""
    whose = {one for one in enterprises if one is not None}
    signed = dataset.sheets.filter(stage="signed", enterprise__in=whose).values_list("name", flat=True)
    if whose and (names := list(signed[:20])):
        raise WrongStage(_("已由企业签署，退回企业修改后才能改动：%s") % "、".join(names))


def names_in_scope(dataset: Dataset) -> dict[str, Any]:
    """Enterprise ids by every name under which the pilot knows them (two queries).

    Whoever left the scope keeps what it reported under its name, and whoever came later is known by its own.
    """
    entries = dataset.pilot.scope.values_list("stated_name", "enterprise__name", "enterprise_id")
    found: dict[str, Any] = {one.name: one.id for one in extent.of(dataset.pilot)}
    for stated, registered, pk in entries:
        found.setdefault(registered, pk)
        found[stated] = pk
    return found


def _lock(dataset: Dataset) -> None:
    """No cell changes while a version is being fixed."""
    locked = Dataset.objects.select_for_update().get(pk=dataset.pk)
    if locked.stage != Dataset.Stage.COLLECTING:
        raise WrongStage(_("当前状态为“%s”，恢复填报后才能修改") % locked.get_stage_display())


def _typed(
    changes: Sequence[Change], columns: Mapping[str, Column], *, fixed: Sequence[str] = ()
) -> tuple[dict[str, str | None], list[Problem]]:
    """Each cell's canonical text by place, and what is wrong with the others."""
    canonical: dict[str, str | None] = {}
    problems = []
    for change in changes:
        where = place_of(change.row, change.column)
        column = columns.get(change.column)
        text = change.text.strip().replace("\0", "")
        if column is None:
            problems.append(Problem(_("没有这一列：%s") % change.column[:40], where=where))
            continue
        if change.column in fixed:
            problems.append(Problem(_("这一列不能在这里修改"), where=where))
            continue
        if len(text) > MOST_CELL:
            problems.append(Problem(_("过长，不超过 %d 字") % MOST_CELL, where=where))
            continue
        values, complaints = convert(column, [text])
        if complaints:
            expected, mend = complaints[0]
            problems.append(
                Problem(f"{column.heading}：{expected}", where=where, expected=expected, mend=mend)
            )
            continue
        canonical[where] = text_of(values[0])
    return canonical, problems


def _refuse_double(rows: Any, table: Table, kept: Mapping[str, str]) -> None:
    key = {name: kept.get(name) for name in table.key}
    if key and all(key.values()):
        same = rows.filter(**{f"values__{name}": value for name, value in key.items()})
        if same.exists():
            titles = "、".join(table.column(name).title_zh for name in table.key)
            raise Invalid([Problem(_("%s已有同样的一行") % titles, where=table.key[0])])


__all__ = [
    "Change",
    "RowChanged",
    "add_row",
    "datasets",
    "names_in_scope",
    "remove_row",
    "save_cells",
    "write_cells",
]
