"""Reconciliation: degenerate tables, materials, composition, what is refused, the Sankey."""

from __future__ import annotations

import pytest

from qingyuan.engine.balance import (
    BalanceError,
    Constraint,
    Flow,
    Infeasible,
    Status,
    balance,
)


def flow(name, tail, head, value, sd=1.0, **more):
    return Flow(flow=name, tail=tail, head=head, value=value, sd=None if value is None else sd, **more)


OUT = "environment"


def test_flows_between_the_environment_alone_are_left_as_they_are():
    found = balance([flow("a", OUT, OUT, 5.0), flow("b", OUT, OUT, None)])
    assert [one.status for one in found.flows] == ["measured-nonredundant", "unobservable"]
    assert found.flows[0].reconciled == 5.0
    assert found.flows[1].reconciled is None
    assert (found.chi2, found.dof, found.p_value, found.passed) == (0.0, 0, 1.0, True)


def test_all_unmeasured_is_no_crash():
    found = balance([flow("a", OUT, "n", None), flow("b", "n", OUT, None)])
    assert [one.status for one in found.flows] == ["unobservable", "unobservable"]
    assert found.dof == 0
    assert found.warnings


def test_one_of_each_class():
    found = balance(
        [
            flow("in", OUT, "a", 10.0),
            flow("out", "a", OUT, 11.0),
            flow("side", "b", OUT, 3.0),
            flow("to b", OUT, "b", None),
            flow("c1", "c", "d", None),
            flow("c2", "d", "c", None),
            flow("m", OUT, "e", 4.0),
            flow("u1", "e", OUT, None),
            flow("u2", "e", OUT, None),
        ],
        variances=True,
    )
    status = {one.name: one.status for one in found.flows}
    assert status["in"] == status["out"] == "measured-redundant"
    assert status["side"] == status["m"] == "measured-nonredundant"
    assert status["to b"] == "unmeasured-observable"
    assert {status["c1"], status["c2"], status["u1"], status["u2"]} == {"unobservable"}
    by_name = {one.name: one for one in found.flows}
    assert by_name["to b"].reconciled == 3.0
    assert by_name["to b"].sd == 1.0
    assert by_name["in"].sd == pytest.approx(0.5**0.5)
    assert by_name["u1"].sd is None


def test_a_loop_closed_to_the_environment_has_one_balance_less():
    found = balance([flow("ab", "a", "b", 10.0), flow("ba", "b", "a", 12.0)])
    assert found.dof == 1
    assert [one.reconciled for one in found.flows] == pytest.approx([11.0, 11.0])


def test_exactly_known_flows_move_nothing_and_contradictions_are_named():
    found = balance([flow("in", OUT, "a", 10.0, sd=0.0), flow("out", "a", OUT, 12.0)], variances=True)
    assert [one.reconciled for one in found.flows] == [10.0, 10.0]
    assert found.flows[0].test is None
    assert found.chi2 == pytest.approx(4.0)
    with pytest.raises(Infeasible) as refused:
        balance([flow("in", OUT, "a", 10.0, sd=0.0), flow("out", "a", OUT, 12.0, sd=0.0)])
    (one,) = refused.value.contradictions
    assert (one.where, one.required, one.reached) == ("a", 12.0, 10.0)
    agreeing = balance([flow("in", OUT, "a", 10.0, sd=0.0), flow("out", "a", OUT, 10.0, sd=0.0)])
    assert agreeing.dof == 0


def test_contradicting_and_repeated_constraints():
    flows = [flow("x", None, None, 1.0), flow("y", None, None, 1.0)]
    once = Constraint(name="c1", coefficients={"x": 1.0, "y": 1.0}, bound=3.0)
    twice = Constraint(name="c2", coefficients={"x": 2.0, "y": 2.0}, bound=6.0)
    found = balance(flows, constraints=[once, twice])
    assert found.dof == 1
    assert [one.reconciled for one in found.flows] == pytest.approx([1.5, 1.5])
    other = Constraint(name="c3", coefficients={"x": 1.0, "y": 1.0}, bound=4.0)
    with pytest.raises(Infeasible):
        balance(flows, constraints=[once, other])


def test_materials_are_conserved_each_and_coefficients_turn_flows_into_amounts():
    found = balance(
        [
            flow("ore", OUT, "mill", 100.0, coefficient=0.02, material="Cu"),
            flow("metal", "mill", OUT, 1.8, sd=0.02, coefficient=1.0, material="Cu"),
            flow("water", OUT, "mill", 50.0, material="water"),
            flow("steam", "mill", OUT, 48.0, material="water"),
        ]
    )
    values = {one.name: one.reconciled for one in found.flows}
    assert values["ore"] * 0.02 == pytest.approx(values["metal"], rel=1e-12)
    assert values["water"] == values["steam"] == pytest.approx(49.0)
    assert found.dof == 2
    assert found.closure_by_material == pytest.approx({"Cu": 10.0, "water": 4.0})


