"""Utilities at several levels: which of them supply the hot and take the cold utility that the targets leave.

A hot utility may deliver below a shifted temperature T at most what flows through T, and likewise for cold ones
upwards, so with R the grand composite curve and u_k(T) the part of utility k that is delivered below T

    sum_k u_k(T) <= R(T) for all T,    sum_k u_k = QH    (mirrored for QC),

which keeps utilities out of the pockets and away from the pinch (Townsend and Linnhoff 1983; Kemp 2007, ch. 5).
Among all that do, the cheapest. Where no costs are stated, and between equal costs: as much as possible at the
coldest hot level and at the hottest cold level. Levels of one temperature have a closed form: with cap_k the least of
R above level k, taken in order of cost, u_k is what cap_k exceeds all caps taken so far. Others: a linear programme.
A utility of kind `both` is bought when it is used and credited its cost when it is raised (steam raising).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qingyuan.engine.heat.cascade import DIGITS, Target, target
from qingyuan.engine.heat.streams import NO_SPREAD_K, Numbers, Streams

Side = Literal["hot", "cold"]


class NotEnough(ValueError):  # noqa: N818 (it says what is the case)
    """The utilities cannot supply what is needed at its temperature."""

    def __init__(self, *, side: Side, required_kw: float, max_reachable_kw: float) -> None:
        super().__init__(f"{side} utilities reach {max_reachable_kw} kW of {required_kw} kW")
        self.side = side
        self.required_kw = required_kw
        self.max_reachable_kw = max_reachable_kw


@dataclass(frozen=True, slots=True, kw_only=True)
class Utility:
    """A utility. `both` can be used (from its higher to its lower temperature) and raised (back up again).

    `cost_per_kwh` is in any one money; None where none is stated.
    """

    utility: str
    kind: Literal["hot", "cold", "both"]
    t_supply_c: float
    t_target_c: float
    cost_per_kwh: float | None = None
    dt_cont_k: float = 5.0

    def ends(self, side: Side) -> tuple[float, float]:
        """(higher, lower) shifted temperature when used on that side."""
        shift = -self.dt_cont_k if side == "hot" else self.dt_cont_k
        high, low = max(self.t_supply_c, self.t_target_c), min(self.t_supply_c, self.t_target_c)
        if high - low < NO_SPREAD_K:
            low = high
        return round(high + shift, DIGITS), round(low + shift, DIGITS)

    def price(self, side: Side) -> float:
        """Money a kWh on that side: what is raised of a utility of kind both need not be bought elsewhere."""
        cost = self.cost_per_kwh or 0.0
        return -cost if side == "cold" and self.kind == "both" else cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What a utility does on one side, kW."""

    utility: str
    kind: Side
    duty_kw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Duties by utility, and their cost in money an hour.

    `unplaced_*_kw` is what remains where no utility is given for that side alone (of kind hot, or cold).
    """

    duties: tuple[Duty, ...]
    unplaced_hot_kw: float
    unplaced_cold_kw: float
    objective: float
    bound: float
    gap: float
    verified: bool

    def duty(self, utility: str, side: Side) -> float:
        """What one utility does on one side, kW; 0 if it has none."""
        return sum(one.duty_kw for one in self.duties if (one.utility, one.kind) == (utility, side))


def place(streams: Streams, found: Target, utilities: Sequence[Utility]) -> Placement:
    """The cheapest utilities for the target of these streams. Raises NotEnough where they do not reach."""
    amounts: dict[Side, Numbers] = {}
    objective = bound = 0.0
    left: dict[Side, float] = {}
    needs: tuple[tuple[Side, float], ...] = (("hot", found.hot_utility_kw), ("cold", found.cold_utility_kw))
    for side, need in needs:
        able = [k for k, one in enumerate(utilities) if one.kind in {side, "both"}]
        amounts[side] = np.zeros(len(utilities))
        left[side] = 0.0
        if need == 0.0:
            continue
        chosen = [utilities[k] for k in able]
        if all(one.kind == "both" for one in chosen):
            chosen.append(_outside(found, side, chosen))
        duty, least = _fill(found, chosen, side, need)
        amounts[side][able] = duty[: len(able)]
        prices = np.array([one.price(side) for one in chosen])
        left[side] = float(duty[len(able) :].sum())
        unpaid = float(duty[len(able) :] @ prices[len(able) :])
        objective += float(duty @ prices) - unpaid
        bound += least - unpaid
    gap = abs(objective - bound) / max(abs(objective), 1e-9)
    return Placement(
        duties=_duties(utilities, amounts),
        unplaced_hot_kw=left["hot"],
        unplaced_cold_kw=left["cold"],
        objective=objective,
        bound=bound,
        gap=gap if gap > 1e-12 else 0.0,
        verified=_verify(streams, found, utilities, amounts, left),
    )


def _outside(found: Target, side: Side, others: Sequence[Utility]) -> Utility:
    """Whatever covers what the utilities of kind both cannot: used last, and not counted."""
    extreme = found.grand_composite[0, 0] + 1.0 if side == "hot" else found.grand_composite[-1, 0] - 1.0
    dearest = max((abs(one.price(side)) for one in others), default=0.0)
    return Utility(
        utility="",
        kind=side,
        t_supply_c=float(extreme),
        t_target_c=float(extreme),
        cost_per_kwh=10.0 * dearest + 1.0,
        dt_cont_k=0.0,
    )


def _duties(utilities: Sequence[Utility], amounts: dict[Side, Numbers]) -> tuple[Duty, ...]:
    """Every utility at least once; a `both` on each side on which it does anything."""
    duties = []
    for k, one in enumerate(utilities):
        used, raised = float(amounts["hot"][k]), float(amounts["cold"][k])
        if one.kind == "hot" or used or (one.kind == "both" and not raised):
            duties.append(Duty(utility=one.utility, kind="hot", duty_kw=used))
        if one.kind == "cold" or raised:
            duties.append(Duty(utility=one.utility, kind="cold", duty_kw=raised))
    return tuple(duties)


def _fill(found: Target, utilities: Sequence[Utility], side: Side, need: float) -> tuple[Numbers, float]:
    """Duties of one side's utilities and the proven least cost. The cold side is the hot one upside down."""
    curve = found.grand_composite
    t, flow = curve[::-1, 0], curve[::-1, 1]  # ascending
    ends = np.array([one.ends(side) for one in utilities])
    if side == "cold":
        t, flow, ends = -t[::-1], flow[::-1], -ends[:, ::-1]
    price = np.array([one.price(side) for one in utilities])
    high, low = ends[:, 0], ends[:, 1]
    enough = need - max(10 * found.tolerance_kw, 1e-9 * need)
    if (high == low).all():
        caps = np.array([_least_above(t, flow, level) for level in high]).clip(0.0, need)
        if caps.max() < enough:
            raise NotEnough(side=side, required_kw=need, max_reachable_kw=float(caps.max()))
        caps[caps >= enough] = need
        order = np.lexsort((np.arange(len(price)), high, price))
        duty = np.zeros(len(price))
        duty[order] = np.diff(np.maximum.accumulate(caps[order]), prepend=0.0)
        duty[duty <= found.tolerance_kw] = 0.0
        return duty, _bound_by_levels(caps, price, need)
    try:
        duty, bound = _fill_by_programme(t, flow, ends, price, need)
    except NotEnoughShare as short:
        most = max(short.most, 0.0) * need
        raise NotEnough(side=side, required_kw=need, max_reachable_kw=most) from None
    duty[duty <= max(found.tolerance_kw, 1e-9 * need)] = 0.0
    return duty * (need / duty.sum()), bound


