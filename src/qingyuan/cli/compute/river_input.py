"""From the tables of `qingyuan river` to the engine's arrays: everything that only a look across the tables shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qingyuan.cli.compute import frame
from qingyuan.engine.river import OUTLET, Channel, at_temperature, circles, network
from qingyuan.engine.river.network import Numbers
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA, fold

MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The river of one scenario: `rows` are the data rows of the reaches, in the order of the channel's arrays."""

    scenario: str | None
    rows: Sequence[int]
    names: Sequence[str]
    index: dict[str, int]
    channel: Channel


@dataclass(slots=True, kw_only=True)
class Tables:
    """What was read, what is wrong across it, and what a reader of the result should know."""

    reaches: Reading
    loads: Reading
    sections: Reading | None = None
    oxygen: Reading | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def readings(self) -> list[Reading]:
        return [one for one in (self.reaches, self.loads, self.sections, self.oxygen) if one is not None]

    def wrong(
        self, reading: Reading, row: int, column: str, *, value: object, expected: str, mend: str = ""
    ) -> None:
        self.problems.append(
            frame.problem_at(reading, row, column, value=value, expected=expected, mend=mend)
        )


def value(reading: Reading, name: str, row: int) -> Any:
    """The cell's value; None where it is blank or says na."""
    found = reading.columns[name][row]
    return None if found is NA else found


def numbers(reading: Reading, name: str, rows: Sequence[int], default: float) -> Numbers:
    """A column as an array, `default` where a cell is blank or says na."""
    column = reading.columns.get(name)
    if column is None:
        return np.full(len(rows), default)
    return np.array(
        [default if (one := column[row]) is None or one is NA else float(one) for row in rows],
        dtype=np.float64,
    )


def settings(tables: Tables) -> list[Setting]:
    """The scenarios of the reaches, each with its network. What is wrong is noted in `tables.problems`."""
    reaches = tables.reaches
    found: list[Setting] = []
    groups: dict[str | None, list[int]] = {}
    for row in range(len(reaches)):
        groups.setdefault(value(reaches, "scenario", row), []).append(row)
    if len(groups) > 1 and None in groups:
        for row in groups.pop(None):
            tables.wrong(
                reaches, row, "scenario", value="", expected="情景的名称",
                mend="其他河段写了情景，这一行也要写；各情景都要有完整的河段。",
            )  # fmt: skip
    for scenario, rows in groups.items():
        setting = _setting(tables, scenario, rows)
        if setting is not None:
            found.append(setting)
    return found


def _setting(tables: Tables, scenario: str | None, rows: list[int]) -> Setting | None:
    reaches = tables.reaches
    before = len(tables.problems)
    names = [value(reaches, "reach", row) for row in rows]
    index: dict[str, int] = {}
    for place, name in enumerate(names):
        if name is None:
            continue
        if name in index:
            tables.wrong(
                reaches, rows[place], "reach", value=name, expected="同一情景内河段不重复",
                mend=f"与第 {reaches.row_numbers[rows[index[name]]]} 行重复，请删去或改正其中一行。",
            )  # fmt: skip
        else:
            index[name] = place
    down = [OUTLET] * len(rows)
    for place, row in enumerate(rows):
        below = value(reaches, "down", row)
        if below is None:
            continue
        if below in index:
            down[place] = index[below]
        else:
            tables.wrong(
                reaches,
                row,
                "down",
                value=below,
                expected="本表中的河段，出口河段留空",
                mend="请核对下游河段的名称。",
            )
    for circle in circles(down):
        shown = [str(names[place]) for place in [*circle, circle[0]]]
        if len(shown) > MOST_NAMED:
            shown = [*shown[: MOST_NAMED - 1], "…", shown[-1]]
        tables.wrong(
            reaches, rows[circle[0]], "down", value=" → ".join(shown), expected="水往下游流，河段不成环",
            mend="请改正其中一个河段的下游。",
        )  # fmt: skip
    if len(tables.problems) > before or any(one.level == "error" for one in reaches.problems):
        return None
    channel = Channel(
        network=network(down),
        length_m=numbers(reaches, "length_m", rows, np.nan),
        velocity_m_s=numbers(reaches, "velocity_m_s", rows, np.nan),
        inflow_m3_s=numbers(reaches, "inflow_m3_s", rows, 0.0),
    )
    return Setting(scenario=scenario, rows=rows, names=names, index=index, channel=channel)


def substances(tables: Tables) -> list[str | None]:
    """The substances of the loads, then those that only the reaches' columns name; [None] if nothing is named."""
    named: dict[str, str | None] = {}
    for one in tables.loads.columns["substance"]:
        named.setdefault(fold(one) if one is not None else "", one)
    for column in tables.reaches.columns:
        if column.startswith("inflow_conc_mg_l:"):
            name = column.partition(":")[2]
            named.setdefault(fold(name), name)
    return list(named.values()) or [None]


