"""The water cascade for one contaminant: the least freshwater, every pinch, the limiting composite. Exact, O(n log n).

With M(c) = sum of demand flow * (c - limit)+ minus sum of source flow * (c - ppm)+, the load that freshwater has to
take up below c, mixing can meet all limits with freshwater F at c0 exactly if F * (c - c0)+ >= M(c) at every c, and
F >= demands - sources; M(c) must not be above 0 up to c0. A process of fixed load is a demand at its inlet and a source at its outlet limit, of its
limiting flow (Wang, Smith, Chem. Eng. Sci. 49 (1994) 981; Hallale, Adv. Environ. Res. 6 (2002) 377; Manan, Tan, Foo,
AIChE J. 50 (2004) 3169). A pinch is a level at which F is needed in full: there may be several.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingyuan.engine.water.parts import GRAMS, Numbers

ALIKE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade:
    """`levels` (n,) ppm and `load` (n,) g/h = M there; `feasible` is False where freshwater itself is too dirty."""

    levels: Numbers
    load: Numbers
    fresh: float
    freshwater: float
    wastewater: float
    pinches: tuple[float, ...]
    feasible: bool

    @property
    def composite(self) -> list[tuple[float, float]]:
        """[(ppm, kg/h)]: the limiting composite."""
        return [
            (float(level), float(load) / GRAMS) for level, load in zip(self.levels, self.load, strict=True)
        ]


def cascade(
    *, supply: Numbers, supply_ppm: Numbers, wanted: Numbers, wanted_ppm: Numbers, fresh: float = 0.0
) -> Cascade:
    """The targets of sources and demands: flows in t/h, (n,) each."""
    ppm = np.concatenate([wanted_ppm, supply_ppm])
    flow = np.concatenate([wanted, -supply])
    order = np.argsort(ppm, kind="stable")
    ppm, flow = ppm[order], flow[order]
    levels, first = np.unique(ppm, return_index=True)
    if not len(levels):
        return Cascade(
            levels=levels, load=levels, fresh=fresh, freshwater=0.0, wastewater=0.0, pinches=(), feasible=True
        )
    net = np.add.reduceat(flow, first)
    below = np.concatenate([[0.0], np.cumsum(net)[:-1]])
    load = np.cumsum(below * np.diff(levels, prepend=levels[0]))
    size = float((np.abs(flow) * np.maximum(ppm, levels[-1] - ppm)).sum()) or 1.0
    load = np.where(np.abs(load) <= 1e-13 * size, 0.0, load)
    above = levels > fresh
    at_fresh = float((flow * np.maximum(fresh - ppm, 0.0)).sum())  # what nothing but sources can take up
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(above, load / np.where(above, levels - fresh, 1.0), 0.0)
    missing = float(wanted.sum() - supply.sum())
    freshwater = max(float(needed.max(initial=0.0)), missing, 0.0)
    if freshwater <= ALIKE * float(np.abs(flow).sum()):
        freshwater = 0.0
    slack = ALIKE * max(freshwater, float(np.abs(flow).max(initial=0.0)))
    # With no freshwater at all a touch is a pinch only where something was cascaded down to it.
    touched = above & (needed >= freshwater - slack)
    if freshwater == 0.0:
        lowest = np.minimum.accumulate(load)
        touched &= (np.abs(load) <= 1e-12 * size) & (lowest < -1e-9 * size)
    return Cascade(
        levels=levels,
        load=load,
        fresh=fresh,
        freshwater=freshwater,
        wastewater=max(freshwater - missing, 0.0),
        pinches=tuple(float(level) for level in levels[touched]),
        feasible=bool((load[~above] <= 1e-9 * size).all() and at_fresh <= 1e-9 * size),
    )
