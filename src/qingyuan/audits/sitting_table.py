"""Results of many sittings as a workbook: what is handed out, and what comes back with every wrong cell named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from qingyuan.audits import sittings
from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.sittings import Sitting
from qingyuan.catalogue import credit_code
from qingyuan.catalogue.evaluations import Evaluation
from qingyuan.kernel import clock, storage
from qingyuan.kernel.models import Upload
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading, letter_of, read_table
from qingyuan.workbooks.schema import NA, Column, Table
from qingyuan.workbooks.write import write_table

CONCLUSIONS = {"按评分表": "", "须整改": "rectify", "不通过": "failed"}
_SEPARATORS = re.compile(r"[、,，;；\n]+")
_PLACES = {"credit_code": "code", "held_on": "on"}


def table(sheet: Evaluation) -> Table:
    """One row an enterprise, one column an item of the sheet."""
    vetoes = "、".join(veto.title for veto in sheet.vetoes)
    return Table(
        name="sittings",
        title=sheet.title,
        key=("code",),
        max_rows=5000,
        columns=(
            Column(
                name="code", title_zh="统一社会信用代码", kind="code", required=True, allow_na=False, longest=18,
                validate=credit_code.check, note="已申请、等待组织的企业；单元格须为文本格式。", aliases=("信用代码",),
            ),
            Column(name="name", title_zh="企业名称", longest=120, allow_na=False, note="只供核对。"),
            Column(
                name="on", title_zh="会议日期", kind="date", required=True, allow_na=False, note="如 2023-05-31。",
                aliases=("日期",),
            ),
            *(
                Column(
                    name=f"score_{item.id}",
                    title_zh=f"{group.title}：{item.title}",
                    unit=f"满分{item.points}",
                    kind="decimal",
                    required=True,
                    allow_na=False,
                    note=f"0—{item.points}，{sheet.step} 的倍数。{item.asks}",
                )
                for group in sheet.groups
                for item in group.items
            ),
            Column(
                name="vetoes", title_zh="否决项", allow_na=False, longest=1000,
                note=f"有的写明，多项用顿号隔开：{vetoes}。没有的留空。",
            ),
            Column(name="opinion", title_zh="意见", required=True, allow_na=False, longest=2000, note="评估或验收意见。"),
            Column(
                name="conclusion", title_zh="结论", kind="choice", choices=tuple(CONCLUSIONS), allow_na=False,
                note="留空或“按评分表”为按得分得出；可以从严，不能从宽。",
            ),
            Column(
                name="rectify_by", title_zh="整改期限", kind="date", allow_na=False,
                note="结论为须整改的填写，晚于会议日期。",
            ),
        ),
        notes=(
            f"评分表来源：{sheet.source}。",
            "一行填一家企业；没有开会的整行删去。",
            "有一处错误就一家也不登记，并逐格列出。",
            "不要改动表头，不要合并单元格。",
        ),
    )  # fmt: skip


def write(target: BinaryIO, sheet: Evaluation, waiting: Iterable[AuditReview]) -> None:
    """The form: who waits for a sitting, with nothing filled in."""
    rows = [{"code": one.enterprise.credit_code, "name": one.enterprise.name} for one in waiting]
    write_table(target, table(sheet), rows)


def read_upload(
    upload: Upload, sheet: Evaluation, waiting: Iterable[AuditReview], *, by: Any
) -> tuple[Reading, list[Sitting]]:
    """The workbook's results; what the sheet or the applications contradict is a wrong cell as well."""
    with storage.open_blob(upload.sha256) as source:
        reading = read_table(source, table(sheet), name=upload.name)
    if not reading.columns:
        return reading, []
    marked = {problem.row for problem in reading.problems}
    lines = [
        (number, line, _sitting(sheet, line))
        for number, line in zip(reading.row_numbers, reading.rows(), strict=True)
        if number not in marked
    ]
    found = sittings.problems_of_many(
        [row for _number, _line, row in lines],
        {one.enterprise.credit_code: one for one in waiting},
        sheet,
        by=by,
        today=clock.local(clock.now()).date(),
    )
    more = []
    for problem in found:
        _rows, place, where = problem.where.split(".", 2)
        number, line, _row = lines[int(place) - 1]
        column = (
            f"score_{where.removeprefix('scores.')}"
            if where.startswith("scores.")
            else _PLACES.get(where, where)
        )
        more.append(
            Problem(
                file=reading.file,
                sheet=reading.sheet,
                row=number,
                letter=letter_of(reading, column),
                title=reading.table.column(column).heading,
                value=str(_said(line.get(column)) or ""),
                expected=problem.expected,
                mend=f"{problem.message}。",
            )
        )
    whole = replace(
        reading, problems=[*reading.problems, *more], problem_count=reading.problem_count + len(more)
    )
    return whole, [row for _number, _line, row in lines]


def _sitting(sheet: Evaluation, line: dict[str, Any]) -> Sitting:
    held_on, due = _said(line.get("on")), _said(line.get("rectify_by"))
    scores = {item.id: _said(line.get(f"score_{item.id}")) for item in sheet.items}
    ids = {veto.title: veto.id for veto in sheet.vetoes}
    named = [part.strip() for part in _SEPARATORS.split(str(_said(line.get("vetoes")) or "")) if part.strip()]
    return Sitting(
        credit_code=credit_code.normalise(str(_said(line.get("code")) or "")),
        held_on=held_on if isinstance(held_on, date) else date.max,
        scores={name: Decimal(str(value)) for name, value in scores.items() if value is not None},
        vetoes=[ids.get(name, name) for name in named],
        opinion=str(_said(line.get("opinion")) or ""),
        conclusion=CONCLUSIONS.get(str(_said(line.get("conclusion")) or ""), ""),
        rectify_by=due if isinstance(due, date) else None,
    )


def _said(value: Any) -> Any:
    return None if value is None or value is NA else value
