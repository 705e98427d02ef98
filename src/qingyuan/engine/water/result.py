"""The whole: targets, pinches and a network that reaches them, checked on another path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qingyuan.engine.water.cascade import Cascade, cascade
from qingyuan.engine.water.check import check
from qingyuan.engine.water.mixing import Mixed, arcs_of, free_outlets, makers, mix, outlet_limits
from qingyuan.engine.water.neighbours import nearest
from qingyuan.engine.water.parts import (
    FRESH,
    GRAMS,
    WASTE,
    Demand,
    Infeasible,
    Link,
    Numbers,
    Plant,
    Process,
    Source,
    Unit,
    Unreachable,
    plant,
)
from qingyuan.engine.water.pooling import pool
from qingyuan.engine.water.programme import NoSolution

MOST_ARCS = 60_000
"""Above this a plant of one contaminant without units gets its network by nearest neighbours, not by a programme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitUse:
    """What a regeneration unit treats, t/h, and its cost an hour."""

    unit: str
    flow: float
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterPlan:
    """The result. `pinches` and `composite` [(ppm, kg/h)] for one contaminant; `composites` for each of several.

    `bound`: no network needs less freshwater. `closed` False: stopped at a limit before bound and network met.
    """

    freshwater: float
    wastewater: float
    without_reuse: float | None
    pinches: tuple[float, ...]
    composite: list[tuple[float, float]]
    composites: dict[str, list[tuple[float, float]]]
    network: tuple[Link, ...]
    units: tuple[UnitUse, ...]
    bound: float
    gap: float
    verified: bool
    closed: bool
    boxes: int


def water(
    *,
    processes: Sequence[Process] = (),
    sources: Sequence[Source] = (),
    demands: Sequence[Demand] = (),
    units: Sequence[Unit] = (),
    fresh_ppm: float = 0.0,
) -> WaterPlan:
    """The least freshwater and a network that reaches it. Raises WaterError, Infeasible (with its certificate)."""
    whole = plant(processes=processes, sources=sources, demands=demands, units=units, fresh_ppm=fresh_ppm)
    single = len(whole.contaminants) == 1
    target = _cascade(whole, 0) if single else None
    boxes, closed = 0, True
    if target is not None and not len(whole.units):
        if not target.feasible:
            raise Infeasible(*certificate(whole))
        links, bound = _reached(whole, target)
    else:
        try:
            if free_outlets(whole).any():
                pooled = pool(whole)
                mixed, bound, boxes, closed = pooled.best, pooled.bound, pooled.boxes, pooled.closed
            else:
                mixed = mix(whole, arcs_of(whole), outlet_limits(whole))
                bound = mixed.bound
        except NoSolution:
            raise Infeasible(*certificate(whole)) from None
        links = _links(whole, mixed)
    checked = check(whole, links)
    freshwater, wastewater = checked.freshwater, checked.wastewater
    bound = min(bound, freshwater)
    composites = {name: _cascade(whole, kind).composite for kind, name in enumerate(whole.contaminants)}
    return WaterPlan(
        freshwater=freshwater,
        wastewater=wastewater,
        without_reuse=_without_reuse(whole),
        pinches=_pinches(whole, target, links) if single and target else (),
        composite=target.composite if target else [],
        composites={} if single else composites,
        network=tuple(links),
        units=tuple(_unit_use(whole, links)),
        bound=bound,
        gap=abs(freshwater - bound) / max(abs(freshwater), 1e-9),
        verified=checked.verified,
        closed=closed,
        boxes=boxes,
    )


def _streams(whole: Plant, kind: int) -> dict[str, Numbers]:
    """Everything as sources and demands: processes at their limits, of their limiting flow for this contaminant."""
    with np.errstate(divide="ignore", invalid="ignore"):
        span = whole.outlet[:, kind] - whole.inlet[:, kind]
        flow = np.where(whole.load[:, kind] > 0, whole.load[:, kind] * GRAMS / span, 0.0)
    return {
        "supply": np.concatenate([whole.supply, flow]),
        "supply_ppm": np.concatenate([whole.supply_ppm[:, kind], whole.outlet[:, kind]]),
        "wanted": np.concatenate([whole.wanted, flow]),
        "wanted_ppm": np.concatenate([whole.wanted_ppm[:, kind], whole.inlet[:, kind]]),
    }


def _cascade(whole: Plant, kind: int) -> Cascade:
    return cascade(**_streams(whole, kind), fresh=float(whole.fresh[kind]))


def _reached(whole: Plant, target: Cascade) -> tuple[list[Link], float]:
    """One contaminant, no units: the cascade is the proof, a programme or nearest neighbours the network."""
    arcs = (1 + len(whole.sources) + makers(whole)) * (len(whole.demands) + makers(whole))
    if arcs <= MOST_ARCS:
        return _links(whole, mix(whole, arcs_of(whole), outlet_limits(whole))), target.freshwater
    streams = _streams(whole, 0)
    givers = [*whole.sources, *whole.processes]
    takers = [*whole.demands, *whole.processes]
    found = nearest(**streams, fresh=float(whole.fresh[0]), freshwater=target.freshwater)
    links = [
        Link(tail=FRESH if giver < 0 else givers[giver], head=takers[taker], flow=flow)
        for giver, taker, flow in found
    ]
    return _with_waste(whole, links), target.freshwater


