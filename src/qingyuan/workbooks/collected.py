"""A data sheet 审核数据采集表 as plain text, table by table: taken from a workbook, checked again at any time, written back.

The texts are canonical (a number has one spelling), so that the same figures always have the same hash.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Final

from qingyuan.catalogue.diagnosis import settings as industry_settings
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.workbooks import emissions, industry, park, region
from qingyuan.workbooks.book import Book
from qingyuan.workbooks.grid import Grid
from qingyuan.workbooks.industry_case import read_sector
from qingyuan.workbooks.industry_schemes import check_schemes
from qingyuan.workbooks.industry_settings import read_settings
from qingyuan.workbooks.industry_values import Indicators, indicators_of, read_values
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.rating import find_system
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA, Table
from qingyuan.workbooks.tablesfile import write_tables
from qingyuan.workbooks.write import Row, write_book

SCHEMA: Final = 1
TEMPLATES: Final = {
    "industry": "行业审核数据采集表",
    "park": "园区审核数据采集表",
    "region": "区域流域审核数据采集表",
}
FREE_ROWS: Final = 200
_SHORTEST = re.compile(r"[0-9]+(?:\.[0-9]*[1-9])?")
_SURELY_EXACT = 28
"""Digits that `normalize` keeps."""
_INDUSTRY_POLLUTANTS = ("COD", "氨氮")
Text = str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: its columns by name and its rows, cells as canonical text, None where blank."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "columns": list(self.columns), "rows": [list(row) for row in self.rows]}

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Sheet:
        return cls(
            name=said["name"],
            columns=tuple(said["columns"]),
            rows=tuple(tuple(row) for row in said["rows"]),
        )

    @property
    def sha256(self) -> str:
        return sha256_hex(canonical_bytes(self.as_json()))


@dataclass(frozen=True, kw_only=True)
class Collected:
    """The filled tables of one data sheet; empty tables are left out."""

    template: str
    sheets: tuple[Sheet, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Sheet]:
        return {sheet.name: sheet for sheet in self.sheets}

    @cached_property
    def fingerprint(self) -> str:
        """The same figures are the same argument of a verb."""
        said = [[sheet.name, sheet.sha256] for sheet in self.sheets]
        return sha256_hex(canonical_bytes({"schema": SCHEMA, "template": self.template, "tables": said}))


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a workbook gave: `collected` exactly where there are no problems (warnings aside)."""

    problems: Sequence[Problem]
    warnings: Sequence[Problem]
    readings: Mapping[str, Reading]
    collected: Collected | None = None


def text_of(value: Any) -> Text:
    """A typed value as the one text that means it."""
    if value is None:
        return None
    if value is NA:
        return "na"
    if isinstance(value, Decimal):
        plain = str(value)
        if len(plain) < _SURELY_EXACT and _SHORTEST.fullmatch(plain):
            return plain
        plain = f"{value.normalize():f}"
        return "0" if plain == "-0" else plain
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def read_workbook(template: str, path: Path, *, guarded: bool = False) -> Taken:
    """Every table that the workbook has. A table may still lack: whether it is all there `check` says."""
    book = Book(path, guarded=guarded)
    if book.problems:
        return Taken(problems=book.errors, warnings=(), readings={})
    sheets = (
        _industry(book)
        if template == "industry"
        else [_sheet_of(book.read(replace(table, optional=True))) for table in _plain(template)]
    )
    if template != "industry":
        book.check_references()
    errors = book.errors
    if not errors and not any(sheet and sheet.rows for sheet in sheets):
        names = "、".join(table.sheet for table in tables(template))
        errors = [
            Problem(
                file=path.name,
                expected=f"《{TEMPLATES[template]}》中至少一张填写了数据的工作表",
                mend=f"请按模板填写：{names}。",
            )
        ]
    warnings = [one for one in book.problems if one.level == "warning"] + ([] if errors else book.unread())
    if errors:
        return Taken(problems=errors, warnings=warnings, readings=book.readings)
    filled = tuple(sheet for sheet in sheets if sheet and sheet.rows)
    return Taken(
        problems=(),
        warnings=warnings,
        readings=book.readings,
        collected=Collected(template=template, sheets=filled),
    )


def tables(template: str, sheets: Mapping[str, Sheet] | None = None) -> list[Table]:
    """The tables of a template, with the columns that these sheets have of their families and their indicators."""
    sheets = sheets or {}
    found = _plain(template)
    if template == "industry":
        indicators = _indicators(sheets)
        values = (
            industry.long_value_table()
            if indicators is None
            else industry.wide_value_table(indicators.system)
        )
        found[3:3] = [values]
    return [_with_members(table, sheets.get(table.name)) for table in found]


