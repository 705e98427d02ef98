"""What is given about the water of a park: sources, demands, processes, regeneration units. Flows t/h, ppm = g/t, loads kg/h."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

FRESH, WASTE = "freshwater", "wastewater"
GRAMS = 1000.0
"""Grams in a kilogram: load [kg/h] * GRAMS / ppm = flow [t/h]."""


class WaterError(ValueError):
    """The table contradicts itself: a process whose outlet is no dirtier than its inlet, a flow below 0 …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """A limit that no mixing can meet: `target` requires `required` ppm, and `reachable` is the least there is."""

    target: str
    required: float
    reachable: float


class Infeasible(WaterError):  # noqa: N818 (an answer, not a malfunction)
    """No water meets the limits. `joint` says so where each limit alone could be met."""

    def __init__(self, certificate: Sequence[Unreachable], joint: str = "") -> None:
        super().__init__(joint or "；".join(one.target for one in certificate))
        self.certificate = tuple(certificate)
        self.joint = joint


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """Fixed load: takes up `load` kg/h a contaminant; inlet and outlet no dirtier than the limits. Its flow is free."""

    name: str
    load: Mapping[str, float]
    inlet: Mapping[str, float]
    outlet: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Fixed flow: `flow` t/h at `ppm` is there to be used or discharged."""

    name: str
    flow: float
    ppm: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Fixed flow: takes `flow` t/h, no dirtier than `ppm`."""

    name: str
    flow: float
    ppm: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Regeneration: outlet at `outlet` ppm, or `removal` (0 to 1) of what comes in; other contaminants pass through."""

    name: str
    outlet: Mapping[str, float] = field(default_factory=dict)
    removal: Mapping[str, float] = field(default_factory=dict)
    capacity: float = math.inf
    cost: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`flow` t/h of the network."""

    tail: str
    head: str
    flow: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """The whole as arrays. Rows: sources (S), demands (D), processes (P), units (U); columns: contaminants (K).

    `fresh` (K,). Units: `kept` (U, K) is the share of a contaminant that stays, `fixed` (U, K) the outlet, nan if none.
    """

    contaminants: tuple[str, ...]
    fresh: Numbers
    sources: tuple[str, ...]
    supply: Numbers
    supply_ppm: Numbers
    demands: tuple[str, ...]
    wanted: Numbers
    wanted_ppm: Numbers
    processes: tuple[str, ...]
    load: Numbers
    inlet: Numbers
    outlet: Numbers
    units: tuple[str, ...]
    kept: Numbers
    fixed: Numbers
    capacity: Numbers
    cost: Numbers

    @property
    def limiting(self) -> Numbers:
        """(P,) t/h: the flow that takes up each load between the limits; no process ever needs more."""
        span = self.outlet - self.inlet
        with np.errstate(divide="ignore", invalid="ignore"):
            flow = np.where(self.load > 0, self.load * GRAMS / span, 0.0)
        found: Numbers = flow.max(axis=1, initial=0.0)
        return found


def plant(
    *,
    processes: Sequence[Process] = (),
    sources: Sequence[Source] = (),
    demands: Sequence[Demand] = (),
    units: Sequence[Unit] = (),
    fresh_ppm: float = 0.0,
) -> Plant:
    """The arrays. Processes without any load take no water and are left out, as are empty flows. Raises WaterError."""
    names = dict.fromkeys(
        name
        for mapping in [
            *(one.load for one in processes),
            *(one.ppm for one in sources),
            *(one.ppm for one in demands),
        ]
        for name in mapping
    )
    contaminants = tuple(names)
    count = len(contaminants)
    if not (math.isfinite(fresh_ppm) and fresh_ppm >= 0):
        raise WaterError(f"fresh_ppm {fresh_ppm}: expected a number not below 0")
    _check(processes, sources, demands, units, contaminants)

    def table(mappings: Sequence[Mapping[str, float]], default: float = 0.0) -> Numbers:
        rows = [[one.get(name, default) for name in contaminants] for one in mappings]
        return np.array(rows, np.float64).reshape(len(rows), count)

    processes = [one for one in processes if any(load > 0 for load in one.load.values())]
    sources = [one for one in sources if one.flow > 0]
    demands = [one for one in demands if one.flow > 0]
    return Plant(
        contaminants=contaminants,
        fresh=np.full(count, fresh_ppm),
        sources=tuple(one.name for one in sources),
        supply=np.array([one.flow for one in sources], np.float64),
        supply_ppm=table([one.ppm for one in sources]),
        demands=tuple(one.name for one in demands),
        wanted=np.array([one.flow for one in demands], np.float64),
        wanted_ppm=table([one.ppm for one in demands]),
        processes=tuple(one.name for one in processes),
        load=table([one.load for one in processes]),
        inlet=table([one.inlet for one in processes]),
        outlet=table([one.outlet for one in processes]),
        units=tuple(one.name for one in units),
        kept=1.0 - table([one.removal for one in units]),
        fixed=table([one.outlet for one in units], np.nan),
        capacity=np.array([one.capacity for one in units], np.float64),
        cost=np.array([one.cost for one in units], np.float64),
    )


def _check(
    processes: Sequence[Process],
    sources: Sequence[Source],
    demands: Sequence[Demand],
    units: Sequence[Unit],
    contaminants: Sequence[str],
) -> None:
    for one in processes:
        for name in contaminants:
            if name not in one.load or name not in one.inlet or name not in one.outlet:
                raise WaterError(f"{one.name}: no {name}")
            load, low, high = one.load[name], one.inlet[name], one.outlet[name]
            if not all(math.isfinite(value) and value >= 0 for value in (load, low, high)):
                raise WaterError(f"{one.name}: expected numbers not below 0")
            if high < low or (high == low and load > 0):
                raise WaterError(f"{one.name}: the outlet limit must be above the inlet limit")
    streams: list[Source | Demand] = [*sources, *demands]
    for stream in streams:
        if any(name not in stream.ppm for name in contaminants):
            raise WaterError(f"{stream.name}: a contaminant is missing")
        if not all(math.isfinite(value) and value >= 0 for value in (stream.flow, *stream.ppm.values())):
            raise WaterError(f"{stream.name}: expected numbers not below 0")
    for unit in units:
        if set(unit.outlet) & set(unit.removal) or not {*unit.outlet, *unit.removal} <= set(contaminants):
            raise WaterError(f"{unit.name}: one of outlet and removal, for contaminants of the table")
        if any(not 0 <= value <= 1 for value in unit.removal.values()) or unit.capacity < 0:
            raise WaterError(f"{unit.name}: expected removals from 0 to 1, a capacity not below 0")
