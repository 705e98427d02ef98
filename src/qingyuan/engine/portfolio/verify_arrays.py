"""The check of a plan of arrays, for selections too large for tables: rows summed without rounding, one by one.

It uses neither the products with which plans are found nor the tables of combinations.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import sparse

from qingyuan.engine.portfolio.instance import Instance
from qingyuan.engine.portfolio.programme import Numbers


def faults(instance: Instance, x: Numbers, *, cost: float | None = None) -> list[str]:
    """What is wrong with the plan, in words; an empty list if all rows hold."""
    found = []
    if not ((x >= instance.lower) & (x <= instance.upper)).all():
        found.append("份额超出上下限")
    if (instance.whole & (x != np.round(x))).any():
        found.append("整体方案有了小数份额")
    used = np.flatnonzero(x)
    shares = x[used]
    for row, need in enumerate(instance.need.tolist()):
        gain = instance.gain[used][:, [row]] if sparse.issparse(instance.gain) else instance.gain[used, row]
        values = gain.toarray().ravel() if sparse.issparse(gain) else gain
        reached = math.fsum((values * shares).tolist())
        if reached < need:
            found.append(f"第 {row + 1} 个目标：要求 {need!r}，达到 {reached!r}")
    rows = sparse.coo_array(instance.local)
    sums = np.zeros(rows.shape[0])
    np.add.at(sums, rows.coords[0], rows.data * x[rows.coords[1]])
    broken = (sums > instance.local_upper + 1e-9) | (sums < instance.local_lower - 1e-9)
    found += [f"第 {row + 1} 条互斥、前提或时期的要求" for row in np.flatnonzero(broken)[:20].tolist()]
    if cost is not None:
        spent = math.fsum((instance.cost[used] * shares).tolist())
        if abs(spent - cost) > 1e-9 * max(math.fsum(np.abs(instance.cost[used] * shares).tolist()), 1e-9):
            found.append(f"费用应为 {spent!r}，写的是 {cost!r}")
    return found
