"""What contradicts itself in an account: more discharged than produced, numbers of two methods that cannot both hold."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from qingyuan.engine.emissions.figure import Figure, Kind

Rule = Literal["discharge_above_production", "no_evidence", "methods_differ"]
COVERAGE = 2.0
"""Times the standard uncertainty within which two numbers agree: about 95 %."""
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look into, with the figures that it rests on."""

    rule: Rule
    source: str
    pollutant: str
    message: str
    figures: tuple[Figure, ...]


def findings(figures: Iterable[Figure]) -> list[Finding]:
    """Production below discharge, numbers without evidence, and two methods further apart than their uncertainties.

    Methods are compared only where both state an uncertainty.
    """
    groups: dict[tuple[str, str], list[Figure]] = {}
    for one in figures:
        groups.setdefault((one.source, one.pollutant), []).append(one)
    return [
        found for group in groups.values() for found in (*_above(group), *_unattested(group), *_apart(group))
    ]


def _above(group: list[Figure]) -> Iterable[Finding]:
    produced = [one for one in group if one.kind == "production"]
    discharged = [one for one in group if one.kind == "discharge"]
    for one in produced:
        for two in discharged:
            # Numbers of one method contradict each other; those of two may differ within their errors.
            if two.tonnes > one.tonnes * (1 + _ROUNDING) and (
                one.method == two.method or not _agree(one, two)
            ):
                yield _finding(
                    "discharge_above_production", one, two,
                    f"排放量 {two.tonnes:g} t 大于产生量 {one.tonnes:g} t",
                )  # fmt: skip


def _unattested(group: list[Figure]) -> Iterable[Finding]:
    for one in group:
        if not one.evidence.strip():
            yield _finding("no_evidence", one, message=f"{_WORDS[one.kind]} {one.tonnes:g} t 没有依据")


def _apart(group: list[Figure]) -> Iterable[Finding]:
    for one, two in combinations(group, 2):
        stated = one.uncertainty is not None and two.uncertainty is not None
        if one.kind == two.kind and one.method != two.method and stated and not _agree(one, two):
            yield _finding(
                "methods_differ", one, two,
                f"两种方法的{_WORDS[one.kind]}相差超出不确定度：{one.tonnes:g} t 与 {two.tonnes:g} t",
            )  # fmt: skip


_WORDS: dict[Kind, str] = {"production": "产生量", "discharge": "排放量"}


def _agree(one: Figure, two: Figure) -> bool:
    """Whether the difference lies within COVERAGE times its standard uncertainty; an unknown one counts as none."""
    spread = math.hypot(one.tonnes * (one.uncertainty or 0), two.tonnes * (two.uncertainty or 0))
    return abs(one.tonnes - two.tonnes) <= COVERAGE * spread + _ROUNDING * max(one.tonnes, two.tonnes)


def _finding(rule: Rule, one: Figure, two: Figure | None = None, message: str = "") -> Finding:
    return Finding(
        rule=rule,
        source=one.source,
        pollutant=one.pollutant,
        message=message,
        figures=(one,) if two is None else (one, two),
    )