def book_of(collected: Collected, *, only: Iterable[str] | None = None) -> Book:
    """The tables as a book for any reader of this room. Rows count as in a sheet with the header in row 1."""
    wanted = None if only is None else set(only)
    titles = {table.name: table.sheet for table in tables(collected.template)}
    grids = [
        Grid(
            sheet=titles[sheet.name],
            rows=[list(sheet.columns), *([cell or "" for cell in row] for row in sheet.rows)],
            text_only=True,
        )
        for sheet in collected.sheets
        if wanted is None or sheet.name in wanted
    ]
    return Book.of_grids(TEMPLATES[collected.template], grids)


def readings(collected: Collected) -> dict[str, Reading]:
    """Each filled table typed, by its name: what the commands' own readers give for the same workbook."""
    book = book_of(collected)
    found = {}
    for table in tables(collected.template, collected.by_name):
        if table.name in collected.by_name and (reading := book.read(table)) is not None:
            found[table.name] = reading
    return found


def check(collected: Collected) -> list[Problem]:
    """Everything that still keeps these tables from being computed: missing tables too."""
    book = book_of(collected)
    if collected.template == "industry":
        if problem := _local_system(collected.by_name):
            return [problem]
        return list(read_sector(book).problems)
    for table in _plain(collected.template):
        book.read(table)
    book.check_references()
    stated = book.readings.get("emissions")
    if stated is not None and not book.errors:
        book.problems += emissions.contradictions(stated)
    if len([reading for reading in book.readings.values() if len(reading)]) < 2 and not book.errors:
        names = "、".join(table.sheet for table in _plain(collected.template) if table.optional)
        book.problems.append(
            Problem(file=book.file, expected="“企业”以外至少一张填写了数据的表", mend=f"可填：{names}。")
        )
    return book.errors


def write(collected: Collected, target: BinaryIO) -> None:
    """The tables as a workbook that `qingyuan diagnose|park|region` reads."""
    typed = readings(collected)
    parts = [
        (table, list(typed[table.name].rows()) if table.name in typed else [])
        for table in tables(collected.template, collected.by_name)
    ]
    write_book(target, parts, free_rows=FREE_ROWS)


def hand_on(collected: Collected, target: BinaryIO, *, file: str) -> None:
    """The tables as JSON for the same commands: to the letter what they read in the workbook of `write`, under `file`'s name."""
    parts = []
    for table in tables(collected.template, collected.by_name):
        heads = [column.name for column in table.columns]
        sheet = collected.by_name.get(table.name)
        parts.append((table.sheet, heads, [] if sheet is None else _in_order(sheet, heads)))
    write_tables(target, file=file, sheets=parts)


def _in_order(sheet: Sheet, heads: Sequence[str]) -> Sequence[Sequence[Text]]:
    """Its rows with these columns."""
    places = {name: place for place, name in enumerate(sheet.columns)}
    order = [places.get(name, -1) for name in heads]
    return [tuple(padded[place] for place in order) for padded in ((*row, None) for row in sheet.rows)]


def write_template(target: BinaryIO, template: str, *, enterprises: Sequence[Row], system: str = "") -> None:
    """The empty data sheet with the enterprises filled in; `system` makes the columns of its indicators."""
    begun: list[tuple[Table, Sequence[Row]]] = []
    settings = _setting_sheet(system) if system else None
    for table in _begun(template, {"settings": settings} if settings else {}):
        rows: Sequence[Row] = []
        if table.name == "settings":
            rows = (
                industry.setting_rows(list(industry_settings().values()), system=system)
                if template == "industry"
                else [
                    {"parameter": one.title, "value": one.default, "unit": one.unit, "note": one.note}
                    for one in park.SETTINGS
                ]
            )
        elif table.name == "enterprises" or (table.name == "values" and system):
            rows = enterprises
        begun.append((table, rows))
    write_book(target, begun, free_rows=max(FREE_ROWS, len(enterprises)))


def _setting_sheet(system: str) -> Sheet:
    return Sheet(name="settings", columns=("parameter", "value"), rows=(("system", system),))


def _begun(template: str, sheets: Mapping[str, Sheet]) -> list[Table]:
    if template == "region":
        return region.begun()
    families = {"enterprises": ("emission", "statistics"), "schemes": ("effect",)}
    found = []
    for table in tables(template, sheets):
        wanted = families.get(table.name, ()) if template == "industry" else ()
        members = [table.member(f"{one}:{name}") for name in _INDUSTRY_POLLUTANTS for one in wanted]
        found.append(table.with_members(column for column in members if column is not None))
    return found


def begun(template: str) -> dict[str, list[str]]:
    """Columns of families that a new data sheet begins with, by table."""
    plain = {table.name: {column.name for column in table.columns} for table in tables(template)}
    return {
        table.name: added
        for table in _begun(template, {})
        if (added := [one.name for one in table.columns if one.name not in plain[table.name]])
    }


