"""Heat between enterprises: which surplus feeds which need, at which level, over which links. A mixed integer programme.

Every enterprise first recovers its own heat; what is left over below its pinch and needed above it stands on a common
ladder of shifted temperatures (profiles.py). A link carries heat from places of one enterprise to places at or below
them of another (transshipment: Papoulias and Grossmann 1983), loses length x loss_kw_per_m while it is in use, costs
its fixed cost a year and its cost per kWh delivered. A link with a heat pump also lifts heat upwards: it takes
w (1 - 1/COP) at the lower place and delivers w at the higher one, and only between places where its COP is not above
Carnot's for the whole of both (sink at its top, source at its bottom). COP <= T/(T - T0) is T0 >= T (1 - 1/COP), which
rises with T: seen from that temperature heat "falls" through a pump too, and the same cascade serves.

With a value of heat: least cost a year = fixed + transport + power - value of heat delivered. Without: first the most
hot utility saved net of the pumps' power, then the least cost at that saving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from qingyuan.engine.heat.carnot import carnot_cop
from qingyuan.engine.heat.cascade import Target, target
from qingyuan.engine.heat.mip import Model, Solved, SolverFailed, relaxed, solve
from qingyuan.engine.heat.profiles import Ladder, amounts, kinks, ladder
from qingyuan.engine.heat.streams import ABSOLUTE_ZERO_C, Numbers, Streams


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A possible link. `fixed_cost` in money a year, `cop` (above 1) where it has a heat pump."""

    source: str
    sink: str
    length_m: float = 0.0
    loss_kw_per_m: float = 0.0
    fixed_cost: float = 0.0
    cost_per_kwh: float = 0.0
    cop: float | None = None
    power_cost_per_kwh: float = 0.0

    @property
    def loss_kw(self) -> float:
        """What it loses while it is in use, kW."""
        return self.length_m * self.loss_kw_per_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Heat at one level of a link: from and to shifted temperatures (hottest, coldest), degC; kW delivered."""

    from_c: tuple[float, float]
    to_c: tuple[float, float]
    heat_kw: float
    heat_pump: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A link that is used, kW: taken from the source (with the loss), delivered, lost, and power of its heat pump."""

    source: str
    sink: str
    taken_kw: float
    delivered_kw: float
    loss_kw: float
    power_kw: float
    cost_per_year: float
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """The answer. `aim` is `cost` (money a year, least) or `heat` (kW saved net of power, most; then least cost).

    `objective`, `bound`, `gap` are of the aim; `cost_per_year` and `cost_bound` of the costs (for `heat` at the most heat).
    """

    aim: str
    objective: float
    bound: float
    gap: float
    cost_per_year: float
    cost_bound: float
    saved_kw: float
    matches: tuple[Match, ...]
    impossible_pumps: tuple[tuple[str, str, float, float], ...]
    targets: Mapping[str, Target]
    verified: bool
    stopped: bool
    repeatable: bool


@dataclass(slots=True)
class Way:
    """The variables of one link: whether it is used; by place, what is taken and given, drawn by the pump and lifted."""

    link: Link
    used: int
    take: dict[int, int] = field(default_factory=dict)
    give: dict[int, int] = field(default_factory=dict)
    draw: dict[int, int] = field(default_factory=dict)
    lift: dict[int, int] = field(default_factory=dict)


