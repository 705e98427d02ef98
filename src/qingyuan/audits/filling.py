"""What an enterprise writes into its own rows: guarded writes with a revision per row, no ledger entry each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.audits import datasets, drafts
from qingyuan.audits.models import Dataset, DatasetRow, EnterpriseSheet, FigureNote
from qingyuan.audits.rules import sheet as rules
from qingyuan.kernel import clock
from qingyuan.kernel.errors import Invalid, NotAllowed, NotFound, Problem, WrongStage
from qingyuan.kernel.models import Upload
from qingyuan.kernel.permission import judge
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.workbooks.schema import Table


@dataclass(frozen=True)
class Said:
    """What is known of one figure."""

    source: str = ""
    method: str = ""
    is_secret: bool = False
    secret_reason: str = ""
    evidence: Upload | None = None


def own_tables(dataset: Dataset) -> list[Table]:
    """The tables whose rows belong to an enterprise."""
    return [
        table
        for table in datasets.schema_of(dataset)
        if any(column.name == "enterprise" for column in table.columns)
    ]


def rows_of(sheet: EnterpriseSheet) -> list[DatasetRow]:
    """The enterprise's own rows, and no others (one query)."""
    found = DatasetRow.objects.filter(dataset=sheet.dataset_id, enterprise=sheet.enterprise_id)
    return list(found.order_by("table", "position"))


def row_of(sheet: EnterpriseSheet, row: int) -> DatasetRow:
    """One of them; anything else is not found."""
    found = DatasetRow.objects.filter(
        dataset=sheet.dataset_id, enterprise=sheet.enterprise_id, pk=row
    ).first()
    if found is None:
        raise NotFound(_("没有这一行"))
    return found


def table_of(sheet: EnterpriseSheet, name: str) -> Table:
    found = next((table for table in own_tables(sheet.dataset) if table.name == name), None)
    if found is None:
        raise NotFound(_("没有这张表"))
    return found


def save_row(
    sheet: EnterpriseSheet,
    *,
    row: DatasetRow,
    texts: Mapping[str, str],
    revision: int,
    source: str,
    method: str,
    by: Any,
) -> DatasetRow:
    """Save what the enterprise typed into one of its rows; every figure that changed keeps source, method, who, when."""
    refuse(sheet, by)
    table = table_of(sheet, row.table)
    changes = [
        drafts.Change(row.pk, name, text, revision)
        for name, text in texts.items()
        if name != "enterprise" and text.strip() != row.values.get(name, "")
    ]
    problems = _of_note(Said(source=source, method=method))
    if changes and not source:
        problems.append(Problem(_("请选择这些数值的来源"), where="source"))
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        saved = drafts.write_cells(
            sheet.dataset,
            table=table,
            changes=changes,
            by=by,
            origin=DatasetRow.Origin.ENTERPRISE,
            enterprise=sheet.enterprise,
        )
        for one in saved:
            names = {change.column for change in changes}
            _note(one, names, by=by, source=source, method=method.strip())
    return saved[0] if saved else row


def add_row(
    sheet: EnterpriseSheet, *, table: str, texts: Mapping[str, str], source: str, method: str, by: Any
) -> DatasetRow:
    """A further row of the enterprise in a table that takes several."""
    refuse(sheet, by)
    problems = _of_note(Said(source=source, method=method))
    if not source:
        problems.append(Problem(_("请选择这些数值的来源"), where="source"))
    if problems:
        raise Invalid(problems)
    values = {name: text for name, text in texts.items() if text.strip() and name != "enterprise"}
    named = {"enterprise": sheet.name, **values}
    with transaction.atomic():
        made = drafts.add_row(
            sheet.dataset, table=table_of(sheet, table), values=named, by=by, enterprise=sheet.enterprise
        )
        _note(made, values, by=by, source=source, method=method.strip())
    return made


def remove_row(sheet: EnterpriseSheet, *, row: DatasetRow, revision: int, by: Any) -> None:
    refuse(sheet, by)
    drafts.remove_row(sheet.dataset, row=row.pk, revision=revision, by=by, enterprise=sheet.enterprise)


def say(sheet: EnterpriseSheet, *, row: DatasetRow, column: str, said: Said, by: Any) -> FigureNote:
    """What is known of one figure: source, method, proof, and whether it is a business secret, with the reason."""
    refuse(sheet, by)
    problems = _of_note(said)
    if column not in {one.name for one in table_of(sheet, row.table).columns}:
        raise NotFound(_("没有这一列"))
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        note, _is_new = FigureNote.objects.get_or_create(
            row=row, column=column, defaults={"stated_by": by, "stated_at": clock.now()}
        )
        note.source, note.method = said.source, said.method.strip()
        note.is_secret = said.is_secret
        note.secret_reason = said.secret_reason.strip() if said.is_secret else ""
        note.evidence = said.evidence or note.evidence
        note.stated_by, note.stated_at = by, clock.now()
        note.save()
    return note


