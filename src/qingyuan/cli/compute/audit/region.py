"""`qingyuan region`: the joint audit of a region or basin out of one 区域流域审核数据采集表."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from qingyuan.cli.compute import frame
from qingyuan.cli.compute.abatement import macc
from qingyuan.cli.compute.air import air
from qingyuan.cli.compute.air_input import NOX, VOC, canonical
from qingyuan.cli.compute.audit import aftermath, burdens, premiums
from qingyuan.cli.compute.audit.outlets import by_enterprise
from qingyuan.cli.compute.audit.parts import Part, Sheets
from qingyuan.cli.compute.audit.whole import audit
from qingyuan.cli.compute.portfolio_input import read_case
from qingyuan.cli.compute.portfolio_ozone import OZONE
from qingyuan.cli.compute.river import river
from qingyuan.cli.compute.river_stem import stem
from qingyuan.cli.compute.select import select
from qingyuan.engine.portfolio.child import Child
from qingyuan.workbooks import emissions
from qingyuan.workbooks import region as book
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import fold
from qingyuan.workbooks.write import write_csv

REACHES, SECTIONS, OXYGEN = "河段表", "断面表", "溶解氧参数表"
RECEPTORS, MATRIX, SURFACE = "受体点表", "传输系数表", "臭氧响应面表"
BASES, FRONT, RATE = "公平基准表", 7, 0.06
FRONT_UNDER_OZONE = 5
"""Points where ozone is among the targets: each is a search over the surface of its own."""
MEASURES, TARGETS, EMISSIONS, ENTERPRISES = "备选方案表", "目标表", "污染排放", "企业"


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="写到哪个文件夹 Folder of the results."
)
@frame.json_option
def region(dataset: Path, *, out: Path, as_json: bool) -> None:
    """区域流域协同审核：河流和大气的响应、最低费用的方案组合，写成报告、工作簿和图。"""
    with tempfile.TemporaryDirectory() as folder:
        audit(
            dataset,
            book.region_tables(),
            partial(parts_of, folder=Path(folder)),
            out=out,
            title="区域流域清洁生产协同审核报告",
            as_json=as_json,
            further=partial(further, folder=Path(folder)),
        )


def parts_of(sheets: Sheets, *, folder: Path) -> Iterator[Part]:
    """Emissions become loads and sources; the responses go on to the selection. Order matters."""
    here = str(sheets.path)
    stated = sheets.readings.get(EMISSIONS)
    if stated is None:
        return
    sheets.problems += emissions.contradictions(stated)
    responses: list[Path] = []
    if sheets.has(REACHES):
        loads = _written(emissions.loads(stated), folder / "入河负荷表.csv")
        responses.append(folder / "river.csv")
        more = (*sheets.option("--sections", SECTIONS), *sheets.option("--do", OXYGEN))
        known = ("--coefficients", str(responses[-1]))
        yield Part("river", river, ("--reaches", here, "--loads", str(loads), *more, *known))
    if sheets.has(RECEPTORS, MATRIX):
        counties = sheets.readings[ENTERPRISES]
        county_of = {
            str(row["enterprise"]): str(row["county"]) for row in counties.rows() if row["enterprise"]
        }
        sources = _written(emissions.sources(stated, county_of), folder / "大气污染源表.csv")
        responses.append(folder / "air.csv")
        known = ("--coefficients", str(responses[-1]))
        surface = sheets.option("--surface", SURFACE)
        yield Part(
            "air",
            air,
            ("--sources", str(sources), "--receptors", here, "--matrix", here, *surface, *known),
        )
    if sheets.has(MEASURES, TARGETS):
        if (folder / "river.csv").exists():
            by_enterprise(folder / "river.csv", stated)
        response = _together([one for one in responses if one.exists()], folder / "响应系数表.csv")
        answers = ("--response", str(response)) if response else ()
        ozone = _ozone(sheets, stated)
        front = ("--pareto", str(FRONT_UNDER_OZONE if ozone else FRONT), "--pareto-target", "all")
        more = (*answers, *ozone, *front, "--no-resolve")
        yield Part("select", select, ("--measures", here, "--targets", here, *more))


def further(sheets: Sheets, result: dict[str, Any], *, folder: Path) -> None:
    """What only the parts together tell, as more keys of each: the responses after the plan, who carries it, what rules cost."""
    chosen = result.get("select", {}).get("chosen")
    stated = sheets.readings.get(EMISSIONS)
    if stated is None or not chosen:
        return
    here, enterprises = str(sheets.path), sheets.readings[ENTERPRISES]
    response = folder / "响应系数表.csv"
    case = read_case(
        measures=sheets.path, targets=sheets.path, response=response if response.exists() else None,
        bases=sheets.path if sheets.has(BASES) else None, surface=sheets.path if sheets.has(SURFACE) else None,
        budget=None, by_default=False, rate=RATE, more=(),
    )  # fmt: skip
    plan = aftermath.taken(case.case, chosen)
    places = burdens.places_of(enterprises)
    before, cut = aftermath.totals(stated), aftermath.cuts(case.case, plan)
    after, doubts = aftermath.left(stated, cut)
    selected = result["select"]
    selected["schemes"] = burdens.schemes(case.case, plan, places)
    selected["macc"] = macc(case.case, plan)
    selected["allocation"] = burdens.allocation(
        case.case, plan, before=before, cut=cut, enterprises=enterprises
    )
    if "river" in result:
        known = ("--reaches", here, *sheets.option("--sections", SECTIONS), *sheets.option("--do", OXYGEN))
        found = aftermath.river_after(after, known, folder)
        if found is not None:
            result["river"]["after"] = {key: found[key] for key in ("reaches", "sections")}
            result["river"]["changes"] = aftermath.sections(result["river"], found)
            result["river"]["stem"] = stem(sheets.readings[REACHES])
    if "air" in result:
        known = ("--receptors", here, "--matrix", here, *sheets.option("--surface", SURFACE))
        found = aftermath.air_after(after, places["county"], known, folder)
        if found is not None:
            result["air"]["after"] = {
                key: found[key] for key in ("receptors", "emissions_t_per_year", "ozone")
            }
            result["air"]["changes"] = aftermath.receptors(result["air"], found)
    ready = premiums.regional(case.case, places["county"])
    bases = case.bases or premiums.bases_of(
        ready, county_of=places["county"], values=burdens.values_of(enterprises), before=before
    )
    with Child() as child:
        selected["premiums"] = premiums.premiums(
            ready, bases=bases, uncertain=premiums.deviations(ready, stated), child=child
        )
    result["flags"] += [{"part": "select", "where": "削减量", "message": one} for one in doubts]
    result["flags"] += [
        {"part": part, "where": where, "message": message}
        for part, where, message in aftermath.differences(result)
    ]


def _ozone(sheets: Sheets, stated: Reading) -> tuple[str, ...]:
    """The surface with the base year's emissions, where a target is one of ozone's."""
    if not sheets.has(SURFACE):
        return ()
    own = set(sheets.readings[SURFACE].columns.get("receptor", ()))
    targets = sheets.readings[TARGETS].columns["target"]
    if not any(name in own or (None in own and fold(str(name)) in OZONE) for name in targets if name):
        return ()
    base = {NOX: 0.0, VOC: 0.0}
    for row in emissions.sources(stated, {}).rows():
        pollutant = canonical(str(row["pollutant"]))
        if pollutant in base:
            base[pollutant] += float(row["base_t_per_year"] or row["t_per_year"] or 0)
    return ("--surface", str(sheets.path), "--nox-base", repr(base[NOX]), "--voc-base", repr(base[VOC]))


def _written(reading: Reading, path: Path) -> Path:
    with path.open("wb") as target:
        write_csv(target, reading.table, reading.rows())
    return path


def _together(parts: list[Path], path: Path) -> Path | None:
    """The response tables of river and air as one."""
    rows: list[list[str]] = []
    for part in parts:
        with part.open(encoding="utf-8-sig", newline="") as opened:
            head, *lines = csv.reader(opened)
            rows += lines if rows else [head, *lines]
    if not rows:
        return None
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows(rows)
    return path
