"""A network for one contaminant that reaches the cascade's target, by the nearest neighbours (Prakash, Shenoy, Chem. Eng.
Sci. 60 (2005) 255): each demand, cleanest first, mixes the dirtiest water that is clean enough with the cleanest
that is not. O(n log n); for plants too large for a linear programme.
"""

from __future__ import annotations

import numpy as np

from qingyuan.engine.water.parts import Numbers

TINY = 1e-12


def nearest(
    *,
    supply: Numbers,
    supply_ppm: Numbers,
    wanted: Numbers,
    wanted_ppm: Numbers,
    fresh: float,
    freshwater: float,
) -> list[tuple[int, int, float]]:
    """[(source or -1 for freshwater, demand, t/h)] that meet every demand with no more than `freshwater`."""
    ppm = np.concatenate([supply_ppm, [fresh]])
    left = np.concatenate([supply, [freshwater]])
    order = [int(place) for place in np.argsort(ppm, kind="stable")]
    smallest = TINY * max(float(left.max(initial=0.0)), float(wanted.max(initial=0.0)))
    cleaner: list[int] = []
    dirtier = order[::-1]  # the cleanest last
    links: list[tuple[int, int, float]] = []

    def take(place: int, demand: int, flow: float) -> None:
        left[place] -= flow
        if flow > smallest:
            links.append((place if place < len(supply) else -1, demand, flow))

    for demand in np.argsort(wanted_ppm, kind="stable").tolist():
        limit, need = float(wanted_ppm[demand]), float(wanted[demand])
        while dirtier and ppm[dirtier[-1]] <= limit:
            cleaner.append(dirtier.pop())
        spare = 0.0  # g/h that the demand may still take beyond its limit's share
        while need > smallest:
            while dirtier and left[dirtier[-1]] <= smallest:
                dirtier.pop()
            while cleaner and left[cleaner[-1]] <= smallest:
                cleaner.pop()
            if not cleaner:
                flow = _last(ppm, left, dirtier, limit=limit, need=need, spare=spare)
                if flow <= smallest:
                    break
                take(dirtier[-1], demand, flow)
                need -= flow
                spare -= flow * (float(ppm[dirtier[-1]]) - limit)
                continue
            clean = cleaner[-1]
            if not dirtier:
                flow = min(need, float(left[clean]))
                take(clean, demand, flow)
                need -= flow
                continue
            dirty = dirtier[-1]
            low, high = limit - float(ppm[clean]), float(ppm[dirty]) - limit
            # as much of the dirty one as the clean one and what is spared allow
            share = (need * low + spare) / (high + low)
            from_dirty = min(share, need, float(left[dirty]))
            from_clean = (
                min(max((from_dirty * high - spare) / low, 0.0), need - from_dirty)
                if low > 0
                else need - from_dirty
            )
            if from_clean > left[clean]:
                from_clean = float(left[clean])
                from_dirty = min((from_clean * low + spare) / high, need - from_clean, float(left[dirty]))
            take(dirty, demand, from_dirty)
            take(clean, demand, from_clean)
            spare += from_clean * low - from_dirty * high
            need -= from_clean + from_dirty
            if from_clean + from_dirty <= smallest:  # only rounding is left of one of them
                (cleaner if left[clean] <= left[dirty] else dirtier).pop()
    return links


def _last(
    ppm: Numbers, left: Numbers, dirtier: list[int], *, limit: float, need: float, spare: float
) -> float:
    """How much of the cleanest of the too dirty waters what is spared still allows."""
    if not dirtier:
        return 0.0
    above = float(ppm[dirtier[-1]]) - limit
    return min(need, float(left[dirtier[-1]]), max(spare, 0.0) / above if above > 0 else need)
