"""Capacity of a water 水环境容量: the load, g/s, that a reach may take up and keep to a concentration.

GB/T 25173-2010: of a small reach that mixes at once (零维), and of a long one with its outfalls in the middle (一维). In both the
concentration of the inflow is C_0, the aim C_s, both in mg/L; a negative capacity says how much must go.
"""

from __future__ import annotations

import math

from qingyuan.engine.river.network import RiverError
from qingyuan.engine.river.routing import DAY


def of_mixed_reach(*, aim_mg_l: float, above_mg_l: float, flow_m3_s: float, waste_m3_s: float = 0.0) -> float:
    """M = (C_s - C_0) (Q + Q_p): `waste_m3_s` is the water that comes with the load."""
    _not_negative(aim_mg_l=aim_mg_l, above_mg_l=above_mg_l, flow_m3_s=flow_m3_s, waste_m3_s=waste_m3_s)
    return (aim_mg_l - above_mg_l) * (flow_m3_s + waste_m3_s)


def of_long_reach(
    *,
    aim_mg_l: float,
    above_mg_l: float,
    flow_m3_s: float,
    k_per_day: float,
    length_m: float,
    velocity_m_s: float,
) -> float:
    """M = (C_s - C_0 exp(-K L / u)) exp(K L / 2u) Q: all outfalls drawn together in the middle of the reach."""
    _not_negative(
        aim_mg_l=aim_mg_l, above_mg_l=above_mg_l, flow_m3_s=flow_m3_s, k_per_day=k_per_day, length_m=length_m
    )
    if not (math.isfinite(velocity_m_s) and velocity_m_s > 0):
        raise RiverError(f"velocity_m_s {velocity_m_s}: expected above 0")
    decay = k_per_day / DAY * length_m / velocity_m_s
    return (aim_mg_l - above_mg_l * math.exp(-decay)) * math.exp(decay / 2) * flow_m3_s


def _not_negative(**values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value >= 0):
            raise RiverError(f"{name} {value}: expected at least 0")
