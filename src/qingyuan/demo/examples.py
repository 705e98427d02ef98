"""The synthetic regions and the park of examples/: `python -m qingyuan.demo.examples examples` writes them anew, always the same.

Everything in them is invented 演示: no river, city or firm is meant.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from qingyuan.workbooks.region import region_tables
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_book, write_csv

Row = Mapping[str, Any]
Sheets = Sequence[tuple[Table, Sequence[Row]]]


class Dice:
    """Draws that stay the same in every version of Python: nothing but `random()` is used."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random  # noqa: S311 (invented data, no secret)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._random()

    def one_of(self, choices: Sequence[Any]) -> Any:
        return choices[int(self._random() * len(choices))]

    def chance(self, share: float) -> bool:
        return self._random() < share


def write_sheets(folder: Path, sheets: Sheets) -> None:
    """One CSV a sheet, named by its table, with the columns that hold anything."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in sheets:
        said = {name for row in rows for name in row}
        full, _rows = with_members(table, rows)
        used = tuple(column for column in full.columns if column.name in said)
        with (folder / f"{table.name}.csv").open("wb") as target:
            write_csv(target, replace(full, columns=used, key=()), rows)


def region_book(sheets: Sheets) -> Sheets:
    """The same rows in the sheets of the region's book; what is derived from the emissions stays out."""
    rows = {table.name: found for table, found in sheets}
    return [(table, rows.get(table.name, [])) for table in region_tables()]


def with_members(table: Table, rows: Sequence[Row]) -> tuple[Table, Sequence[Row]]:
    """The table with the columns of its families that occur in the rows."""
    said = {name for row in rows for name in row}
    members = (_member(table, name) for name in sorted(said, key=_order(rows)))
    return table.with_members(found for found in members if found is not None), rows


def _order(rows: Sequence[Row]) -> Any:
    first = [name for row in rows for name in row]
    return first.index


def _member(table: Table, name: str) -> Column | None:
    return table.member(name) if ":" in name else None


def main(arguments: Sequence[str]) -> int:
    from qingyuan.demo import airshed, basin, park_data

    root = Path(arguments[0] if arguments else "examples")
    write_sheets(root / "river-region", basin.sheets())
    write_sheets(root / "air-region", airshed.sheets())
    for name, sheets in (
        ("park-demo", park_data.sheets()),
        ("river-region", region_book(basin.sheets())),
        ("air-region", region_book(airshed.sheets())),
    ):
        with (root / f"{name}.xlsx").open("wb") as target:
            write_book(target, [with_members(table, rows) for table, rows in sheets], free_rows=20)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
