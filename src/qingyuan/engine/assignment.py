"""Who assesses what: balanced assignment of experts to projects as a minimum-cost flow, with its optimality proven.

Every project wants `needs` experts, at least one of whom covers its field; no expert gets more than `caps`; pairs
that are not `allowed` (conflicts of interest) never occur; `fixed` pairs (started work) stay. In this order the
result has the fewest places left empty, the fewest projects without an expert of their field, and the least sum of

    balance x (load of an expert)^2  +  unmatched per pair outside the field  +  change per pair that is new.

The network: project i -> expert j for pairs that cover the field; project i -> "others of i" -> expert j for the rest
and for places left empty, where one unit of the way to "others of i" costs the price of an uncovered project as long as i is not covered; expert
-> sink by unit arcs of rising cost (a convex cost of the load). Its matrix is totally unimodular, so the linear
programme has integral vertices (Ahuja, Magnanti, Orlin: Network Flows, 1993, ch. 11 and 14). HiGHS solves it on a
part of the pairs and the rest is priced in until no pair could improve it.

The proof does not trust the solver: its dual prices are rounded to integers, and the Lagrangian bound over ALL pairs
is computed in integer arithmetic. Weak duality holds for any prices, so `bound == cost` proves the optimum.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FIRST_PAIRS = 12
"""Pairs per project, of each kind, with which the solver starts."""
PRIMAL = 4
"""HiGHS's number for the primal simplex method."""


class AssignmentError(ValueError):
    """The task contradicts itself (shapes, negative numbers, a fixed pair twice barred)."""


class SolverFailed(RuntimeError):  # noqa: N818 (it says what happened)
    """The solver gave no solution; the message carries its own status."""


@dataclass(frozen=True)
class Weights:
    """What the third aim adds up; the first two (empty places, uncovered projects) always come before it."""

    balance: int = 1
    unmatched: int = 4
    change: int = 6


@dataclass(frozen=True)
class Task:
    """`n` projects, `m` experts. Matrices are (n, m); see the module for what they mean."""

    needs: Ints
    caps: Ints
    allowed: Bools
    covers: Bools
    fixed: Bools
    kept: Bools
    """Today's pairs that may still be moved; keeping one costs no `change`."""
    weights: Weights = field(default_factory=Weights)

    @classmethod
    def of(
        cls,
        *,
        needs: Any,
        caps: Any,
        allowed: Any,
        covers: Any,
        fixed: Any = None,
        kept: Any = None,
        weights: Weights | None = None,
    ) -> Task:
        """A task from anything array-like; raises `AssignmentError` when it contradicts itself."""
        allowed = np.asarray(allowed, bool)
        if allowed.ndim != 2:
            raise AssignmentError("allowed must be a matrix of projects x experts")
        blank = np.zeros(allowed.shape, bool)
        task = cls(
            needs=np.asarray(needs, np.int64),
            caps=np.asarray(caps, np.int64),
            allowed=allowed,
            covers=np.asarray(covers, bool),
            fixed=blank if fixed is None else np.asarray(fixed, bool),
            kept=blank if kept is None else np.asarray(kept, bool),
            weights=weights or Weights(),
        )
        projects, experts = allowed.shape
        if task.needs.shape != (projects,) or task.caps.shape != (experts,):
            raise AssignmentError(f"needs and caps must have {projects} and {experts} entries")
        if any(one.shape != allowed.shape for one in (task.covers, task.fixed, task.kept)):
            raise AssignmentError(f"covers, fixed and kept must be {projects} x {experts} like allowed")
        if (task.needs < 0).any() or (task.caps < 0).any():
            raise AssignmentError("needs and caps must not be negative")
        if min(task.weights.balance, task.weights.unmatched, task.weights.change) < 0:
            raise AssignmentError("weights must not be negative")
        return task


@dataclass(frozen=True)
class Lack:
    """Why places stay empty: these projects can only be served by these experts, and those are full."""

    projects: tuple[int, ...]
    experts: tuple[int, ...]
    wanted: int
    """Places of these projects."""
    filled: int
    """How many of them any assignment can fill."""


@dataclass(frozen=True)
class Assignment:
    """The result; `proven` says that no other assignment is better."""

    pairs: Bools
    """(n, m), with the fixed pairs."""
    short: Ints
    """(n,) places left empty."""
    uncovered: Bools
    """(n,) no expert of the project's field among its pairs, though it wants or has experts."""
    load: Ints
    """(m,) projects per expert."""
    cost: int
    bound: int
    """No assignment costs less than this: integer arithmetic over all pairs."""
    arcs: int
    """Pairs that the solver saw."""
    rounds: int
    lacks: tuple[Lack, ...]

    @property
    def gap(self) -> int:
        return self.cost - self.bound

    @property
    def proven(self) -> bool:
        return self.gap == 0


