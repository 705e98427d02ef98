"""Which other enterprises a proven scheme fits, and what it would save there.

A scheme fits an enterprise of its sector and process (where it names them) that fails the scheme's indicator at the level in question (where it names one)
and does not have the scheme yet. What it saves goes with the output: saving there = saving here / output here * output there, from the
median of the enterprises that report it. Where an output is unknown the enterprise is listed, but nothing is counted for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from qingyuan.engine.diagnosis.sector import DiagnosisError, Sector, Truths

AMOUNTS = ("saving_cny", "invest_cny", "om_cny", "energy_tce", "electricity_kwh", "water_m3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A scheme as one enterprise or a library reports it. `place` of the enterprise, None for a library.

    `output` is what the amounts go with, in the sector's unit; amounts are yearly (investment once), None where unknown. `saving_cny` is gross.
    """

    measure: str
    place: int | None = None
    sector: str = ""
    process: str = ""
    indicator: str = ""
    output: float | None = None
    amounts: Mapping[str, float | None] = field(default_factory=dict)
    effects: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """Where a scheme fits (`places`), what it saves there in all, and for how many of them that is counted.

    `made` is the output of those counted, `typical_invest_cny` the median of the reported investments. Amounts are None where no report gives one; `effects` in t by pollutant. `reports` counts the rows it rests on.
    """

    measure: str
    indicators: tuple[str, ...]
    places: tuple[int, ...]
    counted: int
    made: float
    reports: int
    typical_invest_cny: float | None
    amounts: Mapping[str, float | None]
    effects: Mapping[str, float]


def replications(
    sector: Sector,
    reported: Sequence[Reported],
    *,
    sectors: Sequence[str],
    processes: Sequence[str],
    level: str = "II",
) -> list[Replication]:
    """Each scheme by name, the largest saving first, then the most places. Schemes that fit nowhere are listed too.

    Raises DiagnosisError for attributes of another length, KeyError for an unknown indicator.
    """
    count = len(sector.names)
    if len(sectors) != count or len(processes) != count:
        raise DiagnosisError("sectors and processes must have one entry an enterprise")
    grouped: dict[str, list[Reported]] = {}
    for one in reported:
        grouped.setdefault(one.measure, []).append(one)
    found = []
    for measure, rows in grouped.items():
        fits = np.zeros(count, dtype=np.bool_)
        for row in rows:
            fits |= _fits(sector, row, sectors, processes, level)
        for row in rows:
            if row.place is not None:
                fits[row.place] = False
        found.append(_scaled(sector, measure, rows, fits))
    return sorted(found, key=lambda one: (-(one.amounts["saving_cny"] or 0.0), -len(one.places), one.measure))


def _fits(
    sector: Sector, row: Reported, sectors: Sequence[str], processes: Sequence[str], level: str
) -> Truths:
    fits = np.ones(len(sector.names), dtype=np.bool_)
    for wanted, have in ((row.sector, sectors), (row.process, processes)):
        if wanted:
            fits &= np.array([_plain(one) == _plain(wanted) for one in have], dtype=np.bool_)
    if row.indicator:
        fits &= sector.profile(row.indicator).fails(level)
    return fits


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _scaled(sector: Sector, measure: str, rows: Sequence[Reported], fits: Truths) -> Replication:
    outputs = sector.output[fits]
    known = np.isfinite(outputs)
    made = float(outputs[known].sum())
    based = [row for row in rows if row.output is not None and row.output > 0]

    invested = [amount for row in rows if (amount := row.amounts.get("invest_cny")) is not None]

    def of(amounts: Sequence[tuple[Reported, float | None]]) -> float | None:
        rates = [
            amount / row.output for row, amount in amounts if amount is not None and row.output is not None
        ]
        return median(rates) * made if rates else None

    effects = {
        name: value
        for name in dict.fromkeys(name for row in rows for name in row.effects)
        if (value := of([(row, row.effects.get(name)) for row in based])) is not None
    }
    return Replication(
        measure=measure,
        indicators=tuple(dict.fromkeys(row.indicator for row in rows if row.indicator)),
        places=tuple(np.flatnonzero(fits).tolist()),
        counted=int(known.sum()) if based else 0,
        made=made,
        reports=len(rows),
        typical_invest_cny=median(invested) if invested else None,
        amounts={name: of([(row, row.amounts.get(name)) for row in based]) for name in AMOUNTS},
        effects=effects,
    )
