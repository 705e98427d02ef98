"""The PM2.5 response of the air as the table that `qingyuan select` reads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qingyuan.cli.compute.air_input import AirTables, Emissions, canonical
from qingyuan.cli.compute.responses import Coefficient, source_name
from qingyuan.cli.compute.river_input import value
from qingyuan.engine.air import ALWAYS, Particles, Transfer


def coefficients(
    tables: AirTables, emitted: Emissions, made: Transfer, found: Particles
) -> Iterator[Coefficient]:
    """ug/m3 at each receptor per t/a less of each enterprise and pollutant, in the nitrate regime that rules now.

    An enterprise with several sources of one pollutant is cut at all of them in proportion; one without a name goes by
    its source's.
    """
    sources = tables.sources
    keys: dict[tuple[str, str], int] = {}
    owner = np.empty(len(sources), dtype=np.intp)
    names: list[str] = []
    for row in range(len(sources)):
        who = value(sources, "enterprise", row) or sources.columns["source"][row]
        key = (who, canonical(sources.columns["pollutant"][row]))
        owner[row] = keys.setdefault(key, len(keys))
        if len(keys) > len(names):
            names.append(source_name(who, emitted.pollutants[emitted.group[row]]))
    whole = np.bincount(owner, weights=emitted.t_per_year, minlength=len(keys))[owner]
    count = np.bincount(owner, minlength=len(keys))[owner]
    share = np.divide(emitted.t_per_year, whole, out=1.0 / count, where=whole > 0)
    rules = (made.regime == ALWAYS) | (made.regime == found.regime[made.receptor])
    cell = made.receptor[rules] * len(keys) + owner[made.emission[rules]]
    amount = made.ug_m3_per_t[rules] * share[made.emission[rules]]
    total = np.bincount(cell, weights=amount, minlength=0)
    receptors = tables.receptors.columns["receptor"]
    for place in np.unique(cell).tolist():
        yield Coefficient(
            target=receptors[place // len(keys)],
            source=names[place % len(keys)],
            coefficient=float(total[place]),
        )
