"""The problem table (Linnhoff and Flower 1978) on arrays: least utilities, pinches, grand composite curve.

Going up the shifted temperatures, a hot stream starts to give heat at its target and stops at its supply, a cold one
starts to take at its supply and stops at its target. With B(T) the net heat that is released below T (hot less cold), heat
can only flow downwards, so the cold utility is at least max B(T), B at the bottom being 0, and

    QC = max B        QH = QC - B(top)        R(T) = QC - B(T) >= 0, the grand composite curve.

One sort of the 2n temperatures and two cumulative sums. An isothermal stream is a step of B: both sides of the step
are looked at, and steps at one temperature count together (heat passes between equal shifted temperatures).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from qingyuan.engine.heat.streams import NO_SPREAD_K, Numbers, Streams

DIGITS = 9
"""Shifted temperatures closer than 1e-9 K are one: 85.1 - 5 and 75.1 + 5 differ in the last binary digit."""

WORK = 20_000_000
"""Streams times temperatures that `verify` looks at, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinch:
    """A zero of the cascade. `hot_c`, `cold_c`: the real temperatures there, None where contributions differ."""

    shifted_c: float
    hot_c: float | None
    cold_c: float | None


@dataclass(frozen=True, kw_only=True)
class Target:
    """What cannot be done without, kW. `threshold`: one of the utilities is not needed at all.

    `t`, `before` and `after` are the events in ascending shifted temperature and B just below and just above each;
    at equal temperatures only the first `before` and the last `after` mean anything.
    """

    hot_utility_kw: float
    cold_utility_kw: float
    recovery_kw: float
    threshold: bool
    pinches: tuple[Pinch, ...]
    tolerance_kw: float
    t: Numbers
    before: Numbers
    after: Numbers
    peak: float

    @cached_property
    def grand_composite(self) -> Numbers:
        """(m, 2): shifted temperature (degC) and net heat flow (kW), from the top down; a step is two points."""
        return grand_composite(self.t, self.peak - self.before, self.peak - self.after, self.tolerance_kw)


def events(
    supply: Numbers, target: Numbers, shift: Numbers | float, cp: Numbers, steps: Numbers | None = None
) -> tuple[Numbers, Numbers, Numbers]:
    """(t, before, after) along the last axis, for temperatures of shape (..., k) and what shifts them; see Target.

    `steps` is the heat that isothermal streams release (negative: take) at their supply temperature, else 0.
    """
    k = supply.shape[-1]
    # One block, used again and again: at these sizes fresh memory costs as much as the sums themselves.
    t, other, slope = np.empty((3, *supply.shape[:-1], 2 * k))
    np.add(supply, shift, out=t[..., :k])
    np.add(target, shift, out=t[..., k:])
    if steps is not None:
        np.round(t, DIGITS, out=t)
    order = np.argsort(t, axis=-1)
    if t.ndim > 1:
        order += np.arange(0, t.size, 2 * k).reshape(*t.shape[:-1], 1)
    np.negative(cp, out=other[..., :k])
    other[..., k:] = cp
    other.reshape(-1).take(order, out=slope, mode="clip")
    t.reshape(-1).take(order, out=other, mode="clip")
    t, heat = other, t
    np.cumsum(slope, axis=-1, out=slope)
    heat[..., 0] = 0.0
    np.subtract(t[..., 1:], t[..., :-1], out=heat[..., 1:])
    heat[..., 1:] *= slope[..., :-1]
    np.cumsum(heat, axis=-1, out=heat)
    if steps is None:
        return t, heat, heat
    jump = np.concatenate((steps, np.zeros(target.shape)), axis=-1).reshape(-1).take(order)
    total = np.cumsum(jump, axis=-1)
    return t, heat + (total - jump), heat + total


def steps_of(duty: Numbers, spread: Numbers, hot: npt.NDArray[np.bool_]) -> Numbers:
    """What each isothermal stream releases at its temperature, kW; 0 for the others."""
    return np.where(spread < NO_SPREAD_K, np.where(hot, duty, -duty), 0.0)