def assign(task: Task) -> Assignment:
    """Solve `task`; the same task gives the same result."""
    network = _Network.of(task)
    programme = _Programme(network, network.first_pairs())
    while True:
        chosen, prices = programme.solve()
        missing = network.open & ~programme.seen & (network.reduced(prices) < 0)
        if not missing.any():
            break
        programme.add(missing)
    pairs = chosen | task.fixed
    wanted = np.maximum(task.needs, task.fixed.sum(axis=1))
    short = wanted - pairs.sum(axis=1)
    return Assignment(
        pairs=pairs,
        short=short,
        uncovered=(wanted > 0) & ~(pairs & task.covers).any(axis=1),
        load=pairs.sum(axis=0),
        cost=network.cost(chosen),
        bound=network.bound(prices),
        arcs=int(programme.seen.sum()),
        rounds=programme.rounds,
        lacks=_lacks(network, chosen, short),
    )


@dataclass(frozen=True)
class _Prices:
    """Dual prices, rounded: of projects, of "the others of" projects, of experts."""

    project: Ints
    others: Ints
    expert: Ints


@dataclass(frozen=True)
class _Network:
    """What is left to decide once the fixed pairs stand."""

    open: Bools
    """Pairs that may be chosen."""
    covers: Bools
    kept: Bools
    pair_cost: Ints
    needs: Ints
    free: Ints
    """(n,) how many may come from outside the field without a project counting as uncovered."""
    base: Ints
    """(m,) load of the fixed pairs."""
    room: Ints
    balance: int
    price_uncovered: int
    price_short: int

    @classmethod
    def of(cls, task: Task) -> _Network:
        weights = task.weights
        held, base = task.fixed.sum(axis=1), task.fixed.sum(axis=0)
        needs = np.maximum(task.needs - held, 0)
        covered = (task.fixed & task.covers).any(axis=1)
        open_pairs = task.allowed & ~task.fixed
        pair_cost = weights.unmatched * ~task.covers + weights.change * ~task.kept
        room = np.minimum(np.maximum(task.caps - base, 0), open_pairs.sum(axis=0))
        # Whatever a simple cycle of the residual network can gain below: at most four pairs a project, two loads.
        top = int(base.max(initial=0) + room.max(initial=0))
        below = 4 * len(needs) * int(pair_cost.max(initial=0)) + 4 * weights.balance * (top + 1)
        price_uncovered = below + 1
        return cls(
            open=open_pairs,
            covers=task.covers,
            kept=task.kept,
            pair_cost=pair_cost.astype(np.int64),
            needs=needs,
            free=np.where(covered, needs, np.maximum(needs - 1, 0)),
            base=base.astype(np.int64),
            room=room.astype(np.int64),
            balance=weights.balance,
            price_uncovered=price_uncovered,
            price_short=below + (len(needs) + 1) * price_uncovered + 1,
        )

    def first_pairs(self) -> Bools:
        """A few pairs of each kind per project, turned from project to project so that all experts occur."""
        projects, experts = self.open.shape
        order = (np.arange(experts) - 7 * np.arange(projects)[:, None]) % max(experts, 1)
        seen = np.zeros_like(self.open)
        for kind in (self.covers, ~self.covers):
            rank = np.where(self.open & kind, order, experts + order)
            np.put_along_axis(seen, np.argsort(rank, axis=1)[:, :FIRST_PAIRS], True, axis=1)
        return (seen | self.kept) & self.open

    def steps(self) -> tuple[Ints, Ints]:
        """The unit arcs to the sink: expert and cost of each; the l-th project costs (2l - 1) x balance."""
        expert = np.repeat(np.arange(len(self.room)), self.room)
        first = np.concatenate([[0], np.cumsum(self.room)[:-1]]) if len(self.room) else self.room
        level = np.arange(len(expert)) - first[expert] + self.base[expert] + 1
        return expert, self.balance * (2 * level - 1)

    def reduced(self, prices: _Prices) -> Ints:
        """What one more unit on each pair would cost at these prices."""
        source = np.where(self.covers, prices.project[:, None], prices.others[:, None])
        reduced: Ints = self.pair_cost - source + prices.expert[None, :]
        return reduced

    def cost(self, chosen: Bools) -> int:
        extra, short = chosen.sum(axis=0), self.needs - chosen.sum(axis=1)
        outside = (chosen & ~self.covers).sum(axis=1) + short
        return int(
            self.pair_cost[chosen].sum()
            + self.price_short * short.sum()
            + self.price_uncovered * np.maximum(outside - self.free, 0).sum()
            + self.balance * ((self.base + extra) ** 2 - self.base**2).sum()
        )

    def bound(self, prices: _Prices) -> int:
        """The Lagrangian bound at these prices; every pair counts, also those that the solver never saw."""
        project, others = prices.project, prices.others
        step_expert, step_cost = self.steps()
        return int(
            (self.needs * project).sum()
            + np.minimum(self.reduced(prices), 0)[self.open].sum()
            + (self.free * np.minimum(others - project, 0)).sum()
            + np.minimum(self.price_uncovered + others - project, 0)[self.needs > self.free].sum()
            + (self.needs * np.minimum(self.price_short - others, 0)).sum()
            + np.minimum(step_cost - prices.expert[step_expert], 0).sum()
        )


