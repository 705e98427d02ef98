"""Gross errors: the global test, the nodal tests, then the single flows of the suspect nodes, eliminated one by one.

Global test: chi2 against the chi-square distribution of `dof` (Reilly, Carpani 1963). Nodal tests: residual of each
balance (Mah, Stanley, Downing 1976). Single flows: |adjustment| / sd of the adjustment (the measurement test of
maximum power, Tamhane, Mah, Technometrics 27 (1985) 409). Serial elimination (Ripps 1965; Serth, Heenan 1986): the
worst flow is treated as unmeasured, and everything anew, until the global test passes. Several thresholds at once
are Sidak's: 1 - (1 - alpha)^(1/m).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qingyuan.engine.balance.parts import Mask, Numbers, Places, Prepared

ALIKE = 1e-6
"""Tests that differ by less than this part come from flows that no balance can tell apart."""
MOST_FLOWS = 1_000
MOST_ROUNDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Global:
    """`passed` is None where nothing can be tested (no redundancy)."""

    chi2: float
    dof: int
    limit: float
    p_value: float
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Elimination:
    """One round: the nodes that failed, the flow taken out, those the balances cannot tell from it, and what remains."""

    nodes: Places
    flow: int
    alike: Places
    test: float
    chi2: float
    dof: int
    passed: bool


def global_test(chi2: float, dof: int, alpha: float) -> Global:
    """Passed where chi2 does not exceed the quantile. Without degrees of freedom nothing speaks against the data."""
    from scipy.special import chdtrc, chdtri

    if dof == 0:
        return Global(chi2=0.0, dof=0, limit=0.0, p_value=1.0, passed=True)
    limit = float(chdtri(dof, alpha))
    return Global(chi2=chi2, dof=dof, limit=limit, p_value=float(chdtrc(dof, chi2)), passed=chi2 <= limit)


def threshold(alpha: float, count: int) -> float:
    """The two-sided normal quantile for `count` tests at once."""
    from scipy.special import ndtri

    each = -np.expm1(np.log1p(-alpha) / max(count, 1))
    return float(-ndtri(each / 2))


def failing_nodes(prepared: Prepared, values: Numbers, alpha: float) -> Mask:
    """Which groups of nodes fail their own balance."""
    test = prepared.nodal(values).test
    known = np.isfinite(test)
    failed: Mask = known & (np.where(known, test, 0.0) > threshold(alpha, int(known.sum())))
    return failed


def eliminate(
    prepare: Callable[[Mask], Prepared], values: Numbers, measured: Mask, alpha: float
) -> list[Elimination]:
    """The rounds of serial elimination after a failed global test. `prepare` makes the system for a measured mask.

    Ends when the test passes, when nothing is left to test, or after 30 rounds.
    """
    found: list[Elimination] = []
    measured = measured.copy()
    system = prepare(measured)
    solution = system.reconcile(values)
    while len(found) < MOST_ROUNDS and system.dof:
        failed = failing_nodes(system, values, alpha)
        group = system.nodal(values).group
        tests = flow_tests(system, values, solution.reconciled, failed)
        if not np.isfinite(tests).any():
            break
        alike = np.flatnonzero(tests >= np.nanmax(tests) * (1 - ALIKE))
        worst = int(alike[0])
        measured[worst] = False
        nodes = np.flatnonzero(np.append(failed, False)[group])
        test = float(tests[worst])
        system = prepare(measured)
        solution = system.reconcile(values)
        after = global_test(float(solution.chi2), system.dof, alpha)
        found.append(
            Elimination(
                nodes=nodes, flow=worst, alike=alike[alike != worst], test=test,
                chi2=after.chi2, dof=after.dof, passed=after.passed,
            )
        )  # fmt: skip
        if after.passed:
            break
    return found


def flow_tests(prepared: Prepared, values: Numbers, reconciled: Numbers, failed: Mask) -> Numbers:
    """(n,) |adjustment| / sd of the adjustment for flows at failed nodes (at any if none failed), else nan.

    Of very many only those with the largest adjustments beside their group's test are looked at.
    """
    places = np.flatnonzero(prepared.touching(failed if failed.any() else np.ones_like(failed)))
    adjustment = np.abs(reconciled - values)
    if len(places) > MOST_FLOWS:
        nodal = prepared.nodal(values).test
        cut = np.sort(np.where(np.isfinite(nodal), nodal, 0.0))[::-1]
        for kept in (400, 100, 25, 5, 1):
            worst = np.where(np.isfinite(nodal), nodal, 0.0) >= cut[min(kept, len(cut)) - 1]
            places = np.flatnonzero(prepared.touching(worst))
            if len(places) <= MOST_FLOWS:
                break
    return ratio(adjustment, prepared.spread(places).sd_adjustment, places)


def ratio(adjustment: Numbers, deviation: Numbers, places: Places) -> Numbers:
    """|adjustment| / deviation at the places where there is a deviation, else nan."""
    tests = np.full(len(adjustment), np.nan)
    sound = places[
        np.isfinite(deviation[places]) & (np.where(np.isfinite(deviation[places]), deviation[places], 0) > 0)
    ]
    tests[sound] = np.abs(adjustment[sound]) / deviation[sound]
    return tests
