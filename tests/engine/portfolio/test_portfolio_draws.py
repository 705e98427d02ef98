"""Draws of a fixed plan: known probabilities, shared factors, and the same numbers wherever they are drawn."""

from __future__ import annotations

import os
import signal
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from qingyuan.engine.executors import gather, processes
from qingyuan.engine.portfolio.assemble import assemble
from qingyuan.engine.portfolio.case import Case, Measures, Response, Target
from qingyuan.engine.portfolio.draws import evidence


def c1():
    measures = Measures.of(
        ["a", "b", "c"], [5, 3, 4], {"x": [10, 8, 6]}, sd={"x": [1, 2, Decimal("0.5")]}, divisible=[True] * 3
    )
    return assemble(Case(measures=measures, targets=[Target(target="x", min_reduction=15)]))


def test_the_probabilities_of_case_c1(published):
    given = published["C1"]["recomputed"]
    safe = evidence(c1(), dict(enumerate(given["x"])), draws=20_000)
    assert safe.targets[0].probability == pytest.approx(given["mc_prob"], abs=0.006)
    mean = evidence(c1(), {0: 0.7, 1: 1.0}, draws=20_000)
    assert mean.targets[0].probability == pytest.approx(given["det_prob"], abs=0.012)
    assert mean.joint_probability == mean.targets[0].probability


def test_shared_factors_stay_shared():
    """A hundred enterprises under one river: independent errors would cancel, those of the river do not."""
    n = 100
    measures = Measures.of(
        [f"m{k}" for k in range(n)], [1] * n, {"x": [1] * n}, enterprise=[f"E{k}" for k in range(n)]
    )

    def spread(*responses):
        case = Case(
            measures=measures, targets=[Target(target="r", min_reduction=90)], responses=list(responses)
        )
        found = evidence(assemble(case), dict.fromkeys(range(n), 1.0), draws=4000).targets[0]
        return (found.p95 - found.p05) / 3.29

    common = Response(target="r", pollutant="x", coefficient=1, rel_sd=Decimal("0.1"))
    assert spread(common) == pytest.approx(10, rel=0.1)
    own = [
        Response(target="r", pollutant="x", enterprise=f"E{k}", coefficient=1, rel_sd=Decimal("0.1"))
        for k in range(n)
    ]
    assert spread(*own) == pytest.approx(1, rel=0.1)
    weather = [
        Response(
            target="r", pollutant="x", enterprise=f"E{k}", coefficient=1, rel_sd=Decimal("0.1"), factor="w"
        )
        for k in range(n)
    ]
    assert spread(*weather) == pytest.approx(10, rel=0.1)


def test_the_same_seed_gives_the_same_answer_here_and_on_workers():
    plan = {0: 1.0, 1: 1.0}
    here = evidence(c1(), plan, draws=450, seed=7)
    assert evidence(c1(), plan, draws=450, seed=7, opened=processes(2)) == here
    assert evidence(c1(), plan, draws=450, seed=8) != here


def falls_once(marker: str, number: int) -> int:
    """Kills its own process the first time that part 2 is worked on."""
    path = Path(marker)
    if number == 2 and not path.exists():
        path.write_text("dead", "utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def always_falls(parent: int, number: int) -> int:
    if os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def fails(number: int) -> int:
    raise LookupError(number)


def test_a_worker_that_dies_changes_nothing(tmp_path):
    parts = [(str(tmp_path / "marker"), number) for number in range(6)]
    assert gather(falls_once, parts, opened=processes(2)) == [number**2 for number in range(6)]
    assert (tmp_path / "marker").exists()


def test_where_every_worker_dies_the_work_is_done_here():
    assert gather(always_falls, [(os.getpid(), number) for number in range(2)], opened=processes(1)) == [0, 1]


def test_errors_of_the_work_itself_are_told():
    with pytest.raises(LookupError):
        gather(fails, [(1,)], opened=processes(1))


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_of_real_processes_and_a_worker_killed_in_the_middle(tmp_path):
    distributed = pytest.importorskip("distributed")
    from qingyuan.engine.executors import cluster

    plan = {0: 1.0, 1: 1.0}
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as local:
        address = local.scheduler_address
        assert evidence(c1(), plan, draws=450, seed=7, opened=cluster(address)) == evidence(
            c1(), plan, draws=450, seed=7
        )
        parts = [(str(tmp_path / "marker"), number) for number in range(6)]
        assert gather(falls_once, parts, opened=cluster(address)) == [number**2 for number in range(6)]
        assert (tmp_path / "marker").exists()


def test_draws_are_numbers_for_the_eye_too():
    found = evidence(c1(), {0: 1.0, 1: 1.0}, draws=100)
    assert found.targets[0].p05 < found.targets[0].p50 < found.targets[0].p95
    assert np.isfinite(found.targets[0].mean)
