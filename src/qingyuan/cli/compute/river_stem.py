"""The longest way down a river, for a profile along it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from qingyuan.workbooks.read import Reading


def stem(reaches: Reading) -> list[dict[str, Any]]:
    """The longest way down to an outlet: its reaches with the km at which each begins and ends."""
    down: dict[str, str] = {}
    length: dict[str, float] = {}
    for row in reaches.rows():
        down[str(row["reach"])] = str(row["down"] or "")
        length[str(row["reach"])] = float(row["length_m"])
    above = Counter(name for name in down.values() if name)
    best: list[str] = []
    reach = 0.0
    for head in (name for name in down if not above[name]):
        way, at = [], head
        while at in down:
            way.append(at)
            at = down[at]
        total = sum(length[name] for name in way)
        if total > reach:
            best, reach = way, total
    found, km = [], 0.0
    for name in best:
        found.append({"reach": name, "from_km": km, "to_km": km + length[name] / 1000})
        km += length[name] / 1000
    return found
