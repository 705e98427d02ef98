"""`qingyuan template industry`: 行业审核数据采集表, empty or with the columns of an index system."""

from __future__ import annotations

from pathlib import Path

import click

from qingyuan.catalogue.diagnosis import settings
from qingyuan.cli.compute import frame
from qingyuan.workbooks import industry as tables
from qingyuan.workbooks.schema import Table
from qingyuan.workbooks.write import write_book

FEWEST = 20
FREE_ROWS = 1000
FIRST_POLLUTANTS = ("COD", "氨氮")
"""Columns that the template begins with; any others may be added."""


@click.command()
@click.argument("out", type=frame.file_argument)
@click.option(
    "--system",
    "name",
    default=None,
    help="按指标体系生成指标列：编号或文件 Columns of an index system: id, or FILE.yaml.",
)
@click.option(
    "--demo",
    type=click.IntRange(min=FEWEST),
    default=None,
    help="填好虚构数据的演示表，含这么多家企业 Filled with so many invented enterprises.",
)
def industry(out: Path, *, name: str | None, demo: int | None) -> None:
    """行业审核数据采集表：参数、评价指标、企业、指标数据、清洁生产方案。"""
    from qingyuan.cli.compute.rate import find_system

    try:
        frame.writable(out)
        system = None if name is None else find_system(name).system
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=False)
    if demo is not None:
        from qingyuan.workbooks.industry_demo import write_demo

        with out.open("wb") as target:
            write_demo(target, demo)
        click.echo(f"已写出 {out}：{demo} 家虚构的企业，都标有“演示”。用 qingyuan diagnose {out} 诊断。")
        return
    values = tables.long_value_table() if system is None else tables.wide_value_table(system)
    indicators = (
        []
        if system is None
        else [{"indicator": one.id, "title": one.title, "unit": one.unit} for one in system.indicators]
    )
    with out.open("wb") as target:
        write_book(
            target,
            [
                (tables.setting_table(), tables.setting_rows(list(settings().values()), system=name or "")),
                (tables.indicator_table(), indicators),
                (_begun(tables.enterprise_table(), "排放量", "环境统计"), []),
                (values, []),
                (_begun(tables.scheme_table(), "削减量"), []),
            ],
            free_rows=FREE_ROWS,
        )
    click.echo(
        f"已写出 {out}：参数、评价指标、企业、指标数据、清洁生产方案。填好后用 qingyuan diagnose {out} 诊断。"
    )


def _begun(table: Table, *families: str) -> Table:
    found = (table.member(f"{family}：{one}") for one in FIRST_POLLUTANTS for family in families)
    return table.with_members(column for column in found if column is not None)
