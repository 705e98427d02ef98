"""`qingyuan measures`: the economics of schemes as auditors compute them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from qingyuan.cli.compute import draw, frame
from qingyuan.engine import economics
from qingyuan.workbooks.appraisal import CLASSES, write_appraisal
from qingyuan.workbooks.measures import measure_table
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA


@click.command()
@click.argument("file", type=frame.file_argument)
@click.option("--rate", type=float, default=0.06, show_default=True, help="折现率 Discount rate, a fraction.")
@click.option(
    "--tax-rate",
    "--tax",
    "tax_rate",
    type=float,
    default=0.25,
    show_default=True,
    help="所得税率 A fraction.",
)
@click.option(
    "--years",
    type=float,
    default=10.0,
    show_default=True,
    help="没有写年限的方案的年限 Life where none is stated.",
)
@click.option(
    "--low-cost",
    type=frame.Finite(min=0),
    default=None,
    help="无/低费方案的投资上限，与表中金额同一单位 Up to which investment a scheme is no/low-cost.",
)
@click.option("--xlsx", type=frame.file_argument, default=None, help="结果写成工作簿 Results as a workbook.")
@draw.option
@frame.json_option
def measures(
    file: Path,
    *,
    rate: float,
    tax_rate: float,
    years: float,
    low_cost: float | None,
    xlsx: Path | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """方案的经济分析：P、D、T、E、F、投资偿还期 N、NPV、NPVR、IRR，以及各污染物的边际减排成本。"""
    try:
        if xlsx is not None:
            frame.writable(xlsx)
        draw.ready(folder)
        reading = frame.look(file, measure_table())
        frame.refuse([reading], _arguments(rate, tax_rate, years))
        schemes = schemes_of(reading)
        appraised = economics.appraise(schemes, rate=rate, tax_rate=tax_rate, years=years)
        curves = economics.abatement_curves(schemes, rate=rate, years=years)
    except economics.EconomicsError as error:
        problem = Problem(file=str(file), expected=str(error), mend="请改正参数。")
        frame.fail_with(frame.BadInput([problem]), as_json=as_json)
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    classes = [
        None if low_cost is None else economics.cost_class(one.invest, low_up_to=low_cost) for one in schemes
    ]
    if xlsx is not None:
        with xlsx.open("wb") as target:
            write_appraisal(target, appraised, classes, curves, rate=rate, tax_rate=tax_rate)
    said = {
        "status": "done",
        "rate": rate,
        "tax_rate": tax_rate,
        "years": years,
        "low_cost": low_cost,
        "measures": [
            frame.plain(one) | {"cost_class": kind} for one, kind in zip(appraised, classes, strict=True)
        ],
        "macc": {
            pollutant: [
                {
                    "measure": step.measure,
                    "cost_per_unit": step.marginal_cost,
                    "effect": step.effect,
                    "cumulative": step.cumulative,
                }
                for step in curve
            ]
            for pollutant, curve in curves.items()
        },
    }
    if folder is not None:
        from qingyuan.cli.compute import drawn

        draw.write(list(drawn.measures(said)), folder)
    if as_json:
        frame.emit(said)
        return
    _show(appraised, classes, curves)


def _arguments(rate: float, tax_rate: float, years: float) -> list[Problem]:
    """What is wrong with the options, so that it is said together with what is wrong in the file."""
    wanted = (
        ("--rate", rate, math.isfinite(rate) and rate > -1, "大于 -1 的小数，如 0.06"),
        ("--tax-rate", tax_rate, 0 <= tax_rate <= 1, "0 至 1 的小数，如 0.25"),
        ("--years", years, math.isfinite(years) and years > 0, "大于 0 的年数"),
    )
    return [
        Problem(file=name, value=str(value), expected=expected, mend="请改正参数。")
        for name, value, sound, expected in wanted
        if not sound
    ]


def schemes_of(reading: Reading) -> list[economics.Scheme]:
    """The rows as the library takes them; BadInput where a figure that the formulae need is missing."""
    problems = [
        frame.problem_at(
            reading,
            index,
            name,
            value="",
            expected="一个数",
            mend="没有数据的方案请移出本表；数值为零的填 0。",
        )
        for name in ("measure", "invest", "saving")
        for index, value in enumerate(reading.columns[name])
        if value is None
    ]
    if problems:
        raise frame.BadInput(sorted(problems, key=lambda problem: problem.row))
    effects = [name for name in reading.columns if name.startswith("effect:")]
    return [
        economics.Scheme(
            measure=row["measure"],
            invest=float(row["invest"]),
            saving=float(row["saving"]),
            om=_float(row["om"]) or 0.0,
            life=_float(row["life"]),
            effects={
                name.removeprefix("effect:"): amount
                for name in effects
                if (amount := _float(row[name])) is not None
            },
        )
        for row in reading.rows()
    ]


def _float(value: Any) -> float | None:
    return None if value is None or value is NA else float(value)


def _show(
    appraised: list[economics.Appraisal],
    classes: Sequence[str | None],
    curves: dict[str, list[economics.Abatement]],
) -> None:
    number = frame.number
    frame.print_table(
        ("方案", "P", "D", "T", "E", "F", "N(年)", "NPV", "NPVR(%)", "IRR(%)", "IRR 插值(%)"),
        (
            (
                one.measure,
                *(number(value) for value in (one.P, one.D, one.T, one.E, one.F, one.N, one.NPV)),
                number(one.NPVR_pct),
                number(one.IRR_pct),
                number(one.IRR_interpolated_pct),
            )
            for one in appraised
        ),
        title="方案经济分析",
    )
    for one in appraised:
        for name, reason in one.reasons.items():
            click.echo(f"{one.measure} 的 {name.removesuffix('_pct')}：{reason}")
    for kind, title in CLASSES.items():
        if named := [one.measure for one, own in zip(appraised, classes, strict=True) if own == kind]:
            click.echo(f"{title}：{'、'.join(named)}")
    for pollutant, curve in curves.items():
        click.echo()
        frame.print_table(
            ("方案", "单位减排成本", "年削减量", "累计削减量"),
            (
                (step.measure, number(step.marginal_cost), number(step.effect, 4), number(step.cumulative, 4))
                for step in curve
            ),
            title=f"边际减排成本：{pollutant}",
        )