def match(
    streams: Mapping[str, Streams],
    links: Sequence[Link],
    *,
    hours: float = 8000.0,
    heat_value: float | None = None,
    gap: float = 1e-6,
    nodes: int | None = None,
    seconds: float | None = None,
) -> Matching:
    """The best use of the links between enterprises, whose streams are given by name.

    `hours` a year; `heat_value` money per kWh of hot utility saved. Raises KeyError for a link to an unknown
    enterprise, SolverFailed if HiGHS fails.
    """
    from qingyuan.engine.heat.matchcheck import check

    targets = {name: target(mine) for name, mine in streams.items()}
    sources, sinks = {link.source for link in links}, {link.sink for link in links}
    places = ladder(_levels(targets, links))
    spare = {name: amounts(targets[name], places, need=False) for name in sorted(sources)}
    need = {name: amounts(targets[name], places, need=True) for name in sorted(sinks)}
    model, ways, barred = Model(), [], []
    for link in links:
        way = _way(model, link, spare[link.source], need[link.sink], places)
        if way is not None:
            ways.append(way)
        if link.cop is not None and (way is None or not way.lift):
            limit = _best_cop(spare[link.source], need[link.sink], places)
            if link.cop > limit and np.isfinite(limit):
                barred.append((link.source, link.sink, link.cop, limit))
    _shared(model, ways, spare, need)
    money = _costs(model, ways, hours=hours, value=heat_value or 0.0)
    limits = {"gap": gap, "nodes": nodes, "seconds": seconds}
    if heat_value is None:
        saving = _savings(model, ways)
        first = _solve(model, -saving, limits, np.zeros(len(model.cost)))
        held = [(int(k), float(saving[k])) for k in np.flatnonzero(saving)]
        floor = max(-first.objective * (1.0 - 1e-10), 0.0)
        model.row(held, low=floor)
        try:
            second = _solve(model, money, limits, first.x)
        except SolverFailed:  # a limit came before anything better than the first answer
            second = replace(
                first, objective=float(money @ first.x), bound=relaxed(model, money), stopped=True
            )
        objective, bound, aim = -first.objective, -first.bound, "heat"
        last, runs = second, [first, second]
    else:
        last = _solve(model, money, limits, np.zeros(len(model.cost)))
        objective, bound, aim = last.objective, last.bound, "cost"
        runs = [last]
    matches = tuple(_match(way, last.x, places, hours) for way in ways if last.x[way.used] > 0.5)
    matches = tuple(one for one in matches if one.delivered_kw > 0)
    saved = sum(one.delivered_kw - one.power_kw for one in matches)
    return Matching(
        aim=aim,
        objective=objective,
        bound=bound,
        gap=abs(objective - bound) / max(abs(objective), 1e-9),
        cost_per_year=float(money @ last.x),
        cost_bound=last.bound,
        saved_kw=saved,
        matches=matches,
        impossible_pumps=tuple(barred),
        targets=targets,
        verified=check(
            streams, targets, matches, {(way.link.source, way.link.sink): way.link for way in ways}
        ),
        stopped=any(run.stopped for run in runs),
        repeatable=not any(run.by_time for run in runs),
    )


def _levels(targets: Mapping[str, Target], links: Sequence[Link]) -> Numbers:
    """Temperatures at which a surplus or a need bends, and those that a heat pump just reaches from or to them."""
    found = [np.zeros(0)]
    given = {name: kinks(targets[name], need=False) for name in {link.source for link in links}}
    taken = {name: kinks(targets[name], need=True) for name in {link.sink for link in links}}
    for link in links:
        low, high = given[link.source], taken[link.sink]
        found += [low, high]
        if link.cop is not None and len(low) and len(high):
            share = _reach(link.cop)
            up = (low - ABSOLUTE_ZERO_C) / share + ABSOLUTE_ZERO_C
            down = (high - ABSOLUTE_ZERO_C) * share + ABSOLUTE_ZERO_C
            found.append(np.floor(up[(up > high[0]) & (up < high[-1])] * 1e6) / 1e6)
            found.append(np.ceil(down[(down > low[0]) & (down < low[-1])] * 1e6) / 1e6)
    return np.concatenate(found)


def _reach(cop: float) -> float:
    """A source may be colder than the sink by this factor (K): a hair stricter than Carnot, against rounding."""
    return (1.0 - 1.0 / cop) * (1.0 + 1e-12)


def _solve(model: Model, cost: Numbers, limits: Mapping[str, object], start: Numbers | None) -> Solved:
    if not model.cost:
        return Solved(x=np.zeros(0), objective=0.0, bound=0.0, stopped=False, by_time=False)
    return solve(model, cost=cost, start=start, **limits)  # type: ignore[arg-type]


