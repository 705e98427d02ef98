"""`qingyuan park`: the audit of a whole park out of one 园区审核数据采集表."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from qingyuan.cli.compute import frame
from qingyuan.cli.compute.audit.parts import Part, Sheets
from qingyuan.cli.compute.audit.whole import audit
from qingyuan.cli.compute.balance import balance
from qingyuan.cli.compute.exchange import exchange
from qingyuan.cli.compute.heat import heat
from qingyuan.cli.compute.match import match
from qingyuan.cli.compute.select import select
from qingyuan.cli.compute.water import water
from qingyuan.workbooks import park as book
from qingyuan.workbooks.problems import Problem


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="写到哪个文件夹 Folder of the results."
)
@frame.json_option
def park(dataset: Path, *, out: Path, as_json: bool) -> None:
    """园区整体审核：物质代谢、能量和水的梯级利用、产业共生与共享设施、方案组合，写成报告、工作簿和图。"""
    audit(dataset, book.park_tables(), parts_of, out=out, title="园区清洁生产整体审核报告", as_json=as_json)


def parts_of(sheets: Sheets) -> Iterator[Part]:
    """What the filled sheets allow, in the order of the report."""
    chosen = settings(sheets)
    here = str(sheets.path)

    def options(*names: str) -> tuple[str, ...]:
        return tuple(word for name in names if name in chosen for word in (name, chosen[name]))

    if sheets.has(book.FLOWS):
        yield Part("balance", balance, (here, *options("--alpha", "--stated-closure-pct")))
    if sheets.has(book.STREAMS):
        levels = sheets.option("--utilities", book.UTILITIES)
        site = ("--site",) if all(sheets.readings[book.STREAMS].columns["enterprise"]) else ()
        yield Part("heat", heat, (here, *options("--dt-min"), *levels, *site))
    if sheets.has(book.STREAMS, book.HEAT_LINKS):
        yield Part("match", match, (here, "--links", here, *options("--dt-min", "--hours")))
    if sheets.has(book.PROCESSES, book.WATERS):
        sheets.problems.append(
            Problem(
                file=sheets.book.file,
                sheet=book.WATERS,
                expected=f"“{book.PROCESSES}”与“{book.WATERS}”只填一张",
                mend="请按数据的形式留下其中一张。",
            )
        )
    elif sheets.has(book.PROCESSES) or sheets.has(book.WATERS):
        units = sheets.option("--regeneration", book.REGENERATION)
        yield Part("water", water, (here, *options("--fresh-ppm"), *units))
    if sheets.has(book.OFFERS, book.NEEDS):
        more = (*sheets.option("--links", book.LINKS), *sheets.option("--facilities", book.FACILITIES))
        yield Part(
            "exchange", exchange, ("--offers", here, "--needs", here, *more, *options("--transport-cost"))
        )
    if sheets.has(book.MEASURES, book.TARGETS):
        yield Part("select", select, ("--measures", here, "--targets", here, *options("--rate")))


def settings(sheets: Sheets) -> dict[str, str]:
    """Options by the sheet of settings; blank ones keep the command's default."""
    known = {one.title: one.option for one in book.SETTINGS}
    reading = sheets.readings.get("参数")
    if reading is None:
        return {}
    return {
        known[row["parameter"]]: str(row["value"])
        for row in reading.rows()
        if row["parameter"] in known and row["value"] is not None
    }
