"""From the tables of `qingyuan air` to the engine's arrays: everything that only a look across the tables shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qingyuan.cli.compute import frame
from qingyuan.cli.compute.river_input import numbers, value
from qingyuan.engine.air import ALWAYS, UNSTATED, Transfer
from qingyuan.engine.air.particles import Numbers, Places
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import fold

NOX, VOC = "nox", "voc"
_ALIASES = {fold(one): NOX for one in ("NOx", "氮氧化物")} | {
    fold(one): VOC for one in ("VOC", "VOCs", "NMVOC", "NMVOCs", "挥发性有机物")
}
MOST_REGIMES = 2


def canonical(pollutant: str) -> str:
    """One key for a pollutant however it is spelt."""
    folded = fold(pollutant)
    return _ALIASES.get(folded, folded)


@dataclass(slots=True, kw_only=True)
class AirTables:
    """What was read, what is wrong across it, and what a reader of the result should know."""

    sources: Reading
    receptors: Reading
    matrix: Reading
    surface: Reading | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def readings(self) -> list[Reading]:
        return [one for one in (self.sources, self.receptors, self.matrix, self.surface) if one is not None]

    def wrong(
        self, reading: Reading, row: int, column: str, *, value: object, expected: str, mend: str = ""
    ) -> None:
        self.problems.append(
            frame.problem_at(reading, row, column, value=value, expected=expected, mend=mend)
        )

    def doubled(self, reading: Reading, row: int, first: int, column: str, said: object) -> None:
        number = reading.row_numbers[first]
        self.wrong(
            reading,
            row,
            column,
            value=said,
            expected="不重复的一行",
            mend=f"与第 {number} 行重复，请删去或改正其中一行。",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Emissions:
    """The rows of the sources: `pollutants` are the spellings, `group` each row's place among them."""

    t_per_year: Numbers
    group: Places
    pollutants: Sequence[str]


def emissions(tables: AirTables) -> Emissions:
    """The sources' rows. The same source and pollutant (and species) twice is noted as a problem."""
    sources = tables.sources
    spelt: dict[str, tuple[int, str]] = {}
    group = []
    seen: dict[tuple[Any, ...], int] = {}
    for row in range(len(sources)):
        source, pollutant = value(sources, "source", row), value(sources, "pollutant", row)
        key = canonical(pollutant or "")
        group.append(spelt.setdefault(key, (len(spelt), pollutant or ""))[0])
        if source is None or pollutant is None:
            continue
        entry = (source, key, value(sources, "species", row))
        if entry in seen:
            tables.doubled(
                sources, row, seen[entry], "source", " ".join(filter(None, (source, pollutant, entry[2])))
            )
        seen.setdefault(entry, row)
    return Emissions(
        t_per_year=numbers(sources, "t_per_year", range(len(sources)), 0.0),
        group=np.array(group, dtype=np.intp),
        pollutants=[name for _place, name in spelt.values()],
    )


def transfer(tables: AirTables) -> tuple[Transfer, list[str]]:
    """The matrix as triplets, rows by region laid on every source there; and the names of the regimes."""
    sources, matrix = tables.sources, tables.matrix
    receptor_of = {
        name: place for place, name in enumerate(tables.receptors.columns["receptor"]) if name is not None
    }
    by_source, by_region = _emitters(sources)
    regimes = _regimes(tables)
    seen: dict[tuple[Any, ...], int] = {}
    own: set[tuple[Any, ...]] = set()
    found: list[tuple[int, str, bool, str, int, float]] = []
    for row in range(len(matrix)):
        source, region = value(matrix, "source", row), value(matrix, "region", row)
        receptor, pollutant = value(matrix, "receptor", row), value(matrix, "pollutant", row)
        regime, amount = value(matrix, "regime", row), value(matrix, "ug_m3_per_t", row)
        if not _named(tables, row, by_source, by_region):
            continue
        if receptor is not None and receptor not in receptor_of:
            tables.wrong(
                matrix, row, "receptor", value=receptor, expected="受体点表中的受体点", mend="请核对名称。"
            )
        if receptor not in receptor_of or pollutant is None or amount is None:
            continue
        name, whole = (source, False) if source is not None else (region, True)
        key = canonical(pollutant)
        place = regimes.index(regime) if regime in regimes else ALWAYS
        entry = (name, whole, key, receptor, place)
        if entry in seen:
            tables.doubled(matrix, row, seen[entry], "receptor", f"{name} {receptor} {pollutant}")
            continue
        seen[entry] = row
        if not whole:
            own.add((name, key, receptor, place))
        found.append((receptor_of[receptor], name, whole, key, place, float(amount)))
    receptors = list(tables.receptors.columns["receptor"])
    triplets: list[tuple[int, int, float, int]] = []
    names = sources.columns["source"]
    for at, name, whole, key, place, amount in found:
        emitters = by_region if whole else by_source
        triplets += [
            (at, emission, amount, place)
            for emission in emitters[name].get(key, ())
            # What is said of a source itself goes before what is said of its region.
            if not whole or (names[emission], key, receptors[at], place) not in own
        ]
    columns = list(zip(*triplets, strict=True)) or [(), (), (), ()]
    return (
        Transfer(
            receptor=np.array(columns[0], dtype=np.intp),
            emission=np.array(columns[1], dtype=np.intp),
            ug_m3_per_t=np.array(columns[2], dtype=np.float64),
            regime=np.array(columns[3], dtype=np.intp),
        ),
        regimes,
    )


