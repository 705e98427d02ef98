"""Files on their way to a performance sheet: a CSV as a workbook, and the result of `select` as rows of the sheet."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from qingyuan.catalogue.performance import QUANTITIES, Layout
from qingyuan.workbooks.grid import XLSX_START, open_grid
from qingyuan.workbooks.performance import kept, performance_table
from qingyuan.workbooks.portfolio import portfolio_measure_table
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading, read_table
from qingyuan.workbooks.schema import NA, fold
from qingyuan.workbooks.sheets import new_book, put
from qingyuan.workbooks.write import write_sheets

UNMATCHED = "未对应"
MOST_CHOSEN = 20_000


class PortfolioError(ValueError):
    """What was given is no result of `select`; says what was expected."""


def as_workbook(source: BinaryIO, *, table_titles: Sequence[str] = ()) -> bytes:
    """The file itself if it is a workbook; a CSV with the same cells in the same places as one. Raises grid.Unreadable."""
    source.seek(0)
    if source.read(2) == XLSX_START[:2]:
        source.seek(0)
        return source.read()
    source.seek(0)
    grid = open_grid(source, titles=table_titles, fits=lambda _rows: True)
    target = io.BytesIO()
    book = new_book(target)
    sheet = book.add_worksheet("数据")
    for number, row in enumerate(grid.rows):
        for place, value in enumerate(row):
            put(sheet, number, place, value)
    book.close()
    return target.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One chosen measure. `fraction` of a divisible one."""

    measure: str
    enterprise: str
    fraction: Decimal = Decimal(1)


def read_chosen(text: bytes) -> list[Chosen]:
    """The measures that `qingyuan select --json` chose. Raises PortfolioError."""
    try:
        value = json.loads(text.decode("utf-8-sig"), parse_float=Decimal)
    except (UnicodeDecodeError, ValueError) as error:
        raise PortfolioError("qingyuan select --json 的结果（UTF-8 的 JSON）") from error
    rows = value.get("chosen") if isinstance(value, dict) else None
    if not isinstance(rows, list) or len(rows) > MOST_CHOSEN:
        raise PortfolioError(f"结果中有 chosen 一项，不超过 {MOST_CHOSEN} 个方案")
    found = []
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("measure"), str):
            raise PortfolioError("chosen 的每一项都有 measure")
        fraction = row.get("fraction", 1)
        if isinstance(fraction, bool) or not isinstance(fraction, (int, Decimal)) or not 0 < fraction <= 1:
            raise PortfolioError("chosen 的 fraction 是大于 0、不超过 1 的数")
        found.append(
            Chosen(
                measure=row["measure"],
                enterprise=str(row.get("enterprise") or ""),
                fraction=Decimal(fraction),
            )
        )
    return found


