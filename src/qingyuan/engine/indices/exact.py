"""One enterprise in exact fractions: what is met, what each row weighs, the indices, the level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Final, NamedTuple

from qingyuan.engine.indices.expressions import Expression
from qingyuan.engine.indices.system import (
    LEVELS,
    AtLeast,
    Benchmark,
    Compared,
    IndexSystem,
    Indicator,
    Level,
    RatingError,
    Switch,
)

CODES: Final[Mapping[str, int]] = {"I": 3, "II": 2, "III": 1, "none": 0}
NAMES: Final[Mapping[int, str]] = {3: "I", 2: "II", 1: "III", 0: "below"}
MISSING, NOT_APPLICABLE, DOUBTFUL = -1, -2, -3
WHOLE: Final = Fraction(100)


class Unit(NamedTuple):
    """What is weighed: a row, or a whole k-of-n group. `enough` of its `places` must meet."""

    group: int
    places: tuple[int, ...]
    enough: int
    bonus: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights of the units that apply, as whole numbers over one denominator, renormalised."""

    units: tuple[Unit, ...]
    numerators: tuple[int, ...]
    denominator: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How one enterprise came to its level: `weights` by unit, `index` by level, and what each level lacks."""

    level: str | None
    index: Mapping[str, Fraction | None]
    reached: tuple[int, ...]
    weights: Weights | None
    lacking: Mapping[str, tuple[str, ...]]


def qualitative(indicator: Indicator, code: int) -> int:
    """The level that an assessor's cell means in this row: a level that the row does not state is not met by it."""
    best = max(
        (CODES[level] for level in indicator.stated | indicator.free if CODES[level] <= code), default=0
    )
    return max(best, max((CODES[level] for level in indicator.free), default=0))


def holds(benchmark: Benchmark, values: Mapping[str, Fraction | None]) -> bool:
    """Whether a condition holds; a comparison with a value that does not apply (None) does not."""
    if isinstance(benchmark, AtLeast):
        return sum(holds(one, values) for one in benchmark.of) >= benchmark.count
    assert isinstance(benchmark, Compared)
    known = {name: value for name, value in values.items() if value is not None}
    if not benchmark.names <= known.keys():
        return False
    return compare(benchmark.left.exact(known), benchmark.comparison, benchmark.right.exact(known))


def compare(left: Fraction, sign: str, right: Fraction) -> bool:
    if sign == "==":
        return left == right
    if sign in {"<", "<="}:
        return left < right or (sign == "<=" and left == right)
    return left > right or (sign == ">=" and left == right)


def limit(benchmark: Benchmark, values: Mapping[str, Fraction]) -> Fraction:
    """The number that a benchmark asks for."""
    if isinstance(benchmark, Switch):
        sign = benchmark.sign_of.exact(values)
        return benchmark.branches[0 if sign < 0 else 1 if sign == 0 else 2].exact(values)
    assert not isinstance(benchmark, Compared | AtLeast)
    return benchmark.exact(values)


def meets(
    indicator: Indicator, level: int, value: Fraction | None, values: Mapping[str, Fraction | None]
) -> bool:
    """Whether a value meets the benchmark in force at LEVELS[level]."""
    benchmark, strict = indicator.demands[level]
    if benchmark is None:
        return LEVELS[level] in indicator.free
    if indicator.kind == "conditions":
        return holds(benchmark, values)
    assert value is not None
    bound = limit(benchmark, {name: known for name, known in values.items() if known is not None})
    sign = (">" if indicator.higher else "<") + ("" if strict else "=")
    return compare(value, sign, bound)


@lru_cache(maxsize=64)
def units(system: IndexSystem) -> tuple[Unit, ...]:
    found: list[Unit] = []
    for number, (group, places) in enumerate(system.members()):
        if group.at_least is not None:
            found.append(Unit(number, tuple(places), group.at_least, group.bonus))
        else:
            found += [Unit(number, (place,), 1, group.bonus) for place in places]
    return tuple(found)


def weights(
    system: IndexSystem, applies: Sequence[bool], values: Mapping[str, Fraction], *, row: int = 0
) -> Weights | None:
    """Renormalised weights; None where nothing applies. Raises RatingError where an expression has no value."""
    if not weight_names(system):
        return _constant_weights(system, tuple(applies))
    return _weigh(system, applies, values, row=row)


@lru_cache(maxsize=4096)
def _constant_weights(system: IndexSystem, applies: tuple[bool, ...]) -> Weights | None:
    return _weigh(system, applies, {}, row=0)


@lru_cache(maxsize=64)
def weight_names(system: IndexSystem) -> frozenset[str]:
    """The parameters that the weights need."""
    groups = (group.weight.names for group in system.groups if group.weight is not None)
    return frozenset[str]().union(*groups, *(one.weight_names for one in system.indicators))


