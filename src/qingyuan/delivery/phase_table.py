"""The phases as a workbook: what is handed out, and what comes back with every wrong cell named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from qingyuan.catalogue import credit_code
from qingyuan.delivery import phases
from qingyuan.delivery.models import Project, ScopeEnterprise
from qingyuan.delivery.phases import Phase, PhaseRow
from qingyuan.kernel import clock, storage
from qingyuan.kernel.models import Upload
from qingyuan.kernel.record_language import in_record_language
from qingyuan.workbooks.phases import phase_table
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading, letter_of, read_table
from qingyuan.workbooks.schema import NA, Table
from qingyuan.workbooks.write import write_table


@in_record_language()
def titles() -> dict[str, int]:
    """The phases by title, as the workbook writes them whatever the reader's language."""
    return {str(phase.label): phase.value for phase in Phase}


def table() -> Table:
    return phase_table(phases=tuple(titles()), check_code=credit_code.check)


def write_phases(target: BinaryIO, project: Project) -> None:
    """The enterprises that are in the scope, as they stand: a report, and the form for the next import."""
    words = {value: title for title, value in titles().items()}
    rows = project.scope.filter(dropped_on=None).select_related("enterprise")
    write_table(
        target,
        table(),
        [
            {
                "code": one.enterprise.credit_code,
                "name": one.name,
                "phase": words[one.phase],
                "on": one.phase_on,
            }
            for one in rows
        ],
    )


def read_upload(project: Project, upload: Upload) -> Reading:
    """The workbook's rows. What contradicts the scope or the present phase is a wrong cell as well."""
    with storage.open_blob(upload.sha256) as source:
        reading = read_table(source, table(), name=upload.name)
    if not reading.columns:
        return reading
    more = [*_contradictions(reading, scope_by_code(project))]
    return replace(
        reading, problems=[*reading.problems, *more], problem_count=reading.problem_count + len(more)
    )


def rows_of(project: Project, reading: Reading) -> list[PhaseRow]:
    """The rows of a workbook without problems that say something new of an enterprise."""
    known = scope_by_code(project)
    return [row for _number, row in _rows(reading) if phases.is_news(row, known[row.credit_code])]


def scope_by_code(project: Project) -> dict[str, ScopeEnterprise]:
    return {one.enterprise.credit_code: one for one in project.scope.select_related("enterprise")}


def _rows(reading: Reading) -> Iterator[tuple[int, PhaseRow]]:
    """Rows that name an enterprise, a phase and a day, with their numbers in the sheet."""
    known = titles()
    for number, line in zip(reading.row_numbers, reading.rows(), strict=True):
        code, phase, on = (_said(line.get(name)) for name in ("code", "phase", "on"))
        if code and phase in known and isinstance(on, date):
            yield (
                number,
                PhaseRow(credit_code.normalise(code), known[phase], on, _said(line.get("note")) or ""),
            )


def _contradictions(reading: Reading, known: dict[str, ScopeEnterprise]) -> Iterator[Problem]:
    today = clock.local(clock.now()).date()
    raw = dict(zip(reading.row_numbers, reading.rows(), strict=True))

    def wrong(number: int, column: str, message: str, expected: str) -> Problem:
        return Problem(
            file=reading.file,
            sheet=reading.sheet,
            row=number,
            letter=letter_of(reading, column),
            title=reading.table.column(column).title_zh,
            value=str(_said(raw[number].get(column)) or ""),
            expected=expected,
            mend=f"{message}。",
        )

    columns = {"credit_code": "code"}
    for number, row in _rows(reading):
        for fault in phases.faults(row, known.get(row.credit_code), today=today):
            yield wrong(number, columns.get(fault.where, fault.where), fault.message, fault.expected)
    begun = {title for title, value in titles().items() if value}
    for number, line in raw.items():
        code, phase = (_said(line.get(name)) for name in ("code", "phase"))
        if phase in begun and line.get("on") is None and not _marked(reading, number, "on"):
            yield wrong(number, "on", _("请填写进入该阶段的日期"), _("日期，如 2023-05-31"))
        if code and not line.get("on") and phase and phase not in begun:
            one = known.get(credit_code.normalise(str(code)))
            if one is None:
                yield wrong(number, "code", _("该企业不在试点范围内"), _("现行基线范围内的企业"))
            elif one.phase and not _marked(reading, number, "on"):
                yield wrong(number, "on", _("退回“未开始”须填日期并说明原因"), _("日期，如 2023-05-31"))


def _marked(reading: Reading, number: int, column: str) -> bool:
    """Has the reader of the sheet found fault with this cell already?"""
    letter = letter_of(reading, column)
    return any(problem.row == number and problem.letter == letter for problem in reading.problems)


def _said(value: Any) -> Any:
    if value is None or value is NA:
        return None
    return value if isinstance(value, date) else str(value).strip()
