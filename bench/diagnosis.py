"""A row about a whole sector: 1,000 invented enterprises read, diagnosed and written; its parts beside plain peers."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from bench.measure import Row, cpu_ms

ENTERPRISES, FRONTIER = 1000, 300
BUDGET_MS = 5000


def row() -> Row:
    from qingyuan.engine.diagnosis import diagnose
    from qingyuan.workbooks.industry_case import read_sector
    from qingyuan.workbooks.industry_demo import write_demo
    from qingyuan.workbooks.industry_report import write_report
    from qingyuan.workbooks.industry_result import result

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.xlsx"
        with path.open("wb") as target:
            write_demo(target, ENTERPRISES)

        def whole() -> None:
            data = read_sector(path)
            found = diagnose(data.case)
            result(data, found)
            write_report(io.BytesIO(), data, found)

        time = cpu_ms(whole, runs=2)
        reading = cpu_ms(lambda: read_sector(path), runs=2)
        data = read_sector(path)
        found = diagnose(data.case)
    engine = cpu_ms(lambda: diagnose(data.case), runs=2)
    ours, plain = frontier_beside_scipy()
    return Row(
        f"diagnosis of a sector of {ENTERPRISES:,} enterprises, from workbook to workbook",
        cpu_ms=time,
        ratio=round(plain / ours, 1),
        ratio_to=f"slower is scipy's linprog, one programme at a time, on the frontier of {FRONTIER}",
        budget=f"<= {BUDGET_MS} ms",
        within=time <= BUDGET_MS,
        notes={
            "reading ms": reading,
            "engine ms": engine,
            "frontier scores proven": f"{sum(one.verified for one in found.frontier)}/{ENTERPRISES}",
            "sampled": len(found.sample.chosen),
            "share within one spread of a sampled one": round(found.sample.coverage or 0, 3),
            "flags": len(found.flags),
        },
    )


def frontier_beside_scipy() -> tuple[float, float]:
    """CPU ms of all constant-returns and variable-returns scores, and of the plain way to half of them."""
    import numpy as np
    from scipy.optimize import linprog

    from qingyuan.engine.diagnosis import frontier

    random = np.random.default_rng(2022)
    x = random.lognormal(size=(FRONTIER, 3))
    y = x.prod(axis=1, keepdims=True) ** 0.3 * random.uniform(0.3, 1, (FRONTIER, 1))
    ours = cpu_ms(lambda: frontier(x, y), runs=2) / 2

    def plainly() -> list[float]:
        scores = []
        for place in range(FRONTIER):
            above = np.vstack(
                [np.hstack([x.T, -x[place][:, None]]), np.hstack([-y.T, np.zeros((y.shape[1], 1))])]
            )
            found = linprog([*[0.0] * FRONTIER, 1.0], A_ub=above, b_ub=[*[0.0] * x.shape[1], *-y[place]])
            scores.append(found.fun)
        return scores

    return ours, cpu_ms(plainly, runs=1)
