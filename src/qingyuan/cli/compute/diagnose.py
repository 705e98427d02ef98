"""`qingyuan diagnose`: a whole sector at once, from its data sheet to what an auditor hands in."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import click

from qingyuan.cli.compute import frame
from qingyuan.cli.compute.diagnosed import explained
from qingyuan.engine.diagnosis import Diagnosis
from qingyuan.engine.diagnosis import diagnose as whole
from qingyuan.workbooks.industry_case import SectorData, read_sector
from qingyuan.workbooks.industry_report import report, write_report
from qingyuan.workbooks.industry_result import result
from qingyuan.workbooks.problems import Problem

MOST_LINES = 20
MOST_LETTERS = 36


def _write_json(folder: Path, data: SectorData, found: Diagnosis) -> None:
    text = json.dumps(frame.plain(result(data, found)), ensure_ascii=False, allow_nan=False, indent=1)
    (folder / "result.json").write_text(text + "\n", "utf-8")


def _write_workbook(folder: Path, data: SectorData, found: Diagnosis) -> None:
    with (folder / "results.xlsx").open("wb") as target:
        write_report(target, data, found)


def _write_figures(folder: Path, data: SectorData, found: Diagnosis) -> None:
    from qingyuan.cli.compute import draw
    from qingyuan.cli.compute.drawn_sector import of_diagnosis

    assert data.case is not None
    figures = of_diagnosis(data.case.sector, found)
    draw.write(figures, folder)
    draw.write_options(figures, folder)


OUTPUTS: Final[list[Callable[[Path, SectorData, Diagnosis], None]]] = [
    _write_json,
    _write_workbook,
    _write_figures,
]
"""What `--out` writes into its folder, one after the other: other kinds of output join here."""


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option("--system", default=None, help="评价指标体系：编号或文件，代替参数表中的 An id, or FILE.yaml.")
@click.option(
    "--library", type=frame.file_argument, default=None, help="另一份方案库 Schemes of another file."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="结果文件夹 A folder for all results.",
)
@click.option("--xlsx", type=frame.file_argument, default=None, help="结果写成工作簿 Results as a workbook.")
@click.option("--explain", "who", default=None, help="说明一家企业 How one enterprise stands.")
@frame.json_option
def diagnose(
    dataset: Path,
    *,
    system: str | None,
    library: Path | None,
    out: Path | None,
    xlsx: Path | None,
    who: str | None,
    as_json: bool,
) -> None:
    """行业全过程诊断：指标差距、共性问题、节约潜力、方案推广、效率前沿、深入审核样本、工作量核算、核查疑点。"""
    try:
        _prepare(out, xlsx)
        data = _read(dataset, system=system, library=library)
        assert data.case is not None
        place = None if who is None else _place(who, data.case.sector.names, dataset)
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    with frame.progress("效率前沿", length=2 * len(data.case.sector.names)) as tick:
        found = whole(data.case, tick=tick)
    if out is not None:
        for write in OUTPUTS:
            write(out, data, found)
    if xlsx is not None:
        with xlsx.open("wb") as target:
            write_report(target, data, found)
    lines = [] if place is None else list(explained(data, found, place))
    if as_json:
        said: dict[str, Any] = result(data, found)
        frame.emit(said if place is None else said | {"explain": {"enterprise": who, "lines": lines}})
        return
    if place is None:
        _show(data, found)
    click.echo("\n".join(lines))
    if out is not None:
        click.echo(f"已写入 {out}：result.json、results.xlsx 和图（SVG、PNG、CSV）。")


def _read(dataset: Path, *, system: str | None, library: Path | None) -> SectorData:
    """The data, or BadInput with everything that is wrong; warnings go to stderr."""
    missing = [
        Problem(file=str(path), expected="存在的文件", mend="请核对路径。")
        for path in (dataset, library)
        if path is not None and not path.exists()
    ]
    if missing:
        raise frame.BadInput(missing)
    data = read_sector(dataset, system=system, library=library)
    for warning in data.warnings:
        click.echo(str(warning), err=True)
    if data.case is None:
        raise frame.BadInput(data.problems)
    return data


def _place(who: str, names: Sequence[str], dataset: Path) -> int:
    if who not in names:
        expected = "“企业”表中的企业名称"
        raise frame.BadInput(
            [Problem(file=str(dataset), value=who, expected=expected, mend="请核对 --explain。")]
        )
    return names.index(who)


def _prepare(out: Path | None, xlsx: Path | None) -> None:
    """Say before the work what cannot be written after it."""
    if xlsx is not None:
        frame.writable(xlsx)
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = Problem(file=str(out), expected="可以写入的文件夹", mend=error.strerror or "请核对路径。")
        raise frame.BadInput([problem]) from error


def _show(data: SectorData, found: Diagnosis) -> None:
    """The report's tables, each cut to what fits a screen."""
    for table, rows, subtitle in report(data, found):
        if table.name in {"assumptions", "where"}:
            continue
        shown = rows
        if table.name == "sample":
            shown = [row for row in rows if row["c2"]]
        if table.name == "frontier":
            known = [row for row in rows if row["c1"] is not None]
            shown = sorted(known, key=lambda row: row["c1"])
        click.echo()
        frame.print_table(
            [column.title_zh for column in table.columns],
            ([_cell(row[column.name]) for column in table.columns] for row in shown[:MOST_LINES]),
            title=f"【{table.title}】{subtitle}",
        )
        if len(shown) > MOST_LINES:
            click.echo(f"… 共 {len(shown)} 行，全部见 --out 或 --xlsx。")


def _cell(value: Any) -> str:
    if isinstance(value, int | float):
        text = f"{value:,.4f}".rstrip("0").rstrip(".")
    else:
        text = "—" if value is None else str(value)
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"