def _plain(template: str) -> list[Table]:
    """The tables of a template but for the indicators' values, which depend on others."""
    if template == "park":
        # Two of heat and two of other parts bear one name in their commands; here every table has its own.
        own = {park.HEAT_LINKS: "heat_links", park.WATERS: "waters"}
        return [replace(table, name=own.get(table.title, table.name)) for table in park.park_tables()]
    if template == "region":
        return region.region_tables()
    return [
        industry.setting_table(),
        industry.indicator_table(),
        industry.enterprise_table(),
        industry.scheme_table(),
    ]


def _with_members(table: Table, sheet: Sheet | None) -> Table:
    if sheet is None or not table.families:
        return table
    members = (table.member(name) for name in sheet.columns)
    return table.with_members(column for column in members if column is not None)


def _indicators(sheets: Mapping[str, Sheet]) -> Indicators | None:
    """What the values are of, as far as settings and indicators say it; problems are for `check`."""
    if _local_system(sheets):
        return None
    known = tuple(sheets[name] for name in ("settings", "indicators") if name in sheets)
    titles = {"settings": industry.setting_table().sheet, "indicators": industry.indicator_table().sheet}
    book = Book.of_grids(
        "",
        [
            Grid(sheet=titles[sheet.name], rows=[list(sheet.columns), *([cell or "" for cell in row] for row in sheet.rows)])
            for sheet in known
        ],
    )  # fmt: skip
    settings, _problems = read_settings(book.read(industry.setting_table()))
    name = settings.text("system")
    loaded = find_system(name)[0] if name else None
    if name and loaded is None:
        return None
    return indicators_of(loaded, book.read(industry.indicator_table()), file="")[0]


def _local_system(sheets: Mapping[str, Sheet]) -> Problem | None:
    """A path of this machine instead of an id: nothing that a file from outside may name."""
    sheet = sheets.get("settings")
    for row in sheet.rows if sheet else ():
        for cell in row:
            if cell and cell.strip().lower().endswith((".yaml", ".yml")):
                return Problem(
                    file="",
                    sheet=industry.setting_table().sheet,
                    value=cell[:60],
                    expected="指标体系目录中的编号",
                    mend="请改填编号，或把指标写在“评价指标”表中。",
                )
    return None


def _industry(book: Book) -> list[Sheet | None]:
    stated = book.read(industry.setting_table())
    settings_sheet = _sheet_of(stated)
    asked = book.read(industry.indicator_table())
    firms = book.read(replace(industry.enterprise_table(), optional=True))
    schemes = book.read(industry.scheme_table())
    settings, problems = read_settings(stated)
    book.problems += problems
    name = settings.text("system")
    loaded, indicators = None, None
    if problem := _local_system({"settings": settings_sheet} if settings_sheet else {}):
        book.problems.append(problem)
        return []
    if name:
        loaded, problems = find_system(name, where=book.file)
        book.problems += [
            settings.problem("system", expected=one.expected, mend=one.mend) for one in problems
        ]
    if not (name and loaded is None):
        indicators, problems = indicators_of(loaded, asked, file=book.file)
        book.problems += problems if indicators is not None else []
    names = list(firms.columns["enterprise"]) if firms is not None else []
    if indicators is None:
        long = replace(industry.long_value_table(), optional=True)
        loose = book.read(long) if book.heads(long) > 1 else None
        if loose is not None and len(loose):
            book.problems.append(
                Problem(
                    file=book.file,
                    sheet=loose.sheet,
                    expected="参数表中的评价指标体系，或“评价指标”表中的指标",
                    mend="请写明其一。",
                )
            )
        columns = None
    else:
        columns = read_values(book, indicators, names, optional=True)
    kept = dict(book.readings)
    book.readings.pop("indicators", None)
    book.check_references()
    book.readings = kept
    if schemes is not None:
        check_schemes(book, schemes, indicators)
    return [
        settings_sheet,
        _sheet_of(asked),
        _sheet_of(firms),
        _values_sheet(names, columns),
        _sheet_of(schemes),
    ]


def _values_sheet(names: Sequence[Any], columns: Mapping[str, Sequence[Any]] | None) -> Sheet | None:
    if not columns:
        return None
    rows = zip(names, *columns.values(), strict=True)
    return Sheet(
        name="values",
        columns=("enterprise", *columns),
        rows=tuple(
            tuple(text_of(cell) for cell in row) for row in rows if any(cell is not None for cell in row[1:])
        ),
    )


def _sheet_of(reading: Reading | None) -> Sheet | None:
    """The columns that the file has, in the table's order; a column without any value is left out."""
    if reading is None or not len(reading):
        return None
    names = [
        name
        for name, cells in reading.columns.items()
        if name in reading.places and any(cell is not None for cell in cells)
    ]
    rows = zip(*(reading.columns[name] for name in names), strict=True)
    return Sheet(
        name=reading.table.name,
        columns=tuple(names),
        rows=tuple(tuple(text_of(cell) for cell in row) for row in rows),
    )
