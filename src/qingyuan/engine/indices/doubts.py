"""What is doubtful in an index system: rating refuses while a doubt stands that touches the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import Literal

from qingyuan.engine.indices import exact
from qingyuan.engine.indices.expressions import Expression
from qingyuan.engine.indices.system import LEVELS, Group, IndexSystem, Indicator, Switch

MOST_SAMPLES = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """`key` names it in `confirmed`; `id` is the group or indicator; `touches`: which results it makes unsafe.

    "none" is a remark only; "indicator" the row and all above it; "index" the index and the level.
    """

    key: str
    id: str
    message: str
    expected: str
    touches: Literal["none", "indicator", "index"]


def doubts_of(system: IndexSystem) -> list[Doubt]:
    """All doubts that nobody confirmed, in the order of the file."""
    return [doubt for doubt in _all(system) if doubt.key not in system.confirmed]


def _all(system: IndexSystem) -> Iterator[Doubt]:
    if system.partial:
        yield Doubt(
            key="partial",
            id=system.id,
            message="这份指标体系不完整（completeness: partial），有的行或权重没有见到",
            expected="补齐后改为 complete；现在只能用 --indicators-only 逐项评级",
            touches="index",
        )
    if not system.rules:
        yield _index("rules", system.id, "没有写明等级判定条件", "decision: {I: …, II: …, III: …}")
    declared = {parameter.id for parameter in system.parameters}
    values = declared | {one.id for one in system.indicators if one.kind == "quantitative"}
    yield from _undeclared(system, declared, values)
    yield from _sum("groups", system.id, [one for one in system.groups if not one.bonus], "一级指标")
    for group in system.groups:
        if group.weight is None:
            yield _index(f"weight:{group.id}", group.id, f"“{group.title}”没有权重", "0 到 1 之间的数")
        if group.at_least is None:
            yield from _own_weights(group)
        for indicator in group.indicators:
            yield from _benchmarks(system, indicator)


def _undeclared(system: IndexSystem, declared: set[str], values: set[str]) -> Iterator[Doubt]:
    for group in system.groups:
        for name in sorted((group.weight.names if group.weight else frozenset()) - declared):
            yield _index(
                f"name:{group.id}:{name}", group.id, f"权重用到没有声明的参数“{name}”", _list(declared)
            )
        for one in group.indicators:
            for name in sorted(one.weight_names - declared):
                yield _index(
                    f"name:{one.id}:{name}", one.id, f"权重用到没有声明的参数“{name}”", _list(declared)
                )
            for name in sorted(one.names - values):
                yield Doubt(
                    key=f"name:{one.id}:{name}",
                    id=one.id,
                    message=f"基准值用到没有声明的参数“{name}”",
                    expected=_list(values),
                    touches="indicator",
                )


def _own_weights(group: Group) -> Iterator[Doubt]:
    for one in group.indicators:
        if one.weight is None and one.share is None:
            yield _index(f"weight:{one.id}", one.id, f"“{one.title}”没有权重", "0 到 1 之间的数")
    yield from _sum(f"group:{group.id}", group.id, group.indicators, f"“{group.title}”内二级指标")


def _sum(key: str, name: str, parts: Iterable[Group | Indicator], what: str) -> Iterator[Doubt]:
    """Whether constant weights sum to 1; a sum with expressions of parameters is known only for an enterprise."""
    total = Fraction(0)
    shares: dict[int, Expression] = {}
    for part in parts:
        if isinstance(part, Indicator) and part.share is not None:
            shares[part.share.number] = part.share.of
            continue
        constant = part.weight.constant if part.weight is not None else None
        if constant is None:
            return
        if constant < 0:
            yield _index(f"weight:{part.id}", part.id, f"“{part.title}”的权重为负", "0 到 1 之间的数")
        total += constant
    for of in shares.values():
        if of.constant is None:
            return
        total += of.constant
    if total != 1:
        shown = f"{float(total):g}" if total.denominator > 10**6 else str(total)
        yield _index(f"sum:{key}", name, f"{what}的权重合计为 {shown}", "合计 1")


def _benchmarks(system: IndexSystem, one: Indicator) -> Iterator[Doubt]:
    if one.dropped:
        yield Doubt(
            key=f"blank:{one.id}",
            id=one.id,
            message=f"“{one.title}”没有任何基准值，这一行不参加评级，权重由同组其余行分担",
            expected="补上基准值，或确认确实没有",
            touches="none",
        )
        return
    if "I" not in one.stated:
        yield _row(f"blank:{one.id}", one, "没有 I 级基准值", "三级基准值，或至少 I 级")
    if one.kind != "quantitative":
        return
    if "III" not in one.stated | one.free:
        yield _row(f"blank:{one.id}:III", one, "没有 III 级基准值", "三级基准值；确无要求的写“--”")
    known: dict[str, Fraction] = {}
    for sample in _samples(system, one):
        for found in _at(one, sample):
            if found.key not in known:
                known[found.key] = Fraction(1)
                yield found


def _at(one: Indicator, sample: Mapping[str, Fraction]) -> Iterator[Doubt]:
    """Order of the levels and bounds of percentages at one choice of the parameters."""
    where = "、".join(f"{name} = {value}" for name, value in sorted(sample.items()))
    where = f"（{where} 时）" if where else ""
    bounds: list[tuple[str, Fraction]] = []
    for level, (benchmark, _) in zip(LEVELS, one.demands, strict=True):
        if not isinstance(benchmark, Expression | Switch) or (
            isinstance(benchmark, Switch) and not benchmark.sign_of.names <= sample.keys()
        ):
            continue
        try:
            bounds.append((level, exact.limit(benchmark, sample)))
        except ZeroDivisionError:
            yield _row(f"zero:{one.id}", one, f"{level} 级基准值的除数为零{where}", "不会为零的除数")
    for (better, first), (worse, second) in pairwise(bounds):
        if first < second if one.higher else first > second:
            yield _row(
                f"order:{one.id}",
                one,
                f"{better} 级基准值 {_shown(first)} 比 {worse} 级 {_shown(second)} 宽松{where}",
                "数值越大越好的逐级不增，越小越好的逐级不减",
            )
    for named, bound in bounds:
        if one.unit == "%" and not 0 <= bound <= 100:
            yield _row(
                f"sign:{one.id}",
                one,
                f"{named} 级基准值为 {_shown(bound)} %{where}，可能把“-n”误作“+n”",
                "0 到 100 之间的百分数",
            )


def _samples(system: IndexSystem, one: Indicator) -> Iterator[dict[str, Fraction]]:
    """Choices of the parameters between their bounds at which the benchmarks are looked at."""
    known = {parameter.id: parameter for parameter in system.parameters}
    names = sorted(one.names & known.keys())
    if one.names - known.keys():
        return  # another row's value: its bounds are nowhere stated
    ranges: list[list[Fraction]] = []
    for name in names:
        low = known[name].minimum
        high = known[name].maximum
        low = Fraction(0) if low is None else low
        high = low + 20 if high is None else high
        steps = min(int(high - low), MOST_SAMPLES) or 1
        ranges.append(
            [low + (high - low) * Fraction(k, steps) for k in range(steps + 1)] if high > low else [low]
        )
    for count, choice in enumerate(product(*ranges)):
        if count == MOST_SAMPLES**2:
            return
        yield dict(zip(names, choice, strict=True))


def _row(key: str, one: Indicator, message: str, expected: str) -> Doubt:
    return Doubt(
        key=key, id=one.id, message=f"“{one.title}”{message}", expected=expected, touches="indicator"
    )


def _index(key: str, name: str, message: str, expected: str) -> Doubt:
    return Doubt(key=key, id=name, message=message, expected=expected, touches="index")


def _shown(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _list(names: Iterable[str]) -> str:
    return "已声明的：" + ("、".join(sorted(names)) or "（没有）")
