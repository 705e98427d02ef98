"""What is wrong across the tables of `select`: references, doubles, figures that lack; every cell once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qingyuan.cli.compute import frame
from qingyuan.cli.compute.portfolio_ozone import OzoneSurfaces
from qingyuan.engine.portfolio.case import Budget
from qingyuan.workbooks.portfolio import YES
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading, letter_of
from qingyuan.workbooks.schema import NA


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


def alternatives(text: str | None) -> list[str]:
    """The names in a cell `a | b`."""
    return [part.strip() for part in (text or "").replace("｜", "|").split("|") if part.strip()]


class Judge:
    """The tables side by side; `problems` tells what they do not tell alone."""

    def __init__(
        self,
        measures: Reading,
        targets: Reading,
        answers: Reading | None,
        regions: Reading | None,
        surfaces: OzoneSurfaces,
    ) -> None:
        self.measures, self.targets, self.answers, self.regions = measures, targets, answers, regions
        self.surfaces = surfaces
        self.names = [one or "" for one in column(measures, "measure")]
        self.enterprises = [one or "" for one in column(measures, "enterprise")]
        self.periods = [one or "" for one in column(measures, "period")]
        self.effects = family(measures, "effect")
        self.places: dict[str, list[int]] = {}
        self.own: dict[tuple[str, str], list[int]] = {}
        for row, name in enumerate(self.names):
            self.places.setdefault(name, []).append(row)
            self.own.setdefault((self.enterprises[row], name), []).append(row)
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
            for name in alternatives(text):
                found = self.needed(row, name)
                if not found:
                    yield from self._at(
                        self.measures, row, "needs", name, "表中的方案；几个之一用 | 分开", "请核对方案名称。"
                    )
                elif len(found) > 1 and len({self.enterprises[one] for one in found}) > 1:
                    yield from self._at(
                        self.measures,
                        row,
                        "needs",
                        name,
                        "唯一的方案",
                        "几家企业都有这个方案，请写成 企业:方案。",
                    )

    def needed(self, row: int, name: str) -> list[int]:
        """Rows that a prerequisite means: of the own enterprise, else the only one of that name, else 企业:方案."""
        if found := self.own.get((self.enterprises[row], name)) or self.places.get(name):
            return found
        for mark in ":：":
            for at in (place for place, char in enumerate(name) if char == mark):
                who, what = name[:at].strip(), name[at + 1 :].strip()
                if found := self.own.get((who, what)):
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
        known = self.receptors()
        first: dict[tuple[str, str, str], int] = {}
        for row, name in enumerate(column(reading, "target")):
            if name is None:
                continue
            if first.setdefault((name, scenarios[row], periods[row]), row) != row:
                number = reading.row_numbers[first[name, scenarios[row], periods[row]]]
                yield from self._at(
                    reading, row, "target", name, "同一情景的目标不重复", f"与第 {number} 行重复。"
                )
            is_ozone = name not in known and name not in self.effects and self.surfaces.answers(name)
            if name not in known and name not in self.effects and not is_ozone:
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
            elif most[row] is not None and base[row] is None and not is_ozone:
                yield from self._at(reading, row, "base", None, "现状值（有限值时必填）")

    def receptors(self) -> dict[str, set[str]]:
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