def _way(model: Model, link: Link, spare: Numbers, need: Numbers, places: Ladder) -> Way | None:
    """The columns and rows of one link; None if it could deliver nothing."""
    sources, sinks = np.flatnonzero(spare).tolist(), np.flatnonzero(need).tolist()
    total = float(spare.sum())
    most = min(_most(spare, need), max(total - link.loss_kw, 0.0))
    steps = _pump_order(link, sources, sinks, places)
    if most + len(steps) == 0 or total <= link.loss_kw:
        return None
    way = Way(link=link, used=model.column(upper=1.0, whole=True))
    for place in sources:
        # Heat from below all needs can only be the heat that is lost.
        useful = float(spare[place]) if place <= sinks[-1] else min(float(spare[place]), link.loss_kw)
        if useful > 0 and (most > 0 or link.loss_kw > 0):
            way.take[place] = model.column(upper=useful)
    if most > 0:
        way.give = {place: model.column(upper=min(float(need[place]), most)) for place in sinks}
    order = sorted([(place, 0) for place in way.take] + [(place, 1) for place in way.give])
    _cascade(model, order, (way.take, way.give), share=1.0, upper=total, lost=(way.used, link.loss_kw))
    if way.give:
        model.row([*((column, 1.0) for column in way.give.values()), (way.used, -most)], high=0.0)
        for column in way.give.values():
            model.row([(column, 1.0), (way.used, -model.upper[column])], high=0.0)
    if steps:
        assert link.cop is not None
        share = 1.0 - 1.0 / link.cop
        way.draw = {place: model.column(upper=float(spare[place])) for place, kind in steps if kind == 0}
        way.lift = {place: model.column(upper=float(need[place])) for place, kind in steps if kind == 1}
        _cascade(model, steps, (way.draw, way.lift), share=share, upper=total, lost=None)
        wanted = min(float(need[list(way.lift)].sum()), total / share)
        model.row([*((column, 1.0) for column in way.lift.values()), (way.used, -wanted)], high=0.0)
    return way


def _cascade(
    model: Model,
    order: Sequence[tuple[int, int]],
    columns: tuple[dict[int, int], dict[int, int]],
    *,
    share: float,
    upper: float,
    lost: tuple[int, float] | None,
) -> None:
    """What has been taken so far covers `share` of what has been delivered so far; what is left at the end is lost."""
    terms: list[tuple[int, float]] = []
    for turn, (place, kind) in enumerate(order):
        terms.append((columns[kind][place], (1.0, -share)[kind]))
        # Between two deliveries nothing is taken: the cover at the later one is the lesser.
        if kind == 1 and (turn + 1 == len(order) or order[turn + 1][1] == 0):
            carried = model.column(upper=upper)
            model.row([*terms, (carried, -1.0)], low=0.0, high=0.0)
            terms = [(carried, 1.0)]
    if terms:
        rest = [(lost[0], -lost[1])] if lost else []
        model.row([*terms, *rest], low=0.0, high=0.0)


def _most(spare: Numbers, need: Numbers) -> float:
    """The most that can pass downwards from one profile to another, without loss."""
    missing = np.maximum.accumulate(np.concatenate(([0.0], np.cumsum(need) - np.cumsum(spare))))
    return float(need.sum() - missing[-1])


def _pump_order(
    link: Link, sources: Sequence[int], sinks: Sequence[int], places: Ladder
) -> list[tuple[int, int]]:
    """(place, 0 drawn or 1 lifted) in the order in which a pump passes heat, without places it cannot use."""
    if link.cop is None:
        return []
    at = [(-float(places.bottom_c[place]), 0, place) for place in sources]
    reach = _reach(link.cop)
    at += [
        (-((float(places.top_c[place]) - ABSOLUTE_ZERO_C) * reach + ABSOLUTE_ZERO_C), 1, place)
        for place in sinks
    ]
    at.sort()
    first = next((k for k, one in enumerate(at) if one[1] == 0), len(at))
    last = next((k for k in reversed(range(len(at))) if at[k][1] == 1), -1)
    return [(place, kind) for _level, kind, place in at[first : last + 1]]


def _best_cop(spare: Numbers, need: Numbers, places: Ladder) -> float:
    """The highest that Carnot allows between the hottest surplus and the coldest need; infinite without a lift."""
    sources, sinks = np.flatnonzero(spare), np.flatnonzero(need)
    if not len(sources) or not len(sinks):
        return float("inf")
    source, sink = float(places.bottom_c[sources[0]]), float(places.top_c[sinks[-1]])
    return carnot_cop(source_c=source, sink_c=sink)


