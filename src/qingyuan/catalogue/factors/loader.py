"""Factor tables with their source, validity and whether somebody verified them; a number without them is hearsay."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Generic, Literal, TypeVar

from pydantic import Field

from qingyuan.catalogue import csvfile
from qingyuan.catalogue.model import Part, Slug, Text
from qingyuan.catalogue.problems import CatalogueError, Problem

FOLDER = Path(__file__).parent


class Dated(Part):
    """What holds from one day to another; a blank day was not seen."""

    title: Text
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    def holds(self, on: date | None) -> bool:
        """Whether it may be used on a day; an unknown day of beginning or end excludes nothing."""
        return on is None or (
            (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or on <= self.valid_to)
        )


class EnergyFactor(Dated):
    """`tce_per_unit` tonnes of coal equivalent per `unit`; `co2_t_per_tce` tonnes of CO2 per tce where known."""

    id: Slug
    unit: Text
    tce_per_unit: Decimal = Field(gt=0)
    co2_t_per_tce: Decimal | None = Field(default=None, ge=0)


class Equivalent(Dated):
    """So many `kg` of a pollutant make one pollution equivalent 污染当量. `names`: as people write it, the usual first, by |."""

    medium: Literal["water", "air"]
    number: int = Field(gt=0)
    kg: Decimal = Field(gt=0)
    names: str = ""

    @property
    def usual(self) -> str:
        """The name in the tables of this product."""
        return self.names.partition("|")[0] or self.title


Row = TypeVar("Row", bound=Dated)


@dataclass(frozen=True, kw_only=True)
class Factors(Generic[Row]):
    """A table: rows of one file, its source, and whether somebody with authority checked it."""

    rows: tuple[Row, ...]
    source: str
    verified: bool

    def find(self, name: str, *, on: date | None = None) -> Row | None:
        """The row of that name (spacing, case and brackets' width alike) that holds on a day."""
        wanted = _folded(name)
        return next((row for row in self.rows if row.holds(on) and wanted in set(_names(row))), None)

    def mentioned(self, text: str) -> Row | None:
        """The row with the longest name that occurs in a text such as 单位产品COD产生量; None for no or short names."""
        inside = _folded(text)
        found = [
            (len(name), -place, row)
            for place, row in enumerate(self.rows)
            for name in _names(row)
            if len(name) > 1 and _stands_in(name, inside)
        ]
        return max(found, key=lambda one: one[:2])[2] if found else None


def load_factors(path: Path, model: type[Row]) -> Factors[Row]:
    """A table of one file; raises CatalogueError with every problem."""
    table = csvfile.load_table(path, model)
    problems = [
        Problem(
            file=path.name,
            line=line,
            path="valid_to",
            reason="失效日期早于生效日期",
            expected="不早于生效日期",
        )
        for line, row in zip(table.lines, table.rows, strict=True)
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from
    ]
    if problems:
        raise CatalogueError(problems)
    return Factors(rows=table.rows, source=table.source, verified=table.verified)


@cache
def energy_factors() -> Factors[EnergyFactor]:
    """Coal equivalent and carbon of energy carriers."""
    return load_factors(FOLDER / "energy.csv", EnergyFactor)


@cache
def pollutant_equivalents() -> Factors[Equivalent]:
    """Pollution equivalents of water and air pollutants, as far as the table was seen."""
    return load_factors(FOLDER / "pollutant-equivalents.csv", Equivalent)


def _names(row: Dated) -> Iterator[str]:
    yield _folded(row.title)
    if isinstance(row, EnergyFactor):
        yield row.id
    if isinstance(row, Equivalent):
        yield from (_folded(name) for name in row.names.split("|") if name)


def _stands_in(name: str, text: str) -> bool:
    """Letters of the alphabet must stand alone: SS is not in “loss”."""
    edge = r"(?<![a-z0-9])", r"(?![a-z0-9])"
    pattern = (
        f"{edge[0] if name[0].isascii() else ''}{re.escape(name)}{edge[1] if name[-1].isascii() else ''}"
    )
    return re.search(pattern, text) is not None


def _folded(text: str) -> str:
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", text)).casefold()
