"""Which enterprises to audit in depth, so that together they stand for the whole sector.

Within each stratum the enterprises of the sample are medoids of the standardised profiles: those actual enterprises to which the
others are nearest. A profile holds every indicator (grades as 3, 2, 1, 0), less its median, by its robust spread (1.4826 MAD; the standard
deviation where that is 0), cut at five spreads so that one slip of unit does not define a distance. The distance of two enterprises is the root mean
square over the indicators that both have: 1 means a spread apart in each, on average.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from qingyuan.engine.diagnosis.medoids import Places, medoids
from qingyuan.engine.diagnosis.sector import DiagnosisError, Numbers, Sector

CUT: Final = 5.0
MOST_AT_ONCE: Final = 1200
"""Larger strata are cut into blocks along their main direction, each with its share of the sample."""
_FACTOR = 1.4826


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A stratum and what of it is drawn."""

    stratum: str
    size: int
    sampled: int
    max_distance: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """`chosen` places in rising order; `stands_for` (n,) the place of the sampled enterprise nearest in the same stratum.

    `coverage`: the share of enterprises within `radius` of it; `coverage_output` the share of the known output that
    those make. `max_distance`: the farthest. Enterprises of strata without a sampled one stand for themselves: -1, not covered.
    """

    chosen: tuple[int, ...]
    stands_for: tuple[int, ...]
    distance: tuple[float | None, ...]
    strata: tuple[Stratum, ...]
    radius: float
    coverage: float | None
    coverage_output: float | None
    max_distance: float | None


def profiles(sector: Sector) -> Numbers:
    """(n, k) the standardised profiles, nan where an enterprise has no value; columns without spread are left out."""
    columns = []
    for one in sector.profiles:
        values = np.where(one.judged, one.reached, np.nan) if np.isnan(one.values).all() else one.values
        known = values[np.isfinite(values)]
        if not len(known):
            continue
        middle = np.median(known)
        spread = _FACTOR * np.median(np.abs(known - middle)) or known.std()
        if spread > 0 and np.isfinite(spread):
            columns.append(np.clip((values - middle) / spread, -CUT, CUT))
    return np.column_stack(columns) if columns else np.zeros((len(sector.names), 0))


def distances(rows: Numbers, others: Numbers | None = None) -> Numbers:
    """(n, m) root mean squares over the columns that two rows both have; twice the cut where they share none.

    Without `others` from each row to each.
    """
    facing = rows if others is None else others
    known, seen = np.isfinite(rows).astype(np.float64), np.isfinite(facing).astype(np.float64)
    left, right = np.where(known > 0, rows, 0.0), np.where(seen > 0, facing, 0.0)
    shared = known @ seen.T
    squares = (left**2) @ seen.T + known @ (right**2).T
    sums = squares - 2 * left @ right.T
    sums[sums <= 1e-13 * squares] = 0.0  # equal rows, but for rounding
    apart: Numbers = np.sqrt(sums / np.maximum(shared, 1.0))
    apart[shared == 0] = 2 * CUT if rows.shape[1] else 0.0
    if others is None:
        np.fill_diagonal(apart, 0.0)
        np.maximum(apart, apart.T, out=apart)
    return apart


def allocate(sizes: Sequence[int], count: int) -> list[int]:
    """So many from each stratum: proportional by largest remainders, at least one from each while that is possible."""
    whole = sum(sizes)
    if not 0 <= count <= whole:
        raise DiagnosisError(f"{count} of {whole} enterprises")
    base = [1 if size and count >= sum(1 for one in sizes if one) else 0 for size in sizes]
    while (left := count - sum(base)) > 0:
        wanted = [
            count * size / whole - got if got < size else -np.inf
            for size, got in zip(sizes, base, strict=True)
        ]
        for place in sorted(range(len(sizes)), key=lambda one: (-wanted[one], one))[:1]:
            base[place] += min(left, 1)
    return base


def sample(sector: Sector, *, count: int, strata: Sequence[str] | None = None, radius: float = 1.0) -> Sample:
    """Draw `count` enterprises; without `strata` the sector is one. The same data give the same sample.

    Raises DiagnosisError unless 1 <= count <= n, and for strata of another length.
    """
    total = len(sector.names)
    strata = [""] * total if strata is None else list(strata)
    if not 1 <= count <= total or len(strata) != total:
        raise DiagnosisError(f"{count} of {total} enterprises in {len(strata)} strata")
    members: dict[str, list[int]] = {}
    for place, stratum in enumerate(strata):
        members.setdefault(stratum, []).append(place)
    shares = allocate([len(one) for one in members.values()], count)
    rows = profiles(sector)
    stands_for, apart = np.full(total, -1), np.full(total, np.nan)
    described = []
    for (stratum, places), share in zip(members.items(), shares, strict=True):
        inside = np.array(places)
        if share:
            nearest, distance = _within(rows[inside], share)
            stands_for[inside], apart[inside] = inside[nearest], distance
        farthest = float(apart[inside].max()) if share else None
        described.append(Stratum(stratum=stratum, size=len(inside), sampled=share, max_distance=farthest))
    covered = apart <= radius + 1e-12
    output = np.where(np.isfinite(sector.output), sector.output, 0.0)
    return Sample(
        chosen=tuple(np.unique(stands_for[stands_for >= 0]).tolist()),
        stands_for=tuple(stands_for.tolist()),
        distance=tuple(None if np.isnan(one) else float(one) for one in apart),
        strata=tuple(described),
        radius=radius,
        coverage=float(covered.mean()),
        coverage_output=float(output[covered].sum() / output.sum()) if output.sum() > 0 else None,
        max_distance=float(np.nanmax(apart)),
    )


def _within(rows: Numbers, count: int) -> tuple[Places, Numbers]:
    """For every row the nearest medoid's place and the distance to it."""
    if len(rows) <= MOST_AT_ONCE:
        apart = distances(rows)
        chosen = medoids(apart, count)
        own = apart[:, chosen]
    else:
        chosen = _by_blocks(rows, count)
        pieces = range(0, len(rows), 500)
        own = np.vstack([distances(rows[start : start + 500], rows[chosen]) for start in pieces])
    near = own.argmin(axis=1)
    near[chosen] = np.arange(len(chosen))  # a sampled enterprise stands for itself, also beside an equal one
    return chosen[near], own[np.arange(len(rows)), near]


def _by_blocks(rows: Numbers, count: int) -> Places:
    """Medoids block by block, along the direction in which the profiles differ most."""
    blocks = min(-(-len(rows) // MOST_AT_ONCE), count)
    filled = np.where(np.isfinite(rows), rows, 0.0)
    centred = filled - filled.mean(axis=0)
    main = np.linalg.eigh(centred.T @ centred)[1][:, -1] if rows.shape[1] else np.zeros(0)
    order = np.argsort(centred @ main, kind="stable")
    parts = np.array_split(order, blocks)
    shares = allocate([len(part) for part in parts], count)
    found = []
    for part, share in zip(parts, shares, strict=True):
        if share:
            found.append(part[medoids(distances(rows[part]), share)])
    return np.sort(np.concatenate(found))
