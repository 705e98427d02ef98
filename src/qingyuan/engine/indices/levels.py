"""Indices and levels on columns: weighted sums with a bound of their error, redone exactly near a threshold."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from qingyuan.engine.indices import exact
from qingyuan.engine.indices.exact import CODES, NOT_APPLICABLE, WHOLE, Unit
from qingyuan.engine.indices.expressions import UNIT, Expression
from qingyuan.engine.indices.system import LEVELS, IndexSystem, RatingError

if TYPE_CHECKING:
    from qingyuan.engine.indices.rating import Data

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Truths = npt.NDArray[np.bool_]
NO_LEVEL = -1


def level_codes(system: IndexSystem, data: Data, reached: Codes, *, first: int = 0) -> Codes:
    """Level of every enterprise: 3 I, 2 II, 1 III, 0 below, -1 none. `first`: its row in the whole, for errors."""
    return _Chunk(system, data, reached, first).levels()


class _Chunk:
    def __init__(self, system: IndexSystem, data: Data, reached: Codes, first: int) -> None:
        self.system, self.data, self.reached, self.first = system, data, reached, first
        self.units = exact.units(system)
        self.unit_reached = [self._unit(unit) for unit in self.units]
        self.whole = (reached.min(axis=0) >= NOT_APPLICABLE) & ~(reached == -1).any(axis=0)
        self.names = exact.weight_names(system)

    def levels(self) -> Codes:
        rows = self.data.rows
        found = np.zeros(rows, dtype=np.int8)
        with np.errstate(all="ignore"):  # a divisor of 0 is found below, exactly
            index, error, counted = self._indices()
        for row in np.flatnonzero(self.whole & counted & ~np.isfinite(error)).tolist():
            self._weights(row)
        restrictive, others, every = self._lowest()
        for level in reversed(LEVELS):
            rule = self.system.rules.get(level)
            if rule is None:
                continue
            threshold = float(rule.index)
            # All rows met is 100 exactly, whatever the rounding says; a threshold of 100 counts no bonus.
            full = every >= CODES[level]
            value = index[level, rule.index < WHOLE]
            reaches = full | (value >= threshold)
            ok = self.whole & counted
            if rule.restrictive:
                ok &= restrictive >= CODES[rule.restrictive]
            if rule.others:
                ok &= others >= CODES[rule.others]
            unsure = ok & ~full & ~(np.abs(value - threshold) > error)
            self._redo(reaches, unsure, level, rule.index)
            found[ok & reaches] = CODES[level]
        found[~(self.whole & counted)] = NO_LEVEL
        return found

    def _unit(self, unit: Unit) -> Codes:
        if len(unit.places) == 1:
            return self.reached[unit.places[0]]
        rows = np.sort(self.reached[list(unit.places)], axis=0)[::-1]
        applying = (rows != NOT_APPLICABLE).sum(axis=0)
        place = np.clip(np.minimum(unit.enough, applying) - 1, 0, None)
        return np.take_along_axis(rows, place[None, :], axis=0)[0]

    def _lowest(self) -> tuple[Codes, Codes, Codes]:
        """The lowest level among the restrictive rows, among the others, among all that count for 100."""
        rows = self.data.rows
        restrictive, others, every = (np.full(rows, 3, dtype=np.int8) for _ in range(3))

        def lower(kept: Codes, codes: Codes) -> None:
            np.minimum(kept, np.where(codes == NOT_APPLICABLE, np.int8(3), codes), out=kept)

        for place, indicator in enumerate(self.system.indicators):
            if indicator.restrictive:
                lower(restrictive, self.reached[place])
        for unit, codes in zip(self.units, self.unit_reached, strict=True):
            if unit.bonus:
                continue
            lower(every, codes)
            if len(unit.places) > 1 or not self.system.indicators[unit.places[0]].restrictive:
                lower(others, codes)
        return restrictive, others, every

    def _indices(self) -> tuple[dict[tuple[str, bool], Numbers], Numbers, Truths]:
        """Y by level, with and without bonus, one bound of their errors, and where anything applies."""
        rows = self.data.rows
        sums: dict[str, Numbers] = {level: np.zeros(rows) for level in LEVELS}
        lifts: dict[str, Numbers] = {level: np.zeros(rows) for level in LEVELS}
        total = np.zeros(rows)
        total_error = np.zeros(rows)
        worst = np.zeros(rows)
        for number, group in enumerate(self.system.groups):
            members = [k for k, unit in enumerate(self.units) if unit.group == number]
            weight, weight_error = self._weight(group.weight)
            part = {level: np.zeros(rows) for level in sums}
            own, own_error = np.zeros(rows), np.zeros(rows)
            for k in members:
                single, single_error = self._unit_weight(self.units[k])
                codes = self.unit_reached[k]
                applies = codes != NOT_APPLICABLE
                own += np.where(applies, single, 0.0)
                own_error += np.where(applies, single_error, 0.0)
                for level in sums:
                    part[level] += np.where(codes >= CODES[level], single, 0.0)
            there = ~(own <= 0)
            if group.bonus:
                for level in group.lifts:
                    lifts[level] += weight * part[level]
                worst = worst + weight_error * 2 + own_error
                continue
            safe = np.where(there, own, 1.0)
            for level in sums:
                sums[level] += np.where(there, weight * part[level] / safe, 0.0)
            total += np.where(there, weight, 0.0)
            total_error += np.where(there, weight_error, 0.0)
            worst = np.maximum(worst, np.where(there, 4 * own_error / safe, 0.0))
        rounding = (4 * len(self.units) + 50) * 2 * UNIT
        error = 100 * (2 * worst + 4 * total_error / total + 2 * rounding)
        found = {
            (level, bonus): np.minimum(100 * (sums[level] / total + (lifts[level] if bonus else 0)), 100)
            for level in sums
            for bonus in (False, True)
        }
        return found, np.where(np.isfinite(error), error, np.inf), ~(total <= 0)

    def _weights(self, row: int) -> exact.Weights | None:
        applies = (self.reached[:, row] != NOT_APPLICABLE).tolist()
        return exact.weights(self.system, applies, self.data.fractions(self.names, row), row=self.first + row)

    def _weight(self, expression: Expression | None) -> tuple[Numbers, Numbers]:
        if expression is None:
            raise RatingError(row=self.first, id=self.system.id, reason="没有权重")
        if not expression.names <= self.data.numbers.keys():
            return np.asarray(np.nan), np.asarray(np.inf)
        return expression.bounded(self.data.numbers)

    def _unit_weight(self, unit: Unit) -> tuple[Numbers, Numbers]:
        if self.system.groups[unit.group].at_least is not None:
            return np.asarray(1.0), np.asarray(0.0)
        indicator = self.system.indicators[unit.places[0]]
        if indicator.share is None:
            return self._weight(indicator.weight)
        outputs = exact.share_outputs(self.system, unit.places[0])
        known = [self._output(name) for name in outputs]
        whole = np.sum(known, axis=0)
        of, of_error = self._weight(indicator.share.of)
        with np.errstate(all="ignore"):
            weight = np.where(whole > 0, of * self._output(indicator.share.output) / whole, 0.0)
        return weight, weight * (len(outputs) + 4) * 2 * UNIT + of_error

    def _output(self, name: str) -> Numbers:
        if name not in self.data.numbers:
            return np.full(self.data.rows, np.nan)
        return np.where(np.equal(self.data.state(name), 0), self.data.numbers[name], 0.0)

    def _redo(self, reaches: Truths, unsure: Truths, level: str, threshold: Fraction) -> None:
        """Decide the unsure rows exactly: together where only what applies moves the weights, else one by one."""
        rows = np.flatnonzero(unsure)
        if not len(rows):
            return
        applies = self.reached[:, rows] != NOT_APPLICABLE
        if self.names:
            parts = [np.array([k]) for k in range(len(rows))]
        else:
            packed = np.packbits(applies, axis=0).T.copy()
            keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
            _, inverse = np.unique(keys, return_inverse=True)
            order = np.argsort(inverse, kind="stable")
            parts = np.split(order, np.flatnonzero(np.diff(inverse[order])) + 1)
        for part in parts:
            weighed = self._weights(int(rows[part[0]]))
            if weighed is not None:
                reaches[rows[part]] = self._reaches(weighed, rows[part], level, threshold)

    def _reaches(
        self, weighed: exact.Weights, rows: npt.NDArray[np.intp], level: str, threshold: Fraction
    ) -> Truths:
        number = {unit: k for k, unit in enumerate(self.units)}
        lifted = threshold < WHOLE
        used = [
            (self.unit_reached[number[unit]][rows] >= CODES[level], numerator)
            for unit, numerator in zip(weighed.units, weighed.numerators, strict=True)
            if not unit.bonus or (lifted and level in self.system.groups[unit.group].lifts)
        ]
        least = ceil(threshold * weighed.denominator / 100)
        small = sum(numerator for _, numerator in used) < 2**62
        met = np.zeros(len(rows), dtype=np.int64 if small else object)
        for truth, numerator in used:
            met = met + truth.astype(met.dtype) * numerator
        return np.asarray(met >= least, dtype=np.bool_)
