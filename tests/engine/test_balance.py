"""Reconciliation: published cases, the dense least squares it must equal, conservation, invariance."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from qingyuan.engine.balance import (
    ENVIRONMENT,
    Constraint,
    Correlations,
    Flow,
    balance,
    linear,
    network,
    reconcile_nonlinear,
)

CASES = Path(__file__).parent / "cases/park"
LINEAR = json.loads((CASES / "dr_linear_benchmarks.json").read_text("utf-8"))
NAMED = {one["id"]: one for one in json.loads((CASES / "dr_named.json").read_text("utf-8"))}


def as_constraints(case):
    names = case.get("names") or [f"x{place + 1}" for place in range(len(case["y"]))]
    deviation = [one / 1.96 for one in case.get("half_width95", [])] or [one**0.5 for one in case["var"]]
    flows = [
        Flow(flow=name, tail=None, head=None, value=value, sd=sd)
        for name, value, sd in zip(names, case["y"], deviation, strict=True)
    ]
    rows = [
        Constraint(
            name=f"c{place}", coefficients={name: one for name, one in zip(names, row, strict=True) if one}
        )
        for place, row in enumerate(case["A"])
    ]
    return flows, rows


def as_network(case):
    """The same flows between nodes: a column holds at most one -1 (leaves) and one +1 (enters)."""
    matrix = np.array(case["A"])
    flows, _ = as_constraints(case)

    def end(column, sign):
        found = np.flatnonzero(matrix[:, column] == sign)
        return f"n{found[0]}" if len(found) else "environment"

    return [
        Flow(flow=one.flow, tail=end(place, -1), head=end(place, 1), value=one.value, sd=one.sd)
        for place, one in enumerate(flows)
    ]


@pytest.mark.parametrize("case", LINEAR, ids=[one["id"] for one in LINEAR])
def test_published_linear_benchmarks_as_constraints_and_as_a_network(case):
    flows, rows = as_constraints(case)
    given_rows = balance(flows, constraints=rows, variances=True)
    nodes = balance(as_network(case), variances=True)
    for found in (given_rows, nodes):
        assert [one.reconciled for one in found.flows] == pytest.approx(case["reconciled"], abs=6e-7)
        assert found.chi2 == pytest.approx(case["J"], rel=1e-9)
        assert found.dof == case["dof"]
        assert found.limit == pytest.approx(case["chi2_95"], rel=1e-9)
        assert found.passed == (case["J"] <= case["chi2_95"])
        tests = [one.test or 0.0 for one in found.flows]
        assert max(tests) == pytest.approx(case["max_abs_z"], rel=1e-9)
        assert tests[case["argmax_z"] - 1] == pytest.approx(max(tests), rel=1e-9)
        assert bool(found.suspects) == (not found.passed)
        if found.suspects:
            assert f"x{case['argmax_z']}" in found.suspects
    assert given_rows.suspects == nodes.suspects
    for one, other in zip(given_rows.flows, nodes.flows, strict=True):
        assert one.sd == pytest.approx(other.sd, rel=1e-9)


def test_the_heat_exchanger_with_bypass_of_narasimhan_and_jordache():
    case = NAMED["NJ2000_hx_bypass"]
    found = balance(as_network(case))
    assert [one.reconciled for one in found.flows] == pytest.approx(case["published"], abs=5e-3)
    assert found.chi2 == pytest.approx(case["J"])


def test_vdi_2048_fails_its_global_test_and_says_which_meters():
    case = NAMED["VDI2048_steam_turbine"]
    flows, rows = as_constraints(case)
    found = balance(
        flows, constraints=rows, correlations=[tuple(one) for one in case["corr"]], variances=True
    )
    assert [one.reconciled for one in found.flows] == pytest.approx(case["published"], abs=1e-12)
    assert [one.sd * 1.96 for one in found.flows] == pytest.approx(case["published_half_width"], abs=1e-12)
    assert found.chi2 == pytest.approx(case["J"])
    assert not found.passed
    assert found.suspects == ("mFDKeI", "mFDKeII")
    assert found.eliminations[0].passed_without
    assert found.flows[-1].status == "measured-nonredundant"
    assert found.flows[-1].adjustment == 0
    assert found.flows[-1].test is None


def test_the_nonlinear_problem_of_pai_and_fisher():
    case = NAMED["PaiFisher_1988_nonlinear"]

    def residual(point):
        x1, x2, x3, x4, x5, u1, u2, u3 = point
        scope = {"x1": x1, "x2": x2, "x3": x3, "x4": x4, "x5": x5, "u1": u1, "u2": u2, "u3": u3}
        return np.array([eval(equation, {}, scope) for equation in case["equations"]])  # the case's own text

    def constraints(point):
        step = 1e-30
        slopes = [
            residual(point.astype(complex) + 1j * step * np.eye(8)[place]).imag / step for place in range(8)
        ]
        return residual(point), csr_array(np.array(slopes).T)

    measured = np.array([True] * 5 + [False] * 3)
    values = np.array([*case["y"].values(), 0, 0, 0])
    found = reconcile_nonlinear(
        constraints,
        values=values,
        measured=measured,
        variance=np.ones(8),
        start=np.array([0, 0, 0, 0, 0, 11.0, 0.6, 2.0]),
    )
    assert found.solution.reconciled == pytest.approx(case["recomputed"], abs=6e-6)
    assert found.system.dof == 3


# Random small networks, against dense formulas of their own.


@st.composite
def networks(draw):
    nodes = draw(st.integers(1, 5))
    count = draw(st.integers(1, 12))
    seed = draw(st.integers(0, 2**31))
    random = np.random.default_rng(seed)
    tail = random.integers(-1, nodes, count)
    head = random.integers(-1, nodes, count)
    measured = random.random(count) < draw(st.sampled_from([0.3, 0.7, 1.0]))
    value = random.uniform(0.1, 100, count)
    deviation = random.uniform(0.01, 0.2, count) * value
    coefficient = np.where(random.random(count) < 0.3, random.uniform(0.01, 3, count), 1.0)
    pairs = [(0, 1, 0.4)] if draw(st.booleans()) and count > 1 and measured[0] and measured[1] else []
    return nodes, tail, head, measured, value, deviation, coefficient, pairs


def incidence(nodes, tail, head, coefficient):
    matrix = np.zeros((nodes, len(tail)))
    for place in range(len(tail)):
        if head[place] >= 0:
            matrix[head[place], place] += coefficient[place]
        if tail[place] >= 0:
            matrix[tail[place], place] -= coefficient[place]
    return matrix


def prepared(problem):
    nodes, tail, head, measured, _value, deviation, coefficient, pairs = problem
    correlations = Correlations(
        first=np.array([one[0] for one in pairs], np.int64),
        second=np.array([one[1] for one in pairs], np.int64),
        rho=np.array([one[2] for one in pairs], np.float64),
    )
    common = {"measured": measured, "variance": deviation**2, "correlations": correlations}
    sparse = network.prepare(tail=tail, head=head, nodes=nodes, coefficient=coefficient, **common)
    matrix = csr_array(incidence(nodes, tail, head, coefficient))
    return sparse, linear.prepare(matrix=matrix, bound=np.zeros(nodes), **common)


@given(networks())
@settings(max_examples=200, deadline=None)
def test_the_sparse_network_equals_the_dense_least_squares_in_everything(problem):
    value = problem[4]
    sparse, dense = prepared(problem)
    one, other = sparse.reconcile(value), dense.reconcile(value)
    assert sparse.dof == dense.dof
    assert sparse.status.tolist() == dense.status.tolist()
    assert one.reconciled == pytest.approx(other.reconciled, rel=1e-8, abs=1e-8, nan_ok=True)
    assert float(one.chi2) == pytest.approx(float(other.chi2), rel=1e-7, abs=1e-9)
    spread, wanted = sparse.spread(), dense.spread()
    assert spread.sd**2 == pytest.approx(wanted.sd**2, rel=1e-8, abs=1e-9, nan_ok=True)
    known = np.isfinite(spread.sd_adjustment)
    assert spread.sd_adjustment[known] == pytest.approx(wanted.sd_adjustment[known], rel=1e-6, abs=1e-7)


@given(networks())
@settings(max_examples=200, deadline=None)
def test_reconciled_flows_equal_the_kkt_system_and_conserve_to_1e_9(problem):
    nodes, tail, head, measured, value, deviation, coefficient, pairs = problem
    found = prepared(problem)[0].reconcile(value).reconciled
    matrix = incidence(nodes, tail, head, coefficient)
    covariance = np.diag(deviation**2)
    for first, second, rho in pairs:
        covariance[first, second] = covariance[second, first] = rho * deviation[first] * deviation[second]
    weight = np.linalg.inv(covariance[np.ix_(measured, measured)])
    count = len(value)
    hessian = np.zeros((count, count))
    hessian[np.ix_(measured, measured)] = weight
    kkt = np.block([[hessian, matrix.T], [matrix, np.zeros((nodes, nodes))]])
    right = np.concatenate([hessian @ np.where(measured, value, 0.0), np.zeros(nodes)])
    scale = np.maximum(np.abs(kkt).max(axis=1), 1e-300) ** -0.5
    solved = scale * np.linalg.lstsq(kkt * scale[:, None] * scale, scale * right, rcond=1e-12)[0]
    known = np.isfinite(found)
    assert found[known] == pytest.approx(solved[:count][known], rel=1e-6, abs=1e-6)
    clear = [not np.isnan(found[matrix[node] != 0]).any() for node in range(nodes)]
    largest = np.abs(matrix * np.where(measured, value, 0)).max(initial=1e-300)
    assert np.abs(matrix[clear] @ np.nan_to_num(found)).max(initial=0) <= 1e-9 * largest


@given(networks(), st.floats(1e-6, 1e6))
@settings(max_examples=60, deadline=None)
def test_order_and_unit_change_nothing(problem, unit):
    nodes, tail, head, measured, value, deviation, coefficient, _ = problem
    plain = (nodes, tail, head, measured, value, deviation, coefficient, [])
    first = prepared(plain)[0]
    one = first.reconcile(value)
    order = np.random.default_rng(1).permutation(len(value))
    renamed = np.random.default_rng(2).permutation(nodes)
    new = [np.where(end >= 0, renamed[end], ENVIRONMENT)[order] for end in (tail, head)]
    changed = (
        nodes, *new, measured[order], value[order] * unit, deviation[order] * unit, coefficient[order], [],
    )  # fmt: skip
    second = prepared(changed)[0]
    other = second.reconcile(changed[4])
    assert first.status[order].tolist() == second.status.tolist()
    scale = value.max()
    assert other.reconciled / unit == pytest.approx(
        one.reconciled[order], rel=1e-9, abs=1e-9 * scale, nan_ok=True
    )
    assert float(other.chi2) == pytest.approx(float(one.chi2), rel=1e-7, abs=1e-12)


def test_draws_share_one_factorisation():
    random = np.random.default_rng(7)
    tail, head = random.integers(-1, 30, 200), random.integers(-1, 30, 200)
    value = random.uniform(1, 10, 200)
    measured = random.random(200) < 0.9
    system = network.prepare(tail=tail, head=head, nodes=30, measured=measured, variance=(0.1 * value) ** 2)
    draws = value[:, None] + 0.1 * value[:, None] * random.standard_normal((200, 40))
    together = system.reconcile(draws)
    for column in (0, 39):
        alone = system.reconcile(draws[:, column])
        assert together.reconciled[:, column] == pytest.approx(alone.reconciled, rel=1e-9, nan_ok=True)
        assert together.chi2[column] == pytest.approx(float(alone.chi2))


def test_a_gross_error_planted_in_a_network_is_the_first_suspect():
    case = next(one for one in LINEAR if one["id"] == "P15")
    flows = as_network(case)
    for place in (3, 7, 12, 25):
        wrong = [
            Flow(
                flow=one.flow,
                tail=one.tail,
                head=one.head,
                value=one.value * (1.4 if at == place else 1),
                sd=one.sd,
            )
            for at, one in enumerate(flows)
        ]
        found = balance(wrong)
        assert not found.passed
        assert found.suspects[0] == flows[place].flow
        assert found.suspect_nodes
