"""The schemes of a sector's enterprises, and of a library in the same format, as the engine takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qingyuan.engine.diagnosis import HeatPump, Reported
from qingyuan.engine.diagnosis.sector import Numbers
from qingyuan.engine.diagnosis.units import Unit, unit_of
from qingyuan.workbooks.book import Book
from qingyuan.workbooks.industry_values import Indicators
from qingyuan.workbooks.problems import Problem, letter, shown
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA, fold

WAN = 10_000
"""万元 of the sheets to 元 of the engine."""


def check_schemes(book: Book, schemes: Reading, indicators: Indicators | None) -> None:
    """Report unknown indicators, and the same scheme twice in one enterprise."""
    seen: dict[tuple[str, str], int] = {}
    for row, number in zip(schemes.rows(), schemes.row_numbers, strict=True):
        name = row["indicator"]
        if (
            name is not None
            and indicators is not None
            and indicators.names.get(fold(name)) not in indicators.system.place
        ):
            book.problems.append(_at(schemes, number, "indicator", name, "“评价指标”或指标体系中的指标"))
        if row["measure"] is None:
            continue
        key = (row["measure"], row["enterprise"] or "")
        if seen.setdefault(key, number) != number:
            expected = f"不与第 {seen[key]} 行重复（同一企业的同一方案）"
            book.problems.append(_at(schemes, number, "measure", row["measure"], expected))


@dataclass(kw_only=True)
class Basis:
    """What schemes are read against: the enterprises, their output in one unit, ids of indicators by folded name."""

    names: Sequence[str]
    output: Numbers
    unit: Unit | None
    text: str
    ids: Mapping[str, str]
    notes: list[str] = field(default_factory=list)

    def schemes(self, reading: Reading | None, *, own: bool) -> tuple[list[Reported], list[HeatPump]]:
        """The rows, and their claims of heat pumps. `own`: they belong to the enterprises of this sector."""
        reported: list[Reported] = []
        pumps: list[HeatPump] = []
        places = {name: place for place, name in enumerate(self.names)}
        for row in () if reading is None else reading.rows():
            place = places.get(row["enterprise"]) if own else None
            reported.append(self._reported(row, place))
            claim = [_times(row[name], 1) for name in ("cop", "t_source_c", "t_sink_c")]
            if None not in claim:
                cop, source, sink = (float(one or 0) for one in claim)
                pumps.append(
                    HeatPump(measure=row["measure"], place=place, cop=cop, source_c=source, sink_c=sink)
                )
        return reported, pumps

    def _reported(self, row: Mapping[str, Any], place: int | None) -> Reported:
        return Reported(
            measure=row["measure"],
            place=place,
            sector=row["sector"] or "",
            process=row["process"] or "",
            indicator=self.ids[fold(row["indicator"])] if row["indicator"] else "",
            output=self._made(row, None if place is None else float(self.output[place])),
            amounts={
                "saving_cny": _times(row["saving_wan_cny"], WAN),
                "invest_cny": _times(row["invest_wan_cny"], WAN),
                "om_cny": _times(row["om_wan_cny"], WAN),
                **{name: _times(row[name], 1) for name in ("energy_tce", "electricity_kwh", "water_m3")},
            },
            effects={
                name.partition(":")[2]: value
                for name in row
                if name.startswith("effect:") and (value := _times(row[name], 1)) is not None
            },
        )

    def _made(self, row: Mapping[str, Any], own: float | None) -> float | None:
        """The output that a scheme's amounts go with, in the sector's unit; the enterprise's own where none is stated."""
        stated = _times(row["output"], 1)
        if stated is None:
            return None if own is None or np.isnan(own) else own
        text = (row["output_unit"] or self.text).strip()
        if text == self.text:
            return stated
        other = unit_of(text)
        if other is None or self.unit is None or other.dimension != self.unit.dimension:
            self.notes.append(
                f"方案“{row['measure']}”的产量单位“{text}”与“{self.text}”不能换算，推广时不计量。"
            )
            return None
        return stated * other.size / self.unit.size


def _times(value: Any, factor: float) -> float | None:
    return None if value is None or value is NA else float(value) * factor


def _at(reading: Reading, row: int, column: str, value: object, expected: str) -> Problem:
    return Problem(
        file=reading.file,
        sheet=reading.sheet,
        row=row,
        letter=letter(reading.places[column]) if column in reading.places else "",
        title=reading.table.column(column).title_zh,
        value=shown(value),
        expected=expected,
        mend="请核对后改正。",
    )