class _Programme:
    """The linear programme on the pairs `seen`; further pairs join it, and it goes on from where it stood."""

    def __init__(self, network: _Network, seen: Bools) -> None:
        import highspy

        self.network = network
        self.seen = np.zeros_like(seen)
        self.row = self.column = np.zeros(0, np.int64)
        self.rounds = 0
        projects, experts = seen.shape
        each, (step_expert, step_cost) = np.arange(projects), network.steps()
        demand = np.concatenate([network.needs, np.zeros(projects + experts, np.int64)])
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.silent()
        for option, value in (("solver", "simplex"), ("presolve", "off"), ("threads", 1), ("random_seed", 0)):
            self.solver.setOptionValue(option, value)
        nothing = np.zeros(0, np.int32)
        bounds = demand.astype(float)
        self.solver.addRows(len(demand), bounds, bounds, 0, nothing, nothing, np.zeros(0))
        to_others = np.stack([each, projects + each], axis=1)
        self._add_columns(np.zeros(projects, np.int64), network.free, to_others)
        self._add_columns(
            np.full(projects, network.price_uncovered),
            (network.needs > network.free).astype(np.int64),
            to_others,
        )
        self._add_columns(np.full(projects, network.price_short), network.needs, (projects + each)[:, None])
        self._add_columns(step_cost, np.ones_like(step_cost), (2 * projects + step_expert)[:, None])
        self.ends = [projects, 2 * projects]
        """Where the rows of projects and of their others end."""
        self.pairs_from = 3 * projects + len(step_cost)
        self.add(seen)

    def add(self, pairs: Bools) -> None:
        network, projects = self.network, len(self.network.needs)
        row, column = np.nonzero(pairs)
        source = np.where(network.covers[row, column], row, projects + row)
        ends = np.stack([source, 2 * projects + column], axis=1)
        self._add_columns(network.pair_cost[row, column], np.ones_like(row), ends)
        self.row, self.column = np.concatenate([self.row, row]), np.concatenate([self.column, column])
        self.seen |= pairs

    def _add_columns(self, cost: Ints, upper: Ints, ends: Ints) -> None:
        """Arcs: out of the first end (+1), into the second (-1)."""
        count, width = ends.shape
        self.solver.addCols(
            count,
            cost.astype(float),
            np.zeros(count),
            upper.astype(float),
            count * width,
            (width * np.arange(count)).astype(np.int32),
            ends.ravel().astype(np.int32),
            np.tile([1.0, -1.0][:width], count),
        )

    def solve(self) -> tuple[Bools, _Prices]:
        """A vertex and its prices, as integers."""
        import highspy

        self.rounds += 1
        if self.rounds == 2:  # new columns leave a vertex feasible: go on from it
            self.solver.setOptionValue("simplex_strategy", PRIMAL)
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kModelEmpty:
            rows = self.solver.getNumRow()
            return np.zeros_like(self.seen), _Prices(*np.split(np.zeros(rows, np.int64), self.ends))
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverFailed(f"HiGHS ended with {self.solver.modelStatusToString(status)}")
        solution = self.solver.getSolution()
        flow = np.array(solution.col_value)[self.pairs_from :]
        if len(flow) and np.abs(flow - flow.round()).max() > 1e-6:
            raise SolverFailed("the solver's vertex is not integral")  # cannot be: totally unimodular
        used = flow > 0.5
        chosen = np.zeros_like(self.seen)
        chosen[self.row[used], self.column[used]] = True
        prices = np.array(solution.row_dual).round().astype(np.int64)
        return chosen, _Prices(*np.split(prices, self.ends))


def _lacks(network: _Network, chosen: Bools, short: Ints) -> tuple[Lack, ...]:
    """Tight sets around the projects with empty places: whatever their places could be exchanged with is full."""
    found: list[tuple[set[int], set[int]]] = []
    for start in np.nonzero(short)[0].tolist():
        if any(start in projects for projects, _experts in found):
            continue
        projects, experts, queue = {start}, set(), deque([start])
        while queue:
            project = queue.popleft()
            for expert in np.nonzero(network.open[project] & ~chosen[project])[0].tolist():
                if expert not in experts:
                    experts.add(expert)
                    others = set(np.nonzero(chosen[:, expert])[0].tolist()) - projects
                    projects |= others
                    queue.extend(sorted(others))
        for known in [one for one in found if one[0] & projects]:
            found.remove(known)
            projects, experts = projects | known[0], experts | known[1]
        found.append((projects, experts))
    return tuple(
        Lack(
            projects=tuple(sorted(projects)),
            experts=tuple(sorted(experts)),
            wanted=int(network.needs[sorted(projects)].sum()),
            filled=int(chosen[sorted(projects)].sum()),
        )
        for projects, experts in found
    )
