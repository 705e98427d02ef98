"""Whether the plain exponential holds: alpha = K E_x / u^2 and Pe = u B / E_x (HJ 2.3-2018, appendix E).

alpha <= 0.027 and Pe >= 1: plug flow with decay, as routed here. Otherwise longitudinal dispersion counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingyuan.engine.river.network import Numbers
from qingyuan.engine.river.routing import DAY

MOST_ALPHA, LEAST_PECLET = 0.027, 1.0
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """alpha and Pe of each reach, nan where unknown, and whether they let the plain exponential stand."""

    alpha: Numbers
    peclet: Numbers
    too_dispersive: np.ndarray[tuple[int], np.dtype[np.bool_]]
    too_short_mixing: np.ndarray[tuple[int], np.dtype[np.bool_]]


def criteria(
    *, k_per_day: Numbers, velocity_m_s: Numbers, dispersion_m2_s: Numbers, width_m: Numbers
) -> Criteria:
    """K per day (at the river's temperature), u in m/s, E_x in m2/s, B in m; nan in E_x or B means unknown."""
    alpha = k_per_day / DAY * dispersion_m2_s / velocity_m_s**2
    with np.errstate(divide="ignore"):
        peclet = velocity_m_s * width_m / dispersion_m2_s
    return Criteria(
        alpha=alpha,
        peclet=peclet,
        too_dispersive=alpha > MOST_ALPHA * (1 + _ROUNDING),
        too_short_mixing=peclet < LEAST_PECLET * (1 - _ROUNDING),
    )
