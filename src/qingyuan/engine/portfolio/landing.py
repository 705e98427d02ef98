"""Where a plan may land: strips of the plane of NOx and VOC (ratios to the base) in which ozone limits can be kept.

A mesh is laid over each strip of NOx, finer where the limits are crossed. In every cell of it a floor and a ceiling of ozone
are known: cells whose floor exceeds a limit are out, those whose ceiling keeps all limits are sure. Each run of VOC becomes a
piece: a trapezoid around all cells that are not out, and one within those that are sure. Straight edges follow the border
between allowed and not allowed, so that both trapezoids are close to each other with few strips.

For tables (`Grid`) floors and ceilings are proven: along NOx the spline rises and falls only where the table does, so that in
a cell between two entries its least and most stand at the cell's sides; along VOC it changes by no more than its steepest
slope, at most three times a secant's (Fritsch & Carlson 1980) of the neighbourhood, doubled for the rows' interpolation; and it
stays within the four entries around a point. Other surfaces are sampled at the corners and the middle of every cell.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qingyuan.engine.air.ozone import Grid, Surface
from qingyuan.engine.portfolio.programme import Bools, Numbers

SLACK = 1e-9
"""ppb by which rounding may pass a limit."""
STEEP = 6.0
COLUMNS, ROWS = 64, 256
FINER = (32, 8, 8, 8)
"""Into how many a row of the mesh in doubt is cut, again and again."""
MOST_ROWS = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Ozone at a receptor at most `ppb`."""

    target: str
    surface: Surface
    ppb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Ratios from low to high."""

    nox_low: float
    nox_high: float
    voc_low: float
    voc_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trapezoid:
    """nox_low <= nox <= nox_high,  bottom[0] + bottom[1] nox <= voc <= top[0] + top[1] nox."""

    nox_low: float
    nox_high: float
    bottom: tuple[float, float]
    top: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """`around` holds every point of the piece that keeps the limits; all points of `sure` keep them (None: none is known)."""

    window: Window
    around: Trapezoid
    sure: Trapezoid | None

    @property
    def width(self) -> float:
        return self.window.nox_high - self.window.nox_low


def pieces(limits: Sequence[Limit], window: Window, strips: int) -> Iterator[Piece]:
    """The pieces of a window in which the limits may be kept; what is left out cannot hold any such point."""
    known = tightest(limits)
    edges = _edges(window.nox_low, window.nox_high, strips)
    for low, high in itertools.pairwise(edges.tolist()):
        yield from _strip(known, low, high, window)


def tightest(limits: Sequence[Limit]) -> list[tuple[Surface, float]]:
    """Each surface once, with the strictest limit on it."""
    found: dict[int, tuple[Surface, float]] = {}
    for limit in limits:
        known = found.get(id(limit.surface))
        ppb = limit.ppb if known is None else min(limit.ppb, known[1])
        found[id(limit.surface)] = (limit.surface, ppb)
    return list(found.values())


def least(surface: Surface, window: Window, *, cells: int = 16) -> float:
    """A floor of ozone in a window."""
    nox = _aligned([surface], _edges(window.nox_low, window.nox_high, cells))
    return float(bounds(surface, nox, _edges(window.voc_low, window.voc_high, cells))[0].min())


def bounds(surface: Surface, nox: Numbers, voc: Numbers) -> tuple[Numbers, Numbers]:
    """Floor and ceiling of ozone in every cell of the mesh with these edges, (len(nox) - 1, len(voc) - 1) each.

    Edges along NOx hold the entries of a table's axis between them.
    """
    middle = (voc[:-1] + voc[1:]) / 2
    if not isinstance(surface, Grid):
        corners = surface.at(nox[:, None], voc[None, :])
        centre = surface.at((nox[:-1, None] + nox[1:, None]) / 2, middle[None, :])
        seen = np.stack([centre, corners[:-1, :-1], corners[1:, :-1], corners[:-1, 1:], corners[1:, 1:]])
        return seen.min(axis=0), seen.max(axis=0)
    sides = surface.mesh(nox, middle)
    near = (_touched(surface.nox_ratio, nox), _touched(surface.voc_ratio, voc))
    fall = STEEP * _most(_slopes(surface), near, beyond=0) * np.diff(voc)[None, :] / 2
    lowest = -_most(-surface.o3_ppb, near, beyond=1)
    highest = _most(surface.o3_ppb, near, beyond=1)
    floor = np.maximum(np.minimum(sides[:-1], sides[1:]) - fall, lowest)
    return floor, np.minimum(np.maximum(sides[:-1], sides[1:]) + fall, highest)


def _strip(known: list[tuple[Surface, float]], low: float, high: float, window: Window) -> Iterator[Piece]:
    nox = _aligned([surface for surface, _ppb in known], _edges(low, high, COLUMNS))
    voc = _edges(window.voc_low, window.voc_high, ROWS)
    floor, ceiling = _excess(known, nox, voc)
    for parts in FINER:
        doubtful = ((floor <= SLACK) & (ceiling > 0)).any(axis=0)
        if voc[-1] <= voc[0] or not doubtful.any() or len(voc) + parts * doubtful.sum() > MOST_ROWS:
            break
        cut = [np.linspace(voc[row], voc[row + 1], parts + 1)[:-1] for row in np.flatnonzero(doubtful)]
        voc = np.unique(np.concatenate([voc, *cut]))
        floor, ceiling = _excess(known, nox, voc)
    may, sure = floor <= SLACK, ceiling <= 0
    for first, last in _runs(np.asarray(may.any(axis=0))):
        rows = slice(first, last)
        columns = np.flatnonzero(may[:, rows].any(axis=1))
        around = _around(nox, voc, may, columns, rows)
        yield Piece(
            window=Window(
                nox_low=around.nox_low, nox_high=around.nox_high,
                voc_low=float(voc[first]), voc_high=float(voc[last]),
            ),
            around=around,
            sure=_within(nox, voc, sure, rows),
        )  # fmt: skip


def _excess(known: list[tuple[Surface, float]], nox: Numbers, voc: Numbers) -> tuple[Numbers, Numbers]:
    """Floor and ceiling of the largest excess over any limit."""
    found = [[one - ppb for one in bounds(surface, nox, voc)] for surface, ppb in known]
    return np.max([one[0] for one in found], axis=0), np.max([one[1] for one in found], axis=0)


def _around(nox: Numbers, voc: Numbers, may: Bools, columns: Any, rows: slice) -> Trapezoid:
    """The trapezoid around the marked cells of these rows."""
    inside = may[columns, rows]
    low = voc[rows.start + inside.argmax(axis=1)]
    high = voc[rows.stop - inside[:, ::-1].argmax(axis=1)]
    return Trapezoid(
        nox_low=float(nox[columns[0]]),
        nox_high=float(nox[columns[-1] + 1]),
        bottom=_edge(nox, columns, low, over=False),
        top=_edge(nox, columns, high, over=True),
    )


def _within(nox: Numbers, voc: Numbers, sure: Bools, rows: slice) -> Trapezoid | None:
    """A trapezoid within the marked cells of these rows, over the longest run of columns that have any."""
    runs = max(_runs(np.asarray(sure[:, rows].any(axis=1))), key=lambda run: run[1] - run[0], default=None)
    if runs is None:
        return None
    columns = np.arange(*runs)
    low, high = [], []
    for column in columns.tolist():
        first, last = max(_runs(sure[column, rows]), key=lambda run: voc[run[1]] - voc[run[0]])
        low.append(voc[rows.start + first])
        high.append(voc[rows.start + last])
    found = Trapezoid(
        nox_low=float(nox[columns[0]]),
        nox_high=float(nox[columns[-1] + 1]),
        bottom=_edge(nox, columns, np.array(low), over=True),
        top=_edge(nox, columns, np.array(high), over=False),
    )
    ends = (found.nox_low, found.nox_high)
    empty = all(found.top[0] + found.top[1] * end < found.bottom[0] + found.bottom[1] * end for end in ends)
    return None if empty else found


def _edge(nox: Numbers, columns: Any, height: Numbers, *, over: bool) -> tuple[float, float]:
    """A line over (or under) steps of these heights: as steep as from the first to the last of them."""
    left, right = nox[columns], nox[columns + 1]
    run = (left[-1] + right[-1] - left[0] - right[0]) / 2
    slope = float((height[-1] - height[0]) / run) if run > 0 else 0.0
    offsets = np.concatenate([height - slope * left, height - slope * right])
    return float(offsets.max() if over else offsets.min()), slope


def _runs(marked: Bools) -> list[tuple[int, int]]:
    """Stretches of marked places, each as first and one beyond the last."""
    turns = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in zip(turns[::2], turns[1::2], strict=True)]


def _edges(low: float, high: float, count: int) -> Numbers:
    """Rising edges; a window without width is one cell."""
    return np.linspace(low, high, count + 1) if high > low else np.array([low, low])


def _aligned(surfaces: Sequence[Surface], nox: Numbers) -> Numbers:
    """The edges with the entries of the tables' axes between them."""
    if nox[-1] <= nox[0]:
        return nox
    own = [one.nox_ratio for one in surfaces if isinstance(one, Grid)]
    return np.unique(np.concatenate([nox, *(axis[(axis > nox[0]) & (axis < nox[-1])] for axis in own)]))


