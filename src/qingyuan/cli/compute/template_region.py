"""`qingyuan template region`: 区域流域审核数据采集表, empty."""

from __future__ import annotations

from pathlib import Path

import click

from qingyuan.cli.compute import frame
from qingyuan.workbooks.region import begun
from qingyuan.workbooks.write import write_book

FREE_ROWS = 1000


@click.command()
@click.argument("out", type=frame.file_argument)
def region(out: Path) -> None:
    """区域流域审核数据采集表：企业、污染排放、河段、断面、受体点、传输系数、臭氧响应面、备选方案、目标等。"""
    try:
        frame.writable(out)
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=False)
    tables = begun()
    with out.open("wb") as target:
        write_book(target, [(table, []) for table in tables], free_rows=FREE_ROWS)
    needed = "、".join(table.sheet for table in tables if not table.optional)
    others = "、".join(table.sheet for table in tables if table.optional)
    click.echo(f"已写出 {out}。必填：{needed}；按需填：{others}。")
