"""The decomposition of large selections: its bound and plan beside HiGHS on the whole, and its closed forms."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import sparse

from bench.portfolio import instance_of
from qingyuan.engine.portfolio import blocks as block_module
from qingyuan.engine.portfolio import core, dual
from qingyuan.engine.portfolio.blocks import Impossible, TooTangled, cut
from qingyuan.engine.portfolio.instance import Instance
from qingyuan.engine.portfolio.programme import Limits
from qingyuan.engine.portfolio.solve import Effort, optimise
from qingyuan.engine.portfolio.verify_arrays import faults


def small(local, upper, *, divisible=(), n=4, lower=None, seed=0):
    rng = np.random.default_rng(seed)
    local = sparse.csc_array(np.array(local, dtype=float).reshape(-1, n))
    whole = np.ones(n, dtype=bool)
    whole[list(divisible)] = False
    return Instance(
        cost=rng.normal(size=n),
        gain=rng.random((n, 2)),
        need=np.zeros(2),
        local=local,
        local_lower=np.full(local.shape[0], -np.inf),
        local_upper=np.array(upper, dtype=float),
        lower=np.zeros(n) if lower is None else np.array(lower, dtype=float),
        upper=np.ones(n),
        whole=whole,
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("divisible", [(), (0,), (0, 3)])
def test_closed_form_is_the_least_of_the_block(seed, divisible, child):
    """Groups, a prerequisite, one of two; whole and divisible: against HiGHS on the block."""
    rows = [[1, 1, 0, 0], [0, 0, 1, -1], [1, 0, -1, -1]]
    one = small(rows, [1, 0, 0], divisible=divisible, seed=seed)
    rng = np.random.default_rng(seed + 100)
    priced = rng.normal(size=4)
    value, x = cut(one).best(priced)
    from dataclasses import replace

    programme = replace(one, cost=priced, need=np.full(2, -1e9)).programme()
    assert value == pytest.approx(child.run(programme, Limits()).objective, abs=1e-9)
    assert value == pytest.approx(priced @ x)


def test_blocks_of_one_shape_share_their_table():
    one = instance_of(50)
    found = cut(one)
    assert sum(len(shape.members) for shape in found.shapes) + len(found.singles) == found.units
    assert len(found.shapes) < 6
    assert (
        len(
            found.columns(
                [np.ones(len(found.singles), bool), *(np.ones(len(s.members), bool) for s in found.shapes)]
            )
        )
        == 500
    )


def test_what_cannot_be_tabled_or_done_says_so():
    with pytest.raises(TooTangled) as tangled:
        cut(small(np.ones((1, 20)), [1], n=20))
    assert tangled.value.rows.tolist() == [0]
    with pytest.raises(Impossible):
        cut(small([[1, 1, 0, 0]], [1], lower=[1, 1, 0, 0]))


def test_regret_is_the_second_best_less_the_best():
    one = small([[1, 1, 1, 0]], [1])
    priced = np.array([-3.0, -2.0, 5.0, 0.5])
    single, block = cut(one).regrets(priced)
    assert (single.tolist(), block.tolist()) == ([0.5], [1.0])
    assert cut(one).forced(priced).tolist() == [0, 1, 8, 0.5]


@pytest.mark.parametrize("enterprises", [400, 600])
def test_decomposition_beside_the_whole_programme(enterprises, child):
    one = instance_of(enterprises)
    found = cut(one)
    at = dual.multipliers(found, child)
    plan = core.plan(found, at, child, gap=5e-4, nodes=2000, patience=60)
    assert not faults(one, plan.x, cost=plan.objective)
    relaxed = child.run(one.programme(), relaxed=True)
    assert at.bound == pytest.approx(relaxed.objective, rel=1e-7), "the blocks' tables lose nothing"
    whole = child.run(one.programme(), Limits(gap=5e-4, nodes=400))
    assert plan.bound <= whole.objective * (1 + 1e-9)
    assert whole.bound <= plan.objective * (1 + 1e-9)
    assert plan.objective - plan.bound <= 5e-4 * plan.objective


def test_samples_and_sifting_reach_the_relaxed_optimum(child, monkeypatch):
    one = instance_of(600)
    exact = dual.multipliers(cut(one), child).bound
    monkeypatch.setattr(dual, "DIRECT", 700)
    monkeypatch.setattr(dual, "FIRST", 300)
    sampled = dual.multipliers(cut(one), child)
    assert sampled.bound <= exact * (1 + 1e-9)
    assert sampled.bound >= exact * (1 - 1e-4)


def test_a_plan_of_thousands_is_within_the_gap_and_checked(child):
    one = instance_of(1000)
    solved = optimise(one, child, effort=Effort())
    assert solved.status == "done"
    assert solved.gap <= 5e-4
    assert solved.method == "decomposition"
    assert not faults(one, solved.x, cost=solved.objective)
    again = optimise(one, child, effort=Effort())
    assert again.x.tobytes() == solved.x.tobytes()


def test_the_check_of_arrays_catches_planted_errors(child):
    one = instance_of(600)
    solved = optimise(one, child)
    x = solved.x.copy()
    x[np.flatnonzero(x)[:40]] = 0
    assert any("目标" in fault for fault in faults(one, x))
    assert any("费用" in fault for fault in faults(one, solved.x, cost=solved.objective * 1.001))
    grouped = solved.x.copy()
    grouped[:3] = 1
    assert any("互斥" in fault for fault in faults(one, grouped))
    part = solved.x.copy()
    part[5] = 0.5
    assert any("小数" in fault for fault in faults(one, part))


def test_the_hash_of_shapes_tells_different_blocks_apart():
    """Same sizes, other rows: [a needs b], [b needs a], [at most one], with and without a mandatory member."""
    rows = np.zeros((4, 8))
    for block, pattern in enumerate([(1, -1), (-1, 1), (1, 1), (1, 1)]):
        rows[block, 2 * block : 2 * block + 2] = pattern
    one = small(rows, [0, 0, 1, 1], n=8, lower=[0, 0, 0, 0, 0, 0, 1, 0])
    assert len(cut(one).shapes) == 4
    assert block_module.MOST_MEMBERS >= 10
    for priced in itertools.islice(itertools.product((-1.0, 1.0), repeat=8), 0, 256, 7):
        value, x = cut(one).best(np.array(priced))
        assert x[0] <= x[1]
        assert x[3] <= x[2]
        assert x[4] + x[5] <= 1
        assert (x[6], x[7]) == (1, 0)
        assert value == pytest.approx(np.array(priced) @ x)


def test_a_large_selection_without_a_plan_says_what_is_reached_at_most(child):
    """2,000 measures of 1 to 3 kg each: what the relaxed programme reaches under the budget, and never less."""
    from qingyuan.engine.portfolio.case import Budget, Case, Measures, Target
    from qingyuan.engine.portfolio.select import Ask, select

    n = 2000
    effects = [1 + k % 3 for k in range(n)]
    measures = Measures.of([f"m{k:04}" for k in range(n)], [1] * n, {"x": effects}, invest=[2] * n)
    case = Case(
        measures=measures,
        targets=[Target(target="x", min_reduction=sum(effects))],
        budget=Budget(limit=200),
    )
    found = select(case, Ask(), child)
    assert [(one.required, one.max_reachable) for one in found.certificate] == [(sum(effects), 300)]