def _flow(t: Numbers, flow: Numbers, level: float) -> tuple[float, float]:
    """R just below and just above a temperature, between and beyond the points of the curve."""
    below = np.interp(level, t, flow) if level not in t else flow[np.searchsorted(t, level, "left")]
    above = np.interp(level, t, flow) if level not in t else flow[np.searchsorted(t, level, "right") - 1]
    return float(below), float(above)


def _least_above(t: Numbers, flow: Numbers, level: float) -> float:
    """The least flow through any temperature above a level: what can be delivered at the level and below."""
    return min(_flow(t, flow, level)[1], float(flow[t > level].min(initial=np.inf)))


def _bound_by_levels(caps: Numbers, price: Numbers, need: float) -> float:
    """Least cost by the dual: every cost step is paid for all heat that cheaper levels together cannot deliver."""
    steps = np.unique(price)
    reach = [float(caps[price <= step].max()) for step in steps]
    cost = float(steps[0]) * need
    for k in range(1, len(steps)):
        cost += float(steps[k] - steps[k - 1]) * (need - reach[k - 1])
    return cost


class NotEnoughShare(ValueError):  # noqa: N818 (never leaves this module)
    def __init__(self, most: float) -> None:
        super().__init__(str(most))
        self.most = most


def _fill_by_programme(
    t: Numbers, flow: Numbers, ends: Numbers, price: Numbers, need: float
) -> tuple[Numbers, float]:
    """Gliding utilities: the limits at every point of the curve and at every end of a utility, both sides of a step."""
    from qingyuan.engine.heat import programme

    high, low = ends[:, 0], ends[:, 1]
    levels = np.unique(np.concatenate((t, high, low)))
    caps = np.array([_flow(t, flow, float(level)) for level in levels]).clip(0.0) / need
    under, upto = shares(levels, high, low)
    every = np.ones((1, len(price)))
    rows, room = np.vstack((under, upto, every)), np.concatenate((caps[:, 0], caps[:, 1], [1.0]))
    free = np.full(len(rows), np.nan)
    whole = free.copy()
    whole[-1] = 1.0
    upper = np.ones(len(price))
    mean = (high + low) / 2
    aims = [price, mean - mean.min(), np.arange(len(price), dtype=np.float64)]
    try:
        part, bound = programme.in_order(aims, rows=rows, at_most=room, equal_to=whole, upper=upper)
    except programme.NoSolution:
        part, _bound = programme.in_order([-every[0]], rows=rows, at_most=room, equal_to=free, upper=upper)
        raise NotEnoughShare(float(part.sum())) from None
    return np.round(part, 12) * need, bound * need


