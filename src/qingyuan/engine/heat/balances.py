"""Into how many parts streams can be split so that each part balances: subsets whose sum is zero.

All subsets of sum zero are found by meeting in the middle (Horowitz and Sahni 1974), then as many disjoint ones as
possible are packed. Where that would be too much, an upper limit is given instead: every part needs a hot and a cold
stream.
"""

from __future__ import annotations

import numpy as np

from qingyuan.engine.heat.streams import Numbers

LARGEST = 44
MOST_SUBSETS = 2000
MOST_STEPS = 200_000
ZERO = 1e-9


def most_parts(loads: Numbers) -> int:
    """An upper limit of the number of parts, exact where it can be found; loads are signed and sum to zero."""
    n = len(loads)
    limit = int(min((loads > 0).sum(), (loads < 0).sum()))
    if limit <= 1 or n > LARGEST:
        return limit
    found = _zero_subsets(loads[:-1], ZERO * float(np.abs(loads).sum()))
    if found is None:
        return limit
    packed = _pack(_minimal(found))
    return limit if packed is None else min(limit, 1 + packed)


def _zero_subsets(loads: Numbers, near: float) -> list[int] | None:
    """Bit masks of the non-empty subsets that sum to zero; None if there are too many."""
    half = len(loads) // 2
    left, right = _sums(loads[:half]), _sums(loads[half:])
    order = np.argsort(right)
    ordered = right[order]
    low, high = (
        np.searchsorted(ordered, -left - near, "left"),
        np.searchsorted(ordered, -left + near, "right"),
    )
    if int((high - low).sum()) > MOST_SUBSETS + 1:
        return None
    masks = [int(a) | (int(b) << half) for a in np.flatnonzero(high > low) for b in order[low[a] : high[a]]]
    return [mask for mask in masks if mask]


def _sums(loads: Numbers) -> Numbers:
    """Sums of all subsets; the index is the mask."""
    sums = np.zeros(1)
    for load in loads:
        sums = np.concatenate((sums, sums + load))
    return sums


def _minimal(masks: list[int]) -> list[int]:
    """Those that contain no other: only they are needed for the most parts."""
    kept: list[int] = []
    for mask in sorted(set(masks), key=lambda one: (one.bit_count(), one)):
        if not any(mask & other == other for other in kept):
            kept.append(mask)
    return kept


def _pack(masks: list[int]) -> int | None:
    """The most pairwise disjoint masks; None after too many steps."""
    best, steps = 0, 0
    open_ = [(0, 0, masks)]
    while open_:
        used, count, left = open_.pop()
        best = max(best, count)
        steps += 1
        if steps > MOST_STEPS:
            return None
        for place, mask in enumerate(left):
            if not mask & used:
                rest = [other for other in left[place + 1 :] if not other & (mask | used)]
                if count + 1 + len(rest) > best:
                    open_.append((used | mask, count + 1, rest))
    return best
