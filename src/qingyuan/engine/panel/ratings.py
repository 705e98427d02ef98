"""The scores as three parallel arrays; most projects are read by few experts, so nothing is a table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Flags = NDArray[np.bool_]


class RatingsError(ValueError):
    """The arrays do not describe scores: lengths differ, an index is out of range, or a number is not finite."""


@dataclass(frozen=True, kw_only=True)
class Ratings:
    """Total scores (points of 100), one entry a review: `score[k]` is what `expert[k]` gave to `project[k]`.

    Projects count 0..projects-1, experts 0..experts-1; a project without any review is allowed.
    """

    project: Integers
    expert: Integers
    score: Floats
    projects: int
    experts: int

    @classmethod
    def of(
        cls, *, project: ArrayLike, expert: ArrayLike, score: ArrayLike, projects: int, experts: int
    ) -> Ratings:
        """Checked arrays; raises RatingsError. A pair scored twice is an error: which of the two would hold?"""
        rows = np.asarray(project, dtype=np.intp)
        columns = np.asarray(expert, dtype=np.intp)
        values = np.asarray(score, dtype=np.float64)
        if not (rows.shape == columns.shape == values.shape) or rows.ndim != 1:
            raise RatingsError(f"三列长度须相同：{rows.shape}、{columns.shape}、{values.shape}")
        if rows.size:
            if rows.min() < 0 or rows.max() >= projects:
                raise RatingsError(f"项目序号须在 0 至 {projects - 1} 之间")
            if columns.min() < 0 or columns.max() >= experts:
                raise RatingsError(f"专家序号须在 0 至 {experts - 1} 之间")
            if not np.isfinite(values).all():
                raise RatingsError("分数须为有限数；没有评分的不要列出")
            if np.unique(rows * experts + columns).size != rows.size:
                raise RatingsError("同一专家对同一项目有两个分数")
        # One order whatever order the reviews came in: sums of floats then agree to the last bit.
        order = np.lexsort((columns, rows))
        return cls(
            project=rows[order],
            expert=columns[order],
            score=values[order],
            projects=projects,
            experts=experts,
        )

    @property
    def size(self) -> int:
        return int(self.score.size)

    @cached_property
    def counts(self) -> Integers:
        """Reviews per project."""
        return np.bincount(self.project, minlength=self.projects).astype(np.intp)

    @cached_property
    def means(self) -> Floats:
        """Raw mean per project; NaN without a review."""
        return self.project_mean(self.score)

    def project_mean(self, values: Floats) -> Floats:
        """Mean of a value per review over each project's reviews; NaN without a review."""
        sums = np.bincount(self.project, weights=values, minlength=self.projects)
        with np.errstate(invalid="ignore"):
            return np.asarray(sums / self.counts, dtype=np.float64)
