"""What an index system says: groups, indicators, benchmarks, weights, and the rule of the levels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Final, Literal

from qingyuan.engine.indices.expressions import Expression, ExpressionError, parse

Level = Literal["I", "II", "III"]
LEVELS: Final[tuple[Level, Level, Level]] = ("I", "II", "III")
Comparison = Literal["<", "<=", ">", ">=", "=="]
NO_REQUIREMENT = "--"
_COMPARED = re.compile(r"(.+?)(<=|>=|==|<|>)(.+)")


class RatingError(ValueError):
    """The values of an enterprise do not allow an expression to be evaluated. `row` counts from 0."""

    def __init__(self, *, row: int, id: str, reason: str) -> None:  # noqa: A002
        super().__init__(f"{id}: {reason}")
        self.row = row
        self.id = id
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A benchmark that follows the sign of another value; where that is 0, `zero`."""

    sign_of: Expression
    negative: Expression
    zero: Expression
    positive: Expression

    @property
    def branches(self) -> tuple[Expression, Expression, Expression]:
        return self.negative, self.zero, self.positive

    @property
    def names(self) -> frozenset[str]:
        return self.sign_of.names.union(*(branch.names for branch in self.branches))


@dataclass(frozen=True, slots=True)
class Compared:
    """Two expressions and how they must compare."""

    left: Expression
    comparison: Comparison
    right: Expression

    @property
    def names(self) -> frozenset[str]:
        return self.left.names | self.right.names


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of the conditions: 1 is OR, all of them is AND."""

    count: int
    of: tuple[Condition, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset[str]().union(*(one.names for one in self.of))


Condition = Compared | AtLeast
Benchmark = Expression | Switch | Compared | AtLeast


def compared(text: str) -> Compared:
    """`trt_share >= 100` as a condition; raises ExpressionError."""
    match = _COMPARED.fullmatch(text.strip())
    if match is None:
        raise ExpressionError(f"条件“{text}”读不懂，应为“算式 >= 算式”，可用 < <= > >= ==")
    left, sign, right = match.groups()
    comparison: Comparison = "<"
    for known in ("<", "<=", ">", ">=", "=="):
        if known == sign:
            comparison = known
    return Compared(parse(left), comparison, parse(right))


@dataclass(frozen=True, slots=True)
class Share:
    """A weight that several indicators of a group share by output: w = of * output / sum of the outputs."""

    number: int
    of: Expression
    output: str


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A row of the table.

    `benchmarks` has an entry for a level that states one: an expression, a switch, a condition; for a qualitative row
    only which levels are stated counts (`stated`). `free` are the levels without requirement.
    """

    id: str
    title: str
    kind: Literal["quantitative", "qualitative", "conditions"]
    unit: str = ""
    higher: bool = False
    strict: frozenset[str] = frozenset()
    weight: Expression | None = None
    share: Share | None = None
    restrictive: bool = False
    signed: bool = False
    stated: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()
    benchmarks: Mapping[str, Benchmark] = field(default_factory=dict)

    @property
    def dropped(self) -> bool:
        """A row without any benchmark drops out."""
        return not self.stated

    @cached_property
    def demands(self) -> tuple[tuple[Benchmark | None, bool], ...]:
        """Per level the benchmark in force and whether it is strict: a level without one takes the next better's."""
        found: list[tuple[Benchmark | None, bool]] = []
        held: tuple[Benchmark | None, bool] = (None, False)
        for level in LEVELS:
            if level in self.benchmarks:
                held = self.benchmarks[level], level in self.strict
            found.append((None, False) if level in self.free else held)
        return tuple(found)

    @cached_property
    def names(self) -> frozenset[str]:
        """What its benchmarks need beside its own value."""
        return frozenset[str]().union(*(one.names for one in self.benchmarks.values()))

    @cached_property
    def weight_names(self) -> frozenset[str]:
        if self.share is not None:
            return self.share.of.names | {self.share.output}
        return self.weight.names if self.weight is not None else frozenset()


@dataclass(frozen=True, kw_only=True)
class Group:
    """First-level indicator. `at_least`: counts as one that meets a level when so many of its rows do."""

    id: str
    title: str
    weight: Expression | None
    indicators: tuple[Indicator, ...]
    bonus: bool = False
    lifts: frozenset[str] = frozenset({"I", "II"})
    at_least: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a level asks: Y_level >= index, restrictive rows and the others at these levels or better."""

    index: Fraction
    restrictive: Level | None = None
    others: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A figure that expressions need. Bounds are inclusive; the checks of expressions look between them."""

    id: str
    title: str
    unit: str = ""
    integer: bool = False
    minimum: Fraction | None = None
    maximum: Fraction | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class IndexSystem:
    """A whole system. `confirmed` are keys of doubts that a person looked into and accepted."""

    id: str
    title: str
    groups: tuple[Group, ...]
    parameters: tuple[Parameter, ...] = ()
    rules: Mapping[Level, Rule] = field(default_factory=dict)
    partial: bool = False
    confirmed: frozenset[str] = frozenset()

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(indicator for group in self.groups for indicator in group.indicators)

    @cached_property
    def place(self) -> Mapping[str, int]:
        return {indicator.id: index for index, indicator in enumerate(self.indicators)}

    def members(self) -> Iterator[tuple[Group, range]]:
        """Each group with the places of its indicators."""
        start = 0
        for group in self.groups:
            yield group, range(start, start + len(group.indicators))
            start += len(group.indicators)
