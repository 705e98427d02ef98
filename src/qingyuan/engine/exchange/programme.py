"""The linear programme on arrays: rows, columns with tight bounds, HiGHS, and the bound that does not trust HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qingyuan.engine.exchange.model import SolverFailed
from qingyuan.engine.exchange.network import Arcs, Network, Numbers, Places

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a matrix: entries of column k stand from start[k] on."""

    start: Places
    index: Places
    entry: Numbers

    @staticmethod
    def of(count: int, column: Places, row: Places, entry: Numbers) -> Columns:
        """From triplets in any order."""
        order = np.argsort(column, kind="stable")
        start = np.zeros(count + 1, np.int64)
        np.cumsum(np.bincount(column, minlength=count), out=start[1:])
        return Columns(start[:-1], row[order], entry[order])

    @staticmethod
    def join(first: Columns, second: Columns) -> Columns:
        return Columns(
            np.concatenate([first.start, second.start + len(first.index)]),
            np.concatenate([first.index, second.index]),
            np.concatenate([first.entry, second.entry]),
        )


class Rows:
    """Where each row stands: offers, needs, facilities' balances and capacities, options, blends, use only if built."""

    def __init__(self, network: Network) -> None:
        offers, needs, plants = len(network.supply), len(network.demand), len(network.capacity)
        limits = network.limits
        self.needs = offers
        self.balance = offers + needs
        self.capacity = self.balance + plants
        self.options = self.capacity + plants
        names = [one.facility for one in network.park.facilities]
        self.choice = {name: place for place, name in enumerate(dict.fromkeys(names))}
        self.option_of = np.array([self.choice[name] for name in names], dtype=np.int64)
        self.blend = self.options + len(self.choice)
        self.high = _numbered(~np.isnan(limits.high), self.blend)
        self.low = _numbered(~np.isnan(limits.low), self.blend + int((self.high >= 0).sum()))
        self.only_if = self.blend + int((self.high >= 0).sum()) + int((self.low >= 0).sum())
        self.count = self.only_if + len(network.into) + len(network.between)
        self.lower = np.full(self.count, -np.inf)
        self.upper = np.zeros(self.count)
        self.upper[:offers] = network.supply
        self.upper[offers : self.balance] = network.demand
        gives = np.array([bool(one.gives) for one in network.park.facilities], dtype=bool)
        self.lower[self.balance : self.capacity] = np.where(gives, 0.0, -np.inf)
        self.upper[self.balance : self.capacity] = np.where(gives, 0.0, np.inf)
        self.upper[self.options : self.blend] = 1.0


def _numbered(present: Bools, start: int) -> Places:
    found = np.full(present.shape, -1, np.int64)
    found[present] = start + np.arange(int(present.sum()))
    return found


def pair_columns(network: Network, rows: Rows, arcs: Arcs) -> Columns:
    """Columns of pairs: their offer, their need, and the blends of the need."""
    count = len(arcs)
    if not len(network.limits.names):
        index = np.stack([arcs.tail, rows.needs + arcs.head], axis=1).ravel()
        entry = np.stack([np.ones(count), arcs.rate], axis=1).ravel()
        return Columns(2 * np.arange(count), index, entry)
    each = np.arange(count)
    parts: list[tuple[Places, Places, Numbers]] = [
        (each, arcs.tail, np.ones(count)),
        (each, rows.needs + arcs.head, arcs.rate),
        *blend_entries(network, rows, network.limits.quality, arcs),
    ]
    column, row, entries = (np.concatenate([one[k] for one in parts]) for k in range(3))
    return Columns.of(count, column, row, entries)


def blend_entries(
    network: Network, rows: Rows, quality: Numbers, arcs: Arcs
) -> list[tuple[Places, Places, Numbers]]:
    """(arc, row, entry) of every limit: what arrives above the highest, or below the lowest, per tonne given."""
    found = []
    for sign, numbered, limit in (
        (1.0, rows.high, network.limits.high),
        (-1.0, rows.low, network.limits.low),
    ):
        for place in range(len(network.limits.names)):
            row = numbered[arcs.head, place]
            at = np.flatnonzero(row >= 0)
            excess = quality[arcs.tail[at], place] - limit[arcs.head[at], place]
            found.append((at, row[at], sign * arcs.rate[at] * excess))
    return found


