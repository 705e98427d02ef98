"""What somebody should look at again: experts far apart, a score far off, a review too fast to have been read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingyuan.engine.panel.describe import Summary, summarise
from qingyuan.engine.panel.harshness import Adjustment
from qingyuan.engine.panel.ratings import Flags, Floats, Ratings

OUTLYING = 2.5


def disagreements(summary: Summary, *, points: float) -> Flags:
    """Projects whose highest and lowest total lie at least `points` (of 100) apart."""
    return np.asarray(np.nan_to_num(summary.width, nan=0.0) >= points)


def outlying(ratings: Ratings, adjustment: Adjustment, *, times: float = OUTLYING) -> Flags:
    """Reviews that, the expert's usual harshness apart, lie more than `times` error_sd from the project's other reviews.

    The distance is y_ij less the mean of the others, both freed of harshness; with n reviews its standard deviation is
    error_sd * sqrt(n / (n - 1)). In the order of `ratings` (sorted by project, then expert). Nothing is flagged where
    error_sd is unknown or 0, or a project has one review.
    """
    if not np.isfinite(adjustment.error_sd) or adjustment.error_sd == 0.0:
        return np.zeros(ratings.size, dtype=np.bool_)
    freed = ratings.score + adjustment.severity[ratings.expert]
    counts = ratings.counts[ratings.project]
    residual = freed - ratings.project_mean(freed)[ratings.project]
    several = counts > 1
    distance = np.zeros(ratings.size)
    # y - mean of the others = (y - mean of all) * n / (n - 1).
    distance[several] = np.abs(residual[several]) * np.sqrt(counts[several] / (counts[several] - 1))
    return np.asarray(distance > times * adjustment.error_sd)


@dataclass(frozen=True, kw_only=True)
class Hasty:
    """Per review: is it flagged, and below how many minutes it would be."""

    flags: Flags
    limit: Floats


def hasty(ratings: Ratings, minutes: Floats, *, floor: float, share: float) -> Hasty:
    """Reviews between opening and submitting of which fewer minutes lie than `floor`, or than `share` of the project's median.

    `minutes` in the order of `ratings`; NaN where it is not known (never flagged). It only asks for a look: who
    read the plan on paper beforehand is fast with reason.
    """
    known = ~np.isnan(minutes)
    timed = Ratings.of(
        project=ratings.project[known],
        expert=ratings.expert[known],
        score=minutes[known],
        projects=ratings.projects,
        experts=ratings.experts,
    )
    # Alone, a review has nothing to be compared with but the floor.
    median = np.where(timed.counts > 1, summarise(timed).median, 0.0)
    limit = np.maximum(floor, share * median)[ratings.project]
    return Hasty(flags=np.asarray(known & (np.nan_to_num(minutes, nan=np.inf) < limit)), limit=limit)
