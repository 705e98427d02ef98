"""Heat pumps: what Carnot allows, and claims above it.

COP = T_hot / (T_hot - T_cold), temperatures in K (Carnot 1824): heat delivered per work, of any machine that lifts heat
from T_cold to T_hot at most.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from qingyuan.engine.heat.streams import ABSOLUTE_ZERO_C


def carnot_cop(*, source_c: float, sink_c: float) -> float:
    """The highest coefficient of performance for lifting heat from source_c to sink_c (degC); infinite without lift.

    Raises ValueError below absolute zero.
    """
    if not (source_c > ABSOLUTE_ZERO_C and sink_c > ABSOLUTE_ZERO_C):
        raise ValueError("temperatures must be above absolute zero")
    if sink_c <= source_c:
        return math.inf
    return (sink_c - ABSOLUTE_ZERO_C) / (sink_c - source_c)


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpClaim:
    """A heat pump as somebody states it: the heat it takes and delivers a year (or kW), its temperatures in degC."""

    name: str
    source_c: float
    sink_c: float
    source_heat: float
    delivered_heat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpVerdict:
    """`cop` is what the claim implies (None: it delivers no more than it takes, no work at all), `limit` Carnot's."""

    name: str
    cop: float | None
    limit: float | None
    possible: bool
    reason: str


def judge_pump(claim: PumpClaim) -> PumpVerdict:
    """Whether the claim can be true. Work = delivered - taken; COP = delivered / work."""
    limit = carnot_cop(source_c=claim.source_c, sink_c=claim.sink_c)
    work = claim.delivered_heat - claim.source_heat
    shown_limit = None if math.isinf(limit) else limit
    if work <= 0:
        possible = math.isinf(limit)
        reason = "" if possible else "送出的热不多于取用的热，却升高了温度：不耗功的热泵不存在"
        return PumpVerdict(name=claim.name, cop=None, limit=shown_limit, possible=possible, reason=reason)
    cop = claim.delivered_heat / work
    possible = cop <= limit
    reason = "" if possible else f"性能系数 {cop:.2f} 高于卡诺上限 {limit:.2f}"
    return PumpVerdict(name=claim.name, cop=cop, limit=shown_limit, possible=possible, reason=reason)