_Emitters = dict[str, dict[str, list[int]]]


def _emitters(sources: Reading) -> tuple[_Emitters, _Emitters]:
    """The rows of the sources by source and by region, and by pollutant. A source without region is its own."""
    by_source: _Emitters = {}
    by_region: _Emitters = {}
    for row in range(len(sources)):
        source, pollutant = value(sources, "source", row), value(sources, "pollutant", row)
        if source is None or pollutant is None:
            continue
        key = canonical(pollutant)
        by_source.setdefault(source, {}).setdefault(key, []).append(row)
        by_region.setdefault(value(sources, "region", row) or source, {}).setdefault(key, []).append(row)
    return by_source, by_region


def _named(tables: AirTables, row: int, by_source: _Emitters, by_region: _Emitters) -> bool:
    """Whether the row names one source or one region that is there; what is wrong with it is noted."""
    matrix = tables.matrix
    source, region = value(matrix, "source", row), value(matrix, "region", row)
    if (source is None) == (region is None):
        tables.wrong(
            matrix, row, "source", value=source or "", expected="污染源或区域，填其中一个",
            mend="一行传输系数属于一个污染源或一个区域。",
        )  # fmt: skip
    elif source is not None and source not in by_source:
        tables.wrong(
            matrix, row, "source", value=source, expected="大气污染源表中的污染源", mend="请核对名称。"
        )
    elif region is not None and region not in by_region:
        tables.wrong(
            matrix, row, "region", value=region, expected="大气污染源表中的区域", mend="请核对名称。"
        )
    else:
        return True
    return False


def _regimes(tables: AirTables) -> list[str]:
    """The regimes that the matrix names. More than two cannot be decided between, unless every receptor states its own."""
    matrix, receptors = tables.matrix, tables.receptors
    first: dict[str, int] = {}
    for row in range(len(matrix)):
        if (regime := value(matrix, "regime", row)) is not None:
            first.setdefault(regime, row)
    if len(first) > MOST_REGIMES and any(
        value(receptors, "regime", row) is None for row in range(len(receptors))
    ):
        for regime, row in list(first.items())[MOST_REGIMES:]:
            tables.wrong(
                matrix, row, "regime", value=regime, expected=f"至多 {MOST_REGIMES} 种情形（{'、'.join(list(first)[:MOST_REGIMES])}）",
                mend="多于两种的，请在受体点表中写明每个受体点的情形。",
            )  # fmt: skip
    return list(first)


def stated(tables: AirTables, regimes: Sequence[str]) -> Places:
    """Per receptor the regime that it states."""
    receptors = tables.receptors
    found = []
    for row in range(len(receptors)):
        regime = value(receptors, "regime", row)
        if regime is not None and regime not in regimes:
            tables.wrong(
                receptors,
                row,
                "regime",
                value=regime,
                expected="传输系数表中的情形",
                mend="请核对情形的名称，或留空。",
            )
        found.append(regimes.index(regime) if regime in regimes else UNSTATED)
    return np.array(found, dtype=np.intp)


def answered(tables: AirTables) -> set[str]:
    """The receptors with any coefficient; a note on the others: what is not known of them is not 0."""
    told = {name for name in tables.matrix.columns["receptor"] if name is not None}
    silent = [name for name in tables.receptors.columns["receptor"] if name not in told]
    if silent:
        names = f"{'、'.join(silent[:8])}{f'等 {len(silent)} 个' if len(silent) > 8 else ''}"
        tables.notes.append(f"没有任何传输系数、PM2.5 未知（不是 0）的受体点：{names}。")
    return told


def without_coefficient(tables: AirTables, given: Emissions, made: Transfer) -> None:
    """A note on emissions that reach no receptor: no coefficient is not a coefficient of zero."""
    told = np.zeros(len(given.t_per_year), dtype=bool)
    told[made.emission] = True
    silent = np.flatnonzero(~told & (given.t_per_year > 0)).tolist()
    if silent:
        sources = tables.sources
        names = [
            f"{sources.columns['source'][row]} {sources.columns['pollutant'][row]}" for row in silent[:8]
        ]
        more = f"等 {len(silent)} 项" if len(silent) > len(names) else ""
        tables.notes.append(f"没有传输系数、不计入 PM2.5 的排放：{'、'.join(names)}{more}。")


def without_emission(tables: AirTables, made: Transfer, regimes: Sequence[str]) -> None:
    """A note on regimes whose precursors nobody emits by the table: they cannot be weighed against the other."""
    silent = [name for place, name in enumerate(regimes) if not (made.regime == place).any()]
    if silent:
        tables.notes.append(f"硝酸盐情形{'、'.join(silent)}没有对应的排放，不参加比较；确实不排放的请填 0。")
