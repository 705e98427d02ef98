"""From the selection as stated to arrays: one coupling row per demand and budget, local rows for what ties measures."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import sparse

from qingyuan.engine.portfolio.case import Case, Demand, Measures, demands, exact, order, up_to
from qingyuan.engine.portfolio.instance import Instance
from qingyuan.engine.portfolio.programme import Numbers

DENSE_CELLS = 60_000_000
MOST_GRIDDED, FINEST = 3_000, Fraction(1, 10**7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """The arrays, and what they stand for: column -> row of the table, coupling row -> demand (budgets come last)."""

    case: Case
    instance: Instance
    rows: np.ndarray[tuple[int], np.dtype[np.int64]]
    demands: list[Demand]
    ties: list[str]
    """What each local row is, for people."""

    def plan(self, x: Numbers) -> dict[int, float]:
        """Row of the table -> fraction, where it is not 0."""
        return {int(self.rows[column]): float(x[column]) for column in np.flatnonzero(x)}


def assemble(case: Case) -> Assembled:
    """The instance of a case; its columns stand in an order that does not depend on the table's."""
    measures = case.measures
    rows = np.fromiter(order(measures), dtype=np.int64, count=len(measures))
    asked = demands(case)
    effects = {name: numbers(column)[rows] for name, column in measures.effects.items()}
    gain = [gain_of(one, measures, effects, rows) for one in asked]
    divisible = np.array(measures.divisible, dtype=bool)[rows]
    need = [
        threshold(one, measures, divisible[np.flatnonzero(column)].any(), rows[np.flatnonzero(column)])
        for one, column in zip(asked, gain, strict=True)
    ]
    cost = numbers(measures.cost)[rows]
    if case.budget is not None:
        weights = cost if case.budget.of == "annual" else numbers(measures.invest)[rows]
        gain.append(-weights)
        need.append(-float(case.budget.limit))
    done = np.array(measures.done, dtype=bool)[rows]
    ties = _Ties(measures, rows)
    local, least, most = ties.matrix()
    instance = Instance(
        cost=cost,
        gain=_matrix(gain, len(rows)),
        need=np.array(need, dtype=np.float64),
        local=local,
        local_lower=least,
        local_upper=most,
        lower=ties.forced,
        upper=np.where(done, 0.0, 1.0),
        whole=~divisible,
    )
    return Assembled(case=case, instance=instance, rows=rows, demands=asked, ties=ties.names)


def numbers(column: Iterable[Any]) -> Numbers:
    """Floats, 0 where nothing is stated."""
    return np.array([0.0 if value is None else float(value) for value in column], dtype=np.float64)


def threshold(demand: Demand, measures: Measures, divisible: Any, rows: Any) -> float:
    """What the solver is told to reach.

    Where all measures of a row are whole, its sums lie on a grid; half a step below the first sum that suffices separates
    right from wrong plans by more than a solver's tolerance. Else the requirement itself.
    """
    if divisible or len(rows) > MOST_GRIDDED:
        return rounded_up(demand.required)
    terms = [coefficients(demand, measures, int(row)) for row in rows]
    step = Fraction(1, math.lcm(*{term.denominator for term in terms}))
    step *= math.gcd(*{int(term / step) for term in terms}) if terms else 1
    largest = max((abs(term) for term in terms), default=Fraction(1))
    if step < largest * FINEST:
        return rounded_up(demand.required)
    return float(math.ceil(demand.required / step) * step - step / 2)


def coefficients(demand: Demand, measures: Measures, row: int) -> Fraction:
    """What the measure of a row adds to the demand, exactly."""
    if not up_to(measures.period[row], demand.period):
        return Fraction(0)
    found = Fraction(0)
    for pollutant, column in measures.effects.items():
        own = demand.special.get((measures.enterprise[row], pollutant), demand.general.get(pollutant))
        if own and column[row]:
            found += own * exact(column[row])
    return found


def rounded_up(value: Any) -> float:
    """The least float that is not below the fraction."""
    near = float(value)
    return near if exact(near) >= value else float(np.nextafter(near, np.inf))


