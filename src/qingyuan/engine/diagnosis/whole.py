"""The whole diagnosis of a sector from one set of columns: what `qingyuan diagnose` does, for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Final

import numpy as np

from qingyuan.engine.diagnosis.bundles import Bundle, bundles
from qingyuan.engine.diagnosis.checks import flags
from qingyuan.engine.diagnosis.effort import Assumptions, Effort, effort
from qingyuan.engine.diagnosis.frontier import Score, frontier
from qingyuan.engine.diagnosis.gaps import Gap, gaps
from qingyuan.engine.diagnosis.plausibility import Flag, Tolerances
from qingyuan.engine.diagnosis.potential import Potential, Prices, Use, potentials
from qingyuan.engine.diagnosis.replication import Replication, Reported, replications
from qingyuan.engine.diagnosis.sample import Sample, sample
from qingyuan.engine.diagnosis.sector import DiagnosisError, Numbers, Sector

NOT_COUNTED: Final = frozenset(
    {"unit_slip", "part_of_whole", "percentage", "carnot", "absolute_zero", "saved_beyond_used"}
)
"""Flags after which a figure is left out of potentials and replication."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to look; every figure comes from the caller. `sample_size` None: `sample_share` of the sector, rounded up."""

    bundle_level: str
    bundle_min_support: float
    bundle_min_lift: float
    bundle_max_size: int
    bundle_most: int
    replicate_level: str
    sample_size: int | None
    sample_share: float
    sample_radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPump:
    """A scheme's claim; temperatures in °C."""

    measure: str
    place: int | None
    cop: float
    source_c: float
    sink_c: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A sector with everything that is known of its n enterprises.

    `amounts` (n,) by name are yearly totals: energy_tce, electricity_kwh, water_m3, mass_in_t, mass_out_t, stated_closure_pct;
    `emissions` and `statistics` in t by pollutant; `carriers_tce` (n,) the energy by its carriers; nan where unknown.
    `inputs` and `outputs` by name are the frontier's. `levels` (n,) as rated here and `stated_levels` (n,) as the enterprises' own
    reports say ("" where they do not), both empty where there is no rating.
    """

    sector: Sector
    sectors: Sequence[str]
    processes: Sequence[str]
    strata: Sequence[str]
    options: Options
    tolerances: Tolerances
    assumptions: Assumptions
    amounts: Mapping[str, Numbers] = field(default_factory=dict)
    emissions: Mapping[str, Numbers] = field(default_factory=dict)
    statistics: Mapping[str, Numbers] = field(default_factory=dict)
    carriers_tce: Numbers | None = None
    inputs: Mapping[str, Numbers] = field(default_factory=dict)
    outputs: Mapping[str, Numbers] = field(default_factory=dict)
    uses: Sequence[Use] = ()
    prices: Prices = field(default_factory=Prices)
    reported: Sequence[Reported] = ()
    stated_levels: Sequence[str] = ()
    levels: Sequence[str | None] = ()
    heat_pumps: Sequence[HeatPump] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Diagnosis:
    """The answers, enterprises by place. `frontier` has no entries where inputs or outputs lack.

    `bundles` are the first of `bundles_found`.
    """

    gaps: Sequence[Gap]
    bundles: Sequence[Bundle]
    bundles_found: int
    potential: Sequence[Potential]
    replication: Sequence[Replication]
    frontier: Sequence[Score]
    sample: Sample
    effort: Effort
    flags: Sequence[Flag]


def diagnose(case: Case, *, tick: Callable[[int], object] | None = None) -> Diagnosis:
    """Everything; `tick` as in `frontier`. Raises DiagnosisError where the options contradict the data."""
    count = len(case.sector.names)
    if not count:
        raise DiagnosisError("no enterprises")
    options = case.options
    drawn = sample(
        case.sector, count=sample_size(count, options), strata=case.strata, radius=options.sample_radius
    )
    raised = flags(case)
    doubtful = doubts(case, raised)
    scores: Sequence[Score] = ()
    if case.inputs and case.outputs:
        scores = frontier(
            _columns(case.inputs, doubtful),
            _columns(case.outputs, doubtful),
            tick=tick,
        )
    together = bundles(
        case.sector,
        level=options.bundle_level,
        min_support=options.bundle_min_support,
        min_lift=options.bundle_min_lift,
        max_size=options.bundle_max_size,
    )
    return Diagnosis(
        gaps=gaps(case.sector),
        bundles=together[: options.bundle_most],
        bundles_found=len(together),
        potential=potentials(
            case.sector,
            case.uses,
            prices=case.prices,
            water=case.amounts.get("water_m3"),
            doubtful=doubtful,
        ),
        replication=replications(
            case.sector,
            [_sound(one, doubtful) for one in case.reported],
            sectors=case.sectors,
            processes=case.processes,
            level=options.replicate_level,
        ),
        frontier=scores,
        sample=drawn,
        effort=effort(count, len(drawn.chosen), case.assumptions),
        flags=raised,
    )


def doubts(case: Case, raised: Sequence[Flag]) -> set[tuple[int, str]]:
    """Places with the indicators and schemes whose figures a flag calls a slip or impossible: nothing is built on them."""
    places = {name: place for place, name in enumerate(case.sector.names)}
    return {
        (places.get(flag.enterprise or "", -1), flag.where) for flag in raised if flag.rule in NOT_COUNTED
    }


def _columns(figures: Mapping[str, Numbers], doubtful: set[tuple[int, str]]) -> Numbers:
    """A figure in doubt is unknown: one slip of unit would carry the whole frontier away."""
    table = np.column_stack(list(figures.values()))
    for column, name in enumerate(figures):
        table[[place for place, where in doubtful if where == name and place >= 0], column] = np.nan
    return table


def _sound(one: Reported, doubtful: set[tuple[int, str]]) -> Reported:
    """A scheme whose claim is impossible is listed, but nothing is scaled from it."""
    place = -1 if one.place is None else one.place
    return replace(one, output=None) if (place, one.measure) in doubtful else one


def sample_size(count: int, options: Options) -> int:
    """How many of `count` to audit in depth."""
    if options.sample_size is not None:
        if not 1 <= options.sample_size <= count:
            raise DiagnosisError(f"sample of {options.sample_size} from {count} enterprises")
        return options.sample_size
    # The share is a decimal: 0.1 of 30 are 3, whatever 0.1 * 30 is in binary.
    return min(max(ceil(round(options.sample_share * count, 9)), 1), count)