def edges(t: Numbers) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Masks of the first and the last event at each temperature."""
    differs = t[..., 1:] > t[..., :-1]
    ends = np.ones((*t.shape[:-1], 1), dtype=np.bool_)
    return np.concatenate((ends, differs), axis=-1), np.concatenate((differs, ends), axis=-1)


def target(streams: Streams) -> Target:
    """The targets of one set of streams, by the problem table; O(n log n). No streams: nothing is needed."""
    tolerance = streams.tolerance_kw
    if not len(streams):
        none = np.zeros(0)
        return Target(
            hot_utility_kw=0.0, cold_utility_kw=0.0, recovery_kw=0.0, threshold=True, pinches=(),
            tolerance_kw=0.0, t=none, before=none, after=none, peak=0.0,
        )  # fmt: skip
    supply, end, steps = streams.t_supply_c, streams.t_target_c, None
    if streams.isothermal:
        steps = steps_of(streams.duty_kw, np.abs(supply - end), streams.hot)
        end = np.where(steps != 0, supply, end)
    t, before, after = events(supply, end, streams.shift_k, streams.cp_kw_per_k, steps)
    if steps is None:
        peak, zeros = float(before.max()), before
    else:
        first, last = edges(t)
        low, high = np.where(first, before, -np.inf), np.where(last, after, -np.inf)
        zeros = np.maximum(low, high)
        peak = float(zeros.max())
    cold = peak if peak > tolerance else 0.0
    hot = float(peak - after[-1])
    hot = hot if hot > tolerance else 0.0
    threshold = hot == 0.0 or cold == 0.0
    found = t[np.flatnonzero(zeros >= peak - tolerance)] if tolerance else np.zeros(0)
    return Target(
        hot_utility_kw=hot,
        cold_utility_kw=cold,
        recovery_kw=max((float(streams.duty_kw.sum()) + float(after[-1])) / 2 - cold, 0.0),
        threshold=threshold,
        pinches=_pinches(found, streams.contribution),
        tolerance_kw=tolerance,
        t=t,
        before=before,
        after=after,
        peak=peak,
    )


def _pinches(found: Numbers, contribution: float | None) -> tuple[Pinch, ...]:
    """From the hottest down; the top is a zero only if no hot utility is needed, the bottom if no cold one."""
    levels = np.unique(np.round(found, DIGITS))[::-1] + 0.0
    return tuple(
        Pinch(
            shifted_c=float(level),
            hot_c=None if contribution is None else round(float(level) + contribution, DIGITS),
            cold_c=None if contribution is None else round(float(level) - contribution, DIGITS),
        )
        for level in levels
    )


def grand_composite(t: Numbers, lower: Numbers, upper: Numbers, tolerance: float) -> Numbers:
    """Points of R from the top down. `lower`, `upper`: R just below and just above each event, ascending."""
    if not len(t):
        return np.zeros((0, 2))
    rounded = np.round(t, DIGITS) + 0.0
    first, last = edges(rounded)
    levels = rounded[first]
    below, above = lower[first], upper[last]
    below = np.where(np.abs(below) <= tolerance, 0.0, below)
    above = np.where(np.abs(above) <= tolerance, 0.0, above)
    step = np.abs(above - below) > tolerance
    points = np.empty((len(levels) + int(step.sum()), 2))
    # Descending: at a step the upper side first.
    place = np.arange(len(levels)) + np.concatenate(([0], np.cumsum(step[::-1])[:-1]))
    points[place, 0], points[place, 1] = levels[::-1], above[::-1]
    doubled = place[step[::-1]] + 1
    points[doubled, 0], points[doubled, 1] = levels[::-1][step[::-1]], below[::-1][step[::-1]]
    return points


def verify(streams: Streams, found: Target, *, most: int = 2000) -> bool:
    """Check by another road, without sorting or cumulative sums: the heat of every stream below T, clipped, added up.

    At up to `most` temperatures (always including the pinches and the ends): no negative flow, no smaller utility
    possible (a flow of zero somewhere, or nothing needed), and the balance QH - QC = cold - hot.
    """
    if not len(streams):
        return True
    levels = np.unique(np.round(found.t, DIGITS))
    most = min(most, max(20, WORK // len(streams)))
    if len(levels) > most:
        marks = np.linspace(0, len(levels) - 1, most).astype(int)
        levels = np.union1d(levels[marks], [pinch.shifted_c for pinch in found.pinches])
    flows = np.array([net_below(streams, level) for level in levels])
    least = found.cold_utility_kw - flows.max()
    balance = found.hot_utility_kw - found.cold_utility_kw - (streams.cold_kw - streams.hot_kw)
    scale = 1e-9 * (streams.hot_kw + streams.cold_kw) + 10 * found.tolerance_kw
    return bool(abs(least) <= scale and abs(balance) <= scale)


def net_below(streams: Streams, level: float) -> tuple[float, float]:
    """Net heat released strictly below, and up to and including, a shifted temperature: (B just below, just above)."""
    supply, end = streams.shifted
    low, high = np.minimum(supply, end), np.maximum(supply, end)
    spread = high - low
    flat = spread < NO_SPREAD_K
    share = np.clip((level - low) / np.where(flat, 1.0, spread), 0.0, 1.0)
    signed = np.where(streams.hot, streams.duty_kw, -streams.duty_kw)
    under = np.where(flat, np.round(low, DIGITS) < level, share)
    upto = np.where(flat, np.round(low, DIGITS) <= level, share)
    return float((signed * under).sum()), float((signed * upto).sum())
