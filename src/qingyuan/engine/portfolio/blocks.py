"""Each enterprise in closed form: the best combination of its measures at given prices.

Local rows (groups, prerequisites, periods) tie few measures together. Measures that no row ties are decided by the sign
of their priced cost. The others form blocks, the connected components of the local rows; blocks of one shape share one
table of their feasible combinations, so that pricing all of them is a matrix product and a minimum.

With divisible measures the table holds the vertices of each section of the block, so that the minimum stays exact.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from qingyuan.engine.portfolio.instance import Instance
from qingyuan.engine.portfolio.programme import Numbers

Ints = npt.NDArray[np.int64]
MOST_MEMBERS, MOST_DIVISIBLE = 14, 3
CHUNK = 1 << 18


class TooTangled(ValueError):  # noqa: N818 (it says what is)
    """A block has too many measures for a table of its combinations; `rows` are the local rows that tie it together."""

    def __init__(self, rows: Ints) -> None:
        super().__init__(f"{len(rows)} local rows tie too many measures together")
        self.rows = rows


class Impossible(ValueError):  # noqa: N818 (it says what is)
    """The local rows leave the measures `members` of one block no combination at all."""

    def __init__(self, members: Ints) -> None:
        super().__init__("local rows contradict each other")
        self.members = members


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Blocks of one shape: `members` (blocks, k) columns of the instance, `plans` (q, k) their feasible combinations."""

    members: Ints
    plans: Numbers

    def chunks(self) -> Iterator[slice]:
        step = max(CHUNK // len(self.plans), 1)
        for first in range(0, len(self.members), step):
            yield slice(first, first + step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The whole instance, cut into singles and blocks by shape: independent units once coupling rows are priced."""

    instance: Instance
    singles: Ints
    shapes: tuple[Shape, ...]

    def best(self, priced: Numbers) -> tuple[float, Numbers]:
        """The least sum of priced costs over all feasible plans that heed no coupling row, and such a plan."""
        instance = self.instance
        x = np.empty(instance.measures)
        cost, low, high = priced[self.singles], instance.lower[self.singles], instance.upper[self.singles]
        chosen = np.where(cost < 0, high, low)
        x[self.singles] = chosen
        total = float(cost @ chosen)
        for shape in self.shapes:
            for part in shape.chunks():
                members = shape.members[part]
                values = priced[members] @ shape.plans.T
                which = values.argmin(axis=1)
                total += float(np.take_along_axis(values, which[:, None], axis=1).sum())
                x[members] = shape.plans[which]
        return total, x

    def regrets(self, priced: Numbers) -> list[Numbers]:
        """For the singles, then for each shape: what the second best choice of a single or a block costs more."""
        instance = self.instance
        span = instance.upper[self.singles] - instance.lower[self.singles]
        found = [np.where(span > 0, np.abs(priced[self.singles]) * span, np.inf)]
        for shape in self.shapes:
            lost = np.full(len(shape.members), np.inf)
            if len(shape.plans) > 1:
                for part in shape.chunks():
                    values = priced[shape.members[part]] @ shape.plans.T
                    two = np.partition(values, 1, axis=1)
                    lost[part] = two[:, 1] - two[:, 0]
            found.append(lost)
        return found

    def columns(self, picked: list[Any]) -> Ints:
        """The measures of the singles and blocks marked in `picked` (masks as `regrets` orders them), ascending."""
        parts = [self.singles[picked[0]]]
        parts += [shape.members[mask].ravel() for shape, mask in zip(self.shapes, picked[1:], strict=True)]
        return np.sort(np.concatenate(parts))

    @property
    def units(self) -> int:
        return len(self.singles) + sum(len(shape.members) for shape in self.shapes)

    def per_unit(self, amount: Numbers) -> list[Numbers]:
        """Sums of a measure's figure over each single and block, as `regrets` orders them."""
        return [amount[self.singles], *(amount[shape.members].sum(axis=1) for shape in self.shapes)]

    def part(self, picked: list[Any], *, share: float) -> Blocks:
        """The picked units as an instance of their own, with `share` of what is needed."""
        columns, whole = self.columns(picked), self.instance
        local = whole.local[:, columns]
        touched = np.unique(local.indices)
        instance = Instance(
            cost=whole.cost[columns],
            gain=whole.gain[columns],
            need=whole.need * share,
            local=sparse.csc_array(sparse.csr_array(local)[touched]),
            local_lower=whole.local_lower[touched],
            local_upper=whole.local_upper[touched],
            lower=whole.lower[columns],
            upper=whole.upper[columns],
            whole=whole.whole[columns],
        )
        shapes = tuple(
            Shape(members=np.searchsorted(columns, shape.members[mask]), plans=shape.plans)
            for shape, mask in zip(self.shapes, picked[1:], strict=True)
            if mask.any()
        )
        singles = np.searchsorted(columns, self.singles[picked[0]])
        return Blocks(instance=instance, singles=singles, shapes=shapes)

    def forced(self, priced: Numbers) -> Numbers:
        """Per measure: what the best plan of its block costs more when the measure must be in fully; inf if it cannot."""
        instance = self.instance
        extra = np.full(instance.measures, np.inf)
        cost = priced[self.singles]
        low, high = instance.lower[self.singles], instance.upper[self.singles]
        at = np.where(cost < 0, high, low)
        extra[self.singles] = np.where(high >= 1, cost * (1.0 - at), np.inf)
        for shape in self.shapes:
            for part in shape.chunks():
                members = shape.members[part]
                values = priced[members] @ shape.plans.T
                least = values.min(axis=1)
                for place in range(members.shape[1]):
                    full = shape.plans[:, place] >= 1.0
                    if full.any():
                        extra[members[:, place]] = values[:, full].min(axis=1) - least
        return extra


def cut(instance: Instance) -> Blocks:
    """The instance in blocks. Raises TooTangled where a block is too large, Impossible where nothing is feasible."""
    local = sparse.csr_array(instance.local)
    rows, n = local.shape
    if local.nnz == 0:
        return Blocks(instance=instance, singles=np.arange(n), shapes=())
    tied, component = _components(local, n)
    order = np.argsort(component, kind="stable")  # members of a block in ascending order
    columns, component = tied[order], component[order]
    first = np.flatnonzero(np.r_[True, component[1:] != component[:-1]])
    size = np.diff(np.r_[first, len(columns)])
    place = np.arange(len(columns)) - np.repeat(first, size)
    where = np.full(n, -1, dtype=np.int64)
    where[columns] = np.arange(len(columns))
    entry_row = np.repeat(np.arange(rows), np.diff(local.indptr))
    entry_at = where[local.indices]
    _refuse_tangles(
        instance, size=size, block=component[entry_at], entry_row=entry_row, columns=columns, first=first
    )
    shape_of = _signatures(
        instance,
        local,
        entry_row=entry_row,
        entry_at=entry_at,
        columns=columns,
        component=component,
        first=first,
        place=place,
    )
    row_block = np.full(rows, -1, dtype=np.int64)
    row_block[entry_row] = component[entry_at]
    shapes = []
    _values, first_of, inverse = np.unique(shape_of, return_index=True, return_inverse=True)
    by_shape = np.argsort(inverse, kind="stable")
    ends = np.searchsorted(inverse[by_shape], np.arange(len(first_of) + 1))
    for kind, example in enumerate(first_of.tolist()):
        blocks = by_shape[ends[kind] : ends[kind + 1]]
        k = int(size[example])
        members = columns[first[blocks][:, None] + np.arange(k)]
        own = np.flatnonzero(row_block == example)
        plans = _plans(instance, local[own][:, members[0]].toarray(), own, members[0])
        if not len(plans):
            raise Impossible(members[0])
        shapes.append(Shape(members=members, plans=plans))
    singles = np.setdiff1d(np.arange(n), tied, assume_unique=True)
    return Blocks(instance=instance, singles=singles, shapes=tuple(shapes))


def _components(local: Any, n: int) -> tuple[Ints, Ints]:
    """The columns that occur in local rows, and the component of each, numbered from 0 by first column."""
    from scipy.sparse import csgraph

    tied = np.unique(local.indices).astype(np.int64)
    number = np.full(n, -1, dtype=np.int64)
    number[tied] = np.arange(len(tied))
    rows = local.shape[0]
    entry_row = np.repeat(np.arange(rows), np.diff(local.indptr))
    at = number[local.indices]
    edges = sparse.coo_array(
        (np.ones(local.nnz, dtype=np.int8), (at, len(tied) + entry_row)), shape=(len(tied) + rows,) * 2
    )
    _count, label = csgraph.connected_components(edges, directed=False)
    _unique, first, inverse = np.unique(label[: len(tied)], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return tied, rank[inverse]


def _refuse_tangles(
    instance: Instance, *, size: Ints, block: Ints, entry_row: Ints, columns: Ints, first: Ints
) -> None:
    free = ~instance.whole[columns] & (instance.upper[columns] > instance.lower[columns])
    divisible = np.add.reduceat(free.astype(np.int64), first)
    tangled = np.flatnonzero((size > MOST_MEMBERS) | (divisible > MOST_DIVISIBLE))
    if len(tangled):
        raise TooTangled(np.unique(entry_row[np.isin(block, tangled)]))


def _mix(value: Any) -> Any:
    """A 64-bit hash (splitmix64): equal shapes give equal sums, different ones differ for all practical purposes."""
    with np.errstate(over="ignore"):
        value = value + np.uint64(0x9E3779B97F4A7C15)
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return value ^ (value >> np.uint64(31))


def _bits(numbers: Any) -> Any:
    return (np.asarray(numbers, dtype=np.float64) + 0.0).view(np.uint64)


def _signatures(
    instance: Instance,
    local: Any,
    *,
    entry_row: Ints,
    entry_at: Ints,
    columns: Ints,
    component: Ints,
    first: Ints,
    place: Ints,
) -> Any:
    """One number per block: its size, its columns' bounds and kinds, and its rows, whatever order they stand in."""
    rows, spot = local.shape[0], place.astype(np.uint64)
    with np.errstate(over="ignore"):
        entry = _mix(_mix(_bits(local.data)) ^ spot[entry_at])
        row = np.zeros(rows, dtype=np.uint64)
        np.add.at(row, entry_row, entry)
        row = _mix(row ^ _mix(_bits(instance.local_lower)) ^ _mix(_mix(_bits(instance.local_upper))))
        column = _mix(
            _mix(_bits(instance.lower[columns]))
            ^ _mix(_mix(_bits(instance.upper[columns])))
            ^ _mix(spot * np.uint64(2) + instance.whole[columns].astype(np.uint64))
        )
        total = np.add.reduceat(column, first)
        block_of_row = np.zeros(rows, dtype=np.int64)
        block_of_row[entry_row] = component[entry_at]
        used = np.diff(local.indptr) > 0
        np.add.at(total, block_of_row[used], row[used])
    return total


def _plans(instance: Instance, rows: Numbers, own: Ints, members: Ints) -> Numbers:
    """All feasible combinations of one block: 0/1 for the whole ones, vertices of the section for the divisible ones."""
    low, high = instance.lower[members], instance.upper[members]
    least, most = instance.local_lower[own], instance.local_upper[own]
    divisible = np.flatnonzero(~instance.whole[members] & (high > low))
    whole = np.setdiff1d(np.arange(len(members)), divisible)
    choices = [sorted({low[place], high[place]}) for place in whole.tolist()]
    grid = np.array(list(itertools.product(*choices)), dtype=np.float64).reshape(-1, len(whole))
    plans = np.zeros((len(grid), len(members)))
    plans[:, whole] = grid
    if len(divisible):
        found = [
            plan
            for base in plans
            for plan in _vertices(
                base, divisible, rows, least=least, most=most, low=low[divisible], high=high[divisible]
            )
        ]
        plans = np.array(found).reshape(-1, len(members))
    else:
        value = plans @ rows.T
        plans = plans[((value >= least - 1e-9) & (value <= most + 1e-9)).all(axis=1)]
    return np.unique(plans, axis=0) if len(plans) else plans


def _vertices(
    base: Numbers,
    divisible: Ints,
    rows: Numbers,
    *,
    least: Numbers,
    most: Numbers,
    low: Numbers,
    high: Numbers,
) -> Iterator[Numbers]:
    """Vertices of {z: least <= rows (base with z) <= most, low <= z <= high}: every d-fold choice of tight rows."""
    d = len(divisible)
    fixed = rows @ base
    part = rows[:, divisible]
    planes = np.vstack([part, part, np.eye(d), np.eye(d)])
    levels = np.concatenate([least - fixed, most - fixed, low, high])
    usable = np.isfinite(levels) & (planes != 0).any(axis=1)
    planes, levels = planes[usable], levels[usable]
    seen: set[tuple[float, ...]] = set()
    for choice in itertools.combinations(range(len(levels)), d):
        square = planes[list(choice)]
        if abs(np.linalg.det(square)) < 1e-9:
            continue
        z = np.round(np.linalg.solve(square, levels[list(choice)]), 12) + 0.0
        value = fixed + part @ z
        inside = (z >= low - 1e-9).all() and (z <= high + 1e-9).all()
        if inside and (value >= least - 1e-9).all() and (value <= most + 1e-9).all() and tuple(z) not in seen:
            seen.add(tuple(z))
            plan = base.copy()
            plan[divisible] = np.clip(z, low, high)
            yield plan