def read_measures(source: bytes, *, name: str) -> Reading:
    """The table of measures from which `select` chose."""
    return read_table(source, portfolio_measure_table(), name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """Rows for `performance_table(layout, economics=True)`, and what could not become one, with the reason."""

    rows: Sequence[Mapping[str, Any]]
    unmatched: Sequence[tuple[str, str, str]]
    """Measure, enterprise, reason."""


def adopt(
    chosen: Sequence[Chosen] | None,
    measures: Reading | None,
    layout: Layout,
    *,
    known: Mapping[str, str],
    money: Decimal = Decimal(1),
    mass: Decimal = Decimal(1),
) -> Adopted:
    """Schemes out of a portfolio. Without `chosen` every measure of the table is taken; without the table none has figures.

    `known`: name by credit code. `money` and `mass` turn the table's units into 万元 and t.
    """
    tables = {
        (row["measure"], row.get("enterprise") or ""): row for row in (measures.rows() if measures else ())
    }
    if chosen is None:
        chosen = [Chosen(measure=measure, enterprise=enterprise) for measure, enterprise in tables]
    by_name: dict[str, list[str]] = {}
    for code, name in known.items():
        by_name.setdefault(bare_name(name), []).append(code)
    effects = effects_of(layout)
    rows: list[dict[str, Any]] = []
    unmatched: list[tuple[str, str, str]] = []
    for one in chosen:
        codes = [one.enterprise] if one.enterprise in known else by_name.get(bare_name(one.enterprise), [])
        row = tables.get((one.measure, one.enterprise))
        if len(codes) != 1:
            reason = (
                "没有写明企业"
                if not one.enterprise
                else "不是试点范围内的企业"
                if not codes
                else "同名企业不止一家"
            )
            unmatched.append((one.measure, one.enterprise, reason))
        elif row is None or not isinstance(row.get("invest"), Decimal):
            reason = "方案表中没有这个方案" if row is None else "方案表没有写明投资，不能分无/低费和中/高费"
            unmatched.append((one.measure, one.enterprise, reason))
        else:
            rows.append(
                {
                    "enterprise_name": known[codes[0]],
                    "enterprise_code": codes[0],
                    "title": one.measure[:120],
                    **figures_of(row, effects, fraction=one.fraction, money=money, mass=mass),
                }
            )
    return Adopted(rows=rows, unmatched=unmatched)


def figures_of(
    row: Mapping[str, Any], effects: Mapping[str, str], *, fraction: Decimal, money: Decimal, mass: Decimal
) -> dict[str, Any]:
    """The figures of one measure as the record keeps them; effects that it has no quantity for stand in `other`."""
    figures: dict[str, Any] = {}
    for source, means in (("invest", "invest_wan_cny"), ("saving", "benefit_wan_cny"), ("om", "om_wan_cny")):
        if isinstance(value := row.get(source), Decimal):
            figures[means] = kept(value * fraction * money)
    if isinstance(row.get("life"), Decimal):
        figures["life_years"] = row["life"]
    other = []
    for name, value in row.items():
        if not name.startswith("effect:") or value is None or value is NA:
            continue
        pollutant = name.partition(":")[2]
        if means := effects.get(fold(pollutant), ""):
            figures[means] = kept(value * fraction * mass)
        elif value:
            other.append(f"{pollutant} {format(kept(value * fraction).normalize(), 'f')}（原单位）")
    if other:
        figures["other"] = "、".join(other)[:300]
    return figures


def effects_of(layout: Layout) -> dict[str, str]:
    """Quantities in tonnes by every name that the layout gives them."""
    return {
        fold(name): column.means
        for column in layout.columns
        if column.means in QUANTITIES and QUANTITIES[column.means] == "t"
        for name in (column.means, column.title, *column.aliases)
    }


def write_adopted(target: BinaryIO, adopted: Adopted, layout: Layout) -> None:
    """The rows as a sheet that reads back, and beside it what could not be matched."""
    from qingyuan.workbooks.schema import Column, Table

    left = Table(
        name="unmatched",
        title=UNMATCHED,
        columns=(
            Column(name="measure", title_zh="方案"),
            Column(name="enterprise", title_zh="所写企业"),
            Column(name="reason", title_zh="原因"),
        ),
    )
    lines = [dict(zip(("measure", "enterprise", "reason"), line, strict=True)) for line in adopted.unmatched]
    write_sheets(
        target,
        [
            (performance_table(layout, economics=True), _in_layout(adopted.rows, layout), ""),
            (left, lines, ""),
        ],
    )


def read_unmatched(source: BinaryIO) -> list[tuple[str, str, str]]:
    """What `write_adopted` put beside the rows; nothing in any other workbook."""
    from python_calamine import CalamineWorkbook

    source.seek(0)
    book = CalamineWorkbook.from_filelike(source)
    if UNMATCHED not in book.sheet_names:
        return []
    rows = book.get_sheet_by_name(UNMATCHED).to_python()
    return [tuple(str(cell) for cell in (*row, "", "", "")[:3]) for row in rows[2:] if any(row)]  # type: ignore[misc]


def _in_layout(rows: Sequence[Mapping[str, Any]], layout: Layout) -> list[dict[str, Any]]:
    factors = {column.means: column.factor for column in layout.columns}
    return [
        {
            name: kept(value / factors[name])
            if isinstance(value, Decimal) and factors.get(name, 1) != 1
            else value
            for name, value in row.items()
        }
        for row in rows
    ]


def bare_name(name: str) -> str:
    return "".join(name.split()).replace("（", "(").replace("）", ")")


def problem_of(reading: Reading) -> list[Problem]:
    """What is wrong with a table of measures, errors only."""
    return [one for one in reading.problems if one.level == "error"]