def _weigh(
    system: IndexSystem, applies: Sequence[bool], values: Mapping[str, Fraction], *, row: int
) -> Weights | None:
    own: dict[Unit, Fraction] = {}
    sums: dict[int, Fraction] = {}
    for unit in units(system):
        if not any(applies[place] for place in unit.places):
            continue
        whole = system.groups[unit.group].at_least is not None
        weight = Fraction(1) if whole else _weight(system, unit.places[0], values, row=row)
        own[unit] = weight
        sums[unit.group] = sums.get(unit.group, Fraction(0)) + weight
    groups = {
        number: _evaluated(system.groups[number].weight, values, system.groups[number].id, row)
        for number, total in sums.items()
        if total > 0
    }
    total = sum((weight for number, weight in groups.items() if not system.groups[number].bonus), Fraction(0))
    if total <= 0:
        return None
    final = {
        unit: groups[unit.group] * weight / (1 if unit.bonus else sums[unit.group] * total)
        for unit, weight in own.items()
        if unit.group in groups
    }
    denominator = lcm(*(weight.denominator for weight in final.values()))
    return Weights(
        units=tuple(final),
        numerators=tuple(int(weight * denominator) for weight in final.values()),
        denominator=denominator,
    )


def unit_reached(unit: Unit, reached: Sequence[int]) -> int:
    """The best level that enough of the unit's applying rows meet."""
    if len(unit.places) == 1:
        return reached[unit.places[0]]
    found = sorted(
        (reached[place] for place in unit.places if reached[place] != NOT_APPLICABLE), reverse=True
    )
    return found[min(unit.enough, len(found)) - 1] if found else NOT_APPLICABLE


def index(
    system: IndexSystem, weighed: Weights, reached: Sequence[int], level: Level, *, bonus: bool = True
) -> Fraction:
    """Y_level, with what bonus groups lift, at most 100."""
    code = CODES[level]
    met = 0
    for unit, numerator in zip(weighed.units, weighed.numerators, strict=True):
        if unit.bonus and not (bonus and level in system.groups[unit.group].lifts):
            continue
        if unit_reached(unit, reached) >= code:
            met += numerator
    return min(Fraction(100 * met, weighed.denominator), WHOLE)


def explain(
    system: IndexSystem, reached: Sequence[int], values: Mapping[str, Fraction], *, row: int = 0
) -> Explanation:
    """Indices, level and what each level lacks, from the levels that the rows reach."""
    weighed = None
    if min(reached, default=MISSING) >= NOT_APPLICABLE and MISSING not in reached:
        weighed = weights(system, [one != NOT_APPLICABLE for one in reached], values, row=row)
    if weighed is None:
        blank: dict[str, Fraction | None] = dict.fromkeys(LEVELS)
        return Explanation(level=None, index=blank, reached=tuple(reached), weights=None, lacking={})
    found: dict[str, Fraction | None] = {}
    lacking: dict[str, tuple[str, ...]] = {}
    for level in LEVELS:
        found[level] = index(system, weighed, reached, level)
        rule = system.rules.get(level)
        if rule is None:
            continue
        judged = index(system, weighed, reached, level, bonus=rule.index < WHOLE)
        lacks = [f"Y_{level}"] if judged < rule.index else []
        lacking[level] = (*lacks, *_rows_lacking(system, reached, rule.restrictive, rule.others))
    best = next((level for level in LEVELS if level in lacking and not lacking[level]), "below")
    return Explanation(level=best, index=found, reached=tuple(reached), weights=weighed, lacking=lacking)


def _rows_lacking(
    system: IndexSystem, reached: Sequence[int], restrictive: str | None, others: str | None
) -> list[str]:
    lacks: list[str] = []
    for place, indicator in enumerate(system.indicators):
        if indicator.restrictive and restrictive and NOT_APPLICABLE != reached[place] < CODES[restrictive]:
            lacks.append(indicator.id)
    for unit in units(system):
        if unit.bonus or not others:
            continue
        if len(unit.places) == 1 and system.indicators[unit.places[0]].restrictive:
            continue
        if NOT_APPLICABLE != unit_reached(unit, reached) < CODES[others]:
            whole = system.groups[unit.group].at_least is not None
            lacks.append(system.groups[unit.group].id if whole else system.indicators[unit.places[0]].id)
    return lacks


def _weight(system: IndexSystem, place: int, values: Mapping[str, Fraction], *, row: int) -> Fraction:
    indicator = system.indicators[place]
    if indicator.share is None:
        return _evaluated(indicator.weight, values, indicator.id, row)
    outputs = sum((values.get(name, Fraction(0)) for name in share_outputs(system, place)), Fraction(0))
    whole = _evaluated(indicator.share.of, values, indicator.id, row)
    return whole * values.get(indicator.share.output, Fraction(0)) / outputs if outputs else Fraction(0)


@lru_cache(maxsize=4096)
def share_outputs(system: IndexSystem, place: int) -> tuple[str, ...]:
    """The outputs among which the weight of an indicator's share is divided."""
    share = system.indicators[place].share
    assert share is not None
    group = next(group for group, places in system.members() if place in places)
    return tuple(
        one.share.output
        for one in group.indicators
        if one.share is not None and one.share.number == share.number
    )


def _evaluated(
    expression: Expression | None, values: Mapping[str, Fraction], name: str, row: int
) -> Fraction:
    if expression is None:
        raise RatingError(row=row, id=name, reason="没有权重")
    try:
        value = expression.exact(values)
    except ZeroDivisionError as error:
        raise RatingError(row=row, id=name, reason=f"权重“{expression.text}”的除数为零") from error
    if value < 0:
        raise RatingError(row=row, id=name, reason=f"权重“{expression.text}”算得负数")
    return value
