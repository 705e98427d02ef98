"""`qingyuan air`: PM2.5 and ozone at receptors from the emissions of a region's sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from qingyuan.cli.compute import air_input as given
from qingyuan.cli.compute import air_select, air_surface, frame, responses
from qingyuan.cli.compute.air_input import NOX, VOC, AirTables
from qingyuan.cli.compute.river_input import numbers
from qingyuan.engine.air import particles
from qingyuan.workbooks import air as tables_of


@click.command()
@click.option(
    "--sources", "sources_file", type=frame.file_argument, required=True, help="大气污染源表 Sources."
)
@click.option(
    "--receptors", "receptors_file", type=frame.file_argument, required=True, help="受体点表 Receptors."
)
@click.option("--matrix", "matrix_file", type=frame.file_argument, required=True, help="传输系数表 Matrix.")
@click.option(
    "--surface", "surface_file", type=frame.file_argument, default=None, help="臭氧响应面表 Surface."
)
@click.option(
    "--voc",
    "voc_by",
    type=click.Choice(["mass", "mir"]),
    default="mass",
    show_default=True,
    help="VOC 按质量或按反应活性 By mass or by MIR.",
)
@click.option(
    "--coefficients",
    "coefficients_file",
    type=frame.file_argument,
    default=None,
    help="PM2.5 响应系数写成 qingyuan select 的表 Response table for select.",
)
@frame.json_option
def air(
    *,
    sources_file: Path,
    receptors_file: Path,
    matrix_file: Path,
    surface_file: Path | None,
    voc_by: str,
    coefficients_file: Path | None,
    as_json: bool,
) -> None:
    """大气响应：各受体点的 PM2.5（传输系数，硝酸盐两种情形）和臭氧（响应面，界外不作外推）。"""
    tables = AirTables(
        sources=frame.look(sources_file, tables_of.source_table()),
        receptors=frame.look(receptors_file, tables_of.receptor_table()),
        matrix=frame.look(matrix_file, tables_of.matrix_table()),
        surface=frame.look(surface_file, tables_of.surface_table()) if surface_file else None,
    )
    try:
        if coefficients_file is not None:
            frame.writable(coefficients_file)
        said = answer(tables, voc_by=voc_by, coefficients=coefficients_file)
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    if as_json:
        frame.emit(said)
    else:
        _show(said)


def answer(tables: AirTables, *, voc_by: str, coefficients: Path | None = None) -> dict[str, Any]:
    """The JSON value, or BadInput with all that is wrong in any table. `coefficients`: also the table for `select`."""
    if not all(reading.columns for reading in tables.readings):
        frame.refuse(tables.readings)
    emitted = given.emissions(tables)
    made, regimes = given.transfer(tables)
    stated = given.stated(tables, regimes)
    ratio, form, ozone = None, "", dict[str, float | None]()
    if tables.surface is not None:
        ratio = air_surface.ratios(tables, by_reactivity=voc_by == "mir")
        form, surfaces = air_surface.surfaces(tables)
        ozone = air_surface.ozone(tables, surfaces, ratio)
    frame.refuse(tables.readings, tables.problems)
    given.without_coefficient(tables, emitted, made)
    given.without_emission(tables, made, regimes)
    names = list(tables.receptors.columns["receptor"])
    background = numbers(tables.receptors, "background_ug_m3", range(len(names)), 0.0)
    found = particles(
        made,
        emitted.t_per_year,
        receptors=len(names),
        group=emitted.group,
        groups=len(emitted.pollutants),
        background_ug_m3=background,
        stated=stated,
        regimes=len(regimes),
    )
    if coefficients is not None:
        responses.write(coefficients, air_select.coefficients(tables, emitted, made, found))
    told = given.answered(tables)
    totals = np.bincount(emitted.group, weights=emitted.t_per_year, minlength=len(emitted.pollutants))
    return {
        "status": "done",
        "receptors": [
            {
                "receptor": name,
                "pm25_ug_m3": total if name in told else None,
                "o3_ppb": ozone.get(name),
                "by_pollutant": dict(zip(emitted.pollutants, split, strict=True))
                if name in told
                else dict.fromkeys(emitted.pollutants),
                "background_ug_m3": behind,
                "regime": regimes[regime] if regime >= 0 else None,
            }
            for name, total, split, behind, regime in zip(
                names,
                found.pm25_ug_m3.tolist(),
                found.by_group.tolist(),
                background.tolist(),
                found.regime.tolist(),
                strict=True,
            )
        ],
        "emissions_t_per_year": dict(zip(emitted.pollutants, totals.tolist(), strict=True)),
        "ozone": ratio and {"form": form, "nox_ratio": ratio[NOX], "voc_ratio": ratio[VOC], "voc_by": voc_by},
        "notes": tables.notes,
    }


def _show(said: dict[str, Any]) -> None:
    number = frame.number
    pollutants = list(said["emissions_t_per_year"])
    regimes = any(row["regime"] for row in said["receptors"])
    frame.print_table(
        ("受体点", "PM2.5(ug/m3)", "臭氧(ppb)", *pollutants, "背景", *(("硝酸盐情形",) if regimes else ())),
        (
            (
                row["receptor"],
                number(row["pm25_ug_m3"], 3),
                number(row["o3_ppb"], 1),
                *(number(row["by_pollutant"][one], 3) for one in pollutants),
                number(row["background_ug_m3"], 3),
                *((row["regime"] or "—",) if regimes else ()),
            )
            for row in said["receptors"]
        ),
        title="受体点",
    )
    if said["ozone"]:
        by = {"mass": "质量", "mir": "反应活性"}[said["ozone"]["voc_by"]]
        click.echo(
            f"与基准之比：NOx {said['ozone']['nox_ratio']:.4f}，VOC（按{by}）{said['ozone']['voc_ratio']:.4f}"
        )
    for note in said["notes"]:
        click.echo(f"说明：{note}")
