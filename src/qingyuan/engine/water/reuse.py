"""Regeneration without recycling: water is treated once on its way and then used again, never sent back to where it was.

The least freshwater by the limiting composite (Wang, Smith, Chem. Eng. Sci. 49 (1994) 981). Freshwater F at c0 takes up load as far
as a level a, is treated to r, and takes up load a second time, so that up to a level c it can have taken

    F (min(c, a) - c0)+  +  F (c - r)+        >= composite(c)       for every level c.

The left side grows with a, so that the least F is that of an a above all levels; the a told is the lowest that keeps it:
treating earlier would not suffice, treating later removes more. A target as the composite gives it: processes may have to be
split between the first and the second use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qingyuan.engine.water.parts import GRAMS, WaterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Reuse:
    """`freshwater` t/h, all of it treated once, at `treated_at` ppm; `removed` kg/h by the treatment. 0 where none is needed."""

    freshwater: float
    treated_at: float
    removed: float


def reuse_once(composite: Sequence[tuple[float, float]], *, outlet: float, fresh: float = 0.0) -> Reuse:
    """`composite` [(ppm, kg/h)] of fixed loads, one contaminant, rising; `outlet` ppm of the treatment without limit.

    Raises WaterError where load must be taken up at or below the freshwater's own level, or the outlet is not a level.
    """
    if not outlet >= 0 or not np.isfinite(outlet):
        raise WaterError(f"outlet {outlet} ppm: expected 0 or more")
    level = np.array([one[0] for one in composite], dtype=np.float64)
    load = np.array([one[1] for one in composite], dtype=np.float64) * GRAMS
    reach = np.maximum(level - fresh, 0.0) + np.maximum(level - outlet, 0.0)
    asked = load > 1e-9 * max(load.max(initial=0.0), 1e-300)
    if (reach[asked] <= 0).any():
        raise WaterError("load below the freshwater's own level cannot be taken up")
    if not asked.any():
        return Reuse(freshwater=0.0, treated_at=outlet, removed=0.0)
    least = float((load[asked] / reach[asked]).max())
    # At each level the first use must bring what the second does not: F (min(c, a) - c0) >= load - F (c - r)+.
    lacking = (load[asked] - least * np.maximum(level[asked] - outlet, 0.0)) / least + fresh
    treated = float(max(lacking.max(), outlet))
    return Reuse(freshwater=least, treated_at=treated, removed=least * (treated - outlet) / GRAMS)