class Frame:
    """The columns that are always there: flows of facilities, and whether each option is built (0 to 1)."""

    def __init__(self, network: Network, rows: Rows) -> None:
        into, between, out = network.into, network.between, network.out
        plants = len(network.capacity)
        self.sizes = (len(into), len(between), len(out), plants)
        self.count = sum(self.sizes)
        self.built_from = self.count - plants
        a, b, c = (np.arange(len(one)) for one in (into, between, out))
        b, c = b + len(a), c + len(a) + len(b)
        d = self.built_from + np.arange(plants)
        triplets: list[tuple[Places, Places, Numbers | float]] = [
            (a, into.tail, 1.0),
            (a, rows.balance + into.head, into.rate),
            (a, rows.capacity + into.head, 1.0),
            (a, rows.only_if + np.arange(len(a)), 1.0),
            (b, rows.balance + between.tail, -1.0),
            (b, rows.balance + between.head, between.rate),
            (b, rows.capacity + between.head, 1.0),
            (b, rows.only_if + len(a) + np.arange(len(b)), 1.0),
            (c, rows.balance + out.tail, -1.0),
            (c, rows.needs + out.head, 1.0),
            (d, rows.capacity + np.arange(plants), -network.capacity),
            (d, rows.options + rows.option_of, 1.0),
            (self.built_from + into.head, rows.only_if + np.arange(len(a)), -into.upper),
            (self.built_from + between.head, rows.only_if + len(a) + np.arange(len(b)), -between.upper),
        ]
        triplets += [
            (c[at], row, entry) for at, row, entry in blend_entries(network, rows, network.limits.given, out)
        ]
        column, row, entry = (
            np.concatenate([np.broadcast_to(one[k], one[0].shape) for one in triplets]) for k in range(3)
        )
        self.columns = Columns.of(self.count, column.astype(np.int64), row.astype(np.int64), entry)
        fixed = np.array([one.fixed_cost for one in network.park.facilities], dtype=np.float64)
        self.cost = np.concatenate([into.cost, between.cost, out.cost, fixed])
        self.upper = np.concatenate([into.upper, between.upper, out.upper, np.ones(plants)])

    def reduced(self, prices: Numbers) -> Numbers:
        """Reduced costs at these prices of the rows."""
        if not self.count:
            return np.zeros(0)
        column = np.repeat(
            np.arange(self.count), np.diff(np.append(self.columns.start, len(self.columns.index)))
        )
        paid = np.bincount(column, self.columns.entry * prices[self.columns.index], minlength=self.count)
        reduced: Numbers = self.cost - paid
        return reduced


def reduced_pairs(network: Network, rows: Rows, arcs: Arcs, prices: Numbers) -> Numbers:
    """Reduced costs of pairs, fixed charges relaxed."""
    reduced = arcs.relaxed_cost - prices[arcs.tail] - arcs.rate * prices[rows.needs + arcs.head]
    if len(network.limits.names):
        for at, row, entry in blend_entries(network, rows, network.limits.quality, arcs):
            reduced[at] -= entry * prices[row]
    return reduced


def lagrangian(network: Network, rows: Rows, frame: Frame, prices: Numbers) -> float:
    """Weak duality over ALL pairs, seen by the solver or not: no plan costs less, whatever the prices."""
    sound = np.where(np.isinf(rows.lower), np.minimum(prices, 0.0), prices)
    sound[np.isinf(rows.lower) & np.isinf(rows.upper)] = 0.0
    held = np.where(np.isinf(rows.upper), 0.0, rows.upper)
    total = float(held @ sound) + float(np.minimum(frame.reduced(sound), 0.0) @ frame.upper)
    for arcs in network.blocks():
        total += float(np.minimum(reduced_pairs(network, rows, arcs, sound), 0.0) @ arcs.upper)
    return total


def solver(**options: Any) -> Any:
    """HiGHS, silent, one thread, repeatable."""
    import highspy

    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    for name, value in {"threads": 1, "random_seed": 0, "parallel": "off", **options}.items():
        highs.setOptionValue(name, value)
    return highs


def load(
    highs: Any,
    *,
    columns: Columns,
    cost: Numbers,
    upper: Numbers,
    rows_lower: Numbers,
    rows_upper: Numbers,
    lower: Numbers | None = None,
    integral: Bools | None = None,
) -> None:
    """Hand a programme over: arrays, no objects."""
    import highspy

    kinds = np.zeros(len(cost), np.int32) if integral is None else integral.astype(np.int32)
    low = np.zeros(len(cost)) if lower is None else lower
    args = (len(cost), len(rows_upper), len(columns.index), 1, 1, 0.0, cost, low, upper, rows_lower, rows_upper,
            columns.start.astype(np.int32), columns.index.astype(np.int32), columns.entry, kinds)  # fmt: skip
    if highs.passModel(*args) == highspy.HighsStatus.kError:
        raise SolverFailed("HiGHS refused the model")


def add(highs: Any, columns: Columns, cost: Numbers, upper: Numbers) -> None:
    """Further columns."""
    highs.addCols(
        len(cost),
        cost,
        np.zeros(len(cost)),
        upper,
        len(columns.index),
        columns.start.astype(np.int32),
        columns.index.astype(np.int32),
        columns.entry,
    )
