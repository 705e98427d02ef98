"""One enterprise, as a form hands it in: exact throughout, and at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from qingyuan.engine.indices import exact
from qingyuan.engine.indices.exact import CODES, MISSING, NOT_APPLICABLE, Explanation
from qingyuan.engine.indices.system import LEVELS, IndexSystem, Indicator, RatingError

NA: Final = "na"
Cell = Decimal | Fraction | int | float | str | None
Known = Fraction | Literal["na"] | None


def rate_one(system: IndexSystem, values: Mapping[str, Cell]) -> Explanation:
    """The rating of one enterprise: values by id of indicator or parameter; None or absent is blank, "na" does not apply.

    Gives what `rate` gives for the same row. Raises RatingError.
    """
    known = {name: _known(cell) for name, cell in values.items()}
    group_names = frozenset[str]().union(*(group.weight.names for group in system.groups if group.weight))
    reached = [
        _reached(system, place, one, known, group_names) for place, one in enumerate(system.indicators)
    ]
    numbers = {
        name: value for name in exact.weight_names(system) if isinstance(value := known.get(name), Fraction)
    }
    return exact.explain(system, reached, numbers)


def _known(cell: Cell) -> Known:
    if cell is None:
        return None
    if isinstance(cell, str):
        return NA if cell == NA else Fraction(CODES[cell])
    return Fraction(Decimal(repr(cell)) if isinstance(cell, float) else cell)


def _reached(
    system: IndexSystem, place: int, one: Indicator, known: Mapping[str, Known], group_names: frozenset[str]
) -> int:
    if _is_out(one, known):
        return NOT_APPLICABLE
    conditions = one.kind == "conditions"
    needed = one.names | group_names | one.weight_names
    if one.share is not None:
        needed |= set(exact.share_outputs(system, place))
    for name in needed:
        value = known.get(name)
        if value is None or (value == NA and not conditions and not name.startswith("output:")):
            return MISSING
    if conditions:
        return _best(one, None, known)
    own = known.get(one.id)
    if not isinstance(own, Fraction):
        return MISSING
    return exact.qualitative(one, int(own)) if one.kind == "qualitative" else _best(one, own, known)


def _is_out(one: Indicator, known: Mapping[str, Known]) -> bool:
    if one.dropped or (one.share is not None and known.get(one.share.output) in {NA, 0}):
        return True
    if one.kind == "conditions":
        return bool(one.names) and all(known.get(name) == NA for name in one.names)
    return known.get(one.id) == NA


def _best(one: Indicator, own: Fraction | None, known: Mapping[str, Known]) -> int:
    values = {name: value for name in one.names if isinstance(value := known[name], Fraction)}
    try:
        return next(
            (CODES[level] for k, level in enumerate(LEVELS) if exact.meets(one, k, own, dict(values))), 0
        )
    except ZeroDivisionError as error:
        raise RatingError(row=0, id=one.id, reason="基准值算式的除数为零") from error