def _links(whole: Plant, mixed: Mixed) -> list[Link]:
    givers = [FRESH, *whole.sources, *whole.processes, *whole.units]
    takers = [*whole.demands, *whole.processes, *whole.units]
    arcs = mixed.arcs
    links = [
        Link(
            tail=givers[int(arcs.giver[place])],
            head=takers[int(arcs.taker[place])],
            flow=float(mixed.flow[place]),
        )
        for place in np.flatnonzero(mixed.flow > 0)
    ]
    return _with_waste(whole, links)


def _with_waste(whole: Plant, links: list[Link]) -> list[Link]:
    """Every giver's rest goes to the wastewater."""
    rest = dict(zip(whole.sources, whole.supply.tolist(), strict=True))
    inside = {*whole.processes, *whole.units}
    rest |= dict.fromkeys([*whole.processes, *whole.units], 0.0)
    for one in links:
        if one.head in inside and one.head in rest:
            rest[one.head] += one.flow
        if one.tail in rest:
            rest[one.tail] -= one.flow
    largest = max([*whole.supply.tolist(), *(one.flow for one in links)], default=0.0)
    wasted = [Link(tail=name, head=WASTE, flow=flow) for name, flow in rest.items() if flow > 1e-9 * largest]
    return [*links, *wasted]


def _pinches(whole: Plant, target: Cascade, links: Sequence[Link]) -> tuple[float, ...]:
    """With units: of the streams and of the treated water as one more source; what the units take may be ever so dirty."""
    if not len(whole.units):
        return target.pinches
    streams = _streams(whole, 0)
    outlets = {name: float(ppm) for name, ppm in zip(whole.units, _unit_ppm(whole, links), strict=True)}
    treated = {
        name: sum(one.flow for one in links if one.tail == name and one.head != WASTE) for name in outlets
    }
    streams["supply"] = np.concatenate([streams["supply"], [treated[name] for name in outlets]])
    streams["supply_ppm"] = np.concatenate([streams["supply_ppm"], [outlets[name] for name in outlets]])
    return cascade(**streams, fresh=float(whole.fresh[0])).pinches


def _unit_ppm(whole: Plant, links: Sequence[Link]) -> Numbers:
    ppm: Numbers = check(whole, links).ppm[1 + len(whole.sources) + len(whole.processes) :, 0]
    return ppm


def _unit_use(whole: Plant, links: Sequence[Link]) -> list[UnitUse]:
    uses = []
    for name, cost in zip(whole.units, whole.cost.tolist(), strict=True):
        flow = sum(one.flow for one in links if one.head == name)
        uses.append(UnitUse(unit=name, flow=flow, cost=flow * cost))
    return uses


def _without_reuse(whole: Plant) -> float | None:
    """Freshwater for everybody; None where freshwater is too dirty for somebody."""
    clean = (whole.fresh[None, :] <= np.vstack([whole.wanted_ppm, whole.inlet])).all()
    if not clean:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        flow = np.where(whole.load > 0, whole.load * GRAMS / (whole.outlet - whole.fresh), 0.0)
    return float(whole.wanted.sum() + flow.max(axis=1, initial=0.0).sum())


def certificate(whole: Plant) -> tuple[list[Unreachable], str]:
    """What cannot be met even if it had all the clean water for itself; else that they cannot all be met together."""
    found = []
    names = [*whole.demands, *whole.processes]
    flows = np.concatenate([whole.wanted, whole.limiting])
    limits = np.vstack([whole.wanted_ppm, whole.inlet])
    for kind, contaminant in enumerate(whole.contaminants):
        regenerated = whole.fixed[:, kind][np.isfinite(whole.fixed[:, kind]) & (whole.capacity > 0)]
        if (~np.isfinite(whole.fixed[:, kind]) & (whole.kept[:, kind] < 1)).any():
            regenerated = np.append(regenerated, 0.0)
        endless = min(float(whole.fresh[kind]), float(regenerated.min(initial=np.inf)))
        for name, flow, limit in zip(names, flows.tolist(), limits[:, kind].tolist(), strict=True):
            least = _cleanest(whole.supply, whole.supply_ppm[:, kind], flow, endless)
            if least > limit * (1 + 1e-12):
                label = name if len(whole.contaminants) == 1 else f"{name}:{contaminant}"
                found.append(Unreachable(target=label, required=limit, reachable=least))
    joint = "" if found else "每一处单独都能满足，但清洁的水不够同时满足所有各处"
    return found, joint


def _cleanest(supply: Numbers, ppm: Numbers, flow: float, endless: float) -> float:
    """The least ppm at which `flow` can be mixed from sources and endless water."""
    order = np.argsort(ppm, kind="stable")
    left, mass = flow, 0.0
    for place in order.tolist():
        if ppm[place] >= endless or left <= 0:
            break
        taken = min(left, float(supply[place]))
        mass += taken * float(ppm[place])
        left -= taken
    return (mass + left * endless) / flow if flow > 0 else endless