def shares(levels: Numbers, high: Numbers, low: Numbers) -> tuple[Numbers, Numbers]:
    """(levels, utilities): the part that each utility delivers strictly below each level, and up to and including it."""
    spread = high - low
    flat = spread == 0
    glide = np.clip((levels[:, None] - low) / np.where(flat, 1.0, spread), 0.0, 1.0)
    return (
        np.where(flat, low < levels[:, None], glide),
        np.where(flat, low <= levels[:, None], glide),
    )


def as_streams(utilities: Sequence[Utility], amounts: dict[Side, Numbers]) -> Streams:
    """What the utilities do, as streams: the hot give, the cold take."""
    rows = [
        (one, side, float(amounts[side][k]))
        for side in amounts
        for k, one in enumerate(utilities)
        if amounts[side][k] > 0
    ]
    first = [max if side == "hot" else min for _one, side, _duty in rows]
    last = [min if side == "hot" else max for _one, side, _duty in rows]
    ends = [(one.t_supply_c, one.t_target_c) for one, _side, _duty in rows]
    return Streams.of(
        np.array([pick(pair) for pick, pair in zip(first, ends, strict=True)], dtype=np.float64),
        np.array([pick(pair) for pick, pair in zip(last, ends, strict=True)], dtype=np.float64),
        duty_kw=np.array([duty for _one, _side, duty in rows], dtype=np.float64),
        hot=np.array([side == "hot" for _one, side, _duty in rows], dtype=np.bool_),
        dt_cont_k=np.array([one.dt_cont_k for one, _side, _duty in rows], dtype=np.float64),
    )


def _verify(
    streams: Streams,
    found: Target,
    utilities: Sequence[Utility],
    amounts: dict[Side, Numbers],
    left: dict[Side, float],
) -> bool:
    """Streams and utilities together need nothing more than what was left unplaced."""
    both = target(streams.joined(as_streams(utilities, amounts)))
    scale = 1e-8 * max(found.hot_utility_kw, found.cold_utility_kw) + 100 * both.tolerance_kw
    return bool(
        abs(both.hot_utility_kw - left["hot"]) <= scale and abs(both.cold_utility_kw - left["cold"]) <= scale
    )
