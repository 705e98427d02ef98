"""Plain figures of each project's scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingyuan.engine.panel.ratings import Floats, Integers, Ratings

TRIM = 0.25


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One entry a project, in points of 100; NaN where it is not defined (no review; `spread` below two reviews).

    `trimmed`: mean without the lowest and highest floor(trim * n) scores, trim = 0.25: with fewer than four reviews
    nothing is cut and it equals the mean. `spread`: standard deviation, sum of squares over n - 1. `width`: highest less lowest.
    """

    counts: Integers
    mean: Floats
    median: Floats
    trimmed: Floats
    spread: Floats
    width: Floats


def summarise(ratings: Ratings, *, trim: float = TRIM) -> Summary:
    """All figures of all projects in one pass over the sorted scores: O(n log n), no loop over projects."""
    counts, means = ratings.counts, ratings.means
    order = np.lexsort((ratings.score, ratings.project))
    ordered = ratings.score[order]
    starts = np.concatenate(([0], np.cumsum(counts)[:-1])) if counts.size else counts
    has = counts > 0
    median, trimmed, spread, width = (np.full(ratings.projects, np.nan) for _ in range(4))
    if has.any():
        first, number = starts[has], counts[has]
        median[has] = (ordered[first + (number - 1) // 2] + ordered[first + number // 2]) / 2
        width[has] = ordered[first + number - 1] - ordered[first]
        sums = np.concatenate(([0.0], np.cumsum(ordered)))
        cut = np.floor(trim * number).astype(np.intp)
        kept = number - 2 * cut
        trimmed[has] = (sums[first + number - cut] - sums[first + cut]) / kept
        trimmed = np.where(counts * trim < 1, means, trimmed)
        residual = ratings.score - means[ratings.project]
        squares = np.bincount(ratings.project, weights=residual**2, minlength=ratings.projects)
        several = counts > 1
        spread[several] = np.sqrt(squares[several] / (counts[several] - 1))
    return Summary(counts=counts, mean=means, median=median, trimmed=trimmed, spread=spread, width=width)


def ranks(values: Floats, *, tolerance: float = 1e-9) -> Integers:
    """Competition ranks of scores, highest first: 1, 2, 2, 4. Scores closer than `tolerance` are one tie; NaN has rank 0."""
    found = np.zeros(values.shape, dtype=np.intp)
    known = np.flatnonzero(~np.isnan(values))
    if not known.size:
        return found
    order = known[np.argsort(-values[known], kind="stable")]
    ordered = values[order]
    is_new = np.concatenate(([True], ordered[:-1] - ordered[1:] > tolerance))
    found[order] = np.maximum.accumulate(np.where(is_new, np.arange(1, order.size + 1), 0))
    return found
