"""From a sector's workbook (or folder of CSV files) to a case for the engine, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from qingyuan.catalogue.factors import energy_factors
from qingyuan.engine.diagnosis import (
    Assumptions,
    Case,
    Options,
    Tolerances,
    Use,
    sector_of,
)
from qingyuan.engine.diagnosis.sector import Numbers
from qingyuan.engine.diagnosis.units import Unit, unit_of
from qingyuan.engine.indices import Data, Rating, RatingError, rate
from qingyuan.engine.indices.exact import NAMES
from qingyuan.workbooks import industry as tables
from qingyuan.workbooks.book import Book
from qingyuan.workbooks.decimals import Decimals
from qingyuan.workbooks.industry_schemes import Basis, check_schemes
from qingyuan.workbooks.industry_settings import Settings, read_settings
from qingyuan.workbooks.industry_uses import prices_of, use_of
from qingyuan.workbooks.industry_values import Indicators, indicators_of, read_values
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.rating import find_system
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA

AMOUNTS = (
    "energy_tce",
    "electricity_kwh",
    "water_m3",
    "wastewater_m3",
    "mass_in_t",
    "mass_out_t",
    "value_wan_cny",
    "stated_closure_pct",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class SectorData:
    """What a workbook holds. `case` is None exactly where `problems` (errors only) has any.

    `left_out`: by indicator why it has no potential; `counted`: by indicator how it is counted.
    """

    file: str
    problems: Sequence[Problem]
    warnings: Sequence[Problem]
    case: Case | None = None
    settings: Settings | None = None
    indicators: Indicators | None = None
    rating: Rating | None = None
    rated: bool = False
    output_unit: str = ""
    counted: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()


def read_sector(path: Path | Book, *, system: str | None = None, library: Path | None = None) -> SectorData:
    """Read everything; `system` goes before the one that the sheet names, `library` adds schemes from another file.

    A `Book` may be given that is read already or stands in no file.
    """
    book = path if isinstance(path, Book) else Book(path)
    settings, problems = read_settings(book.read(tables.setting_table()))
    book.problems += problems
    loaded = None
    if name := system or settings.text("system"):
        loaded, problems = find_system(name, where="--system" if system else book.file)
        if not system and problems:
            problems = [settings.problem("system", expected=problems[0].expected, mend=problems[0].mend)]
        book.problems += problems
    asked = book.read(tables.indicator_table())
    firms = book.read(tables.enterprise_table())
    schemes = book.read(tables.scheme_table())
    indicators = None
    if not (name and loaded is None):
        indicators, problems = indicators_of(loaded, asked, file=book.file)
        book.problems += problems
    columns = None
    if firms is not None:
        columns = read_values(book, indicators, firms.columns["enterprise"])
    _check_references(book, schemes, indicators)
    more = Book(library) if library is not None else None
    shelf = more.read(replace(tables.scheme_table(), optional=False)) if more is not None else None
    if more is not None and shelf is not None:
        check_schemes(more, shelf, indicators)
    errors = [*book.errors, *(more.errors if more is not None else ())]
    warnings = [one for one in book.problems if one.level == "warning"]
    warnings += [] if errors else book.unread()
    if not errors and settings.number("sample_size") and settings.needed("sample_size") > len(firms or ()):
        errors.append(
            settings.problem(
                "sample_size", expected=f"不超过企业数 {len(firms or ())}", mend="请改小，或留空。"
            )
        )
    if errors or indicators is None or firms is None or columns is None:
        return SectorData(file=book.file, problems=errors, warnings=warnings)
    try:
        return _Builder(book, settings, indicators, firms).data(columns, schemes, shelf, warnings)
    except RatingError as error:
        reading = book.readings["values"]
        problem = Problem(
            file=book.file,
            sheet=reading.sheet,
            title=error.id,
            value=str(firms.columns["enterprise"][error.row]),
            expected=f"算得出的算式：{error.reason}",
            mend="请核对算式用到的参数。",
        )
        return SectorData(file=book.file, problems=[problem], warnings=warnings)


def _check_references(book: Book, schemes: Reading | None, indicators: Indicators | None) -> None:
    readings = dict(book.readings)
    readings.pop("indicators", None)  # indicators go by id or title, and may stand in the catalogue
    others = book.readings
    book.readings = readings
    book.check_references()
    book.readings = others
    if schemes is not None:
        check_schemes(book, schemes, indicators)


def numbers(values: Sequence[Any]) -> Numbers:
    """A column as floats, nan where blank or not applicable."""
    if isinstance(values, Decimals):
        return np.array(values.floats, dtype=np.float64)
    return np.array([np.nan if one is None or one is NA else float(one) for one in values], dtype=np.float64)


class _Builder:
    """The readings are sound; now they become columns."""

    def __init__(self, book: Book, settings: Settings, indicators: Indicators, firms: Reading) -> None:
        self.book, self.settings, self.indicators, self.firms = book, settings, indicators, firms
        self.notes: list[str] = []
        self.output_unit = ""
        self.unit: Unit | None = None
        self.names = [str(one) for one in firms.columns["enterprise"]]

    def data(
        self,
        columns: Mapping[str, list[Any]],
        schemes: Reading | None,
        shelf: Reading | None,
        warnings: Sequence[Problem],
    ) -> SectorData:
        output = self._output()
        rating, rated = self._rating(columns)
        sector = sector_of(rating, names=self.names, output=output)
        uses: list[Use] = []
        counted: dict[str, str] = {}
        left_out: dict[str, str] = {}
        for one in self.indicators.system.indicators:
            use, words = use_of(one, self.indicators.asked.get(one.id, {}), self.unit)
            (left_out if use is None else counted)[one.id] = words
            if use is not None:
                uses.append(use)
        basis = Basis(
            names=self.names, output=output, unit=self.unit, text=self.output_unit, ids=self.indicators.names
        )
        reported, pumps = basis.schemes(schemes, own=True)
        others, more = basis.schemes(shelf, own=False)
        self.notes += basis.notes
        case = Case(
            sector=sector,
            sectors=self._texts("sector"),
            processes=self._texts("process"),
            strata=self._strata(),
            options=self._options(),
            tolerances=self._tolerances(),
            assumptions=self._assumptions(),
            amounts={name: column for name in AMOUNTS if self._has(column := numbers(self.firms.columns[name]))},
            emissions=self._family("emission"),
            statistics=self._family("statistics"),
            carriers_tce=self._carriers(),
            inputs=self._inputs(),
            outputs=self._outputs(output),
            uses=uses,
            prices=prices_of(self.settings, {use.pollutant for use in uses if use.pollutant}),
            reported=[*reported, *others],
            stated_levels=self._texts("stated_level") if rated else (),
            levels=[NAMES.get(int(code)) for code in rating.levels] if rated else (),
            heat_pumps=[*pumps, *more],
        )  # fmt: skip
        return SectorData(
            file=self.book.file,
            problems=(),
            warnings=warnings,
            case=case,
            settings=self.settings,
            indicators=self.indicators,
            rating=rating,
            rated=rated,
            output_unit=self.output_unit,
            counted=counted,
            left_out=left_out,
            notes=self.notes,
        )

    def _rating(self, columns: Mapping[str, list[Any]]) -> tuple[Rating, bool]:
        loaded = self.indicators.loaded
        whole = loaded is not None and not loaded.standing(indicators_only=False)
        data = Data.of(
            {name: ["na" if one is NA else one for one in column] for name, column in columns.items()},
            rows=len(self.names),
        )
        doubtful = frozenset() if loaded is None or whole else loaded.doubtful
        return rate(self.indicators.system, data, indicators_only=not whole, doubtful=doubtful), whole

    def _texts(self, name: str) -> list[str]:
        return [str(one) if one is not None else "" for one in self.firms.columns[name]]

    @staticmethod
    def _has(column: Numbers) -> bool:
        return bool(np.isfinite(column).any())

    def _output(self) -> Numbers:
        """Output in the first unit that is stated; another dimension, or no unit beside one, makes it unknown there."""
        amounts = numbers(self.firms.columns["output"])
        stated = [text.strip() for text in self._texts("output_unit")]
        first = next(
            (text for text, made in zip(stated, amounts, strict=True) if text and np.isfinite(made)), ""
        )
        self.output_unit, self.unit = first, unit_of(first) if first else None
        odd = 0
        for place, text in enumerate(stated):
            if np.isnan(amounts[place]) or text == first:
                continue
            other = unit_of(text) if text else None
            if other is None or self.unit is None or other.dimension != self.unit.dimension:
                amounts[place] = np.nan
                odd += 1
            else:
                amounts[place] *= other.size / self.unit.size
        if odd:
            self.notes.append(f"{odd} 家企业的产量单位与“{first}”不能换算，产量按未知处理。")
        return amounts

    def _strata(self) -> list[str]:
        stated = self._texts("stratum")
        if any(stated):
            return [one or "未分层" for one in stated]
        parts = zip(self._texts("process"), self._texts("size"), strict=True)
        return ["·".join(one for one in pair if one) or "未分层" for pair in parts]

    def _family(self, name: str) -> dict[str, Numbers]:
        found = {
            key.partition(":")[2]: numbers(column)
            for key, column in self.firms.columns.items()
            if key.startswith(f"{name}:")
        }
        return {key: column for key, column in found.items() if self._has(column)}

    def _carriers(self) -> Numbers | None:
        total: Numbers | None = None
        for key, cells in self.firms.columns.items():
            kind, _, name = key.partition(":")
            if kind != "fuel" or not any(one is not None for one in cells):
                continue
            factor = energy_factors().find(name)
            if factor is None:
                self.notes.append(f"因子表中没有“{name}”，能耗折算没有核对。")
                return None
            # A carrier that an enterprise does not use (na) adds nothing; a blank makes the sum unknown.
            part = numbers([0 if one is NA else one for one in cells]) * float(factor.tce_per_unit)
            total = part if total is None else total + part
        return total

    def _inputs(self) -> dict[str, Numbers]:
        own = self._family("input")
        usual = {
            name: numbers(self.firms.columns[name]) for name in ("energy_tce", "electricity_kwh", "water_m3")
        }
        return own or {name: column for name, column in usual.items() if self._has(column)}

    def _outputs(self, output: Numbers) -> dict[str, Numbers]:
        own = self._family("product")
        if own:
            return own
        usual = {"output": output, "value_wan_cny": numbers(self.firms.columns["value_wan_cny"])}
        return next(({name: column} for name, column in usual.items() if self._has(column)), {})

    def _options(self) -> Options:
        size = self.settings.number("sample_size")
        return Options(
            bundle_level=self.settings.text("bundle_level"),
            bundle_min_support=self.settings.needed("bundle_min_support"),
            bundle_min_lift=self.settings.needed("bundle_min_lift"),
            bundle_max_size=int(self.settings.needed("bundle_max_size")),
            bundle_most=int(self.settings.needed("bundle_most")),
            replicate_level=self.settings.text("replicate_level"),
            sample_size=None if size is None else int(size),
            sample_share=self.settings.needed("sample_share"),
            sample_radius=self.settings.needed("sample_radius"),
        )

    def _assumptions(self) -> Assumptions:
        per = {one.name: self.settings.needed(one.name) for one in fields(Assumptions)}
        teams = int(per.pop("teams"))
        return Assumptions(teams=teams, **per)

    def _tolerances(self) -> Tolerances:
        needed = self.settings.needed
        return Tolerances(
            balance_pct=needed("balance_tolerance_pct"),
            stated_pct=needed("stated_tolerance_pct"),
            statistics_pct=needed("statistics_tolerance_pct"),
            energy_pct=needed("energy_tolerance_pct"),
            robust_z=needed("robust_z"),
            low_water_cny_per_m3=needed("low_water_cny_per_m3"),
            low_electricity_cny_per_kwh=needed("low_electricity_cny_per_kwh"),
            low_energy_cny_per_tce=needed("low_energy_cny_per_tce"),
        )