def own_column(reading: Reading, name: str, substance: str | None) -> str | None:
    """The column `name:substance` of the file, if it has one."""
    if substance is None:
        return None
    wanted = fold(substance)
    for column in reading.columns:
        head, _colon, tail = column.partition(":")
        if head == name and tail and fold(tail) == wanted:
            return column
    return None


def of_substance(
    reading: Reading, name: str, substance: str | None, rows: Sequence[int], default: float
) -> Numbers:
    """The substance's own column where it says something, else the plain one, else `default`."""
    plain = numbers(reading, name, rows, default)
    own = own_column(reading, name, substance)
    if own is None:
        return plain
    values = numbers(reading, own, rows, np.nan)
    return np.where(np.isnan(values), plain, values)


def decay(tables: Tables, setting: Setting, substance: str | None) -> Numbers:
    """K per day at the river's temperature; nan where it is not stated."""
    rows = setting.rows
    stated = of_substance(tables.reaches, "k_per_day", substance, rows, np.nan)
    theta = of_substance(tables.reaches, "theta", substance, rows, np.nan)
    temperature = numbers(tables.reaches, "temperature_c", rows, np.nan)
    if (np.isfinite(theta) != np.isfinite(temperature)).any():
        note = "有的河段只给了水温或只给了温度校正系数，这些河段的降解系数没有作温度校正。"
        if note not in tables.notes:
            tables.notes.append(note)
    return at_temperature(stated, theta, temperature)


def decay_stated(tables: Tables, named: Sequence[str | None]) -> None:
    """Every substance needs a K in every reach."""
    reaches = tables.reaches
    rows = range(len(reaches))
    missing: dict[int, tuple[str, list[str]]] = {}
    for substance in named:
        stated = of_substance(reaches, "k_per_day", substance, rows, np.nan)
        for row in np.flatnonzero(np.isnan(stated)).tolist():
            column = own_column(reaches, "k_per_day", substance) or "k_per_day"
            if not complained(reaches, row, column):
                missing.setdefault(row, (column, []))[1].append(substance or "")
    for row, (column, which) in missing.items():
        said = "、".join(filter(None, which))
        tables.wrong(
            reaches, row, column, value="", expected=f"{said + '的' if said else ''}降解系数（1/d）",
            mend="不降解的填 0。",
        )  # fmt: skip


def complained(reading: Reading, row: int, column: str) -> bool:
    """Whether the cell is wrong already, so that its blank is no second problem."""
    title, number = reading.table.column(column).title_zh, reading.row_numbers[row]
    return any(one.row == number and one.title == title for one in reading.problems)


def loads_of(tables: Tables, setting: Setting, substance: str | None) -> Numbers:
    """g/s at the head of each reach of the scenario: all rows of the substance together."""
    total = np.zeros(len(setting.names))
    wanted = fold(substance or "")
    loads = tables.loads
    places, amounts = [], []
    for row, (reach, amount, name) in enumerate(
        zip(loads.columns["reach"], loads.columns["load_g_s"], loads.columns["substance"], strict=True)
    ):
        if reach not in setting.index or amount is None or fold(name or "") != wanted:
            continue
        if value(loads, "scenario", row) in {None, setting.scenario}:
            places.append(setting.index[reach])
            amounts.append(float(amount))
    np.add.at(total, places, amounts)
    return total


def references(tables: Tables) -> None:
    """Loads, sections and oxygen must name reaches and scenarios that exist, and not twice the same."""
    reaches = tables.reaches
    known: dict[str, set[str | None]] = {}
    for row in range(len(reaches)):
        if (name := value(reaches, "reach", row)) is not None:
            known.setdefault(name, set()).add(value(reaches, "scenario", row))
    scenarios = {value(reaches, "scenario", row) for row in range(len(reaches))}
    keys = {
        id(tables.loads): ("reach", "substance", "source", "scenario"),
        id(tables.sections): ("section", "substance", "scenario"),  # and see _overlaps
        id(tables.oxygen): ("reach", "scenario"),
    }
    for reading in tables.readings[1:]:
        seen: dict[tuple[Any, ...], int] = {}
        key = keys[id(reading)]
        for row in range(len(reading)):
            _one_reference(tables, reading, row, known, scenarios)
            entry = tuple(value(reading, name, row) for name in key)
            # Outfalls without a name add up; the same named source twice is a slip.
            if entry[0] is None or (reading is tables.loads and entry[2] is None):
                continue
            if entry in seen:
                tables.wrong(
                    reading, row, key[0], value=" ".join(str(one) for one in entry if one is not None),
                    expected="不重复的一行", mend=f"与第 {reading.row_numbers[seen[entry]]} 行重复，请删去或改正其中一行。",
                )  # fmt: skip
            seen.setdefault(entry, row)
    _overlaps(tables)


