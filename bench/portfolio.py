"""Rows about the selection of measures: a ladder from 1,000 to 1,000,000 enterprises with certified gaps, and a front.

An invented region: 10 measures an enterprise (three of a group, two that need another), four pollutants, 20 coupling rows:
four totals and 16 receptors, each hearing about a third of the enterprises. `python -m bench.portfolio 10000` measures one rung.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys

from bench.measure import Row

LADDER = {1_000: 10.0, 10_000: 3.0, 100_000: 5.0, 1_000_000: 60.0}
"""Enterprises -> seconds of CPU allowed."""
MOST_MB = 4096
PER, POLLUTANTS, RECEPTORS, GAP = 10, 4, 16, 5e-4
FRONT, FRONT_POINTS, FRONT_SECONDS = 10_000, 19, 20.0
BARE_SECONDS = 120


def instance_of(enterprises: int, *, seed: int = 2022):
    """The invented region as arrays."""
    import numpy as np
    from scipy import sparse

    from qingyuan.engine.portfolio.instance import Instance

    random = np.random.default_rng(seed)
    n = enterprises * PER
    gain = np.empty((n, POLLUTANTS + RECEPTORS))
    cost = np.empty(n)
    reach = np.zeros(gain.shape[1])
    step = 20_000
    for first in range(0, enterprises, step):
        count = min(step, enterprises - first)
        part = slice(first * PER, (first + count) * PER)
        effect = random.lognormal(0, 1, (count, PER, POLLUTANTS)) * (
            random.random((count, PER, POLLUTANTS)) < 0.5
        )
        heard = random.gamma(2, 0.5, (count, POLLUTANTS, RECEPTORS)) * (
            random.random((count, POLLUTANTS, RECEPTORS)) < 0.3
        )
        both = np.concatenate([effect, effect @ heard], axis=2)
        gain[part] = both.reshape(count * PER, -1)
        size = effect.sum(axis=2).ravel()
        money = size * random.lognormal(0, 0.6, len(size)) * 10 + random.lognormal(0, 0.5, len(size))
        cost[part] = np.where(random.random(len(size)) < 0.1, -0.3 * money, money)
        reach += (both[:, :3].max(axis=1) + both[:, 3:].sum(axis=1)).sum(axis=0)
    each, start = np.arange(enterprises), np.arange(enterprises) * PER
    one = np.ones(enterprises)
    rows = np.concatenate(
        [
            each,
            each,
            each,
            each + enterprises,
            each + enterprises,
            each + 2 * enterprises,
            each + 2 * enterprises,
        ]
    )
    columns = np.concatenate([start, start + 1, start + 2, start + 4, start + 3, start + 6, start + 5])
    local = sparse.csc_array(
        (np.concatenate([one, one, one, one, -one, one, -one]), (rows, columns)), shape=(3 * enterprises, n)
    )
    return Instance(
        cost=cost,
        gain=gain,
        need=0.45 * reach * random.uniform(0.97, 1.0, len(reach)),
        local=local,
        local_lower=np.full(3 * enterprises, -np.inf),
        local_upper=np.concatenate([one, 0 * one, 0 * one]),
        lower=np.zeros(n),
        upper=np.ones(n),
        whole=np.ones(n, dtype=bool),
    )


def rung(enterprises: int) -> dict:
    """Solve one rung in this process; figures as JSON data."""
    from qingyuan.engine.portfolio.child import Child
    from qingyuan.engine.portfolio.solve import Effort, optimise
    from qingyuan.engine.portfolio.verify_arrays import faults

    instance = instance_of(enterprises)
    made = _used()
    with Child() as child:
        solved = optimise(instance, child, effort=Effort(gap=GAP))
    spent = _used() - made
    return {
        "cpu_s": round(spent, 2),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "child_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        "status": solved.status,
        "objective": round(solved.objective, 3),
        "gap": solved.gap,
        "verified": not faults(instance, solved.x, cost=solved.objective),
    }


def front(enterprises: int, points: int) -> dict:
    """A front of cost against the first target by warm starts."""
    from dataclasses import replace

    import numpy as np

    from qingyuan.engine.portfolio.child import Child
    from qingyuan.engine.portfolio.solve import Effort, Warm, optimise

    instance = instance_of(enterprises)
    made, warm, gaps = _used(), Warm(), []
    with Child() as child:
        for share in np.linspace(0.9, 1.3, points):
            need = instance.need.copy()
            need[0] *= share
            gaps.append(optimise(replace(instance, need=need), child, effort=Effort(gap=GAP), warm=warm).gap)
    return {"cpu_s": round(_used() - made, 2), "gap": max(gaps), "points": points}


def bare(enterprises: int, seconds: float) -> dict:
    """HiGHS on the same arrays with a time limit: what there is without decomposition."""
    from qingyuan.engine.portfolio.child import Child
    from qingyuan.engine.portfolio.programme import Limits
    from qingyuan.engine.portfolio.solve import gap_of

    instance = instance_of(enterprises)
    made = _used()
    with Child() as child:
        outcome = child.run(instance.programme(), Limits(gap=GAP, seconds=seconds), patience=seconds * 1.5)
    return {
        "cpu_s": round(_used() - made, 2),
        "status": outcome.status,
        "gap": gap_of(outcome.objective, outcome.bound),
    }


def rows() -> list[Row]:
    """The ladder, the front, and bare HiGHS on the second rung; each in a process of its own."""
    found = []
    for enterprises, allowed in LADDER.items():
        seen = _apart("rung", enterprises)
        proven = seen["gap"] <= GAP and seen["verified"]
        memory = max(seen["memory_mb"], seen["child_mb"])
        found.append(
            Row(
                f"least-cost selection, {enterprises:,} enterprises x {PER} measures, 20 coupling rows",
                cpu_ms=seen["cpu_s"] * 1000,
                memory_mb=memory,
                budget=f"<= {allowed:g} s, gap <= 0.05 %, <= {MOST_MB} MB",
                within=seen["cpu_s"] <= allowed and proven and memory <= MOST_MB,
                notes=seen,
            )
        )
    seen = _apart("front", FRONT, FRONT_POINTS)
    found.append(
        Row(
            f"front of {FRONT_POINTS} points, {FRONT:,} enterprises",
            cpu_ms=seen["cpu_s"] * 1000,
            budget=f"<= {FRONT_SECONDS:g} s, gap <= 0.05 %",
            within=seen["cpu_s"] <= FRONT_SECONDS and seen["gap"] <= GAP,
            notes=seen,
        )
    )
    alone = _apart("bare", FRONT, BARE_SECONDS)
    found[1].peers = f"bare HiGHS: {alone['status']} after {alone['cpu_s']:.0f} s, gap {alone['gap']:.3%}"
    return found


def _used() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _apart(what: str, *numbers: int) -> dict:
    """One measurement in a process of its own, so that memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.portfolio", what, *map(str, numbers)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


if __name__ == "__main__":
    work = {"rung": rung, "front": front, "bare": bare}[sys.argv[1]]
    print(json.dumps(work(*map(int, sys.argv[2:]))))
