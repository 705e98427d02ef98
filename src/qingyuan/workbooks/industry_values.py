"""The indicators of a sector's data and their values: a system of the catalogue or the sheet's own, values long or wide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from qingyuan.catalogue.indices import LoadedSystem
from qingyuan.engine.indices.expressions import parse
from qingyuan.engine.indices.system import LEVELS, Group, IndexSystem, Indicator
from qingyuan.workbooks import industry as tables
from qingyuan.workbooks.book import Book
from qingyuan.workbooks.convert import convert
from qingyuan.workbooks.problems import Problem, letter, shown
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA, Column, Table, fold


@dataclass(frozen=True, kw_only=True, eq=False)
class Indicators:
    """The system in force, `asked` the rows of the sheet 评价指标 by id, `names` ids by every folded name."""

    system: IndexSystem
    loaded: LoadedSystem | None
    asked: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def indicators_of(
    loaded: LoadedSystem | None, reading: Reading | None, *, file: str
) -> tuple[Indicators | None, list[Problem]]:
    """The indicators of the catalogue's system, else those of the sheet; None where there are none.

    Beside problems they are those that could be made out, so that the values are looked at too.
    """
    rows = [] if reading is None else list(zip(reading.rows(), reading.row_numbers, strict=True))
    rows = [(row, number) for row, number in rows if row["indicator"] is not None]
    if loaded is None:
        if reading is None or not rows:
            problem = Problem(
                file=file,
                sheet="" if reading is None else reading.sheet,
                expected="评价指标体系（参数表或 --system），或“评价指标”表中的指标和基准值",
                mend="请写明其一。",
            )
            return None, [problem]
        return _own(reading, rows)
    known = _names(loaded.system)
    asked: dict[str, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    for row, number in rows:
        assert reading is not None
        name = known.get(fold(row["indicator"]))
        if name is None or name not in loaded.system.place:
            expected = f"指标体系 {loaded.file.id} 中的指标"
            problems.append(_problem(reading, number, "indicator", row["indicator"], expected))
            continue
        problems += [
            _problem(reading, number, level, row[level], "留空：基准值由所用的指标体系规定")
            for level in LEVELS
            if row[level] is not None
        ]
        asked[name] = row
    return Indicators(system=loaded.system, loaded=loaded, asked=asked, names=known), problems


def _own(
    reading: Reading, rows: Sequence[tuple[dict[str, Any], int]]
) -> tuple[Indicators | None, list[Problem]]:
    problems: list[Problem] = []
    made: list[Indicator] = []
    seen: dict[str, int] = {fold(name): 0 for name in ("enterprise", "企业名称", "企业", "单位名称")}
    for row, number in rows:
        quantitative = row["kind"] != tables.QUALITATIVE
        stated: dict[str, Any] = {level: row[level] for level in LEVELS if row[level] is not None}
        known = len(problems)
        for name in {row["indicator"], row["title"] or row["indicator"]}:
            if seen.setdefault(fold(name), number) != number:
                column = "indicator" if name == row["indicator"] else "title"
                problems.append(_problem(reading, number, column, name, "与其他指标和列名都不同的名称"))
        doubled = len(problems) > known
        if quantitative and stated and row["direction"] is None:
            problems.append(_problem(reading, number, "direction", "", "越小越好或越大越好"))
        if not quantitative and stated:
            level = next(iter(stated))
            problems.append(_problem(reading, number, level, row[level], "留空：定性指标填达到的级别"))
        higher = tables.DIRECTIONS.get(row["direction"] or "", False)
        problems += _order(reading, number, stated, higher=higher) if row["direction"] else []
        if quantitative and stated and "I" not in stated:
            problems.append(_problem(reading, number, "I", "", "I级基准值（只有 II、III 级的，也要写 I 级）"))
        if doubled:
            continue
        made.append(
            Indicator(
                id=row["indicator"],
                title=row["title"] or row["indicator"],
                unit=row["unit"] or "",
                kind="quantitative" if quantitative else "qualitative",
                higher=higher,
                signed=any(value < 0 for value in stated.values()),
                stated=frozenset(stated if quantitative else LEVELS),
                benchmarks={level: parse(f"{value:f}") for level, value in stated.items()}
                if quantitative
                else {},
            )
        )
    group = Group(id="all", title="全部指标", weight=None, indicators=tuple(made))
    system = IndexSystem(id="", title="数据表自带的评价指标", groups=(group,), partial=True)
    asked = {row["indicator"]: row for row, _number in rows}
    return Indicators(system=system, loaded=None, asked=asked, names=_names(system)), problems


def _order(reading: Reading, number: int, stated: Mapping[str, Any], *, higher: bool) -> list[Problem]:
    """Benchmarks must not get stricter from I to III."""
    levels = [level for level in LEVELS if level in stated]
    return [
        _problem(
            reading,
            number,
            worse,
            stated[worse],
            f"不比 {better} 级的 {stated[better]} 更严（{'越大' if higher else '越小'}越好）",
        )
        for better, worse in pairwise(levels)
        if (stated[worse] > stated[better] if higher else stated[worse] < stated[better])
    ]


def _names(system: IndexSystem) -> dict[str, str]:
    rows = [(one.id, one.title) for one in system.indicators]
    rows += [(one.id, one.title) for one in system.parameters]
    return {fold(text): name for name, title in rows for text in (title, name)}


def read_values(
    book: Book, indicators: Indicators | None, enterprises: Sequence[str], *, optional: bool = False
) -> dict[str, list[Any]] | None:
    """Columns by indicator or parameter, aligned with the enterprises; None where the sheet lacks. Problems go to the book.

    Without indicators only the form of the sheet is looked at. `optional`: the sheet may lack or hold no row.
    """
    long = replace(tables.long_value_table(), optional=optional)
    if indicators is None:
        if book.heads(long) == len(long.columns):
            book.read(_without_references(long, keep="enterprises"))
        return None
    wide = replace(tables.wide_value_table(indicators.system), optional=optional)
    if book.heads(long) == len(long.columns):
        reading = book.read(_without_references(long, keep="enterprises"))
        return None if reading is None else _from_long(book, reading, wide, indicators, enterprises)
    reading = book.read(wide)
    if reading is None:
        return None
    places = {name: place for place, name in enumerate(reading.columns["enterprise"])}
    order = [places.get(name) for name in enterprises]
    return {
        name: [None if place is None else values[place] for place in order]
        for name, values in reading.columns.items()
        if name != "enterprise" and name in reading.places
    }


def _without_references(table: Table, *, keep: str) -> Table:
    columns = tuple(
        column if column.refers in {"", keep} else replace(column, refers="") for column in table.columns
    )
    return replace(table, columns=columns)


def _from_long(
    book: Book, reading: Reading, wide: Table, indicators: Indicators, enterprises: Sequence[str]
) -> dict[str, list[Any]]:
    columns: dict[str, Column] = {
        column.name: column for column in wide.columns if column.name != "enterprise"
    }
    rows: dict[str, list[int]] = {}
    for index, name in enumerate(reading.columns["indicator"]):
        found = None if name is None else indicators.names.get(fold(str(name)))
        if found is not None and found in columns:
            rows.setdefault(found, []).append(index)
        elif name is not None:
            book.problems.append(
                _problem(
                    reading, reading.row_numbers[index], "indicator", name, "“评价指标”或指标体系中的指标"
                )
            )
    places = {name: place for place, name in enumerate(enterprises)}
    values: dict[str, list[Any]] = {}
    for name, indexes in rows.items():
        cells = [
            "" if (cell := reading.columns["value"][index]) is None else "na" if cell is NA else cell
            for index in indexes
        ]
        converted, complaints = convert(columns[name], cells)
        column: list[Any] = [None] * len(enterprises)
        first: dict[int, int] = {}
        for position, index in enumerate(indexes):
            number = reading.row_numbers[index]
            if position in complaints:
                book.problems.append(
                    _problem(
                        reading,
                        number,
                        "value",
                        cells[position],
                        complaints[position][0],
                        complaints[position][1],
                    )
                )
            place = places.get(reading.columns["enterprise"][index])
            if place is None:
                continue
            if first.setdefault(place, number) != number and reading.columns["indicator"][index] not in _same(
                reading, first[place]
            ):
                # The reader finds rows that are spelt alike; id and title of one indicator are not.
                book.problems.append(
                    _problem(
                        reading,
                        number,
                        "indicator",
                        reading.columns["indicator"][index],
                        f"不与第 {first[place]} 行重复",
                    )
                )
            column[place] = converted[position]
        values[name] = column
    return values


def _same(reading: Reading, number: int) -> tuple[object, ...]:
    return (reading.columns["indicator"][list(reading.row_numbers).index(number)],)


def _problem(  # noqa: PLR0917 (place, value, and the two sentences)
    reading: Reading, row: int, column: str, value: object, expected: str, mend: str = "请核对后改正。"
) -> Problem:
    return Problem(
        file=reading.file,
        sheet=reading.sheet,
        row=row,
        letter=letter(reading.places[column]) if column in reading.places else "",
        title=reading.table.column(column).title_zh,
        value=shown(value),
        expected=expected,
        mend=mend,
    )
