"""From outlets to enterprises: the response of a river to a tonne less of what an enterprise discharges.

The command `river` knows loads that enter it, by outlet. A scheme takes off discharge, by enterprise: its outlets in proportion,
and of each the share that reaches the river.
"""

from __future__ import annotations

import csv
from pathlib import Path

from qingyuan.cli.compute.responses import Coefficient, source_name, write
from qingyuan.workbooks import emissions
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.region import WATER
from qingyuan.workbooks.schema import NA


def by_enterprise(path: Path, stated: Reading) -> None:
    """Rewrite a table of responses by outlet (`path`) as one by enterprise."""
    reaching, whole, owner = _amounts(stated)
    found: dict[tuple[str, str, str], float] = {}
    with path.open(encoding="utf-8-sig", newline="") as opened:
        for row in csv.DictReader(opened):
            source = row["source"]
            if source not in owner:
                continue
            who = owner[source]
            share = reaching[source] / whole[who] if whole[who] > 0 else 0.0
            key = (row["target"], who, row["scenario"])
            found[key] = found.get(key, 0.0) + share * float(row["coefficient"])
    write(
        path,
        (
            Coefficient(target=target, source=source, coefficient=amount, scenario=scenario)
            for (target, source, scenario), amount in found.items()
        ),
    )


def _amounts(stated: Reading) -> tuple[dict[str, float], dict[str, float], dict[str, str]]:
    """Tonnes that reach the river by outlet, tonnes discharged by enterprise, and the enterprise of each outlet;
    names as `outlet:pollutant` and `enterprise:pollutant`.
    """
    counting = emissions.counted(stated)
    reaching: dict[str, float] = {}
    whole: dict[str, float] = {}
    owner: dict[str, str] = {}
    for place, row in enumerate(stated.rows()):
        if place not in counting or row["medium"] != WATER:
            continue
        tonnes = 0.0 if row["discharge_t"] is None or row["discharge_t"] is NA else float(row["discharge_t"])
        share = 1.0 if row["delivery"] is None or row["delivery"] is NA else float(row["delivery"])
        outlet = " ".join(filter(None, (row["enterprise"], row["outlet"])))
        source, who = (source_name(name, row["pollutant"]) for name in (outlet, row["enterprise"]))
        reaching[source] = reaching.get(source, 0.0) + tonnes * share
        whole[who] = whole.get(who, 0.0) + tonnes
        owner[source] = who
    return reaching, whole, owner
