"""The performance sheet on paper: one landscape table with the columns that hold anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from qingyuan.audits.figures import said
from qingyuan.catalogue.performance import Layout
from qingyuan.kernel import clock
from qingyuan.papers.performance_docx import Paper, write_performance
from qingyuan.pilots.models import Pilot
from qingyuan.workbooks.performance import SchemeRow, export_rows, performance_table


def paper(pilot: Pilot, layout: Layout, rows: Sequence[tuple[str, SchemeRow]], *, title: str) -> bytes:
    """The Word file: columns without a single figure are left out, and said below the table."""
    on = clock.local(clock.now()).date()
    return write_performance(sheet_of(pilot, layout, rows, title=title, on=on))


def sheet_of(
    pilot: Pilot,
    layout: Layout,
    rows: Sequence[tuple[str, SchemeRow]],
    *,
    title: str,
    on: dt.date,
    whole: bool = False,
) -> Paper:
    """The sheet as texts. `whole`: with every column of the layout, filled or not."""
    lines = export_rows(layout, rows)
    table = performance_table(layout)
    held = [
        column
        for column in table.columns
        if column.name != "enterprise_code"
        and (whole or any(line.get(column.name) not in {None, ""} for line in lines))
    ]
    left_out = [
        column.heading for column in table.columns if column not in held and column.name != "enterprise_code"
    ]
    return Paper(
        title=title,
        project=pilot.name,
        body=pilot.applicant.name,
        on=on,
        headings=[column.heading for column in held],
        rows=[[said(line.get(column.name)) for column in held] for line in lines],
        numbers=[column.kind == "decimal" for column in held],
        note=(f"没有数据而未列的列：{'、'.join(left_out)}。" if left_out else "")
        + f"表头来源：{layout.source}。",
    )