def test_composition_times_flow_conserves_both_and_follows_the_deviations():
    def rows(**spread):
        sd = {"feed": 2.0, "x": 0.002} | spread
        return [
            flow("feed", OUT, "cell", 100.0, sd=sd["feed"]),
            flow("conc", "cell", OUT, 9.0, sd=0.3),
            flow("tail", "cell", OUT, None),
            flow("feed", OUT, "cell", 0.02, sd=sd["x"], material="Cu", composition=True),
            flow("conc", "cell", OUT, 0.2, sd=0.005, material="Cu", composition=True),
            flow("tail", "cell", OUT, 0.003, sd=0.0005, material="Cu", composition=True),
        ]

    found = balance(rows(), variances=True)
    feed, conc, tail, x, y, z = (one.reconciled for one in found.flows)
    assert feed == pytest.approx(conc + tail, rel=1e-9)
    assert feed * x == pytest.approx(conc * y + tail * z, rel=1e-9)
    assert found.dof == 1
    # the same by brute force
    from scipy.optimize import minimize

    def loss(point):
        f, c, a, b, d = point
        return (
            ((f - 100) / 2) ** 2 + ((c - 9) / 0.3) ** 2 + ((a - 0.02) / 0.002) ** 2
            + ((b - 0.2) / 0.005) ** 2 + ((d - 0.003) / 0.0005) ** 2
        )  # fmt: skip

    brute = minimize(
        loss,
        [100, 9, 0.02, 0.2, 0.003],
        constraints={"type": "eq", "fun": lambda p: (p[0] * p[2] - p[1] * p[3] - (p[0] - p[1]) * p[4]) * 100},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert found.chi2 == pytest.approx(brute.fun, rel=1e-5)
    assert [feed, conc, x, y, z] == pytest.approx(brute.x, rel=1e-4)
    exact = balance(rows(feed=0.0))
    assert exact.flows[0].reconciled == 100.0


def test_a_stated_closure_is_judged_by_its_own_decimals():
    flows = [flow("in", OUT, "a", 100.0), flow("out", "a", OUT, 97.54)]
    assert balance(flows).closure_raw_pct == pytest.approx(2.46)
    for stated, wrong in (
        ("2.46", False),
        ("2.5", False),
        ("2", False),
        ("2.4", True),
        ("0.5", True),
        ("-2.46", True),
    ):
        assert balance(flows, stated_closure_pct=stated).closure_stated_wrong is wrong, stated
    assert balance([*flows, flow("x", "a", OUT, None)], stated_closure_pct="2").closure_stated_wrong is None
    assert balance([flow("in", OUT, "a", 0.0), flow("out", "a", OUT, 0.0)]).closure_raw_pct is None


def test_what_the_library_refuses():
    for wrong in (
        [flow("a", OUT, "n", 1.0), flow("a", "n", OUT, 1.0)],
        [flow("a", OUT, "n", 1.0, sd=-1.0)],
        [Flow(flow="a", tail=OUT, head="n", value=1.0)],
        [Flow(flow="a", tail=None, head="n", value=1.0, sd=1.0)],
    ):
        with pytest.raises(BalanceError):
            balance(wrong)
    with pytest.raises(BalanceError):
        balance(
            [flow("a", OUT, "n", 1.0), flow("b", "n", OUT, 1.0), flow("c", "n", OUT, 1.0)],
            correlations=[("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", -0.9)],
        )
    assert Status.MEASURED_NONREDUNDANT.label == "measured-nonredundant"


def test_wholly_correlated_errors_are_one_error():
    found = balance(
        [flow("a", OUT, "n", 10.0), flow("b", "n", OUT, 11.0), flow("c", "n", OUT, 0.5)],
        correlations=[("a", "b", 1.0)],
    )
    values = [one.reconciled for one in found.flows]
    assert values[0] == pytest.approx(values[1] + values[2])
    assert values[0] - 10 == pytest.approx(values[1] - 11)


def test_a_sankey_has_no_cycle_and_loses_no_flow():
    from qingyuan.engine.balance.sankey import sankey

    found = balance(
        [
            flow("in", OUT, "a", 10.0),
            flow("ab", "a", "b", 13.0),
            flow("back", "b", "a", 3.0),
            flow("out", "b", OUT, 10.0),
        ]
    )
    drawn = sankey(found.flows)
    assert {one.name for one in drawn.nodes} == {
        "environment:in", "environment:out", "a", "b", "a:back", "b:again",
    }  # fmt: skip
    assert [one.flow for one in drawn.links if one.feedback] == ["back", "back"]
    ahead = {}
    for one in drawn.links:
        ahead.setdefault(one.source, set()).add(one.target)

    def reaches(start, seen=()):
        assert start not in seen
        for following in ahead.get(start, ()):
            reaches(following, (*seen, start))

    for one in drawn.nodes:
        reaches(one.name)
