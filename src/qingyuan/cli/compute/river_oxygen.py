"""Oxygen for `qingyuan river --do`: which loads take up oxygen, with which rates, and what the sag is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qingyuan.cli.compute import river_input as given
from qingyuan.cli.compute.river_input import Setting, Tables, numbers, value
from qingyuan.engine.river import Demand, Profile, Sag, at_temperature, oxygen_at, route, sag
from qingyuan.engine.river.network import Numbers
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.schema import fold

CBOD = frozenset(map(fold, ("", "CBOD", "CBODu", "BOD", "BODu", "碳化需氧量")))
NBOD = frozenset(map(fold, ("NBOD", "NBODu", "NOD", "硝化需氧量")))
DO = frozenset(map(fold, ("DO", "溶解氧")))
_AMMONIA = frozenset(map(fold, ("NH3-N", "氨氮", "NH4-N")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Oxygen:
    """The sag of one scenario with what it was computed from."""

    demand: Demand
    sag: Sag
    cbod: Profile
    nbod: Profile


def is_oxygen(substance: str | None) -> bool:
    return fold(substance or "") in DO


def rate_of(tables: Tables, setting: Setting, substance: str | None) -> Numbers | None:
    """With oxygen asked for, CBOD and NBOD decay at kc and kn; None for everything else."""
    if tables.oxygen is None:
        return None
    name = fold(substance or "")
    if name in CBOD:
        return _rate(tables, setting, "kc")
    return _rate(tables, setting, "kn") if name in NBOD else None


def check(tables: Tables, named: Sequence[str | None]) -> None:
    """A row a reach and scenario, a kn where there is NBOD, something that takes up oxygen at all."""
    oxygen = tables.oxygen
    assert oxygen is not None
    told: dict[Any, set[str | None]] = {}
    for row in range(len(oxygen)):
        told.setdefault(value(oxygen, "reach", row), set()).add(value(oxygen, "scenario", row))
    for row in range(len(tables.reaches)):
        reach, scenario = value(tables.reaches, "reach", row), value(tables.reaches, "scenario", row)
        if reach is not None and not told.get(reach, set()) & {None, scenario}:
            tables.problems.append(
                Problem(
                    file=oxygen.file, sheet=oxygen.sheet, title="河段", value=reach,
                    expected=f"河段 {reach} 的一行溶解氧参数", mend="每个河段都要有复氧、耗氧系数和饱和溶解氧。",
                )
            )  # fmt: skip
    folded = {fold(one or "") for one in named}
    brought = {name for name in ("inflow_cbod_mg_l", "inflow_nbod_mg_l") if any(_said(oxygen, name))}
    if not folded & (CBOD | NBOD) and not brought:
        tables.problems.append(
            Problem(
                file=tables.loads.file, sheet=tables.loads.sheet, title="污染物", value="、".join(filter(None, named)),
                expected="CBOD 或 NBOD 的负荷", mend="算溶解氧要有耗氧物质：在污染物列写 CBOD、NBOD，或在溶解氧参数表填汇入的需氧量。",
            )
        )  # fmt: skip
    if folded & NBOD or "inflow_nbod_mg_l" in brought:
        for row in range(len(oxygen)):
            if value(oxygen, "kn", row) is None and not given.complained(oxygen, row, "kn"):
                tables.wrong(
                    oxygen, row, "kn", value="", expected="硝化耗氧系数（1/d）", mend="不硝化的填 0。"
                )
    elif folded & _AMMONIA:
        tables.notes.append("氨氮负荷没有计入硝化需氧；如需计入，请另列 NBOD 的负荷（氨氮 × 4.57）。")
    _oxygen_of_loads(tables)


def _oxygen_of_loads(tables: Tables) -> None:
    """Where effluents bring stated oxygen, the oxygen of the river's own water must be stated as well."""
    oxygen, loads = tables.oxygen, tables.loads
    assert oxygen is not None
    row_of = {value(oxygen, "reach", row): row for row in range(len(oxygen))}
    asked = {
        value(loads, "reach", row) for row in range(len(loads)) if is_oxygen(value(loads, "substance", row))
    }
    for reach in sorted(asked & set(row_of), key=str):
        if value(oxygen, "inflow_do_mg_l", row_of[reach]) is None:
            tables.wrong(
                oxygen, row_of[reach], "inflow_do_mg_l", value="", expected="汇入水的溶解氧（mg/L）",
                mend="排水带入的溶解氧已在负荷表中；请填其余来水的溶解氧，全部在负荷表中的填 0。",
            )  # fmt: skip


def _said(oxygen: Any, name: str) -> list[bool]:
    return [
        value(oxygen, name, row) is not None and value(oxygen, name, row) > 0 for row in range(len(oxygen))
    ]


