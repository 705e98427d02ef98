"""The tables of `select` as a case of the library, with everything that is wrong in any of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from qingyuan.cli.compute import frame
from qingyuan.cli.compute.portfolio_judge import Judge, alternatives, column, family
from qingyuan.cli.compute.portfolio_ozone import OzoneSurfaces
from qingyuan.engine.economics import annuity
from qingyuan.engine.portfolio.case import Budget, Case, Measures, Response, Target
from qingyuan.engine.portfolio.fair import Base
from qingyuan.engine.portfolio.ozone import Limit
from qingyuan.workbooks.air import surface_table
from qingyuan.workbooks.portfolio import (
    YES,
    base_table,
    portfolio_measure_table,
    response_table,
    target_table,
)
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading


class Tables(NamedTuple):
    """The case, the bases of fairness, and what people should know though it is no fault."""

    case: Case
    bases: list[Base]
    ozone: list[Limit]
    notes: list[str]


def read_case(
    *,
    measures: Path,
    targets: Path,
    response: Path | None,
    bases: Path | None,
    surface: Path | None,
    budget: Budget | None,
    by_default: bool,
    rate: float,
    more: Sequence[Problem],
) -> Tables:
    """Read and judge all tables together; `more` are problems of the options. Raises BadInput.

    `by_default`: nobody said what the budget limits; without a column of investments it is the yearly cost.
    """
    looked = [frame.look(measures, portfolio_measure_table()), frame.look(targets, target_table())]
    if budget is not None and by_default and "invest" not in looked[0].places:
        budget = Budget(limit=budget.limit, of="annual")
    answers = None if response is None else frame.look(response, response_table())
    regions = None if bases is None else frame.look(bases, base_table())
    curved = None if surface is None else frame.look(surface, surface_table())
    looked += [one for one in (answers, regions, curved) if one is not None]
    surfaces = OzoneSurfaces.of(curved, column(looked[1], "target"))
    found = _Case(looked[0], looked[1], answers, regions, surfaces)
    problems = [*more, *surfaces.problems, *found.problems(budget)]
    frame.refuse(looked, problems)
    return Tables(
        case=found.case(budget, rate), bases=found.bases(), ozone=found.ozone(), notes=found.notes()
    )


class _Case(Judge):
    """The judged tables as the library takes them."""

    def case(self, budget: Budget | None, rate: float) -> Case:
        reading = self.measures
        flags = {
            name: [value in YES for value in column(reading, name)]
            for name in ("divisible", "mandatory", "done")
        }
        return Case(
            measures=Measures(
                measure=self.names,
                enterprise=self.enterprises,
                cost=self._yearly(rate),
                effects=self.effects,
                invest=column(reading, "invest"),
                divisible=flags["divisible"],
                mandatory=flags["mandatory"],
                done=flags["done"],
                group=[one or "" for one in column(reading, "group")],
                needs=[
                    tuple(dict.fromkeys(one for name in alternatives(text) for one in self.needed(row, name)))
                    for row, text in enumerate(column(reading, "needs"))
                ],
                period=self.periods,
                region=[one or "" for one in column(reading, "region")],
                sd=family(reading, "sd"),
                dev=family(reading, "dev"),
            ),
            targets=[
                Target(
                    target=row["target"],
                    min_reduction=row["min_reduction"],
                    max_value=row["max_value"],
                    base=row["base"],
                    scenario=row["scenario"] or "",
                    period=row["period"] or "",
                )
                for row in _rows(self.targets)
                if not self._is_ozone(row["target"])
            ],
            responses=[] if self.answers is None else list(self._responses(self.answers)),
            budget=budget,
        )

    def _is_ozone(self, name: str) -> bool:
        return name not in self.effects and name not in self.receptors() and self.surfaces.answers(name)

    def ozone(self) -> list[Limit]:
        """The targets that a surface answers: at most `max_value` ppb, or `min_reduction` less than at the base."""
        found = []
        for row in _rows(self.targets):
            surface = self.surfaces.find(row["target"])
            if surface is None or not self._is_ozone(row["target"]):
                continue
            limits = [] if row["max_value"] is None else [float(row["max_value"])]
            if row["min_reduction"] is not None:
                limits.append(float(surface.at(1.0, 1.0)) - float(row["min_reduction"]))
            found.append(Limit(target=row["target"], surface=surface, ppb=min(limits)))
        return found

    def _responses(self, reading: Reading) -> Iterator[Response]:
        for row in _rows(reading):
            found = self.source(row["source"])
            assert found is not None
            yield Response(
                target=row["target"],
                enterprise=found[0],
                pollutant=found[1],
                coefficient=row["coefficient"],
                scenario=row["scenario"] or "",
                rel_sd=row["rel_sd"],
                factor=row["factor"] or "",
            )

    def _yearly(self, rate: float) -> list[Any]:
        """Yearly cost: as stated, else invest * CRF(rate, life) + om - saving."""
        reading = self.measures
        stated, invest, life, om, saving = (
            column(reading, name) for name in ("cost_per_year", "invest", "life", "om", "saving")
        )
        years = np.array([1.0 if one is None else float(one) for one in life])
        factors = 1.0 / annuity(rate, years)
        return [
            stated[row]
            if stated[row] is not None
            else float(invest[row] or 0) * float(factors[row]) + float(om[row] or 0) - float(saving[row] or 0)
            for row in range(len(reading))
        ]

    def bases(self) -> list[Base]:
        if self.regions is None:
            return []
        loads = family(self.regions, "load")
        return [
            Base(
                region=name,
                base=float(base),
                loads={pollutant: float(values[row] or 0) for pollutant, values in loads.items()},
            )
            for row, (name, base) in enumerate(
                zip(column(self.regions, "region"), column(self.regions, "base"), strict=True)
            )
        ]

    def notes(self) -> list[str]:
        """Groups that span enterprises: meant or not, people should see it."""
        groups: dict[str, set[str]] = {}
        for group, who in zip(column(self.measures, "group"), self.enterprises, strict=True):
            if group:
                groups.setdefault(group, set()).add(who)
        wide = [group for group, who in groups.items() if len(who) > 1]
        if not wide:
            return []
        return [f"互斥组跨企业（全表至多选一项）：{'、'.join(wide[:5])}{'等' if len(wide) > 5 else ''}。"]


def _rows(reading: Reading) -> Iterator[Mapping[str, Any]]:
    columns = {name: column(reading, name) for name in reading.columns}
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))
