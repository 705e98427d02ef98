"""Composite curves: all hot streams as one, all cold streams as one, in their own temperatures."""

from __future__ import annotations

import numpy as np

from qingyuan.engine.heat.cascade import DIGITS, edges, events, steps_of
from qingyuan.engine.heat.streams import Numbers, Streams


def composite(streams: Streams, *, hot: bool, start_kw: float = 0.0) -> Numbers:
    """(m, 2): temperature (degC) and cumulated heat (kW) from the coldest point up; a step is two points.

    The hot curve usually starts at 0, the cold one at the cold utility: then they overlap by what is recovered.
    """
    side = streams.part(streams.hot == hot)
    if not len(side):
        return np.zeros((0, 2))
    steps = None
    if side.isothermal:
        steps = steps_of(side.duty_kw, np.abs(side.t_supply_c - side.t_target_c), side.hot)
    t, before, after = events(side.t_supply_c, side.t_target_c, 0.0, side.cp_kw_per_k, steps)
    sign = 1.0 if hot else -1.0
    rounded = np.round(t, DIGITS) + 0.0
    first, last = edges(rounded)
    below, above = sign * before[first], sign * after[last]
    step = np.abs(above - below) > side.tolerance_kw
    levels = rounded[first]
    points = np.column_stack((np.repeat(levels, 1 + step), np.repeat(below, 1 + step)))
    points[np.cumsum(1 + step) - 1, 1] = above
    points[:, 1] += start_kw
    return points
