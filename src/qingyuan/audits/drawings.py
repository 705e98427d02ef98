"""The drawn figures of a result: a picture to show, its data to read beside it, files to take along."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from qingyuan.audits.models import RunFile
from qingyuan.kernel import storage
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_sheets

OPTION, BOOK = ".option.json", ".xlsx"
MOST_ROWS = 100
"""Rows of a chart's data that its page shows; its workbook has all."""
WIDE = {"sankey", "graph", "heatmap"}
DIGITS = 6
"""Significant digits of a figure beside a chart; its workbook has all."""


@dataclass(frozen=True)
class Drawing:
    """What stands behind it comes from the option that drew it; an older result has none and shows its picture alone."""

    stem: str
    svg: RunFile
    png: RunFile | None
    option: RunFile | None

    @cached_property
    def said(self) -> Mapping[str, Any]:
        """What drew it, read from the store when it is asked for."""
        if self.option is None:
            return {}
        with storage.open_blob(self.option.sha256) as kept:
            found: dict[str, Any] = json.load(kept)
        return found

    @property
    def title(self) -> str:
        return str(self.said.get("title") or self.stem)

    @property
    def alt(self) -> str:
        """In a sentence what is to be seen."""
        return str(self.said.get("alt") or self.title)

    @property
    def is_wide(self) -> bool:
        """Nodes with names, or a field of cells: unreadable in half a page."""
        series = self.said.get("option", {}).get("series", ())
        return any(one.get("type") in WIDE for one in ([series] if isinstance(series, dict) else series))

    @property
    def pictures(self) -> list[RunFile]:
        return [one for one in (self.svg, self.png) if one is not None]

    @property
    def heads(self) -> list[str]:
        return list(self.said.get("data", {}).get("heads", ()))

    @property
    def rows(self) -> list[list[Any]]:
        return list(self.said.get("data", {}).get("rows", ()))

    @property
    def book(self) -> str:
        """The name under which its data are downloaded; empty where none are known."""
        return f"{self.stem}{BOOK}" if self.heads else ""

    @property
    def shown(self) -> list[list[tuple[str, str, bool]]]:
        """The first rows in words: (heading, cell, is it a number?)."""
        return [
            [(head, words(cell), is_number(cell)) for head, cell in zip(self.heads, row, strict=True)]
            for row in self.rows[:MOST_ROWS]
        ]

    @property
    def numeric(self) -> list[tuple[str, bool]]:
        """Every heading, and whether its column holds numbers."""
        columns = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.heads)
        return [
            (head, all(map(is_number, filled)) and bool(filled))
            for head, filled in zip(
                self.heads, ([cell for cell in column if cell is not None] for column in columns), strict=True
            )
        ]

    @property
    def rest(self) -> int:
        return max(0, len(self.rows) - MOST_ROWS)

    def workbook(self) -> io.BytesIO:
        """All rows, every digit."""
        columns = tuple(
            Column(name=f"column{place}", title_zh=head, kind="decimal" if numeric else "text")
            for place, (head, numeric) in enumerate(self.numeric)
        )
        rows = [{column.name: cell for column, cell in zip(columns, row, strict=True)} for row in self.rows]
        target = io.BytesIO()
        write_sheets(target, [(Table(name=self.stem, title=self.title, columns=columns), rows, self.alt)])
        target.seek(0)
        return target


def of(files: Mapping[str, RunFile]) -> list[Drawing]:
    """The figures of a result in the order of their names."""
    stems = [name.removesuffix(".svg") for name in files if name.endswith(".svg")]
    return [_chart(files, stem) for stem in stems]


def of_book(files: Mapping[str, RunFile], name: str) -> Drawing | None:
    """The chart whose data a name such as `river-profile.xlsx` asks for."""
    stem = name.removesuffix(BOOK)
    if stem == name or f"{stem}.svg" not in files:
        return None
    chart = _chart(files, stem)
    return chart if chart.heads else None


def _chart(files: Mapping[str, RunFile], stem: str) -> Drawing:
    return Drawing(stem, files[f"{stem}.svg"], files.get(f"{stem}.png"), files.get(f"{stem}{OPTION}"))


def is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def words(cell: Any) -> str:
    """A cell for reading: no exponent, no more digits than anybody reads."""
    if cell is None:
        return ""
    return format(Decimal(f"{cell:.{DIGITS}g}"), "f") if is_number(cell) else str(cell)
