"""The measured figures as documents: docs/benchmarks.md whole, README.md the rows with a ratio or a peer.

`python -m bench.readme` writes both from bench/results.json as it stands; nobody types a figure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results.json"
BEGIN, END = "<!-- measured by make bench -->", "<!-- /measured -->"
HEADS = ("work", "CPU", "ratio", "SQL", "budget", "", "peers on the same work")
VERDICTS = {True: "ok", False: "**over**", None: ""}
Found = Mapping[str, Any]


def documents(results: Found) -> dict[Path, str]:
    """Both documents as they should be."""
    rows = results["rows"]
    whole = (
        "# Measured\n\nCPU of the process and its children, best of several runs, on 2 cores"
        f" (Python {results['python']}, {results['machine']}); `make bench` measures and writes this page.\n"
        "A figure over its budget is said as such.\n\n" + table(rows)
    )
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    head, _begin, rest = text.partition(BEGIN)
    _old, _end, tail = rest.partition(END)
    compared = [row for row in rows if "ratio" in row or "peers" in row]
    return {
        ROOT / "docs" / "benchmarks.md": whole,
        readme: f"{head}{BEGIN}\n{table(compared)}{END}{tail}",
    }


def table(rows: Sequence[Found]) -> str:
    lines = [HEADS, tuple("---" for _head in HEADS), *(_line(row) for row in rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _line(row: Found) -> tuple[str, ...]:
    ratio = f"{row['ratio']:g} x {row.get('ratio_to', '')}".strip() if "ratio" in row else ""
    return tuple(
        str(cell).replace("|", "/")
        for cell in (
            row["work"],
            _time(row.get("cpu_ms")),
            ratio,
            row.get("sql", ""),
            row.get("budget", ""),
            VERDICTS[row.get("within")],
            row.get("peers", ""),
        )
    )


def _time(milliseconds: float | None) -> str:
    if milliseconds is None:
        return ""
    return f"{milliseconds / 1000:.3g} s" if milliseconds >= 1000 else f"{milliseconds:.3g} ms"


def stale() -> list[str]:
    """Documents that do not say what the results say."""
    results = json.loads(RESULTS.read_text("utf-8"))
    return [
        path.name
        for path, text in documents(results).items()
        if not path.exists() or path.read_text("utf-8") != text
    ]


def write() -> None:
    for path, text in documents(json.loads(RESULTS.read_text("utf-8"))).items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    write()
