"""Doubts about figures while they are filled in: things to check, not errors. Pure: rows in, doubts out.

Against the group: the robust z of the logarithm (0.6745 (x - median) / MAD, as in Iglewicz and Hoaglin 1993), from eight
enterprises of one group on; a figure that lies a power of ten away from its group, or from its own figure of
the year before, where that power is 3 or 4, is called a slip of units.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from qingyuan.workbooks.schema import Column, Table

SMALLEST_GROUP = 8
FARTHEST_Z = 6.0
JUMP = 3.0
"""Times the year before, or its inverse."""
BALANCE_PCT = 10.0
STATISTICS_PCT = 10.0
SLIPS = (3, 4)
NEAR = 0.3
"""Of a decade: how near to a power of ten a ratio must lie to be called a slip."""
_MAD_FLOOR = 0.05
GROUPING = ("sector", "medium", "pollutant", "kind", "material", "contaminant", "substance")
NO_AMOUNT = {"x_km", "y_km", "stated_closure_pct", "uncertainty_pct", "delivery", "mir", "life", "life_years"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the checks see it."""

    row: int
    enterprise: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to check at one cell. `rule` is stable: required, balance, bounds, statistics, outlier, slip, jump."""

    row: int
    column: str
    rule: str
    message: str


def of_table(table: Table, lines: Sequence[Line], *, before: Sequence[Line] = ()) -> list[Doubt]:
    """All doubts about a table; `before` are its rows of the year before."""
    found = [*_required(table, lines), *_within_row(table, lines)]
    amounts = [column for column in table.columns if is_amount(column)]
    groups = _grouped(table, lines)
    for column in amounts:
        for group in groups:
            found += _against_group(column, group)
    found += _against_year(table, amounts, lines, before)
    return sorted(set(found), key=lambda one: (one.row, one.column, one.rule))


def is_amount(column: Column) -> bool:
    return column.kind in {"decimal", "integer"} and column.name not in NO_AMOUNT and column.unit != "%"


def number(values: Mapping[str, str], name: str) -> float | None:
    text = values.get(name)
    if text is None or text == "na":
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _required(table: Table, lines: Iterable[Line]) -> Iterator[Doubt]:
    needed = [column for column in table.columns if column.required and column.name != "enterprise"]
    for line in lines:
        for column in needed:
            if not line.values.get(column.name):
                yield Doubt(line.row, column.name, "required", f"“{column.title_zh}”还没有填写")


def _within_row(table: Table, lines: Iterable[Line]) -> Iterator[Doubt]:
    pairs = [
        (name, f"statistics:{name.partition(':')[2]}")
        for name in (column.name for column in table.columns)
        if name.startswith("emission:")
    ]
    for line in lines:
        values = line.values
        enters, leaves = number(values, "mass_in_t"), number(values, "mass_out_t")
        if enters and leaves is not None and abs(enters - leaves) > BALANCE_PCT / 100 * enters:
            pct = 100 * (enters - leaves) / enters
            yield Doubt(
                line.row, "mass_out_t", "balance", f"物料输入与输出相差 {pct:.1f} %，超过 {BALANCE_PCT:g} %"
            )
        fresh, waste = number(values, "water_m3"), number(values, "wastewater_m3")
        if fresh is not None and waste is not None and waste > fresh > 0:
            yield Doubt(
                line.row,
                "wastewater_m3",
                "bounds",
                "废水排放量大于新鲜水用量，请核对（有原料带入水的请注明）",
            )
        made, left = number(values, "production_t"), number(values, "discharge_t")
        if made is not None and left is not None and left > made:
            yield Doubt(line.row, "discharge_t", "bounds", "排放量大于产生量")
        for mine, theirs in pairs:
            stated, reported = number(values, mine), number(values, theirs)
            if stated is None or reported is None:
                continue
            if abs(stated - reported) > STATISTICS_PCT / 100 * max(abs(reported), 1e-12):
                yield Doubt(line.row, mine, "statistics", f"与环境统计相差超过 {STATISTICS_PCT:g} %")


def _grouped(table: Table, lines: Iterable[Line]) -> list[list[Line]]:
    by = [name for name in GROUPING if any(column.name == name for column in table.columns)]
    found: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in lines:
        found[tuple(line.values.get(name, "") for name in by)].append(line)
    return list(found.values())


def _against_group(column: Column, group: Sequence[Line]) -> Iterator[Doubt]:
    logs = [
        (line, math.log10(value))
        for line in group
        if (value := number(line.values, column.name)) and value > 0
    ]
    if len({line.enterprise for line, _log in logs}) < SMALLEST_GROUP:
        return
    middle = median(log for _line, log in logs)
    spread = max(median(abs(log - middle) for _line, log in logs), _MAD_FLOOR)
    for line, log in logs:
        z = 0.6745 * (log - middle) / spread
        if abs(z) <= FARTHEST_Z:
            continue
        away = log - middle
        if any(abs(abs(away) - power) <= NEAR + spread for power in SLIPS):
            yield Doubt(
                line.row,
                column.name,
                "slip",
                f"约为同组企业中位数的 10 的 {round(away):+d} 次方倍，疑似单位有误（应为 {column.unit or '表头所列单位'}）",
            )
        else:
            yield Doubt(line.row, column.name, "outlier", "与同组企业相差悬殊，请核对数值和单位")


def _against_year(
    table: Table, amounts: Sequence[Column], lines: Iterable[Line], before: Sequence[Line]
) -> Iterator[Doubt]:
    names = [
        column.name
        for column in table.columns
        if column.kind in {"text", "code", "choice"} and (column.required or column.name in table.key)
    ]

    def key(line: Line) -> tuple[str, ...]:
        return tuple(line.values.get(name, "") for name in names)

    known = {key(line): line for line in before}
    for line in lines:
        last = known.get(key(line))
        if last is None:
            continue
        for column in amounts:
            now, then = number(line.values, column.name), number(last.values, column.name)
            if not now or not then or now * then <= 0:
                continue
            ratio = now / then
            power = math.log10(ratio)
            if any(abs(abs(power) - slip) <= NEAR for slip in SLIPS):
                message = f"约为上年的 10 的 {round(power):+d} 次方倍，疑似单位有误"
                yield Doubt(line.row, column.name, "slip", message)
            elif ratio > JUMP or ratio < 1 / JUMP:
                yield Doubt(line.row, column.name, "jump", f"是上年的 {ratio:.3g} 倍，请说明原因")
