"""`qingyuan river`: concentrations through a river network, at its sections, and what a gram more would do to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np

from qingyuan.cli.compute import draw, frame, responses, river_oxygen, river_select
from qingyuan.cli.compute import river_input as given
from qingyuan.cli.compute.river_input import Setting, Tables, value
from qingyuan.engine.river import (
    LEAST_PECLET,
    MOST_ALPHA,
    MOST_REACHES_WITH_RESPONSE,
    Profile,
    at_sections,
    criteria,
    response,
    route,
)
from qingyuan.engine.river.network import Numbers
from qingyuan.workbooks import river as tables_of
from qingyuan.workbooks.schema import fold

MOST_SHOWN = 40
_ROUNDING = 1e-12


class Part(NamedTuple):
    """One substance in one scenario."""

    setting: Setting
    substance: str | None
    k_per_day: Numbers
    profile: Profile


@click.command()
@click.option("--reaches", "reaches_file", type=frame.file_argument, required=True, help="河段表 Reaches.")
@click.option("--loads", "loads_file", type=frame.file_argument, required=True, help="入河负荷表 Loads.")
@click.option("--sections", "sections_file", type=frame.file_argument, default=None, help="断面表 Sections.")
@click.option("--do", "oxygen_file", type=frame.file_argument, default=None, help="溶解氧参数表 Oxygen.")
@click.option(
    "--coefficients",
    "coefficients_file",
    type=frame.file_argument,
    default=None,
    help="响应系数写成 qingyuan select 的表 Response table for select.",
)
@draw.option
@frame.json_option
def river(
    *,
    reaches_file: Path,
    loads_file: Path,
    sections_file: Path | None,
    oxygen_file: Path | None,
    coefficients_file: Path | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """河流水质响应：完全混合、一级降解、断面浓度、响应系数；加 --do 算溶解氧（Streeter-Phelps）。"""
    tables = Tables(
        reaches=frame.look(reaches_file, tables_of.reach_table()),
        loads=frame.look(loads_file, tables_of.load_table()),
        sections=frame.look(sections_file, tables_of.section_table()) if sections_file else None,
        oxygen=frame.look(oxygen_file, tables_of.oxygen_table()) if oxygen_file else None,
    )
    try:
        settings, named = _checked(tables)
        if coefficients_file is not None:
            frame.writable(coefficients_file)
        draw.ready(folder)
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    said = answer(tables, settings, named)
    if coefficients_file is not None:
        responses.write(coefficients_file, river_select.coefficients(tables, said))
    if folder is not None:
        from qingyuan.cli.compute import drawn_region
        from qingyuan.cli.compute.river_stem import stem

        draw.write(list(drawn_region.river(said, stem=stem(tables.reaches))), folder)
    if as_json:
        frame.emit(said)
    else:
        _show(said)


def _checked(tables: Tables) -> tuple[list[Setting], list[str | None]]:
    """The river of every scenario and the substances, or BadInput with all that is wrong in any table."""
    readable = all(reading.columns for reading in tables.readings)
    settings: list[Setting] = []
    named: list[str | None] = [None]
    if readable:
        settings = given.settings(tables)
        given.references(tables)
        given.inside(tables)
        named = given.substances(tables)
        given.judged(tables, named)
        decaying = named
        if tables.oxygen is not None:
            river_oxygen.check(tables, named)
            known = river_oxygen.CBOD | river_oxygen.NBOD | river_oxygen.DO
            decaying = [one for one in named if fold(one or "") not in known]
        given.decay_stated(tables, decaying)
        for setting in settings:
            given.dry(tables, setting, named)
    frame.refuse(tables.readings, tables.problems)
    return settings, named


def answer(tables: Tables, settings: Sequence[Setting], named: Sequence[str | None]) -> dict[str, Any]:
    """The JSON value: reaches, sections, response, warnings; with oxygen `do`."""
    parts = list(_parts(tables, settings, [one for one in named if not _oxygen(tables, one)]))
    said: dict[str, Any] = {
        "status": "done",
        "reaches": [row for part in parts for row in _reaches(part)],
        "sections": [row for part in parts for row in _sections(tables, part)],
        **_response(tables, parts),
        "warnings": [row for part in parts for row in _warnings(tables, part)],
        "notes": tables.notes,
    }
    if tables.oxygen is not None:
        said["do"] = _do(tables, settings, named)
        _merge(said)
    _shared_background(tables, named)
    return said


def _oxygen(tables: Tables, substance: str | None) -> bool:
    return tables.oxygen is not None and river_oxygen.is_oxygen(substance)


def _parts(tables: Tables, settings: Sequence[Setting], named: Sequence[str | None]) -> Iterator[Part]:
    for setting in settings:
        for substance in named:
            rate = river_oxygen.rate_of(tables, setting, substance)
            decay = given.decay(tables, setting, substance) if rate is None else rate
            profile = route(
                setting.channel,
                k_per_day=decay,
                load_g_s=given.loads_of(tables, setting, substance),
                inflow_conc_mg_l=river_oxygen.background(tables, setting, substance),
            )
            yield Part(setting, substance, decay, profile)


def _reaches(part: Part) -> Iterator[dict[str, Any]]:
    profile = part.profile
    columns = (profile.flow_m3_s, profile.conc_head_mg_l, profile.conc_end_mg_l)
    for name, flow, head, end in zip(part.setting.names, *map(_plain, columns), strict=True):
        yield {
            "reach": name,
            "scenario": part.setting.scenario,
            "substance": part.substance,
            "flow_m3_s": flow,
            "conc_head_mg_l": head,
            "conc_end_mg_l": end,
        }


def _plain(values: Numbers) -> list[float | None]:
    """Numbers for JSON: null where there is none."""
    return [None if one != one else one for one in values.tolist()]  # noqa: PLR0124 (only nan differs from itself)


def _judged(tables: Tables, part: Part) -> list[tuple[int, int, float]]:
    """The sections that judge this substance."""
    assert tables.sections is not None
    return [
        place
        for place in given.places_of(tables, part.setting)
        if (one := value(tables.sections, "substance", place[0])) is None
        or fold(one) == fold(part.substance or "")
    ]


def _sections(tables: Tables, part: Part) -> Iterator[dict[str, Any]]:
    if tables.sections is None:
        return
    places = _judged(tables, part)
    reach = np.array([place for _row, place, _at in places], dtype=np.intp)
    at_m = np.array([at for _row, _place, at in places], dtype=np.float64)
    found = _plain(
        at_sections(part.setting.channel, part.profile.conc_head_mg_l, part.k_per_day, reach, at_m)
    )
    for (row, place, at), conc in zip(places, found, strict=True):
        limit = value(tables.sections, "limit_mg_l", row)
        limit = None if limit is None else float(limit)
        yield {
            "section": tables.sections.columns["section"][row],
            "scenario": part.setting.scenario,
            "substance": part.substance,
            "reach": part.setting.names[place],
            "at_m": at,
            "conc_mg_l": conc,
            "limit_mg_l": limit,
            "met": None if limit is None or conc is None else conc <= limit * (1 + _ROUNDING),
        }


def _response(tables: Tables, parts: Sequence[Part]) -> dict[str, list[list[Any]]]:
    """`response` as [receptor, reach, mg/L per g/s]; with several substances or scenarios `response_of` says row by row
    of which [scenario, substance] it is.
    """
    rows: list[list[Any]] = []
    labels: list[list[Any]] = []
    for part in parts:
        setting = part.setting
        if tables.sections is not None:
            places = _judged(tables, part)
            receptors = [tables.sections.columns["section"][row] for row, _place, _at in places]
            reach = [place for _row, place, _at in places]
            at_m = [at for _row, _place, at in places]
        elif len(setting.names) < MOST_REACHES_WITH_RESPONSE:
            receptors = list(setting.names)
            reach = list(range(len(receptors)))
            at_m = setting.channel.length_m.tolist()
        else:
            continue
        found = response(
            setting.channel,
            k_per_day=part.k_per_day,
            reach=np.array(reach, dtype=np.intp),
            at_m=np.array(at_m, dtype=np.float64),
        )
        labels += [[setting.scenario, part.substance] for _row in found.value.tolist()]
        rows += [
            [receptors[receptor], setting.names[above], amount]
            for receptor, above, amount in zip(
                found.receptor.tolist(), found.reach.tolist(), found.value.tolist(), strict=True
            )
        ]
    return {"response": rows, "response_of": labels} if len(parts) > 1 else {"response": rows}


def _warnings(tables: Tables, part: Part) -> Iterator[dict[str, Any]]:
    setting = part.setting
    dispersion = given.numbers(tables.reaches, "dispersion_m2_s", setting.rows, np.nan)
    found = criteria(
        k_per_day=part.k_per_day,
        velocity_m_s=setting.channel.velocity_m_s,
        dispersion_m2_s=dispersion,
        width_m=given.numbers(tables.reaches, "width_m", setting.rows, np.nan),
    )
    for place in np.flatnonzero(found.too_dispersive | found.too_short_mixing).tolist():
        alpha, peclet = float(found.alpha[place]), float(found.peclet[place])
        reasons = [f"alpha = {alpha:.4g} > {MOST_ALPHA}"] if found.too_dispersive[place] else []
        reasons += [f"Pe = {peclet:.4g} < {LEAST_PECLET:g}"] if found.too_short_mixing[place] else []
        yield {
            "reach": setting.names[place],
            "scenario": setting.scenario,
            "substance": part.substance,
            "alpha": alpha,
            "pe": None if np.isnan(peclet) or np.isinf(peclet) else peclet,
            "message": f"{'，'.join(reasons)}：按 HJ 2.3-2018，只含降解的指数式不适用，要计纵向离散。",
        }


def _do(tables: Tables, settings: Sequence[Setting], named: Sequence[str | None]) -> dict[str, Any]:
    reaches: list[dict[str, Any]] = []
    sections: list[dict[str, Any]] = []
    for setting in settings:
        found = river_oxygen.compute(tables, setting, named)
        columns = {
            "do_head_mg_l": found.sag.do_head_mg_l,
            "do_end_mg_l": found.sag.do_end_mg_l,
            "do_min_mg_l": found.sag.do_min_mg_l,
            "min_at_m": found.sag.min_at_m,
            "cbod_head_mg_l": found.cbod.conc_head_mg_l,
            "cbod_end_mg_l": found.cbod.conc_end_mg_l,
            "nbod_head_mg_l": found.nbod.conc_head_mg_l,
            "nbod_end_mg_l": found.nbod.conc_end_mg_l,
        }
        plain = {name: _plain(values) for name, values in columns.items()}
        reaches += [
            {"reach": name, "scenario": setting.scenario, **{key: plain[key][place] for key in plain}}
            for place, name in enumerate(setting.names)
        ]
        places = list(given.places_of(tables, setting))
        oxygen = river_oxygen.at_sections(
            setting, found, [place for _row, place, _at in places], [at for _row, _place, at in places]
        )
        for (row, place, at), there in zip(places, _plain(oxygen), strict=True):
            assert tables.sections is not None
            limit = value(tables.sections, "do_limit_mg_l", row)
            sections.append(
                {
                    "section": tables.sections.columns["section"][row],
                    "scenario": setting.scenario,
                    "reach": setting.names[place],
                    "at_m": at,
                    "do_mg_l": there,
                    "do_limit_mg_l": None if limit is None else float(limit),
                    "met": None
                    if limit is None or there is None
                    else there >= float(limit) * (1 - _ROUNDING),
                }
            )
    wet = [row for row in reaches if row["do_min_mg_l"] is not None]
    least = min(wet, key=lambda row: row["do_min_mg_l"], default=None)
    minimum = least and {
        "do_mg_l": least["do_min_mg_l"],
        "reach": least["reach"],
        "at_m": least["min_at_m"],
        "scenario": least["scenario"],
    }
    return {"minimum": minimum, "reaches": reaches, "sections": sections}


def _merge(said: dict[str, Any]) -> None:
    """The oxygen of a reach and of a section beside its other values."""
    by_reach = {(row["reach"], row["scenario"]): row for row in said["do"]["reaches"]}
    for row in said["reaches"]:
        found = by_reach[row["reach"], row["scenario"]]
        row |= {name: found[name] for name in ("do_head_mg_l", "do_end_mg_l", "do_min_mg_l")}
    by_section = {(row["section"], row["scenario"]): row["do_mg_l"] for row in said["do"]["sections"]}
    for row in said["sections"]:
        row["do_mg_l"] = by_section[row["section"], row["scenario"]]


def _shared_background(tables: Tables, named: Sequence[str | None]) -> None:
    """One column of background for several substances is said, because it is rarely meant."""
    plain = [one for one in named if given.own_column(tables.reaches, "inflow_conc_mg_l", one) is None]
    if tables.oxygen is None and len(plain) > 1 and any(tables.reaches.columns["inflow_conc_mg_l"]):
        names = "、".join(one or "（未写污染物）" for one in plain)
        tables.notes.append(
            f"{names}共用一列汇入浓度；各有浓度的，请分列写成 inflow_conc_mg_l:污染物。降解系数同样可写 k_per_day:污染物。"
        )


def _show(said: dict[str, Any]) -> None:
    number = frame.number
    several = len({(row["scenario"], row["substance"]) for row in said["reaches"]}) > 1

    def label(row: dict[str, Any]) -> tuple[str, ...]:
        return (row["scenario"] or "—", row["substance"] or "—") if several else ()

    heads = ("情景", "污染物") if several else ()
    oxygen = ("溶解氧最低",) if "do" in said else ()
    shown = said["reaches"][:MOST_SHOWN]
    frame.print_table(
        ("河段", *heads, "流量(m3/s)", "起点浓度(mg/L)", "终点浓度(mg/L)", *oxygen),
        (
            (
                row["reach"], *label(row), number(row["flow_m3_s"], 3), number(row["conc_head_mg_l"], 4),
                number(row["conc_end_mg_l"], 4), *(number(row["do_min_mg_l"], 3) for _one in oxygen),
            )
            for row in shown
        ),
        title="河段",
    )  # fmt: skip
    if len(said["reaches"]) > len(shown):
        click.echo(f"……其余 {len(said['reaches']) - len(shown)} 行见 --json")
    if said["sections"]:
        click.echo()
        frame.print_table(
            ("断面", *heads, "浓度(mg/L)", "限值(mg/L)", "达标", *(("溶解氧(mg/L)",) if oxygen else ())),
            (
                (
                    row["section"], *label(row), number(row["conc_mg_l"], 4), number(row["limit_mg_l"], 4),
                    {True: "是", False: "否", None: "—"}[row["met"]],
                    *(number(row["do_mg_l"], 3) for _one in oxygen),
                )
                for row in said["sections"]
            ),
            title="断面",
        )  # fmt: skip
    for row in said["warnings"]:
        click.echo(f"注意：河段 {row['reach']}：{row['message']}")
    for note in said["notes"]:
        click.echo(f"说明：{note}")
