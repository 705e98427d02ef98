"""Plans under ozone limits: global on a surface that is not convex, and run through the full surface."""

from __future__ import annotations

import csv
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qingyuan.engine.air.ozone import Domain, Grid, Polynomial
from qingyuan.engine.portfolio.assemble import assemble
from qingyuan.engine.portfolio.case import Case, Measures, Target
from qingyuan.engine.portfolio.model import Caution, Model
from qingyuan.engine.portfolio.ozone import Axes, Limit, least_cost
from qingyuan.engine.portfolio.solve import Effort

TABLE = Path(__file__).parent.parent / "cases" / "region" / "o3_sp_isopleth_grid.csv"


def generic() -> Grid:
    """The chemistry box of case O2, as ratios to 40 ppb NOx and 200 ppb RH."""
    with TABLE.open(encoding="utf-8") as opened:
        rows = list(csv.reader(opened))
    voc = np.array(rows[0][1:], dtype=float) / 200
    nox = np.array([row[0] for row in rows[1:]], dtype=float) / 40
    return Grid(nox, voc, np.array([row[1:] for row in rows[1:]], dtype=float))


def region(seed: int, *, measures: int = 10, divisible: bool = False):
    rng = np.random.default_rng(seed)
    effects = {
        "NOx": np.round(rng.random(measures) * 150 * (rng.random(measures) < 0.6), 1).tolist(),
        "VOC": np.round(rng.random(measures) * 150 * (rng.random(measures) < 0.6), 1).tolist(),
    }
    cost = np.round(rng.random(measures) * 20, 1).tolist()
    return Measures.of([f"m{k}" for k in range(measures)], cost, effects, divisible=[divisible] * measures)


def model_of(child, measures, *, gap=0.0, **targets):
    case = Case(
        measures=measures,
        targets=[Target(target=name, min_reduction=need) for name, need in targets.items()],
    )
    return Model(assembled=assemble(case), child=child, effort=Effort(gap=gap))


AXES = Axes(nox="NOx", voc="VOC", nox_base=600, voc_base=600)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("share", [0.95, 0.85])
def test_the_least_cost_of_all_plans_that_keep_the_limit(seed, share, child):
    measures, surface = region(seed), generic()
    model = model_of(child, measures, NOx=0)
    rows = model.assembled.rows
    effects = [np.array(measures.effects[name])[rows] for name in ("NOx", "VOC")]
    cost = np.array(measures.cost)[rows]
    plans = np.array(list(itertools.product((0.0, 1.0), repeat=10)))
    nox, voc = (np.clip(1 - plans @ effect / 600, 0.02, 1) for effect in effects)
    ppb = surface.at(nox, voc)
    limit = float(surface.at(1.0, 1.0)) * share
    kept = ppb <= limit
    found = least_cost(model, [Limit(target="O3", surface=surface, ppb=limit)], AXES, grid=6)
    if not kept.any():
        assert found.solved is None
        assert found.least_ppb[0] <= ppb.min()
        return
    best = (plans @ cost)[kept].min()
    assert found.solved.objective == pytest.approx(best)
    assert found.solved.bound <= best + 1e-9
    assert found.ppb[0] <= limit + 1e-9
    assert found.ppb[0] == pytest.approx(float(surface.at(found.nox_ratio, found.voc_ratio)))


def test_cutting_nox_first_would_be_a_trap(child):
    """Near the base less NOx means more ozone: a descent that starts with cheap NOx never comes back."""
    measures = Measures.of(
        ["cheap NOx", "more NOx", "VOC"], [1, 1, 6], {"NOx": [150, 150, 0], "VOC": [0, 0, 300]}
    )
    surface = generic()
    base = float(surface.at(1.0, 1.0))
    assert float(surface.at(0.75, 1.0)) > base
    model = model_of(child, measures, NOx=0)
    found = least_cost(model, [Limit(target="O3", surface=surface, ppb=base * 0.7)], AXES)
    plan = model.assembled.plan(found.solved.x)
    assert [measures.measure[row] for row in plan] == ["VOC"]
    assert found.solved.status == "done"


def test_divisible_measures_land_on_the_limit(child):
    surface = generic()
    limit = float(surface.at(1.0, 1.0)) * 0.9
    model = model_of(child, region(1, divisible=True), NOx=0, gap=0.01)
    found = least_cost(model, [Limit(target="O3", surface=surface, ppb=limit)], AXES)
    assert found.solved.status == "done"
    assert found.ppb[0] <= limit + 1e-9
    assert found.ppb[0] == pytest.approx(limit, rel=0.02)


def test_two_receptors_and_a_polynomial(child):
    bowl = Polynomial(
        {(0, 0): 100.0, (0, 1): 40.0, (1, 0): -10.0}, Domain(nox_low=0, nox_high=1.2, voc_low=0, voc_high=1.2)
    )
    rise = replace(bowl, terms={(0, 0): 90.0, (0, 1): 30.0})
    measures = Measures.of(["n", "v", "w"], [1, 3, 5], {"NOx": [300, 0, 0], "VOC": [0, 150, 240]})
    limits = [Limit(target="A", surface=bowl, ppb=85), Limit(target="B", surface=rise, ppb=85)]
    found = least_cost(model_of(child, measures, NOx=0), limits, AXES)
    assert found.solved.objective == 5
    assert found.sampled
    assert found.ppb == pytest.approx([84, 78])


def test_a_limit_below_what_can_be_reached(child):
    surface = generic()
    model = model_of(child, region(2), NOx=0)
    found = least_cost(model, [Limit(target="O3", surface=surface, ppb=1.0)], AXES)
    assert found.solved is None
    assert found.least_ppb[0] > 1.0


def test_no_time_is_no_proof_that_nothing_can_be(child):
    surface = generic()
    model = model_of(child, region(1), NOx=0)
    hurried = replace(model, effort=Effort(gap=0.0, seconds=0.01))
    limit = float(surface.at(1.0, 1.0)) * 0.95
    found = least_cost(hurried, [Limit(target="O3", surface=surface, ppb=limit)], AXES)
    assert (found.solved, found.examined, found.repeatable) == (None, 0, False)
    assert found.bound == -np.inf


def test_a_limit_on_top_of_uncertain_effects(child):
    """Caution makes rows of its own: they stand beside the choice of where to land."""
    surface = generic()
    measures = replace(region(1), sd={"VOC": [5.0] * 10})
    limit = float(surface.at(1.0, 1.0)) * 0.9
    case = Case(measures=measures, targets=[Target(target="VOC", min_reduction=200)])
    plain = Model(assembled=assemble(case), child=child, effort=Effort(gap=0.0))
    wary = replace(plain, caution=Caution(level=0.95))
    costs = [
        least_cost(one, [Limit(target="O3", surface=surface, ppb=limit)], AXES).solved.objective
        for one in (plain, wary)
    ]
    assert costs[0] <= costs[1]
    maker = wary.maker(0, 200.0)
    x = least_cost(wary, [Limit(target="O3", surface=surface, ppb=limit)], AXES).solved.x
    assert maker.probability(x) >= 0.95 - 1e-9
