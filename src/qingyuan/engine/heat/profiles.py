"""What an enterprise has left over and still needs, by temperature, after it has recovered its own heat.

Above its pinch an enterprise takes heat, below it gives heat, along its grand composite curve without the pockets, in
which it serves itself (Dhole and Linnhoff 1993, total site profiles): with R the grand composite curve

    N(T) = min of R above T     heat needed below T,
    S(T) = min of R below T     heat left over above T.

On a common ladder of temperatures each becomes amounts at points (steps) and in the intervals between them; heat may
pass from a place to any at or below it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingyuan.engine.heat.cascade import DIGITS, Target
from qingyuan.engine.heat.streams import Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Places from the hottest down: `top_c` and `bottom_c` (shifted) of each; equal for a point."""

    top_c: Numbers
    bottom_c: Numbers

    def __len__(self) -> int:
        return len(self.top_c)


def ladder(levels: Numbers) -> Ladder:
    """The places of these temperatures (any order): the points, and the intervals between them."""
    levels = np.unique(levels)[::-1]
    # t0 t0 t1 t1 t2 t2: neighbours are (t0, t0) a point, (t0, t1) an interval, (t1, t1) a point ...
    places = np.repeat(levels, 2)
    return Ladder(top_c=places[:-1], bottom_c=places[1:])


def kinks(found: Target, *, need: bool) -> Numbers:
    """Shifted temperatures at which N (or S) bends or steps."""
    t, flow = _towards_the_pinch(found, need=need)
    if not len(t):
        return t
    least = np.minimum.accumulate(flow[::-1])[::-1]
    low, high = flow[:-1], flow[1:]
    back = (low < least[1:]) & (least[1:] < high)  # the curve comes back to the level of the pocket's edge
    share = (high - least[1:])[back] / (high - low)[back]
    crossing = t[1:][back] + (t[:-1] - t[1:])[back] * share
    bends: Numbers = np.unique(np.round(np.concatenate((t, crossing)), DIGITS))
    return bends if need else -bends[::-1]


def amounts(found: Target, places: Ladder, *, need: bool) -> Numbers:
    """What the enterprise needs (or has left over) at each place, kW; the sum is its hot (cold) utility."""
    t, flow = _towards_the_pinch(found, need=need)
    if not len(t):
        return np.zeros(len(places))
    upper, lower = (places.top_c, places.bottom_c) if need else (-places.bottom_c, -places.top_c)
    _above, below_upper = _held(t, flow, upper)
    above_lower, below_lower = _held(t, flow, lower)
    amount = np.where(upper == lower, above_lower - below_lower, below_upper - above_lower)
    return np.where(amount > found.tolerance_kw, amount, 0.0)


def _towards_the_pinch(found: Target, *, need: bool) -> tuple[Numbers, Numbers]:
    """The curve in ascending temperature; for what is left over upside down, so that both are read alike."""
    curve = found.grand_composite
    if need:
        return curve[::-1, 0], curve[::-1, 1]
    return -curve[:, 0], curve[:, 1]


def _held(t: Numbers, flow: Numbers, levels: Numbers) -> tuple[Numbers, Numbers]:
    """N just above and just below each level."""
    left, right = np.searchsorted(t, levels, "left"), np.searchsorted(t, levels, "right")
    exact = right > left
    between = np.interp(levels, t, flow)
    below = np.where(exact, flow[np.minimum(left, len(t) - 1)], between)
    above = np.where(exact, flow[np.maximum(right - 1, 0)], between)
    least = np.concatenate((np.minimum.accumulate(flow[::-1])[::-1], [np.inf]))
    high = np.minimum(above, least[right])
    return high, np.minimum(below, high)
