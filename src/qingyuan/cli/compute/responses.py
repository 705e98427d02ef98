"""Responses of sections and receptors as the table that `qingyuan select` reads: target, source, coefficient, scenario."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from qingyuan.engine.emissions import river_load_g_s

G_S_PER_T = river_load_g_s(1.0)
"""A tonne a year, spread over the year, in g/s."""


class Coefficient(NamedTuple):
    """How much less at the target for a tonne a year less of the source (enterprise:pollutant)."""

    target: str
    source: str
    coefficient: float
    scenario: str = ""


def write(path: Path, rows: Iterable[Coefficient]) -> int:
    """Write the table and say how many rows it has."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(Coefficient._fields)
        for row in rows:
            writer.writerow((row.target, row.source, repr(row.coefficient), row.scenario))
            count += 1
    return count


def source_name(who: str, pollutant: str) -> str:
    return f"{who}:{pollutant}"
