"""Targets of many enterprises at once: one row each, all rows through the same sort and sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qingyuan.engine.heat.cascade import edges, events, steps_of
from qingyuan.engine.heat.streams import ABSOLUTE_ZERO_C, NO_SPREAD_K, HeatError, Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTargets:
    """Arrays of shape (m,). `pinch_shifted_c` is the hottest pinch of each row; NaN where a row has no heat at all."""

    hot_utility_kw: Numbers
    cold_utility_kw: Numbers
    recovery_kw: Numbers
    pinch_shifted_c: Numbers


def target_batch(
    t_supply_c: npt.ArrayLike,
    t_target_c: npt.ArrayLike,
    duty_kw: npt.ArrayLike,
    *,
    hot: npt.ArrayLike | None = None,
    dt_cont_k: npt.ArrayLike = 5.0,
) -> BatchTargets:
    """Targets of m enterprises with k streams each, as `target` computes them one by one.

    Arrays of shape (m, k), degC and kW; an enterprise with fewer streams has rows of duty 0 (any temperature). `hot`
    decides where the two temperatures are equal. Raises HeatError.
    """
    supply, end, duty = np.broadcast_arrays(
        *(np.atleast_2d(np.asarray(each, dtype=np.float64)) for each in (t_supply_c, t_target_c, duty_kw))
    )
    shift = np.asarray(dt_cont_k, dtype=np.float64)
    difference = end - supply
    spread = np.abs(difference)
    flat = spread < NO_SPREAD_K
    _check(supply, end, duty, shift)
    with np.errstate(divide="ignore", invalid="ignore"):
        cp = np.divide(duty, spread)
    gives = difference < 0
    steps = None
    move = np.copysign(shift, difference)
    if flat.any():
        cp[flat] = 0.0
        if hot is None and (duty[flat] != 0).any():
            row = int(np.flatnonzero((flat & (duty != 0)).any(axis=1))[0])
            raise HeatError([(row, "hot", "a stream of one temperature needs to be called hot or not")])
        if hot is not None:
            gives = np.where(flat, np.broadcast_to(np.asarray(hot, dtype=np.bool_), supply.shape), gives)
        steps = steps_of(duty, spread, gives)
        if not steps.any():
            steps = None
        move = np.where(gives, -shift, shift)
    t, before, after = events(supply, end, move, cp, steps)
    if steps is None:
        highest = before
    else:
        first, last = edges(t)
        highest = np.maximum(np.where(first, before, -np.inf), np.where(last, after, -np.inf))
    # Ascending, so the last of the zeros is the hottest.
    place = highest.shape[1] - 1 - np.argmax(highest[:, ::-1], axis=1)
    cold = np.take_along_axis(highest, place[:, None], axis=1)[:, 0]
    tolerance = 1e-9 * duty.max(axis=1, initial=0.0)
    need = cold - after[:, -1]
    near = highest >= (cold - tolerance)[:, None]
    place = highest.shape[1] - 1 - np.argmax(near[:, ::-1], axis=1)
    pinch = np.take_along_axis(t, place[:, None], axis=1)[:, 0]
    cold_kw = np.where(cold > tolerance, cold, 0.0)
    given = np.einsum("ij,ij->i", duty, gives.astype(np.float64))
    return BatchTargets(
        hot_utility_kw=np.where(need > tolerance, need, 0.0),
        cold_utility_kw=cold_kw,
        recovery_kw=np.maximum(given - cold_kw, 0.0),
        pinch_shifted_c=np.where(tolerance > 0, pinch, np.nan),
    )


def _check(supply: Numbers, end: Numbers, duty: Numbers, shift: Numbers) -> None:
    # One pass each: a NaN makes the least NaN, an infinity the largest infinite.
    problems = []
    for field, values, least in (
        ("t_supply_c", supply, ABSOLUTE_ZERO_C),
        ("t_target_c", end, ABSOLUTE_ZERO_C),
        ("duty_kw", duty, 0.0),
        ("dt_cont_k", shift, 0.0),
    ):
        if values.size and not (values.min() >= least and values.max() < np.inf):
            rows = np.atleast_2d(~((values >= least) & (values < np.inf))).any(axis=1)
            said = f"must be finite and not below {least}"
            problems += [(int(row), field, said) for row in np.flatnonzero(rows)]
    if problems:
        raise HeatError(problems)