def _touched(axis: Numbers, edges: Numbers) -> tuple[Any, Any]:
    """The first and last interval of the axis that each cell of the mesh touches."""
    last = max(len(axis) - 2, 0)
    first = np.clip(np.searchsorted(axis, edges[:-1], side="right") - 1, 0, last)
    return first, np.maximum(np.clip(np.searchsorted(axis, edges[1:], side="left") - 1, 0, last), first)


def _slopes(surface: Grid) -> Numbers:
    """Per interval of both axes the steepest secant along VOC around it."""
    shape = tuple(max(length - 1, 1) for length in surface.o3_ppb.shape)
    found = np.zeros(shape)
    if len(surface.voc_ratio) == 1:
        return found
    secants = np.abs(np.diff(surface.o3_ppb, axis=1)) / np.diff(surface.voc_ratio)[None, :]
    for one, two in itertools.product((-1, 0, 1, 2), (-1, 0, 1)):
        rows = np.clip(np.arange(shape[0]) + one, 0, secants.shape[0] - 1)
        columns = np.clip(np.arange(shape[1]) + two, 0, secants.shape[1] - 1)
        np.maximum(found, secants[np.ix_(rows, columns)], out=found)
    return found


def _most(table: Numbers, near: Sequence[tuple[Any, Any]], *, beyond: int) -> Numbers:
    """The largest entry of `table` among those that each cell touches; `beyond` 1 where entries end the intervals."""
    found = table
    for axis, (first, last) in enumerate(near):
        ends = np.minimum(last + beyond, table.shape[axis] - 1)
        most = np.take(found, first, axis=axis)
        for step in range(1, int((ends - first).max(initial=0)) + 1):
            most = np.maximum(most, np.take(found, np.minimum(first + step, ends), axis=axis))
        found = most
    return found
