"""`python -m bench`: measure, print a table beside the peers' figures, and write bench/results.json.

`python -m bench heat portfolio` measures these parts alone; the rows of the others stay as they were measured.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.measure import Row

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyuan.settings")
    import django

    import qingyuan.testing

    django.setup()
    from bench import (
        assignment,
        balance,
        datasets,
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

    parts: dict[str, Callable[[], list[Row]]] = {
        "files": lambda: [
            files.terminal_help(),
            files.package(),
            files.plan(),
            files.plan_in(),
            files.workbook(),
        ],
        "rows": lambda: [selfcheck.row(), assignment.row(), index_systems.row(), diagnosis.row()],
        "exchange": exchange.rows,
        "balance": balance.rows,
        "heat": heat.rows,
        "responses": responses.rows,
        "portfolio": portfolio.rows,
        "side_by_side": side_by_side.rows,
        "pages": pages.measure,
        "datasets": datasets.measure,
    }
    asked = sys.argv[1:] or list(parts)
    if unknown := [name for name in asked if name not in parts]:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(parts)}", file=sys.stderr)
        return 2
    rows = {name: parts[name]() for name in parts if name in asked}
    print(table([row for some in rows.values() for row in some]))
    RESULTS.write_text(json.dumps(results(rows), ensure_ascii=False, indent=1) + "\n", "utf-8")
    readme.write()
    qingyuan.testing.pytest_unconfigure()
    return 0  # a figure over its budget is said in the table; it is no failure of the measuring


def results(measured: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """The whole file: what was measured now in the place of the same part's earlier rows."""
    before: dict[str, list[dict[str, Any]]] = {}
    for row in json.loads(RESULTS.read_text("utf-8"))["rows"]:
        before.setdefault(row["part"], []).append(row)
    now = {name: [{"part": name} | row.as_json() for row in rows] for name, rows in measured.items()}
    stands = before | now
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "rows": [row for some in stands.values() for row in some],
    }


def table(rows: list[Row]) -> str:
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
