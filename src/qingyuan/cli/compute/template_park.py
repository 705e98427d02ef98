"""`qingyuan template park`: 园区审核数据采集表, empty."""

from __future__ import annotations

from pathlib import Path

import click

from qingyuan.cli.compute import frame
from qingyuan.workbooks.park import template_parts
from qingyuan.workbooks.write import write_book

FREE_ROWS = 1000


@click.command()
@click.argument("out", type=frame.file_argument)
def park(out: Path) -> None:
    """园区审核数据采集表：企业、物质流、热流股、用水、供给和需求、共享设施、备选方案等。"""
    try:
        frame.writable(out)
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=False)
    parts = template_parts()
    with out.open("wb") as target:
        write_book(target, parts, free_rows=FREE_ROWS)
    others = "、".join(table.sheet for table, _rows in parts if table.optional)
    click.echo(f"已写出 {out}。必填：企业；有什么填什么：{others}。")
