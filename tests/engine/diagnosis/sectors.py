"""Small sectors for the tests, invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from qingyuan.engine.diagnosis import Sector, sector_of
from qingyuan.engine.indices import Data, IndexSystem, rate
from qingyuan.engine.indices.expressions import parse
from qingyuan.engine.indices.system import Group, Indicator


def indicator(name: str, bounds: Sequence[float], *, higher: bool = False, unit: str = "kgce/t") -> Indicator:
    levels = ("I", "II", "III")
    return Indicator(
        id=name,
        title=name,
        unit=unit,
        kind="quantitative",
        higher=higher,
        stated=frozenset(levels),
        benchmarks={level: parse(str(bound)) for level, bound in zip(levels, bounds, strict=True)},
    )


def sector(
    columns: Mapping[str, Sequence[float | str | None]],
    *,
    bounds: Sequence[float] = (1, 2, 3),
    output: Sequence[float] | None = None,
    higher: Sequence[str] = (),
) -> Sector:
    """Indicators with the same benchmarks; None blank, "na" does not apply."""
    rows = len(next(iter(columns.values())))
    own = tuple(
        indicator(name, bounds[::-1] if name in higher else bounds, higher=name in higher) for name in columns
    )
    system = IndexSystem(id="s", title="s", groups=(Group(id="g", title="g", weight=None, indicators=own),))
    cells = {
        name: [Decimal(str(one)) if isinstance(one, int | float) else one for one in column]
        for name, column in columns.items()
    }
    rating = rate(system, Data.of(cells, rows=rows), indicators_only=True)
    made = np.full(rows, np.nan) if output is None else np.array(output, dtype=float)
    return sector_of(rating, names=[f"企业{k + 1}" for k in range(rows)], output=made)
