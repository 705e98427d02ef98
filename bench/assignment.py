"""A row about the assignment of experts: 1,000 projects x 3 of 300 experts, with conflicts, proven optimal."""

from __future__ import annotations

from bench.measure import Row, cpu_ms

PROJECTS, EXPERTS, EACH, CAP = 1000, 300, 3, 12
BUDGET_MS = 2000


def row() -> Row:
    import numpy as np

    from qingyuan.engine.assignment import Task, assign

    random = np.random.default_rng(2022)
    sectors = random.integers(0, 13, PROJECTS)
    fields = random.random((EXPERTS, 13)) < 0.15
    task = Task.of(
        needs=np.full(PROJECTS, EACH),
        caps=np.full(EXPERTS, CAP),
        allowed=random.random((PROJECTS, EXPERTS)) > 0.1,
        covers=fields[:, sectors].T,
    )
    result = assign(task)
    time = cpu_ms(lambda: assign(task), runs=3)
    return Row(
        f"assignment of {PROJECTS:,} projects x {EACH} of {EXPERTS} experts, optimality proven",
        cpu_ms=time,
        budget=f"<= {BUDGET_MS} ms, gap 0",
        within=time <= BUDGET_MS and result.proven,
        notes={
            "cost": result.cost,
            "gap": result.gap,
            "pairs seen": result.arcs,
            "pairs allowed": int(task.allowed.sum()),
            "load": [int(result.load.min()), int(result.load.max())],
        },
    )
