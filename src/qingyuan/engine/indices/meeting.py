"""Which level each value reaches, on columns; only cells within rounding of a benchmark are looked at exactly."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from qingyuan.engine.indices import exact
from qingyuan.engine.indices.exact import CODES, MISSING, NOT_APPLICABLE
from qingyuan.engine.indices.expressions import UNIT, Expression
from qingyuan.engine.indices.system import (
    LEVELS,
    AtLeast,
    Benchmark,
    Compared,
    IndexSystem,
    Indicator,
    RatingError,
    Switch,
)

if TYPE_CHECKING:
    from qingyuan.engine.indices.rating import Data

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Truths = npt.NDArray[np.bool_]
STATED, BLANK, NA = 0, 1, 2


def reached_by(system: IndexSystem, data: Data, reached: Codes, *, weighed: bool) -> dict[str, Truths]:
    """Fill `reached` (indicators x enterprises); give by parameter where it is needed and blank.

    `weighed`: what the weights need is needed too.
    """
    blank: dict[str, Truths] = {}
    own = set(system.place)
    group_names = frozenset[str]().union(*(group.weight.names for group in system.groups if group.weight))
    for place, indicator in enumerate(system.indicators):
        codes = reached[place]
        if indicator.dropped:
            codes[:] = NOT_APPLICABLE
            continue
        codes[:] = _levels(indicator, data)
        state = STATED if indicator.kind == "conditions" else data.state(indicator.id)
        if not isinstance(state, int) or state != STATED:
            codes[np.equal(state, BLANK)] = MISSING
            codes[np.equal(state, NA)] = NOT_APPLICABLE
        if indicator.kind == "conditions" and indicator.names:
            away = np.ones(data.rows, dtype=np.bool_)
            for name in indicator.names:
                away &= np.equal(data.state(name), NA)
            codes[away] = NOT_APPLICABLE
        if indicator.share is not None:
            made = data.state(indicator.share.output)
            output = data.numbers.get(indicator.share.output)
            none_made = np.equal(made, NA)
            if output is not None:
                none_made = none_made | (np.equal(made, STATED) & (output == 0))
            codes[np.broadcast_to(none_made, codes.shape)] = NOT_APPLICABLE
        needed = set(indicator.names)
        if weighed:
            needed |= group_names
            if indicator.share is not None:
                needed |= indicator.share.of.names | set(exact.share_outputs(system, place))
            else:
                needed |= indicator.weight_names
        for name in sorted(needed):
            _need(name, indicator, data, codes, blank, listed=name not in own or bool(indicator.names))
    return blank


def _need(
    name: str, indicator: Indicator, data: Data, codes: Codes, blank: dict[str, Truths], *, listed: bool
) -> None:
    """A blank name makes the row missing; so does one that does not apply, except inside a condition or an output."""
    state = data.state(name)
    if isinstance(state, int) and state == STATED:
        return
    output = name.startswith("output:")
    bad = np.equal(state, BLANK)
    if not (output or indicator.kind == "conditions"):
        bad = bad | np.equal(state, NA)
    lacks = np.broadcast_to(bad, codes.shape) & (codes != NOT_APPLICABLE)
    if lacks.any():
        codes[lacks] = MISSING
        if listed:
            blank[name] = blank[name] | lacks if name in blank else lacks


def _levels(indicator: Indicator, data: Data) -> Codes | int:
    if not indicator.names <= data.numbers.keys() and indicator.kind != "conditions":
        return MISSING
    if indicator.kind == "conditions":
        if not indicator.names <= data.numbers.keys():
            return MISSING
    elif indicator.id not in data.numbers:
        return MISSING
    if indicator.kind == "qualitative":
        table = np.array([exact.qualitative(indicator, code) for code in range(4)], dtype=np.int8)
        return table[data.numbers[indicator.id].astype(np.int8)]
    found = np.zeros(data.rows, dtype=np.int8)
    for level in range(3):
        met = _met(indicator, level, data)
        np.maximum(found, met * np.int8(CODES[LEVELS[level]]), out=found)
    return found


def _met(indicator: Indicator, level: int, data: Data) -> Truths:
    benchmark, strict = indicator.demands[level]
    if benchmark is None:
        return np.full(data.rows, LEVELS[level] in indicator.free)
    if isinstance(benchmark, Compared | AtLeast):
        return _holds(benchmark, data)
    value = data.numbers[indicator.id]
    constant = benchmark.constant if isinstance(benchmark, Expression) else None
    if constant is not None:
        bound = float(constant)
        met = _compare(value, bound, higher=indicator.higher, strict=strict)
        # A double stands for its shortest decimal: two of at most 15 digits never share one.
        if Fraction(Decimal(repr(bound))) == constant and not data.exact.get(indicator.id):
            return met
        unsure = value == bound
    else:
        bounds, error = bounds_of(benchmark, data)
        met = _compare(value, bounds, higher=indicator.higher, strict=strict)
        unsure = ~(np.abs(value - bounds) > error + np.abs(value) * UNIT)
    return _redo(
        met,
        unsure,
        data,
        indicator,
        lambda row: exact.meets(
            indicator, level, data.fraction(indicator.id, row), dict(data.fractions(indicator.names, row))
        ),
    )


def _compare(value: Numbers, bound: Numbers | float, *, higher: bool, strict: bool) -> Truths:
    if higher:
        return value > bound if strict else value >= bound
    return value < bound if strict else value <= bound


def bounds_of(benchmark: Benchmark, data: Data) -> tuple[Numbers, Numbers]:
    """What a benchmark asks of each enterprise, and a bound of the error."""
    if isinstance(benchmark, Expression):
        return benchmark.bounded(data.numbers)
    assert isinstance(benchmark, Switch)
    sign, error = benchmark.sign_of.bounded(data.numbers)
    (negative, below), (zero, at), (positive, above) = (
        one.bounded(data.numbers) for one in benchmark.branches
    )
    # Zero exactly is exact for a bare name; for a sum it is within the error and so looked at again.
    value = np.where(sign < 0, negative, np.where(sign == 0, zero, positive))
    bound = np.where(sign < 0, below, np.where(sign == 0, at, above))
    return value, np.where(np.abs(sign) > error, bound, np.inf)


def _holds(condition: Compared | AtLeast, data: Data) -> Truths:
    if isinstance(condition, AtLeast):
        count = sum(_holds(one, data).astype(np.int8) for one in condition.of)
        return np.broadcast_to(np.asarray(count >= condition.count), data.rows)
    (left, left_error), (right, right_error) = (
        condition.left.bounded(data.numbers),
        condition.right.bounded(data.numbers),
    )
    comparison = {
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
        "==": np.equal,
    }[condition.comparison]
    met = np.broadcast_to(comparison(left, right), data.rows)
    unsure = np.broadcast_to(~(np.abs(left - right) > left_error + right_error), data.rows)
    stated = np.ones(data.rows, dtype=np.bool_)
    for name in condition.names:
        stated &= np.equal(data.state(name), STATED)
    return _redo(
        met & stated,
        unsure & stated,
        data,
        None,
        lambda row: exact.holds(condition, dict(data.fractions(condition.names, row))),
    )


def _redo(
    met: Truths, unsure: Truths, data: Data, indicator: Indicator | None, decide: Callable[[int], bool]
) -> Truths:
    """`met` with the unsure cells decided exactly, where all that they need stands."""
    for name in () if indicator is None else (indicator.id, *sorted(indicator.names)):
        state = data.state(name)
        if not isinstance(state, int):
            unsure = unsure & (state == STATED)
    rows = np.flatnonzero(unsure)
    if not len(rows):
        return met
    met = met.copy()
    for row in rows.tolist():
        try:
            met[row] = decide(row)
        except ZeroDivisionError as error:
            raise RatingError(
                row=row, id=indicator.id if indicator else "", reason="基准值算式的除数为零"
            ) from error
    return met