def gain_of(demand: Demand, measures: Measures, effects: dict[str, Numbers], rows: Any) -> Numbers:
    """What each measure, done in full, adds to the demand."""
    gain = np.zeros(len(rows))
    special: dict[str, dict[str, float]] = {}
    for (enterprise, pollutant), coefficient in demand.special.items():
        special.setdefault(pollutant, {})[enterprise] = float(coefficient)
    enterprise_of = [measures.enterprise[row] for row in rows] if special else []
    for pollutant in sorted({*demand.general, *special}):
        common = float(demand.general.get(pollutant, 0))
        if pollutant in special:
            own = special[pollutant]
            gain += np.array([own.get(one, common) for one in enterprise_of]) * effects[pollutant]
        else:
            gain += common * effects[pollutant]
    if demand.period:
        gain *= np.array([up_to(measures.period[row], demand.period) for row in rows])
    return gain


def _matrix(gain: list[Numbers], n: int) -> Any:
    if n * len(gain) <= DENSE_CELLS:
        return np.ascontiguousarray(np.array(gain, dtype=np.float64).reshape(len(gain), n).T)
    return sparse.csr_array(sparse.vstack([sparse.csr_array(one[None, :]) for one in gain]).T)


class _Ties:
    """Local rows: at most one of a group, one period of a measure, a needs b or c, mandatory in one of its periods."""

    def __init__(self, measures: Measures, rows: Any) -> None:
        self.entries: list[tuple[int, int, float]] = []
        self.least: list[float] = []
        self.most: list[float] = []
        self.names: list[str] = []
        self.measures = measures
        self.rows = rows
        self.column = {int(row): column for column, row in enumerate(rows)}
        self.forced = np.zeros(len(rows))
        self._groups()
        self._periods()
        self._needs()

    def matrix(self) -> tuple[Any, Numbers, Numbers]:
        at, column, value = zip(*self.entries, strict=True) if self.entries else ((), (), ())
        shape = (len(self.names), len(self.rows))
        local = sparse.csc_array(
            (
                np.array(value, dtype=np.float64),
                (np.array(at, dtype=np.int64), np.array(column, dtype=np.int64)),
            ),
            shape=shape,
        )
        return local, np.array(self.least, dtype=np.float64), np.array(self.most, dtype=np.float64)

    def _add(self, name: str, terms: Iterable[tuple[int, float]], least: float, most: float) -> None:
        number = len(self.names)
        self.entries += [(number, column, value) for column, value in terms if value]
        self.names.append(name)
        self.least.append(least)
        self.most.append(most)

    def _groups(self) -> None:
        members: dict[str, list[int]] = {}
        for column, row in enumerate(self.rows):
            if self.measures.group[row]:
                members.setdefault(self.measures.group[row], []).append(column)
        for group, columns in members.items():
            standing = any(self.measures.done[self.rows[column]] for column in columns)
            if len(columns) > 1:
                self._add(
                    f"group {group}", [(column, 1.0) for column in columns], -np.inf, 0.0 if standing else 1.0
                )

    def _periods(self) -> None:
        same: dict[tuple[str, str], list[int]] = {}
        for column, row in enumerate(self.rows):
            same.setdefault((self.measures.enterprise[row], self.measures.measure[row]), []).append(column)
        for (_enterprise, measure), columns in same.items():
            asked = [
                column
                for column in columns
                if self.measures.mandatory[self.rows[column]] and not self.measures.done[self.rows[column]]
            ]
            if len(columns) == 1:
                self.forced[asked] = 1.0
                continue
            standing = any(self.measures.done[self.rows[column]] for column in columns)
            if standing:
                self._add(f"periods of {measure}", [(column, 1.0) for column in columns], -np.inf, 0.0)
                continue
            self._add(f"periods of {measure}", [(column, 1.0) for column in columns], -np.inf, 1.0)
            if asked:
                self._add(f"mandatory {measure}", [(column, 1.0) for column in asked], 1.0, 1.0)

    def _needs(self) -> None:
        measures = self.measures
        for column, row in enumerate(self.rows):
            wanted = measures.needs[row]
            if not wanted or measures.done[row] or row in wanted:
                continue
            early = [
                one
                for one in wanted
                if measures.done[one] or up_to(measures.period[one], measures.period[row])
            ]
            if any(measures.done[one] for one in early):
                continue
            terms = [(column, 1.0), *((self.column[one], -1.0) for one in dict.fromkeys(early))]
            self._add(f"needs of {measures.measure[row]}", terms, -np.inf, 0.0)
