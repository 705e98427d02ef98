"""The tables of `select` as a case of the library, with everything that is wrong in any of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from qingyuan.cli.compute import frame
from qingyuan.engine.economics import annuity
from qingyuan.engine.portfolio.case import Budget, Case, Measures, Response, Target
from qingyuan.engine.portfolio.fair import Base
from qingyuan.workbooks.portfolio import (
    YES,
    base_table,
    portfolio_measure_table,
    response_table,
    target_table,
)
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading, letter_of
from qingyuan.workbooks.schema import NA


class Tables(NamedTuple):
    """The case, the bases of fairness, and what people should know though it is no fault."""

    case: Case
    bases: list[Base]
    notes: list[str]


def read_case(
    *,
    measures: Path,
    targets: Path,
    response: Path | None,
    bases: Path | None,
    budget: Budget | None,
    rate: float,
    more: Sequence[Problem],
) -> Tables:
    """Read and judge all tables together; `more` are problems of the options. Raises BadInput."""
    looked = [frame.look(measures, portfolio_measure_table()), frame.look(targets, target_table())]
    answers = None if response is None else frame.look(response, response_table())
    regions = None if bases is None else frame.look(bases, base_table())
    looked += [one for one in (answers, regions) if one is not None]
    found = _Judge(looked[0], looked[1], answers, regions)
    problems = [*more, *found.problems(budget)]
    frame.refuse(looked, problems)
    return Tables(case=found.case(budget, rate), bases=found.bases(), notes=found.notes())


def column(reading: Reading, name: str) -> list[Any]:
    """The values of a column, None where blank or na."""
    values = reading.columns.get(name)
    if values is None:
        return [None] * len(reading)
    return [None if value is NA else value for value in values]


def family(reading: Reading, name: str) -> dict[str, list[Any]]:
    """The columns `name:…` by what follows the colon."""
    return {
        full.partition(":")[2]: column(reading, full)
        for full in reading.columns
        if full.startswith(f"{name}:")
    }


class _Judge:
    def __init__(
        self, measures: Reading, targets: Reading, answers: Reading | None, regions: Reading | None
    ) -> None:
        self.measures, self.targets, self.answers, self.regions = measures, targets, answers, regions
        self.names = [one or "" for one in column(measures, "measure")]
        self.enterprises = [one or "" for one in column(measures, "enterprise")]
        self.periods = [one or "" for one in column(measures, "period")]
        self.effects = family(measures, "effect")
        self.places: dict[str, list[int]] = {}
        for row, name in enumerate(self.names):
            self.places.setdefault(name, []).append(row)
        self.known_enterprises = {one for one in self.enterprises if one}
        self.wrong = {
            (reading.file, problem.row, problem.title)
            for reading in (measures, targets, answers, regions)
            if reading is not None
            for problem in reading.problems
        }

    def _at(self, reading: Reading, row: int, name: str, value: Any, *words: str) -> Iterator[Problem]:
        """The problem, unless its cell has one already; `words` say what was expected, and how to mend it."""
        expected, mend = (*words, "")[:2]
        title = reading.table.column(name).title_zh
        if (reading.file, reading.row_numbers[row], title) not in self.wrong:
            yield frame.problem_at(
                reading, row, name, value="" if value is None else value, expected=expected, mend=mend
            )

    def problems(self, budget: Budget | None) -> Iterator[Problem]:
        if self.measures.columns:
            yield from self._costs(budget)
            yield from self._doubles()
            yield from self._needs()
            yield from self._families()
        if self.targets.columns and self.measures.columns:
            yield from self._targets()
        if self.answers is not None and self.answers.columns and self.measures.columns:
            yield from self._answers(self.answers)
        if self.regions is not None and self.regions.columns and self.measures.columns:
            yield from self._regions(self.regions)

    def _costs(self, budget: Budget | None) -> Iterator[Problem]:
        reading = self.measures
        yearly, invest, life = (column(reading, name) for name in ("cost_per_year", "invest", "life"))
        done = column(reading, "done")
        for row in range(len(reading)):
            if done[row] in YES:
                continue
            if yearly[row] is None and invest[row] is None:
                yield from self._at(
                    reading, row, "cost_per_year", None, "年费用，或者投资和年限", "没有费用的填 0。"
                )
            elif yearly[row] is None and life[row] is None and invest[row]:
                yield from self._at(reading, row, "life", None, "年限，用来把投资折成年费用")
            elif budget is not None and budget.of == "invest" and invest[row] is None:
                yield from self._at(reading, row, "invest", None, "投资（用了投资预算）", "没有投资的填 0。")

    def _doubles(self) -> Iterator[Problem]:
        first: dict[tuple[str, str, str], int] = {}
        for row, key in enumerate(zip(self.enterprises, self.names, self.periods, strict=True)):
            if key[1] and first.setdefault(key, row) != row:
                number = self.measures.row_numbers[first[key]]
                yield from self._at(
                    self.measures,
                    row,
                    "measure",
                    key[1],
                    "同一企业、同一时期的方案不重复",
                    f"与第 {number} 行重复，请删去或改正其中一行。",
                )

    def _needs(self) -> Iterator[Problem]:
        for row, text in enumerate(column(self.measures, "needs")):
            for name in _alternatives(text):
                found = self._needed(row, name)
                if not found:
                    yield from self._at(
                        self.measures, row, "needs", name, "表中的方案；几个之一用 | 分开", "请核对方案名称。"
                    )
                elif len({self.enterprises[one] for one in found}) > 1:
                    yield from self._at(
                        self.measures,
                        row,
                        "needs",
                        name,
                        "唯一的方案",
                        "几家企业都有这个方案，请写成 企业:方案。",
                    )

    def _needed(self, row: int, name: str) -> list[int]:
        """Rows that a prerequisite means: of the own enterprise, else the only one of that name, else 企业:方案."""
        same = [one for one in self.places.get(name, []) if self.enterprises[one] == self.enterprises[row]]
        if same or name in self.places:
            return same or self.places[name]
        for mark in ":：":
            for at in (place for place, char in enumerate(name) if char == mark):
                who, what = name[:at].strip(), name[at + 1 :].strip()
                if found := [one for one in self.places.get(what, []) if self.enterprises[one] == who]:
                    return found
        return []

    def _families(self) -> Iterator[Problem]:
        for kind in ("sd", "dev"):
            for pollutant in family(self.measures, kind):
                if pollutant not in self.effects:
                    full = f"{kind}:{pollutant}"
                    found = self.measures.table.column(full)
                    yield Problem(
                        file=self.measures.file,
                        sheet=self.measures.sheet,
                        row=self.measures.header_row,
                        letter=letter_of(self.measures, full),
                        title=found.title_zh,
                        value=full,
                        expected=f"也有 effect:{pollutant} 一列",
                        mend="请核对污染物的写法。",
                    )

    def _targets(self) -> Iterator[Problem]:
        reading = self.targets
        least, most, base = (column(reading, name) for name in ("min_reduction", "max_value", "base"))
        scenarios = [one or "" for one in column(reading, "scenario")]
        periods = [one or "" for one in column(reading, "period")]
        known = self._receptors()
        first: dict[tuple[str, str, str], int] = {}
        for row, name in enumerate(column(reading, "target")):
            if name is None:
                continue
            if first.setdefault((name, scenarios[row], periods[row]), row) != row:
                number = reading.row_numbers[first[name, scenarios[row], periods[row]]]
                yield from self._at(
                    reading, row, "target", name, "同一情景的目标不重复", f"与第 {number} 行重复。"
                )
            if name not in known and name not in self.effects:
                yield from self._at(
                    reading,
                    row,
                    "target",
                    name,
                    "方案表中有削减量的污染物，或响应系数表中的受体",
                    f"已有：{'、'.join([*self.effects, *known][:20]) or '无'}。",
                )
            elif name in known and scenarios[row] and not known[name] & {"", scenarios[row]}:
                yield from self._at(reading, row, "scenario", scenarios[row], "响应系数表中这个受体的情景")
            if least[row] is None and most[row] is None:
                yield from self._at(reading, row, "min_reduction", None, "最少削减，或者限值和现状值")
            elif most[row] is not None and base[row] is None:
                yield from self._at(reading, row, "base", None, "现状值（有限值时必填）")

    def _receptors(self) -> dict[str, set[str]]:
        """Targets of the responses, with their scenarios."""
        known: dict[str, set[str]] = {}
        if self.answers is not None:
            for name, scenario in zip(
                column(self.answers, "target"), column(self.answers, "scenario"), strict=True
            ):
                if name is not None:
                    known.setdefault(name, set()).add(scenario or "")
        return known

    def source(self, text: str) -> tuple[str, str] | None:
        """(enterprise or "", pollutant) of a source; None if unknown."""
        if text in self.effects:
            return "", text
        for at in (place for place, char in enumerate(text) if char in ":："):
            who, what = text[:at].strip(), text[at + 1 :].strip()
            if who in self.known_enterprises and what in self.effects:
                return who, what
        return None

    def _answers(self, reading: Reading) -> Iterator[Problem]:
        first: dict[tuple[Any, ...], int] = {}
        names, sources, scenarios = (column(reading, one) for one in ("target", "source", "scenario"))
        for row, (name, text) in enumerate(zip(names, sources, strict=True)):
            if text is None:
                continue
            found = self.source(text)
            if found is None:
                yield from self._at(
                    reading, row, "source", text, "污染物，或 企业:污染物，都须在方案表中", "请核对写法。"
                )
                continue
            key = (name, found, scenarios[row] or "")
            if name is not None and first.setdefault(key, row) != row:
                number = reading.row_numbers[first[key]]
                yield from self._at(
                    reading, row, "source", text, "同一目标、来源、情景不重复", f"与第 {number} 行重复。"
                )

    def _regions(self, reading: Reading) -> Iterator[Problem]:
        regions = column(self.measures, "region")
        named, name = (
            ("region", regions) if any(regions) else ("enterprise", column(self.measures, "enterprise"))
        )
        known = set(column(reading, "region"))
        seen: set[str] = set()
        for row, one in enumerate(name):
            if one is None:
                yield from self._at(self.measures, row, named, None, "地区（用了公平规则）")
            elif one not in known and one not in seen:
                seen.add(one)
                yield from self._at(self.measures, row, named, one, "公平基准表中的地区")
        for pollutant in family(reading, "load"):
            if pollutant not in self.effects:
                full = f"load:{pollutant}"
                yield Problem(
                    file=reading.file,
                    sheet=reading.sheet,
                    row=reading.header_row,
                    letter=letter_of(reading, full),
                    title=reading.table.column(full).title_zh,
                    value=full,
                    expected="方案表中有削减量的污染物",
                    mend="请核对污染物的写法。",
                )

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
                    tuple(
                        dict.fromkeys(one for name in _alternatives(text) for one in self._needed(row, name))
                    )
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
            ],
            responses=[] if self.answers is None else list(self._responses(self.answers)),
            budget=budget,
        )

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


def _alternatives(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").replace("｜", "|").split("|") if part.strip()]


def _rows(reading: Reading) -> Iterator[Mapping[str, Any]]:
    columns = {name: column(reading, name) for name in reading.columns}
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))
