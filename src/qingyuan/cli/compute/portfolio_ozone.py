"""The ozone surfaces of `select`: the table of the command `air`, and which targets it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qingyuan.cli.compute.air_input import AirTables
from qingyuan.cli.compute.air_surface import surfaces
from qingyuan.engine.air.ozone import OutsideSurface, Surface
from qingyuan.workbooks.air import matrix_table, receptor_table, source_table
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import fold

OZONE = {fold(name) for name in ("O3", "臭氧", "ozone")}


@dataclass(frozen=True, slots=True, kw_only=True)
class OzoneSurfaces:
    """Surfaces by receptor (None: for all), and what is wrong with their table."""

    by_receptor: Mapping[str | None, Surface]
    named: frozenset[str | None]
    """Receptors of the table, also where it is at fault."""
    problems: list[Problem]

    @classmethod
    def of(cls, reading: Reading | None, targets: Sequence[Any]) -> OzoneSurfaces:
        """None of them where there is no table."""
        if reading is None or not reading.columns:
            return cls(by_receptor={}, named=frozenset(), problems=[])
        tables = AirTables(
            sources=Reading(table=source_table(), file=""),
            receptors=Reading(table=receptor_table(), file="", columns={"receptor": list(targets)}),
            matrix=Reading(table=matrix_table(), file=""),
            surface=reading,
        )
        found = surfaces(tables)[1]
        problems = list(tables.problems)
        for surface in found.values():
            try:
                surface.at(1.0, 1.0)
            except OutsideSurface:
                problems.append(
                    Problem(
                        file=reading.file,
                        sheet=reading.sheet,
                        expected="含有基准点（NOx 比例 1、VOC 比例 1）的响应面",
                        mend="请补上基准点。",
                    )
                )
        named = frozenset(reading.columns.get("receptor", ()))
        return cls(by_receptor=found, named=named, problems=problems)

    def answers(self, name: str | None) -> bool:
        """Whether a target is one of ozone's."""
        return name is not None and (name in self.named or (None in self.named and fold(name) in OZONE))

    def find(self, name: str | None) -> Surface | None:
        """The surface that answers a target: its own, else the common one for a target called O3 臭氧."""
        if not self.answers(name):
            return None
        return self.by_receptor.get(name, self.by_receptor.get(None))