def _shared(
    model: Model, ways: Sequence[Way], spare: Mapping[str, Numbers], need: Mapping[str, Numbers]
) -> None:
    """All links of an enterprise together take no more than it has and deliver no more than it needs, at each place."""
    taken: dict[tuple[str, int], list[tuple[int, float]]] = {}
    given: dict[tuple[str, int], list[tuple[int, float]]] = {}
    for way in ways:
        for place, column in way.take.items():
            taken.setdefault((way.link.source, place), []).append((column, 1.0))
        for place, column in way.give.items():
            given.setdefault((way.link.sink, place), []).append((column, 1.0))
        for place, column in way.draw.items():
            taken.setdefault((way.link.source, place), []).append((column, 1.0))
        for place, column in way.lift.items():
            given.setdefault((way.link.sink, place), []).append((column, 1.0))
    for (name, place), terms in taken.items():
        model.row(terms, high=float(spare[name][place]))
    for (name, place), terms in given.items():
        model.row(terms, high=float(need[name][place]))


def _costs(model: Model, ways: Sequence[Way], *, hours: float, value: float) -> Numbers:
    """Money a year of each column."""
    cost = np.zeros(len(model.cost))
    for way in ways:
        cost[way.used] = way.link.fixed_cost
        for column in way.give.values():
            cost[column] = hours * (way.link.cost_per_kwh - value)
        for column in way.lift.values():
            assert way.link.cop is not None
            power = way.link.power_cost_per_kwh / way.link.cop
            cost[column] = hours * (way.link.cost_per_kwh + power - value)
    return cost


def _savings(model: Model, ways: Sequence[Way]) -> Numbers:
    """Hot utility saved by each column, net of power, kW per kW."""
    saving = np.zeros(len(model.cost))
    for way in ways:
        saving[list(way.give.values())] = 1.0
        for column in way.lift.values():
            assert way.link.cop is not None
            saving[column] = 1.0 - 1.0 / way.link.cop
    return saving


def _match(way: Way, x: Numbers, places: Ladder, hours: float) -> Match:
    link, cop = way.link, way.link.cop or 1.0
    small = 1e-9 * max((float(x[k]) for k in (*way.give.values(), *way.lift.values())), default=1.0)
    direct = sorted([(place, 0) for place in way.take] + [(place, 1) for place in way.give])
    levels = _pair_up(direct, (way.take, way.give), x, places, share=1.0, small=small)
    if way.lift:
        steps = _pump_order(link, list(way.draw), list(way.lift), places)
        share = 1.0 - 1.0 / cop
        levels += _pair_up(steps, (way.draw, way.lift), x, places, share=share, small=small)
    delivered = sum(one.heat_kw for one in levels)
    pumped = sum(one.heat_kw for one in levels if one.heat_pump)
    power = pumped / cop if pumped else 0.0
    cost = link.fixed_cost + hours * (link.cost_per_kwh * delivered + link.power_cost_per_kwh * power)
    return Match(
        source=link.source,
        sink=link.sink,
        taken_kw=delivered - power + link.loss_kw,
        delivered_kw=delivered,
        loss_kw=link.loss_kw,
        power_kw=power,
        cost_per_year=cost,
        levels=tuple(levels),
    )


def _span(places: Ladder, place: int) -> tuple[float, float]:
    return float(places.top_c[place]), float(places.bottom_c[place])


def _pair_up(
    order: Sequence[tuple[int, int]],
    columns: tuple[dict[int, int], dict[int, int]],
    x: Numbers,
    places: Ladder,
    *,
    share: float,
    small: float,
) -> list[Level]:
    """The hottest taken to the hottest delivered, and so on; what is left over at the end is the loss."""
    offers: list[tuple[int, float]] = []
    levels: list[Level] = []
    for place, kind in order:
        amount = float(x[columns[kind][place]])
        if kind == 0 and amount > small:
            offers.append((place, amount))
        while kind == 1 and amount > small and offers:
            source, left = offers.pop(0)
            heat = min(amount, left / share)
            spans = _span(places, source), _span(places, place)
            levels.append(Level(from_c=spans[0], to_c=spans[1], heat_kw=heat, heat_pump=share < 1))
            amount -= heat
            if left - heat * share > small:
                offers.insert(0, (source, left - heat * share))
    return levels
