"""Rows about the scope: 5,000 enterprises with 200 bad cells read, checked and marked; and a good list taken in."""

from __future__ import annotations

import io
from typing import Any

from bench.measure import Row, cpu_ms

ROWS, BAD = 5000, 200


def rows(pilot: Any, user: Any) -> list[Row]:
    """`pilot` is a drafting pilot of the measured database, `user` one of its writers."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from qingyuan.pilots import actions
    from qingyuan.pilots.forms.scope import table_of
    from qingyuan.workbooks.read import read_table
    from qingyuan.workbooks.write import write_marked
    from tests.pilot_maker import enterprises

    data = workbook(bad=BAD)
    table = table_of(pilot)
    found: dict[str, int] = {}

    def check() -> None:
        reading = read_table(io.BytesIO(data), table, name="名单.xlsx")
        write_marked(io.BytesIO(), reading.cells, reading.problems, sheet=reading.sheet)
        found["problems"] = reading.problem_count

    time = cpu_ms(check, runs=3)
    assert found["problems"] == BAD, found
    given = enterprises(ROWS, sector="steel", start=10_000)
    with CaptureQueriesContext(connection) as queries:
        actions.import_scope(pilot, by=user, rows=given)
    statements = len(queries)
    pilot.refresh_from_db()
    again = cpu_ms(
        lambda: actions.import_scope(type(pilot).objects.get(pk=pilot.pk), by=user, rows=given), runs=3
    )
    return [
        Row(
            f"scope workbook, {ROWS:,} rows, {BAD} bad cells: read, all named, marked",
            cpu_ms=time,
            size=len(data),
            notes={"bad cells named": found["problems"]},
        ),
        Row(f"scope import of {ROWS:,} enterprises", cpu_ms=again, sql=statements),
    ]


def workbook(*, bad: int) -> bytes:
    """The list as applicants fill it; every 25th row has a wrong cell, column by column in turn."""
    import datetime as dt

    import xlsxwriter

    from tests.pilot_maker import credit_code

    header = [
        "企业名称",
        "统一社会信用代码",
        "所属行业",
        "行业代码",
        "企业规模",
        "排污许可管理类别",
        "上次审核日期",
    ]
    header += ["主要污染物", "所在市", "所在县（市、区）", "备注"]
    wrong: list[tuple[int, Any]] = [
        (0, ""),
        (2, "养殖"),
        (3, "9999"),
        (4, "巨型"),
        (5, "免办"),
        (6, "2099-01-01"),
    ]
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("试点范围企业名单")
    sheet.write_row(0, 0, header)
    for number in range(1, ROWS + 1):
        day = dt.date(2019, 6, 30)
        row: list[Any] = [
            f"演示企业{number}",
            credit_code(number),
            "石化化工",
            "C2614",
            "中型",
            "重点管理",
            day,
        ]
        row += ["COD、氨氮", "洛阳市", "孟津区", ""]
        if number % (ROWS // bad) == 0:
            column, value = wrong[number // (ROWS // bad) % len(wrong)]
            row[column] = value
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()
