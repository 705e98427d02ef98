"""Indicators that fail together: candidates for the key problems that a sector shares (行业关键共性问题).

Frequent sets after Agrawal and Srikant (VLDB 1994), found depth first on bit sets. For a set B of indicators

    support = enterprises that fail all of B / enterprises judged in all of B
    lift    = support / product over B of the share failing that indicator among the same enterprises

A lift of 1 is what independent failures would give. A set is left out when a larger one fails in just the same
enterprises: it says nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qingyuan.engine.diagnosis.sector import DiagnosisError, Sector, Truths

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """`indicators` by id in the sector's order; `count` enterprises fail all of them, of `judged`."""

    indicators: tuple[str, ...]
    support: float
    lift: float
    count: int
    judged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    places: tuple[int, ...]
    failing: int
    judged: int


def bundles(
    sector: Sector,
    *,
    level: str = "II",
    min_support: float = 0.1,
    min_lift: float = 1.0,
    max_size: int = 3,
    min_count: int = 2,
) -> list[Bundle]:
    """The sets of two to `max_size` indicators, the most frequent first, then by lift.

    Raises DiagnosisError for a support outside 0 to 1 or a size below 2.
    """
    if not 0 <= min_support <= 1 or max_size < 2 or min_lift < 0:
        raise DiagnosisError("support must lie in 0 to 1, lift not below 0, size at 2 or more")
    failing = [_bits(profile.fails(level)) for profile in sector.profiles]
    judged = [_bits(profile.judged) for profile in sector.profiles]
    least = max(min_count, 1)
    found: list[tuple[Bundle, _Node]] = []
    nodes = list(_frequent(failing, judged, least=least, max_size=max_size))
    closed = _closed(nodes)
    for node in nodes:
        if len(node.places) < 2 or node.places not in closed:
            continue
        whole, count = node.judged.bit_count(), node.failing.bit_count()
        support = count / whole
        expected = 1.0
        for place in node.places:
            expected *= (failing[place] & node.judged).bit_count() / whole
        lift = support / expected
        if support >= min_support - ROUNDING and lift >= min_lift - ROUNDING:
            names = tuple(sector.profiles[place].id for place in node.places)
            found.append(
                (Bundle(indicators=names, support=support, lift=lift, count=count, judged=whole), node)
            )
    found.sort(key=lambda one: (-one[0].support, -one[0].lift, len(one[1].places), one[1].places))
    return [bundle for bundle, _node in found]


def _bits(truths: Truths) -> int:
    return int.from_bytes(np.packbits(truths, bitorder="little").tobytes(), "little")


def _frequent(failing: list[int], judged: list[int], *, least: int, max_size: int) -> Iterator[_Node]:
    """Every set that at least `least` enterprises fail together, depth first."""
    stack = [
        _Node(places=(place,), failing=bits, judged=judged[place])
        for place, bits in enumerate(failing)
        if bits.bit_count() >= least
    ][::-1]
    while stack:
        node = stack.pop()
        yield node
        if len(node.places) == max_size:
            continue
        for place in range(len(failing) - 1, node.places[-1], -1):
            both = node.failing & failing[place]
            if both.bit_count() >= least:
                stack.append(
                    _Node(places=(*node.places, place), failing=both, judged=node.judged & judged[place])
                )


def _closed(nodes: list[_Node]) -> set[tuple[int, ...]]:
    """The sets without a superset that the same enterprises fail and in which the same are judged."""
    same = {(node.places, node.failing, node.judged) for node in nodes}
    covered: set[tuple[int, ...]] = set()
    for places, failing, judged in same:
        if len(places) < 3:
            continue
        for gone in range(len(places)):
            less = places[:gone] + places[gone + 1 :]
            if (less, failing, judged) in same:
                covered.add(less)
    return {places for places, _failing, _judged in same} - covered
