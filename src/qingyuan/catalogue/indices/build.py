"""From the file's words to the engine's system."""

from __future__ import annotations

from fractions import Fraction

from qingyuan.catalogue.indices import model
from qingyuan.engine.indices import system as engine
from qingyuan.engine.indices.expressions import Expression, parse


def build(file: model.SystemFile) -> engine.IndexSystem:
    """The system as the engine rates with it."""
    return engine.IndexSystem(
        id=file.id,
        title=file.title,
        groups=tuple(_group(group) for group in file.groups),
        parameters=tuple(
            engine.Parameter(
                id=one.id,
                title=one.title,
                unit=one.unit,
                integer=one.kind == "integer",
                minimum=_number(one.minimum),
                maximum=_number(one.maximum),
            )
            for one in file.parameters
        ),
        rules={
            "I": _rule(file.decision.I),
            "II": _rule(file.decision.II),
            "III": _rule(file.decision.III),
        },
        partial=file.completeness == "partial",
        confirmed=frozenset(one.doubt for one in file.confirmed),
    )


def _number(text: str | None) -> Fraction | None:
    return None if text is None else parse(text).constant


def _expression(text: str | None) -> Expression | None:
    return None if text is None else parse(text)


def _rule(rule: model.Rule) -> engine.Rule:
    index = parse(rule.index).constant
    return engine.Rule(
        index=Fraction(100) if index is None else index, restrictive=rule.restrictive, others=rule.others
    )


def _group(group: model.Group) -> engine.Group:
    shares = {
        row: engine.Share(number=number, of=parse(share.weight), output=output)
        for number, share in enumerate(group.shares)
        for row, output in share.outputs.items()
    }
    return engine.Group(
        id=group.id,
        title=group.title,
        weight=_expression(group.weight),
        bonus=group.bonus,
        lifts=frozenset(group.bonus_lifts),
        at_least=group.at_least,
        indicators=tuple(_indicator(one, shares.get(one.id)) for one in group.indicators),
    )


def _indicator(one: model.Indicator, share: engine.Share | None) -> engine.Indicator:
    stated: set[str] = set()
    free: set[str] = set()
    benchmarks: dict[str, engine.Benchmark] = {}
    for level in engine.LEVELS:
        said = getattr(one.texts if one.kind == "qualitative" else one.benchmarks, level)
        if said is None:
            continue
        if said == engine.NO_REQUIREMENT:
            free.add(level)
            continue
        stated.add(level)
        if one.kind != "qualitative":
            benchmarks[level] = _benchmark(said)
    return engine.Indicator(
        id=one.id,
        title=one.title,
        kind=one.kind,
        unit=one.unit,
        higher=one.direction == "higher",
        strict=frozenset(one.strict),
        weight=_expression(one.weight),
        share=share,
        restrictive=one.restrictive,
        signed=one.signed
        or any(isinstance(said, Expression) and (said.constant or 0) < 0 for said in benchmarks.values()),
        stated=frozenset(stated),
        free=frozenset(free),
        benchmarks=benchmarks,
    )


def _benchmark(said: model.Condition | model.Switch | str) -> engine.Benchmark:
    if isinstance(said, model.Condition):
        return _condition(said)
    if isinstance(said, model.Switch):
        return engine.Switch(
            sign_of=parse(said.sign_of),
            negative=parse(said.negative),
            zero=parse(said.positive if said.zero is None else said.zero),
            positive=parse(said.positive),
        )
    return parse(said)


def _condition(said: model.Condition) -> engine.Compared | engine.AtLeast:
    if said.holds is not None:
        return engine.compared(said.holds)
    parts = tuple(_condition(one) for one in said.any or said.all or said.of)
    return engine.AtLeast(1 if said.any else len(parts) if said.all else said.at_least or 1, parts)
