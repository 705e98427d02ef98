"""From a table of flows to the system that reconciles it: a network, given constraints, or composition x flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from qingyuan.engine.balance import linear, network
from qingyuan.engine.balance.nonlinear import reconcile_nonlinear
from qingyuan.engine.balance.parts import (
    ENVIRONMENT,
    BalanceError,
    Contradiction,
    Infeasible,
    Mask,
    Numbers,
    Places,
    Prepared,
    Solution,
    smallest_correlation_eigenvalue,
)
from qingyuan.engine.balance.table import OUTSIDE, Constraint, Flow, Table

NEARLY_SINGULAR = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A system, its solution, how to make it anew for another set of measured flows, and what its balances are called."""

    system: Prepared
    solution: Solution
    prepare: Callable[[Mask], Prepared]
    labels: tuple[str, ...]
    rounds: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The balances (inner node, material), and the place of each row's two ends among them."""

    labels: tuple[str, ...]
    tail: Places
    head: Places


def ends_of(flows: Sequence[Flow]) -> Ends:
    """Compositions stand at the ends of their flow. Raises BalanceError for rows without ends."""
    ends = {one.flow: (one.tail, one.head) for one in flows if not one.composition}
    known: dict[tuple[str, str], int] = {}
    tail, head = np.empty(len(flows), np.int64), np.empty(len(flows), np.int64)
    for place, one in enumerate(flows):
        both = ends.get(one.flow, (None, None)) if one.composition else (one.tail, one.head)
        for name, column in zip(both, (tail, head), strict=True):
            if name is None:
                raise BalanceError(f"{one.flow}: expected a node at both ends")
            node = (name, one.material)
            column[place] = ENVIRONMENT if name == OUTSIDE else known.setdefault(node, len(known))
    several = len({material for _, material in known}) > 1
    return Ends(
        labels=tuple(f"{name}:{material}" if several and material else name for name, material in known),
        tail=tail,
        head=head,
    )


def solve(table: Table, constraints: Sequence[Constraint] | None = None) -> Solved:
    """Reconcile. Raises BalanceError, Infeasible (by the names of nodes or constraints), NotConverged."""
    if any(one.composition for one in table.flows):
        if constraints is not None:
            raise BalanceError("compositions need node conservation: they cannot stand beside constraints")
        return _compositions(table)
    if constraints is not None:
        rows = _constraint_rows(table, constraints)
        bound = np.array([one.bound for one in constraints], np.float64)
        return _given(table, rows, bound, tuple(one.name for one in constraints))
    ends = ends_of(table.flows)
    if smallest_correlation_eigenvalue(table.correlations) < NEARLY_SINGULAR:
        rows = _incidence(ends, table.coefficient)
        return _given(table, rows, np.zeros(len(ends.labels)), ends.labels)
    return _network(table, ends)


def _network(table: Table, ends: Ends) -> Solved:
    def prepare(measured: Mask) -> Prepared:
        return network.prepare(
            tail=ends.tail, head=ends.head, nodes=len(ends.labels), measured=measured,
            variance=table.variance, coefficient=table.coefficient,
            correlations=table.correlations.of(measured) if len(table.correlations) else None,
        )  # fmt: skip

    system = prepare(table.measured)
    try:
        solution = system.reconcile(table.value)
    except Infeasible as error:
        raise Infeasible(
            [
                Contradiction(
                    where="、".join(ends.labels[int(place)] for place in one.where.split()),
                    required=one.required,
                    reached=one.reached,
                )
                for one in error.contradictions
            ]
        ) from error
    return Solved(system=system, solution=solution, prepare=prepare, labels=ends.labels)


def _given(table: Table, matrix: csr_array, bound: Numbers, names: tuple[str, ...]) -> Solved:
    def prepare(measured: Mask) -> Prepared:
        return linear.prepare(
            matrix=matrix, bound=bound, measured=measured, variance=table.variance,
            correlations=table.correlations.of(measured) if len(table.correlations) else None, names=names,
        )  # fmt: skip

    system = prepare(table.measured)
    return Solved(system=system, solution=system.reconcile(table.value), prepare=prepare, labels=names)


