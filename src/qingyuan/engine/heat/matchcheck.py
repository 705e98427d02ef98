"""Check a matching by the problem table, another code path than the programme's.

What is taken from an enterprise joins its streams as cold ones, what it receives as hot ones, at the shifted temperatures
of the answer. Then it must need exactly as much less hot utility as it receives and as much less cold utility as is taken
from it: nothing was taken from its own recovery, nothing delivered at a temperature at which it does not help.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from qingyuan.engine.heat.carnot import carnot_cop
from qingyuan.engine.heat.cascade import Target, target
from qingyuan.engine.heat.streams import Streams

if TYPE_CHECKING:
    from qingyuan.engine.heat.matching import Link, Match


def check(
    streams: Mapping[str, Streams],
    targets: Mapping[str, Target],
    matches: Sequence[Match],
    links: Mapping[tuple[str, str], Link],
) -> bool:
    """Whether every enterprise gets by with what the matches leave it, and every level may carry its heat."""
    for name, mine in streams.items():
        alone = targets[name]
        received = sum(one.delivered_kw for one in matches if one.sink == name)
        useful = sum(one.taken_kw - one.loss_kw for one in matches if one.source == name)
        lost = sum(one.loss_kw for one in matches if one.source == name)
        extra = _extra(name, matches, links)
        both = target(mine.joined(extra)) if extra is not None else alone
        near = 1e-6 * max(alone.hot_utility_kw, alone.cold_utility_kw, 1e-3)
        if abs(both.hot_utility_kw - (alone.hot_utility_kw - received)) > near:
            return False
        if abs(both.cold_utility_kw - (alone.cold_utility_kw - useful)) > near:
            return False
        if lost > alone.cold_utility_kw - useful + near:
            return False
    return all(_sound(one, links[one.source, one.sink]) for one in matches)


def _sound(one: Match, link: Link) -> bool:
    """Heat falls from level to level, or is lifted by a heat pump that Carnot allows; the balance closes."""
    for level in one.levels:
        if level.heat_pump:
            limit = carnot_cop(source_c=level.from_c[1], sink_c=level.to_c[0])
            if link.cop is None or link.cop > limit + 1e-9:
                return False
        elif level.from_c[0] < level.to_c[0] or level.from_c[1] < level.to_c[1]:
            return False
    balance = one.taken_kw + one.power_kw - one.loss_kw - one.delivered_kw
    return abs(balance) <= 1e-6 * max(one.delivered_kw, 1.0)


def _extra(name: str, matches: Sequence[Match], links: Mapping[tuple[str, str], Link]) -> Streams | None:
    """What the matches add to one enterprise, at shifted temperatures (no contribution of their own)."""
    rows: list[tuple[float, float, float, bool]] = []
    for one in matches:
        cop = links[one.source, one.sink].cop or 1.0
        for level in one.levels:
            if one.sink == name:
                rows.append((level.to_c[0], level.to_c[1], level.heat_kw, True))
            if one.source == name:
                taken = level.heat_kw * (1.0 - 1.0 / cop) if level.heat_pump else level.heat_kw
                rows.append((level.from_c[1], level.from_c[0], taken, False))
    if not rows:
        return None
    supply, end, duty, hot = (np.array(values) for values in zip(*rows, strict=True))
    return Streams.of(supply, end, duty_kw=duty, hot=hot, dt_cont_k=0.0)
