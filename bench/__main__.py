"""`python -m bench`: measure, print a table beside the peers' figures, and write bench/results.json."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyuan.settings")
    import django

    import qingyuan.testing

    django.setup()
    from bench import (
        assignment,
        balance,
        diagnosis,
        exchange,
        files,
        heat,
        index_systems,
        pages,
        portfolio,
        readme,
        responses,
        selfcheck,
        side_by_side,
    )
    from bench.measure import Row

    rows: list[Row] = [
        files.terminal_help(),
        files.package(),
        files.plan(),
        files.plan_in(),
        files.workbook(),
    ]
    rows += [selfcheck.row(), assignment.row(), index_systems.row(), diagnosis.row()]
    rows += exchange.rows()
    rows += balance.rows()
    rows += heat.rows()
    rows += responses.rows()
    rows += portfolio.rows()
    rows += side_by_side.rows()
    rows += pages.measure()
    print(table(rows))
    RESULTS.write_text(
        json.dumps(
            {
                "python": platform.python_version(),
                "machine": platform.machine(),
                "rows": [row.as_json() for row in rows],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n",
        "utf-8",
    )
    readme.write()
    qingyuan.testing.pytest_unconfigure()
    return 0  # a figure over its budget is said in the table; it is no failure of the measuring


def table(rows: list) -> str:
    lines = [("work", "CPU ms", "SQL", "bytes", "ratio", "MB", "budget", "", "peers on the same work")]
    for row in rows:
        ratio = f"{row.ratio} x {row.ratio_to}" if row.ratio is not None else ""
        cells = (row.cpu_ms, row.sql, row.size, ratio, row.memory_mb)
        verdict = {True: "ok", False: "OVER", None: ""}[row.within]
        lines.append(
            (row.work, *("" if cell is None else str(cell) for cell in cells), row.budget, verdict, row.peers)
        )
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


if __name__ == "__main__":
    sys.exit(main())