def _constraint_rows(table: Table, constraints: Sequence[Constraint]) -> csr_array:
    rows, columns, entries = [], [], []
    for place, one in enumerate(constraints):
        for name, entry in one.coefficients.items():
            if name not in table.places:
                raise BalanceError(f"constraint {one.name}: unknown flow {name}")
            rows.append(place)
            columns.append(table.places[name])
            entries.append(entry)
    shape = (len(constraints), len(table.flows))
    return csr_array(coo_array((np.array(entries, np.float64), (rows, columns)), shape=shape))


def _incidence(ends: Ends, coefficient: Numbers) -> csr_array:
    """In minus out of each balance, (balances, rows)."""
    rows = np.concatenate([ends.head, ends.tail])
    columns = np.tile(np.arange(len(ends.head)), 2)
    entries = np.concatenate([coefficient, -coefficient])
    kept = rows != ENVIRONMENT
    shape = (len(ends.labels), len(ends.head))
    return csr_array(coo_array((entries[kept], (rows[kept], columns[kept])), shape=shape))


def _compositions(table: Table) -> Solved:
    ends = ends_of(table.flows)
    carriers = {one.flow: place for place, one in enumerate(table.flows) if one.key[1:] == ("", False)}
    composed = np.array([one.composition for one in table.flows], bool)
    content = np.flatnonzero(composed)
    carrier = np.array([carriers.get(table.flows[place].flow, -1) for place in content], np.int64)
    if (carrier < 0).any():
        lost = [table.flows[place].flow for place in content[carrier < 0]]
        raise BalanceError(f"compositions of flows that have no row of their own: {', '.join(lost)}")
    incidence = _incidence(ends, table.coefficient)
    by_flow = _incidence(ends, np.where(composed, 0.0, table.coefficient))
    carry = csr_array(
        coo_array((np.ones(len(content)), (carrier, content)), shape=(len(composed), len(composed)))
    )

    def constraints(point: Numbers) -> tuple[Numbers, csr_array]:
        carried = point[carrier]
        amount = np.where(composed, 0.0, point)
        amount[content] = point[content] * carried
        slope = np.where(composed, 0.0, 1.0)
        slope[content] = carried
        through_content = incidence.multiply(slope[None, :])
        weight = np.where(composed, point, 0.0)
        through_flow = incidence.multiply(weight[None, :]) @ carry.T
        return incidence @ amount, csr_array(through_content + through_flow)

    start = _start(table, ends, composed, by_flow)
    found = reconcile_nonlinear(
        constraints, values=table.value, measured=table.measured, variance=table.variance, start=start,
        correlations=table.correlations, names=ends.labels,
    )  # fmt: skip
    _, jacobian = constraints(found.point)

    def prepare(measured: Mask) -> Prepared:
        """The tangent system at the solution, for tests without one flow or another."""
        return linear.prepare(
            matrix=jacobian, bound=jacobian @ found.point, measured=measured, variance=table.variance,
            correlations=table.correlations.of(measured), names=ends.labels,
        )  # fmt: skip

    return Solved(
        system=found.system,
        solution=found.solution,
        prepare=prepare,
        labels=ends.labels,
        rounds=found.rounds,
    )


def _start(table: Table, ends: Ends, composed: Mask, by_flow: csr_array) -> Numbers:
    """First values of what is unmeasured: flows from the balances of flows alone, contents the mean of their material's."""
    flows = linear.prepare(
        matrix=by_flow, bound=np.zeros(len(ends.labels)), measured=table.measured, variance=table.variance
    )
    known = table.value[table.measured & ~composed]
    usual = float(np.abs(known).mean()) if len(known) else 1.0
    try:
        first = flows.reconcile(table.value).reconciled
    except Infeasible:
        first = table.value
    start = np.where(np.isfinite(first) & ~composed, first, usual)
    contents: dict[str, list[float]] = {}
    for one in table.flows:
        if one.composition and one.value is not None:
            contents.setdefault(one.material, []).append(one.value)
    for place, one in enumerate(table.flows):
        if one.composition:
            seen = contents.get(one.material)
            start[place] = sum(seen) / len(seen) if seen else 0.1
    return start
