"""The whole: a table of flows reconciled, classified and tested, its closure, its suspects."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qingyuan.engine.balance.parts import Numbers, Status
from qingyuan.engine.balance.suspects import eliminate, failing_nodes, global_test, ratio
from qingyuan.engine.balance.systems import Solved, solve
from qingyuan.engine.balance.table import OUTSIDE, Constraint, Flow, Table, tabulate

NEGATIVE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """A flow's line. `measured` is None if unmeasured, `reconciled` if unobservable; `sd`, `test` only with variances."""

    name: str
    row: Flow
    measured: float | None
    reconciled: float | None
    adjustment: float | None
    status: str
    sd: float | None
    test: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """One round of serial elimination. `alike` cannot be told from `flow` by any balance."""

    flow: str
    alike: tuple[str, ...]
    nodes: tuple[str, ...]
    test: float
    chi2_without: float
    dof_without: int
    passed_without: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The result. `suspects` are flows in the order in which they came under suspicion; empty if the test passed."""

    flows: tuple[Reconciled, ...]
    chi2: float
    dof: int
    limit: float
    alpha: float
    p_value: float
    passed: bool
    closure_raw_pct: float | None
    closure_by_material: dict[str, float | None]
    closure_stated_wrong: bool | None
    suspects: tuple[str, ...]
    suspect_nodes: tuple[str, ...]
    eliminations: tuple[Suspicion, ...]
    warnings: tuple[str, ...]


def balance(
    flows: Sequence[Flow],
    *,
    constraints: Sequence[Constraint] | None = None,
    correlations: Sequence[tuple[str, str, float]] = (),
    alpha: float = 0.05,
    stated_closure_pct: str | float | None = None,
    variances: bool = False,
) -> Balance:
    """Reconcile `flows`; with `constraints` instead of conservation at the nodes.

    `stated_closure_pct` as written: its last decimal says how exactly it was meant. Raises BalanceError, Infeasible,
    NotConverged.
    """
    table = tabulate(flows, correlations)
    solved = solve(table, constraints)
    test = global_test(float(solved.solution.chi2), solved.system.dof, alpha)
    suspects, nodes, rounds = _suspects(table, solved, alpha) if not test.passed else ((), (), ())
    by_material = _closures(table)
    raw = closure(table, np.ones(len(table.flows), bool))
    return Balance(
        flows=_lines(table, solved, variances=variances),
        chi2=test.chi2,
        dof=test.dof,
        limit=test.limit,
        alpha=alpha,
        p_value=test.p_value,
        passed=test.passed,
        closure_raw_pct=raw,
        closure_by_material=by_material,
        closure_stated_wrong=stated_wrong(stated_closure_pct, raw),
        suspects=suspects,
        suspect_nodes=nodes,
        eliminations=rounds,
        warnings=tuple(_warnings(table, solved, constraints)),
    )


def closure(table: Table, counted: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float | None:
    """100 * (in - out) / in of the raw values at the environment; None if not all measured, or nothing comes in."""
    into = out = 0.0
    crossing = False
    for place, one in enumerate(table.flows):
        if one.composition or not counted[place] or one.tail == one.head:
            continue
        if OUTSIDE not in (one.tail, one.head):
            continue
        if one.value is None:
            return None
        crossing = True
        amount = one.value * one.coefficient
        into += amount if one.tail == OUTSIDE else 0.0
        out += amount if one.head == OUTSIDE else 0.0
    return 100.0 * (into - out) / into if crossing and into > 0 else None


def _closures(table: Table) -> dict[str, float | None]:
    materials = dict.fromkeys(one.material for one in table.flows if not one.composition)
    if len(materials) < 2:
        return {}
    of_row = np.array([one.material for one in table.flows])
    return {material: closure(table, of_row == material) for material in materials}


def stated_wrong(stated: str | float | None, raw: float | None) -> bool | None:
    """Whether a stated closure is not the true one rounded to its own decimals. None where either is unknown."""
    if stated is None or raw is None:
        return None
    text = str(stated).strip()
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2].rstrip()) - int(exponent or 0)
    tolerance = 0.5 * 10.0**-decimals
    return not math.isclose(float(text), raw, rel_tol=1e-9, abs_tol=tolerance * (1 + 1e-9))


def _lines(table: Table, solved: Solved, *, variances: bool) -> tuple[Reconciled, ...]:
    found = solved.solution.reconciled
    status = [Status(int(code)).label for code in solved.system.status]
    deviation = tests = np.full(len(found), np.nan)
    if variances:
        spread = solved.system.spread()
        deviation = spread.sd
        redundant = np.flatnonzero(np.isfinite(spread.sd_adjustment))
        tests = ratio(found - table.value, spread.sd_adjustment, redundant)
    values, adjusted = found.tolist(), (found - table.value).tolist()
    return tuple(
        Reconciled(
            name=table.names[place],
            row=one,
            measured=one.value,
            reconciled=_number(values[place]),
            adjustment=_number(adjusted[place]),
            status=status[place],
            sd=_number(float(deviation[place])),
            test=_number(float(tests[place])),
        )
        for place, one in enumerate(table.flows)
    )


def _suspects(
    table: Table, solved: Solved, alpha: float
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Suspicion, ...]]:
    failed = np.append(failing_nodes(solved.system, table.value, alpha), False)
    group = solved.system.nodal(table.value).group
    nodes = tuple(solved.labels[place] for place in np.flatnonzero(failed[group]))
    rounds = []
    names: dict[str, None] = {}
    for one in eliminate(solved.prepare, table.value, table.measured, alpha):
        alike = tuple(table.names[place] for place in one.alike)
        rounds.append(
            Suspicion(
                flow=table.names[one.flow],
                alike=alike,
                nodes=tuple(solved.labels[place] for place in one.nodes),
                test=one.test,
                chi2_without=one.chi2,
                dof_without=one.dof,
                passed_without=one.passed,
            )
        )
        names.update(dict.fromkeys((table.names[one.flow], *alike)))
    return tuple(names), nodes, tuple(rounds)


def _warnings(table: Table, solved: Solved, constraints: Sequence[Constraint] | None) -> list[str]:
    said = []
    found: Numbers = solved.solution.reconciled
    largest = float(np.nanmax(np.abs(found))) if np.isfinite(found).any() else 0.0
    negative = np.flatnonzero(np.nan_to_num(found) < -NEGATIVE * largest)
    if len(negative) and constraints is None:
        names = "、".join(table.names[place] for place in negative[:10])
        said.append(
            f"协调后为负：{names}{' 等' if len(negative) > 10 else ''}；请核对流向、漏记的流和测量值。"
        )
    if solved.system.dof == 0:
        said.append("没有冗余测量：数据之间无从相互检验，总体检验不说明数据可靠。")
    if constraints is not None:
        return said
    loops = [one.flow for one in table.flows if one.tail == one.head and not one.composition]
    if loops:
        said.append(f"起点与终点相同，不影响平衡：{'、'.join(loops[:10])}。")
    gives, takes = {one.tail for one in table.flows}, {one.head for one in table.flows}
    if one_sided := sorted(name for name in (gives ^ takes) - {OUTSIDE, None} if name is not None):
        more = " 等" if len(one_sided) > 10 else ""
        said.append(
            f"只有流入或只有流出的节点：{'、'.join(one_sided[:10])}{more}；守恒使其流量为零，若通向外界请连到 environment（环境）。"
        )
    return said


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
