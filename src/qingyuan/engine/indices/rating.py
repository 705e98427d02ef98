"""Many enterprises at once: floating point with a bound of its error, and exact fractions where that leaves a doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from qingyuan.engine.indices import exact
from qingyuan.engine.indices.exact import CODES, DOUBTFUL, MISSING, NOT_APPLICABLE
from qingyuan.engine.indices.levels import level_codes
from qingyuan.engine.indices.meeting import reached_by
from qingyuan.engine.indices.system import IndexSystem

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
STATED, BLANK, NA = 0, 1, 2
CHUNK = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Data:
    """Columns by the id of an indicator or parameter; a column that is absent is blank throughout.

    `numbers` hold the value meant to half a unit in the last place (a grade I/II/III/none as 3/2/1/0), `states` 0 where
    a value stands, 1 blank, 2 does not apply (absent: all 0). A number means the shortest decimal that rounds to it;
    `exact` holds by row the values for which that is not so.
    """

    rows: int
    numbers: Mapping[str, Numbers]
    states: Mapping[str, Codes] = field(default_factory=dict)
    exact: Mapping[str, Mapping[int, Fraction]] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Mapping[str, Sequence[Any]], *, rows: int) -> Data:
        """From lists: Decimal, Fraction, int, float or a grade; None blank, "na" does not apply."""
        numbers: dict[str, Numbers] = {}
        states: dict[str, Codes] = {}
        exact_values: dict[str, dict[int, Fraction]] = {}
        for name, cells in columns.items():
            values = [0.0] * rows
            state = np.zeros(rows, dtype=np.int8)
            for row, cell in enumerate(cells):
                if cell is None:
                    state[row] = BLANK
                elif isinstance(cell, str):
                    if cell in CODES:
                        values[row] = float(CODES[cell])
                    elif cell == "na":
                        state[row] = NA
                    else:
                        raise ValueError(
                            f"{name}: {cell!r} is neither a number nor one of I, II, III, none, na"
                        )
                else:
                    values[row] = float(cell)
                    if not isinstance(cell, float) and Decimal(repr(values[row])) != cell:
                        exact_values.setdefault(name, {})[row] = Fraction(cell)
            numbers[name] = np.array(values, dtype=np.float64)
            if not np.isfinite(numbers[name]).all():
                raise ValueError(f"{name}: a value is not finite")
            if state.any():
                states[name] = state
        return cls(rows=rows, numbers=numbers, states=states, exact=exact_values)

    def state(self, name: str) -> Codes | int:
        """States of a column, or one number for all its rows."""
        if name not in self.numbers:
            return BLANK
        return self.states.get(name, STATED)

    def fraction(self, name: str, row: int) -> Fraction:
        """The number meant."""
        known = self.exact.get(name, {}).get(row)
        return Fraction(Decimal(repr(float(self.numbers[name][row])))) if known is None else known

    def fractions(self, names: frozenset[str], row: int) -> dict[str, Fraction]:
        """The numbers that stand in a row (what does not apply is left out)."""
        return {name: self.fraction(name, row) for name in names if self._stated(name, row)}

    def _stated(self, name: str, row: int) -> bool:
        state = self.state(name)
        return (state if isinstance(state, int) else int(state[row])) == STATED

    def part(self, start: int, stop: int) -> Data:
        """A slice of the rows."""
        return Data(
            rows=stop - start,
            numbers={name: column[start:stop] for name, column in self.numbers.items()},
            states={name: column[start:stop] for name, column in self.states.items()},
            exact={
                name: {row - start: value for row, value in known.items() if start <= row < stop}
                for name, known in self.exact.items()
            },
        )


@dataclass(frozen=True, kw_only=True)
class Rating:
    """`reached`: a row an indicator, per enterprise 3 I, 2 II, 1 III, 0 below, -1 missing, -2 does not apply, -3 doubtful.

    `levels`: the same codes, -1 where there is no level. `lacking`: by parameter where it is needed and blank.
    """

    system: IndexSystem
    data: Data
    reached: Codes
    levels: Codes
    lacking: Mapping[str, npt.NDArray[np.bool_]]

    def explain(self, row: int) -> exact.Explanation:
        """Exact indices, weights and what each level lacks, of one enterprise."""
        reached = [int(code) for code in self.reached[:, row]]
        if any(lacks[row] for lacks in self.lacking.values()):
            reached = [MISSING if code == MISSING else code for code in reached]
        return exact.explain(
            self.system, reached, self.data.fractions(exact.weight_names(self.system), row), row=row
        )

    def missing(self, row: int) -> list[str]:
        """Applicable indicators, then needed parameters, without a value."""
        own = [
            indicator.id
            for place, indicator in enumerate(self.system.indicators)
            if self.reached[place, row] == MISSING
            and not self._has_value(indicator.id, row)
            and indicator.kind != "conditions"
        ]
        return own + [name for name, lacks in self.lacking.items() if lacks[row] and name not in own]

    def failing(self, row: int) -> list[str]:
        """Applicable indicators below level III."""
        return [one.id for place, one in enumerate(self.system.indicators) if self.reached[place, row] == 0]

    def _has_value(self, name: str, row: int) -> bool:
        state = self.data.state(name)
        return (state if isinstance(state, int) else int(state[row])) != BLANK


def rate(
    system: IndexSystem, data: Data, *, indicators_only: bool = False, doubtful: frozenset[str] = frozenset()
) -> Rating:
    """Rate every enterprise. With `indicators_only` no level is given; `doubtful` rows are then not judged.

    The caller looks at `doubts_of` first: what is doubtful is not checked again here. Raises RatingError.
    """
    reached = np.empty((len(system.indicators), data.rows), dtype=np.int8)
    levels = np.full(data.rows, MISSING, dtype=np.int8)
    lacking: dict[str, npt.NDArray[np.bool_]] = {}
    for start in range(0, data.rows, CHUNK):
        stop = min(start + CHUNK, data.rows)
        part = data.part(start, stop) if data.rows > CHUNK else data
        met = reached[:, start:stop]
        blank = reached_by(system, part, met, weighed=not indicators_only)
        for place, indicator in enumerate(system.indicators):
            if indicator.id in doubtful:
                met[place][met[place] != NOT_APPLICABLE] = DOUBTFUL
        for name, rows in blank.items():
            lacking.setdefault(name, np.zeros(data.rows, dtype=np.bool_))[start:stop] |= rows
        if not indicators_only:
            levels[start:stop] = level_codes(system, part, met, first=start)
    return Rating(system=system, data=data, reached=reached, levels=levels, lacking=lacking)