def _overlaps(tables: Tables) -> None:
    """A section for all substances (or scenarios) and once more for one of them would judge that one twice."""
    sections = tables.sections
    known: dict[str, list[tuple[int, str | None, str | None]]] = {}
    for row in range(len(sections) if sections is not None else 0):
        assert sections is not None
        name = value(sections, "section", row)
        one, scenario = value(sections, "substance", row), value(sections, "scenario", row)
        for first, other, when in known.get(name, ()) if name is not None else ():
            alike = (one, scenario) == (other, when)  # said already
            if (
                not alike
                and (None in {one, other} or one == other)
                and (None in {scenario, when} or scenario == when)
            ):
                tables.wrong(
                    sections, row, "section", value=name, expected="一个断面的一种污染物、一个情景只有一行",
                    mend=f"与第 {sections.row_numbers[first]} 行重叠：留空表示全部污染物或情景。",
                )  # fmt: skip
                break
        known.setdefault(name, []).append((row, one, scenario))


def _one_reference(
    tables: Tables, reading: Reading, row: int, known: dict[str, set[str | None]], scenarios: set[str | None]
) -> None:
    reach, scenario = value(reading, "reach", row), value(reading, "scenario", row)
    if reach is not None and reach not in known:
        tables.wrong(reading, row, "reach", value=reach, expected="河段表中的河段", mend="请核对河段的名称。")
    elif scenario is not None and scenario not in scenarios:
        tables.wrong(
            reading, row, "scenario", value=scenario, expected="河段表中的情景", mend="请核对情景的名称。"
        )
    elif reach is not None and (lacking := ({scenario} if scenario else scenarios) - known[reach]):
        names = "、".join(sorted(str(one) for one in lacking if one is not None))
        tables.wrong(
            reading,
            row,
            "reach",
            value=reach,
            expected=f"情景 {names} 中也有的河段",
            mend="请在河段表中补上，或在本行写明情景。",
        )


def places_of(tables: Tables, setting: Setting) -> Iterator[tuple[int, int, float]]:
    """The sections of a scenario: row of the table, reach, metres below its head. Notes those beyond the reach's end."""
    sections = tables.sections
    if sections is None:
        return
    for row in range(len(sections)):
        reach, at = value(sections, "reach", row), value(sections, "at_m", row)
        if (
            reach in setting.index
            and at is not None
            and value(sections, "scenario", row) in {None, setting.scenario}
        ):
            yield row, setting.index[reach], float(at)


def inside(tables: Tables) -> None:
    """A section lies within its reach."""
    sections, reaches = tables.sections, tables.reaches
    if sections is None:
        return
    shortest: dict[Any, Any] = {}
    for row in range(len(reaches)):
        name, length = value(reaches, "reach", row), value(reaches, "length_m", row)
        if name is not None and length is not None:
            shortest[name] = min(length, shortest.get(name, length))
    for row in range(len(sections)):
        reach, at = value(sections, "reach", row), value(sections, "at_m", row)
        if at is not None and reach in shortest and at > shortest[reach]:
            tables.wrong(
                sections,
                row,
                "at_m",
                value=at,
                expected=f"0 至河段长度 {shortest[reach]} m 之间",
                mend="请核对断面所在的河段。",
            )


def judged(tables: Tables, named: Sequence[str | None]) -> None:
    """A section that judges one substance must name one that is there."""
    sections = tables.sections
    known = {fold(one or "") for one in named}
    for row in range(len(sections) if sections is not None else 0):
        assert sections is not None
        one = value(sections, "substance", row)
        if one is not None and fold(one) not in known:
            tables.wrong(
                sections,
                row,
                "substance",
                value=one,
                expected="负荷表或河段表中的污染物",
                mend="请核对污染物的名称。",
            )


def dry(tables: Tables, setting: Setting, named: Sequence[str | None]) -> None:
    """A load needs water to enter."""
    flow = setting.channel.flow()
    for substance in named:
        for place in np.flatnonzero((flow <= 0) & (loads_of(tables, setting, substance) > 0)).tolist():
            tables.wrong(
                tables.reaches, setting.rows[place], "inflow_m3_s", value=0, expected="有负荷汇入的河段流量大于 0",
                mend="请填本河段或上游的汇入流量（排水本身也算），或删去这里的负荷。",
            )  # fmt: skip
    if (flow <= 0).any():
        names = [setting.names[place] for place in np.flatnonzero(flow <= 0)[:MOST_NAMED].tolist()]
        tables.notes.append(
            f"没有水的河段（浓度为空）：{'、'.join(names)}{'…' if (flow <= 0).sum() > MOST_NAMED else ''}"
        )
