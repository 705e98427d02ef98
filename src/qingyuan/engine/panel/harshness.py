"""Scores with each expert's harshness taken out, as far as the data show any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingyuan.engine.panel.ratings import Floats, Integers, Ratings

_COARSE = np.concatenate(([0.0], np.logspace(-3, 3, 49)))
_HALVINGS = 60
_NULL = 1e-9
"""Eigenvalues below this share of the largest are 0: directions in which the reviews say nothing."""


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """What the additive model found.

    `score`: per project, points of 100; equal to the raw mean where `reason` is set or `expert_sd` is 0.
    `severity`: per expert, how many points below the others this expert scores the same project (harsh > 0), shrunk
    towards 0; exactly 0 for an expert without reviews.
    `expert_sd`, `error_sd`: standard deviations of harshness and of what is left; `error_sd` NaN where it cannot be known.
    `ratio`: (expert_sd / error_sd)^2. `panel`: which group of projects linked by common experts a project belongs to;
    -1 without review. `reason`: why nothing could be adjusted, empty otherwise.
    """

    score: Floats
    severity: Floats
    expert_sd: float
    error_sd: float
    ratio: float
    panel: Integers
    panels: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Within:
    """The reviews with each project's own mean taken out: what the harshness is estimated from.

    With M the projection that removes project means and Z the experts' indicator matrix: `values`, `vectors` are the
    eigenvalues and eigenvectors of Z'MZ, `rotated` = U'Z'My, `square` = y'My, `freedom` = reviews less projects reviewed,
    `spare` = what of it is left once every difference between experts has been spent on them.
    """

    values: Floats
    vectors: Floats
    rotated: Floats
    square: float
    freedom: int
    spare: int


def within(ratings: Ratings) -> Within:
    """The sufficient statistics, by products of sparse indicator matrices done as counts: O(reviews per project x reviews)."""
    counts = np.maximum(ratings.counts, 1)
    residual = ratings.score - ratings.means[ratings.project]
    # Z'MZ = diag(n_j) - sum over projects of z z' / n_i, where z marks the project's experts.
    matrix = np.diag(np.bincount(ratings.expert, minlength=ratings.experts).astype(np.float64))
    starts = np.cumsum(ratings.counts) - ratings.counts
    for offset in range(int(ratings.counts.max(initial=0))):
        # The offset-th expert of every project against all its experts.
        there = ratings.counts > offset
        with_it = np.zeros(ratings.projects, dtype=np.intp)
        with_it[there] = ratings.expert[starts[there] + offset]
        keep = there[ratings.project]
        pairs = with_it[ratings.project[keep]] * ratings.experts + ratings.expert[keep]
        weights = 1.0 / counts[ratings.project[keep]]
        matrix -= np.bincount(pairs, weights=weights, minlength=ratings.experts**2).reshape(matrix.shape)
    values, vectors = np.linalg.eigh(matrix)
    total = np.bincount(ratings.expert, weights=residual, minlength=ratings.experts)
    freedom = ratings.size - int((ratings.counts > 0).sum())
    says = values > _NULL * values.max(initial=0.0)
    return Within(
        values=np.where(says, values, 0.0),
        vectors=vectors,
        rotated=np.where(says, vectors.T @ total, 0.0),
        square=float(residual @ residual),
        freedom=freedom,
        spare=freedom - int(says.sum()),
    )


def adjust(ratings: Ratings) -> Adjustment:
    """Fit score = project + expert + error and give each project's part.

    Model: y_ij = p_i + e_j + u_ij, p_i fixed, e_j ~ (0, s_e^2), u_ij ~ (0, s_u^2), independent. lambda = s_e^2 / s_u^2 is
    estimated by restricted maximum likelihood (Patterson & Thompson 1971, Biometrika 58:545); given it, the e_j are
    the best linear unbiased predictions (Henderson 1975, Biometrics 31:423)
        e = lambda (I + lambda Z'MZ)^-1 Z'My,      p_i = mean_j (y_ij - e_j)
    so that with lambda = 0 the score IS the raw mean: where experts do not differ, next to nothing is changed.
    The restricted likelihood has one free number once s_u^2 is profiled out:
        -2 l(lambda) = f log(Q/f) + sum_k log(1 + lambda d_k),   Q = y'My - lambda sum_k r_k^2 / (1 + lambda d_k)
    with d, r the eigenvalues of Z'MZ and the rotated sums, f = reviews less projects. The lowest point of a grid (0 to 1000)
    is brought to the zero of the derivative by bisection.

    What cannot be known: projects of panels that share no expert, directly or through others, are compared only by
    the assumption that both panels' experts come from one population (`panels` > 1 says so). With one review a
    project nothing tells a harsh expert from a poor project, and with as many differences between experts as
    comparisons nothing tells harshness from error: the raw means are returned with a reason.
    """
    panel, number = panels(ratings)
    if ratings.size == 0:
        return _unadjusted(ratings, panel, number, "还没有评分")
    found = within(ratings)
    if found.freedom == 0:
        return _unadjusted(ratings, panel, number, "每个项目只有一位专家评分，无法区分专家宽严与项目优劣")
    if found.square <= 1e-12 * max(1.0, float(ratings.score @ ratings.score)):
        return _unadjusted(ratings, panel, number, "各专家对同一项目的评分完全一致，无需调整", error_sd=0.0)
    if found.spare == 0:
        reason = "专家之间共同评分的项目太少，无法区分专家宽严与评分误差"
        whole = float(np.sqrt(found.square / found.freedom))
        return _unadjusted(ratings, panel, number, reason, error_sd=whole)
    ratio = _ratio(found)
    shrunk = ratio / (1.0 + ratio * found.values)
    effect = found.vectors @ (shrunk * found.rotated)
    error = float(np.sqrt(_quadratic(found, np.array([ratio]))[0] / found.freedom))
    score = ratings.project_mean(ratings.score - effect[ratings.expert]) if ratio else ratings.means.copy()
    return Adjustment(
        score=score,
        severity=-effect,
        expert_sd=error * float(np.sqrt(ratio)),
        error_sd=error,
        ratio=ratio,
        panel=panel,
        panels=number,
    )


def panels(ratings: Ratings) -> tuple[Integers, int]:
    """Groups of projects linked by common experts (connected components): label per project, and how many there are.

    By propagating the smallest label between projects and experts until nothing changes.
    """
    label = np.arange(ratings.projects)
    has = ratings.counts > 0
    while True:
        of_expert = np.full(ratings.experts, ratings.projects)
        np.minimum.at(of_expert, ratings.expert, label[ratings.project])
        new = label.copy()
        np.minimum.at(new, ratings.project, of_expert[ratings.expert])
        new = np.minimum(new, new[new])
        if (new == label).all():
            break
        label = new
    names, found = np.unique(label[has], return_inverse=True)
    panel = np.full(ratings.projects, -1, dtype=np.intp)
    panel[has] = found
    return panel, int(names.size)


def _quadratic(found: Within, ratio: Floats) -> Floats:
    shrunk = ratio[:, None] / (1.0 + ratio[:, None] * found.values)
    return np.asarray(np.maximum(found.square - shrunk @ found.rotated**2, 1e-12 * found.square))


def _deviance(found: Within, ratio: Floats) -> Floats:
    """-2 x restricted log likelihood, up to a constant, at each ratio of variances."""
    logs = np.log1p(ratio[:, None] * found.values).sum(axis=1)
    return np.asarray(found.freedom * np.log(_quadratic(found, ratio) / found.freedom) + logs)


def _slope(found: Within, ratio: float) -> float:
    """The derivative of the deviance; its zero is found far more exactly than the flat bottom itself."""
    reach = 1.0 + ratio * found.values
    change = -float((found.rotated**2 / reach**2).sum())
    return found.freedom * change / float(_quadratic(found, np.array([ratio]))[0]) + float(
        (found.values / reach).sum()
    )


def _ratio(found: Within) -> float:
    best = int(np.argmin(_deviance(found, _COARSE)))
    low, high = float(_COARSE[max(best - 1, 0)]), float(_COARSE[min(best + 1, _COARSE.size - 1)])
    if _slope(found, low) >= 0.0:
        return low
    if _slope(found, high) <= 0.0:
        return high
    for _halving in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _slope(found, middle) < 0.0 else (low, middle)
    return (low + high) / 2


def _unadjusted(
    ratings: Ratings, panel: Integers, number: int, reason: str, *, error_sd: float = float("nan")
) -> Adjustment:
    return Adjustment(
        score=ratings.means.copy(),
        severity=np.zeros(ratings.experts),
        expert_sd=0.0,
        error_sd=error_sd,
        ratio=0.0,
        panel=panel,
        panels=number,
        reason=reason,
    )
