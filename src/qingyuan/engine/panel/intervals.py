"""How sure the order is: intervals of ranks by a bootstrap of the model's residuals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingyuan.engine.panel.describe import ranks
from qingyuan.engine.panel.harshness import Adjustment
from qingyuan.engine.panel.ratings import Flags, Floats, Integers, Ratings

DRAWS = 200
LEVEL = 0.90


@dataclass(frozen=True, kw_only=True)
class RankIntervals:
    """Per project: the rank, and the interval of ranks that the data do not rule out at `level`; 0 without a review.

    `reason`: why there are no intervals (then `low` = `high` = rank); empty otherwise.
    """

    rank: Integers
    low: Integers
    high: Integers
    level: float
    draws: int
    reason: str = ""


def rank_intervals(
    ratings: Ratings,
    adjustment: Adjustment,
    *,
    of: Floats,
    adjusted: bool,
    seed: int,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> RankIntervals:
    """Rank intervals of the scores `of` (the raw means, or `adjustment.score` with `adjusted`), the same for the same seed.

    Residual bootstrap of the mixed model (Carpenter, Goldstein & Rasbash 2003, Applied Statistics 52:431): in every
    draw each review's error is drawn anew from the pooled residuals, inflated so that their variance is error_sd^2,
    and each expert's harshness from the predictions, inflated to expert_sd. The errors of the project's reviews move
    its mean; so does the drawn harshness of its experts, wholly in a raw mean, in an adjusted score only by what
    the adjustment leaves of it: the prediction error of e_j, whose variance is about expert_sd^2 / (1 + lambda m_j), m_j
    the diagonal of Z'MZ (what other experts share of it is left out). Projects are then ranked anew; the interval is
    the central `level` share of a project's ranks, widened where needed to contain its own.

    It is a statement about the panel's chance, not about the truth of the sheet. Resampling a project's own three
    scores would say far too little; pooling assumes that all projects are about equally hard to judge.
    """
    rank = ranks(of)
    scored = np.flatnonzero(ratings.counts > 0)
    if adjustment.reason and not np.isfinite(adjustment.error_sd):
        return _certain(rank, level, adjustment.reason)
    if not scored.size:
        return _certain(rank, level, "还没有评分")
    generator = np.random.default_rng(seed)
    noise = _error(ratings, adjustment, generator, draws) + _severity(
        ratings, adjustment, generator, draws, adjusted=adjusted
    )
    drawn = (of[scored] + noise[:, scored]).astype(np.float32)
    order = np.argsort(-drawn, axis=1)
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(1, scored.size + 1)[None, :], axis=1)
    tail = round((1 - level) / 2 * (draws - 1))
    places.partition((tail, draws - 1 - tail), axis=0)
    low, high = np.zeros_like(rank), np.zeros_like(rank)
    low[scored] = np.minimum(places[tail], rank[scored])
    high[scored] = np.maximum(places[draws - 1 - tail], rank[scored])
    return RankIntervals(rank=rank, low=low, high=high, level=level, draws=draws)


def borderline(intervals: RankIntervals, *, quota: int) -> Flags:
    """Projects of which the data do not say whether they stand within the first `quota`: the interval reaches across."""
    return np.asarray((intervals.low <= quota) & (intervals.high > quota) & (intervals.rank > 0))


def tied_by_interval(intervals: RankIntervals) -> Flags:
    """Projects whose interval overlaps that of the next project above or below: their order is not sure."""
    known = np.flatnonzero(intervals.rank > 0)
    order = known[np.lexsort((intervals.high[known], intervals.rank[known]))]
    overlaps = (intervals.low[order][1:] <= intervals.high[order][:-1]) & (
        intervals.high[order][1:] >= intervals.low[order][:-1]
    )
    found = np.zeros(intervals.rank.shape, dtype=np.bool_)
    found[order[1:][overlaps]] = True
    found[order[:-1][overlaps]] = True
    return found


def _error(ratings: Ratings, adjustment: Adjustment, generator: np.random.Generator, draws: int) -> Floats:
    """Per draw and project: the mean of errors drawn anew for its reviews."""
    residual = ratings.score + adjustment.severity[ratings.expert]
    residual = residual - ratings.project_mean(residual)[ratings.project]
    pool = _inflate(residual[ratings.counts[ratings.project] > 1], adjustment.error_sd)
    counts = ratings.counts
    found = np.zeros((draws, ratings.projects))
    for offset in range(int(counts.max(initial=0))):
        there = np.flatnonzero(counts > offset)
        found[:, there] += pool[generator.integers(0, pool.size, (draws, there.size))]
    return found / np.maximum(counts, 1)


def _severity(
    ratings: Ratings, adjustment: Adjustment, generator: np.random.Generator, draws: int, *, adjusted: bool
) -> Floats:
    """Per draw and project: the mean harshness, drawn anew, of its experts."""
    if adjustment.expert_sd == 0.0:
        return np.zeros((1, ratings.projects))
    active = np.bincount(ratings.expert, minlength=ratings.experts)
    pool = _inflate(adjustment.severity[active > 0], adjustment.expert_sd)
    drawn = pool[generator.integers(0, pool.size, (draws, ratings.experts))]
    if adjusted:
        shares = 1.0 - 1.0 / ratings.counts[ratings.project]
        told = np.bincount(ratings.expert, weights=shares, minlength=ratings.experts)
        drawn = drawn / np.sqrt(1.0 + adjustment.ratio * told)
    share = np.zeros((ratings.experts, ratings.projects))
    share[ratings.expert, ratings.project] = 1.0 / ratings.counts[ratings.project]
    return np.asarray(drawn @ share)


def _inflate(values: Floats, deviation: float) -> Floats:
    """Centred, and scaled to a standard deviation: predictions and residuals vary less than what they stand for."""
    if not values.size:
        return np.zeros(1)
    centred = values - values.mean()
    present = float(np.sqrt((centred**2).mean()))
    return np.asarray(centred * (deviation / present)) if present > 0 else centred


def _certain(rank: Integers, level: float, reason: str) -> RankIntervals:
    return RankIntervals(rank=rank, low=rank.copy(), high=rank.copy(), level=level, draws=0, reason=reason)