@dataclass(frozen=True)
class Figure:
    """A figure taken from a report: on top of the row's revision that was shown, and what is said of it."""

    row: int
    column: str
    text: str
    revision: int
    method: str


def take_figures(
    sheet: EnterpriseSheet,
    *,
    table: Table,
    figures: Sequence[Figure],
    source: str,
    evidence: Upload,
    by: Any,
) -> list[DatasetRow]:
    """Put figures of a report into the enterprise's own rows; each keeps the report as its source and proof."""
    refuse_bringing(sheet, by)
    changes = [drafts.Change(one.row, one.column, one.text, one.revision) for one in figures]
    with transaction.atomic():
        saved = drafts.write_cells(
            sheet.dataset,
            table=table,
            changes=changes,
            by=by,
            origin=DatasetRow.Origin.FILING,
            enterprise=sheet.enterprise,
        )
        FigureNote.objects.bulk_create(
            [
                FigureNote(
                    row_id=one.row,
                    column=one.column,
                    source=source,
                    method=one.method[:300],
                    evidence=evidence,
                    stated_by=by,
                    stated_at=clock.now(),
                )
                for one in figures
            ],
            update_conflicts=True,
            unique_fields=["row", "column"],
            update_fields=["source", "method", "evidence", "stated_by", "stated_at"],
        )
    return saved


def refuse_bringing(sheet: EnterpriseSheet, by: Any) -> None:
    """Figures of a report are brought by the enterprise, or by who writes the raw data for the applicant."""
    verdict = judge(rules.brings_figures, by, sheet)
    if not verdict:
        raise NotAllowed(verdict.reasons)
    if sheet.stage != EnterpriseSheet.Stage.INVITED:
        raise WrongStage(_("已签署；要修改，请申报单位退回后再改"))


def refuse(sheet: EnterpriseSheet, by: Any) -> None:
    """Before anything is read from a form or a file: may this person write here now?"""
    verdict = judge(rules.fills_sheet, by, sheet)
    if not verdict:
        raise NotAllowed(verdict.reasons)
    if sheet.stage != EnterpriseSheet.Stage.INVITED:
        raise WrongStage(_("已签署；要修改，请申报单位退回后再改"))


def digest_of(rows: Iterable[DatasetRow]) -> str:
    """The hash that a signature binds: the rows and what is said of their figures."""
    found = list(rows)
    notes = FigureNote.objects.filter(row__in=found).select_related("evidence").order_by("row_id", "column")
    said: dict[int, list[dict[str, Any]]] = {}
    for one in notes:
        said.setdefault(one.row_id, []).append(note_facts(one))
    body = [{"table": row.table, "values": row.values, "notes": said.get(row.pk, [])} for row in found]
    return sha256_hex(canonical_bytes(body))


def note_facts(one: FigureNote) -> dict[str, Any]:
    """A note as canonical data, without persons."""
    return {
        "column": one.column,
        "source": one.source,
        "method": one.method,
        "evidence_sha256": one.evidence.sha256 if one.evidence else "",
        "secret": one.is_secret,
        "reason": one.secret_reason,
    }


def _of_note(said: Said) -> list[Problem]:
    problems = []
    if said.source and said.source not in FigureNote.Source.values:
        problems.append(Problem(_("没有这种来源"), where="source"))
    if len(said.method) > 300:
        problems.append(Problem(_("不超过 300 字"), where="method"))
    if said.is_secret and not said.secret_reason.strip():
        problems.append(Problem(_("请写明为什么是商业秘密"), where="secret_reason"))
    if len(said.secret_reason) > 300:
        problems.append(Problem(_("不超过 300 字"), where="secret_reason"))
    return problems


def _note(row: DatasetRow, columns: Iterable[str], *, by: Any, source: str, method: str) -> None:
    """Of the figures that changed: the rest of what was said of them (proof, secrecy) stays."""
    names = set(columns)
    now = clock.now()
    known = FigureNote.objects.filter(row=row, column__in=names)
    held = set(known.values_list("column", flat=True))
    known.update(source=source, method=method, stated_by=by, stated_at=now)
    FigureNote.objects.bulk_create(
        FigureNote(row=row, column=name, source=source, method=method, stated_by=by, stated_at=now)
        for name in sorted(names - held)
    )


def signed_enterprises(dataset: Dataset) -> set[Any]:
    """Whose figures are signed: nobody else changes them (one query)."""
    found = dataset.sheets.filter(stage=EnterpriseSheet.Stage.SIGNED)
    return set(found.values_list("enterprise_id", flat=True))


__all__: Sequence[str] = ("Said", "add_row", "digest_of", "remove_row", "rows_of", "save_row", "say")