def _rows(tables: Tables, setting: Setting) -> list[int]:
    oxygen = tables.oxygen
    assert oxygen is not None
    found: dict[Any, int] = {}
    for row in range(len(oxygen)):
        scenario = value(oxygen, "scenario", row)
        if scenario == setting.scenario or (scenario is None and value(oxygen, "reach", row) not in found):
            found[value(oxygen, "reach", row)] = row
    return [found[name] for name in setting.names]


def _rate(tables: Tables, setting: Setting, name: str) -> Numbers:
    oxygen, rows = tables.oxygen, _rows(tables, setting)
    assert oxygen is not None
    temperature = numbers(tables.reaches, "temperature_c", setting.rows, np.nan)
    return at_temperature(
        numbers(oxygen, name, rows, 0.0), numbers(oxygen, f"theta_{name}", rows, np.nan), temperature
    )


def compute(tables: Tables, setting: Setting, named: Sequence[str | None]) -> Oxygen:
    """The sag of one scenario. Inflows without stated oxygen are taken as saturated, and a note says so."""
    oxygen, rows = tables.oxygen, _rows(tables, setting)
    assert oxygen is not None
    channel = setting.channel
    saturation = numbers(oxygen, "do_sat_mg_l", rows, np.nan)
    stated = numbers(oxygen, "inflow_do_mg_l", rows, np.nan)
    if (np.isnan(stated) & (channel.inflow_m3_s > 0)).any():
        note = "没有给出溶解氧的汇入水按饱和计。"
        if note not in tables.notes:
            tables.notes.append(note)
    brought: Numbers = np.zeros(len(rows))
    for substance in named:
        if is_oxygen(substance):
            brought = brought + given.loads_of(tables, setting, substance)
    profiles = []
    for names, rate, inflow in ((CBOD, "kc", "inflow_cbod_mg_l"), (NBOD, "kn", "inflow_nbod_mg_l")):
        load: Numbers = np.zeros(len(rows))
        plain: Numbers = np.zeros(len(rows))
        for substance in named:
            if fold(substance or "") in names:
                load = load + given.loads_of(tables, setting, substance)
                plain = background(tables, setting, substance)
        conc = numbers(oxygen, inflow, rows, np.nan)
        profiles.append(
            route(
                channel,
                k_per_day=_rate(tables, setting, rate),
                load_g_s=load,
                inflow_conc_mg_l=np.where(np.isnan(conc), plain, conc),
            )
        )
    cbod, nbod = profiles
    demand = Demand(
        ka=_rate(tables, setting, "ka"),
        kc=_rate(tables, setting, "kc"),
        kn=_rate(tables, setting, "kn"),
        do_sat_mg_l=saturation,
        cbod_head_mg_l=cbod.conc_head_mg_l,
        nbod_head_mg_l=nbod.conc_head_mg_l,
    )
    found = sag(
        channel,
        demand,
        inflow_do_mg_l=np.where(np.isnan(stated), saturation, stated),
        load_do_g_s=brought,
    )
    if (found.do_min_mg_l < 0).any():
        tables.notes.append(
            f"有 {int((found.do_min_mg_l < 0).sum())} 个河段的溶解氧算得负值：那里已经缺氧，公式不再成立。"
        )
    return Oxygen(demand=demand, sag=found, cbod=cbod, nbod=nbod)


def background(tables: Tables, setting: Setting, substance: str | None) -> Numbers:
    """Concentration of the inflows, mg/L. With oxygen, CBOD and NBOD may have it in the oxygen table instead.

    The plain column is not taken for NBOD and DO, which it can hardly mean beside CBOD.
    """
    name = fold(substance or "")
    rows = setting.rows
    if tables.oxygen is not None and name in NBOD | DO:
        own = given.own_column(tables.reaches, "inflow_conc_mg_l", substance)
        values = numbers(tables.reaches, own, rows, 0.0) if own else np.zeros(len(rows))
    else:
        values = given.of_substance(tables.reaches, "inflow_conc_mg_l", substance, rows, 0.0)
    if tables.oxygen is not None and name in CBOD | NBOD:
        column = "inflow_cbod_mg_l" if name in CBOD else "inflow_nbod_mg_l"
        stated = numbers(tables.oxygen, column, _rows(tables, setting), np.nan)
        values = np.where(np.isnan(stated), values, stated)
    return values


def at_sections(setting: Setting, oxygen: Oxygen, reach: list[int], at_m: list[float]) -> Numbers:
    """DO in mg/L at the sections."""
    return oxygen_at(
        setting.channel,
        oxygen.demand,
        oxygen.sag,
        reach=np.array(reach, dtype=np.intp),
        at_m=np.array(at_m, dtype=np.float64),
    )
