"""From the files of `qingyuan water` to the engine's plant: everything wrong in all of them at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qingyuan.cli.compute import frame
from qingyuan.engine.water.parts import FRESH, WASTE, Demand, Process, Source, Unit
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading, read_table
from qingyuan.workbooks.schema import NA
from qingyuan.workbooks.water import KINDS, load_table, regeneration_table, stream_table

ONE = "污染物"
"""What the one contaminant of a table without names is called inside."""


@dataclass(slots=True)
class Inputs:
    """What the files hold, as far as it is sound."""

    processes: list[Process] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    demands: list[Demand] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)


def inputs(file: Path, regeneration: Path | None, *, fresh_ppm: float) -> Inputs:
    """Raises BadInput with the problems of all files and options."""
    problems: list[Problem] = []
    if not (math.isfinite(fresh_ppm) and fresh_ppm >= 0):
        problems.append(
            Problem(file="--fresh-ppm", value=str(fresh_ppm), expected="不小于 0 的数", mend="请改正参数。")
        )
    reading = frame.look(file, load_table() if _is_load(file) else stream_table())
    rows = _Rows(reading, problems)
    found = Inputs()
    if reading.table.name == "processes":
        _processes(rows, found)
    else:
        _streams(rows, found)
    readings = [reading]
    if regeneration is not None:
        units = frame.look(regeneration, regeneration_table())
        readings.append(units)
        names = {FRESH, WASTE}
        names |= {one.name for one in found.processes}
        names |= {one.name for one in found.sources} | {one.name for one in found.demands}
        _units(units, found, problems, contaminants=rows.contaminants, names=names)
    frame.refuse(readings, problems)
    return found


def _is_load(file: Path) -> bool:
    """Whether the headers are those of the fixed load rather than of the fixed flow."""
    if not file.is_file():
        return True
    found = [read_table(file, table) for table in (load_table(), stream_table())]
    # A book may hold both sheets, one of them empty: rows tell before headers do.
    load, flow = ((len(one) > 0, len(one.places)) for one in found)
    return load >= flow


class _Rows:
    """The rows of processes or streams, by name and contaminant; reports what only a look across them shows."""

    def __init__(self, reading: Reading, problems: list[Problem]) -> None:
        self.reading, self.problems = reading, problems
        named = any(value is not None and value is not NA for value in reading.columns.get("contaminant", ()))
        self.contaminants: list[str] = []
        self.groups: dict[tuple[str, ...], dict[str, int]] = {}
        self.rows = list(reading.rows())
        key = ("process",) if reading.table.name == "processes" else ("name", "kind")
        for index, row in enumerate(self.rows):
            if any(row[name] is None for name in key):
                continue
            group = tuple(KINDS.get(row[name], row[name]) for name in key)
            if group[0] in {FRESH, WASTE}:
                self.wrong(index, key[0], group[0], f"{FRESH}、{WASTE} 以外的名称", "请改名。")
            contaminant = contaminant_of(reading, index, row["contaminant"])
            if named and contaminant == ONE:
                self.wrong(index, "contaminant", "", "有几种污染物时，每行写明污染物", "请填写污染物。")
                continue
            if contaminant not in self.contaminants:
                self.contaminants.append(contaminant)
            known = self.groups.setdefault(group, {})
            if contaminant in known:
                at = reading.row_numbers[known[contaminant]]
                self.wrong(
                    index,
                    key[0],
                    group[0],
                    "每种污染物一行，不重复",
                    f"与第 {at} 行重复，请删去或改正其中一行。",
                )
            else:
                known[contaminant] = index
        for group, known in self.groups.items():
            for contaminant in self.contaminants:
                if contaminant not in known:
                    first = next(iter(known.values()))
                    self.wrong(
                        first,
                        "contaminant",
                        group[0],
                        f"另有一行写明 {contaminant}",
                        "每个过程或水流都要写全各种污染物；没有的填 0。",
                    )

    def wrong(self, index: int, column: str, value: object, expected: str, mend: str) -> None:
        self.problems.append(
            frame.problem_at(self.reading, index, column, value=value, expected=expected, mend=mend)
        )

    def values(self, known: Mapping[str, int], column: str) -> dict[str, float]:
        """By contaminant; refused cells count as 0 here, they have their own problem."""
        return {name: float(self.rows[index][column] or 0) for name, index in known.items()}


def contaminant_of(reading: Reading, index: int, value: Any) -> str:
    """`Na` is sodium; na and blank are the one contaminant."""
    if value is NA:
        raw = str(reading.cells[reading.row_numbers[index] - 1][reading.places["contaminant"]]).strip()
        return raw if raw == "Na" else ONE
    return value or ONE


def _processes(rows: _Rows, found: Inputs) -> None:
    for (name,), known in rows.groups.items():
        for index in known.values():
            row = rows.rows[index]
            low, high, load = row["c_in_max_ppm"], row["c_out_max_ppm"], row["load_kg_h"]
            if low is None or high is None:
                continue
            if high < low or (high == low and load is not None and load > 0):
                rows.wrong(
                    index, "c_out_max_ppm", high, f"高于入口最大浓度 {low}", "否则带不走负荷，请核对。"
                )
        found.processes.append(
            Process(
                name=name,
                load=rows.values(known, "load_kg_h"),
                inlet=rows.values(known, "c_in_max_ppm"),
                outlet=rows.values(known, "c_out_max_ppm"),
            )
        )


def _streams(rows: _Rows, found: Inputs) -> None:
    for (name, kind), known in rows.groups.items():
        flows = {rows.rows[index]["flow_t_h"]: index for index in known.values()}
        if len(flows) > 1:
            values = "、".join(str(flow) for flow in flows if flow is not None)
            rows.wrong(max(flows.values()), "flow_t_h", values, "同一水流各行流量相同", "请核对。")
        flow = float(next(iter(flows)) or 0)
        ppm = rows.values(known, "c_ppm")
        if kind == "source":
            found.sources.append(Source(name=name, flow=flow, ppm=ppm))
        else:
            found.demands.append(Demand(name=name, flow=flow, ppm=ppm))


def _units(
    reading: Reading, found: Inputs, problems: list[Problem], *, contaminants: Sequence[str], names: set[str]
) -> None:
    def wrong(index: int, column: str, value: object, expected: str, mend: str) -> None:
        problems.append(frame.problem_at(reading, index, column, value=value, expected=expected, mend=mend))

    seen: dict[tuple[str, str], int] = {}
    first: dict[str, dict[str, Any]] = {}
    outlet: dict[str, dict[str, float]] = {}
    removal: dict[str, dict[str, float]] = {}
    named = {row["contaminant"] for row in reading.rows()} - {None, NA}
    # Water that names no contaminant has one; units that all name the same one mean it.
    meant = named if len(named) == 1 and list(contaminants) == [ONE] else set()
    for index, row in enumerate(reading.rows()):
        unit = row["unit"]
        if unit is None:
            continue
        if unit in names:
            wrong(index, "unit", unit, "与水流、过程不同的名称", "请改名。")
        contaminant = contaminant_of(reading, index, row["contaminant"])
        if contaminant in meant | {ONE} and len(contaminants) == 1:
            contaminant = contaminants[0]
        if contaminant not in contaminants:
            value = "" if contaminant == ONE else contaminant
            wrong(index, "contaminant", value, f"用水表中的污染物：{'、'.join(contaminants)}", "请核对名称。")
        if (unit, contaminant) in seen:
            at = reading.row_numbers[seen[unit, contaminant]]
            wrong(index, "unit", unit, "每种污染物一行，不重复", f"与第 {at} 行重复。")
        seen.setdefault((unit, contaminant), index)
        given = [name for name in ("c_out_ppm", "removal") if _float(row[name]) is not None]
        refused = any(problem.row == reading.row_numbers[index] for problem in reading.problems)
        if len(given) != 1 and not (refused and not given):
            wrong(index, "c_out_ppm", "、".join(given), "c_out_ppm 与 removal 恰好填一项", "请核对。")
        common = {name: _float(row[name]) for name in ("capacity_t_h", "cost_per_t")}
        for name, value in first.setdefault(unit, common).items():
            if common[name] is not None and value is not None and common[name] != value:
                wrong(index, name, common[name], f"同一装置各行相同（{value:g}）", "请核对。")
        if given == ["c_out_ppm"]:
            outlet.setdefault(unit, {})[contaminant] = float(row["c_out_ppm"])
        elif given == ["removal"]:
            removal.setdefault(unit, {})[contaminant] = float(row["removal"])
    for unit, common in first.items():
        capacity = common["capacity_t_h"]
        found.units.append(
            Unit(
                name=unit,
                outlet=outlet.get(unit, {}),
                removal=removal.get(unit, {}),
                capacity=math.inf if capacity is None else capacity,
                cost=common["cost_per_t"] or 0.0,
            )
        )


def _float(value: Any) -> float | None:
    return None if value is None or value is NA else float(value)
