"""What is exchanged: offers, needs, links, facilities; and the plan that comes out. Tonnes a year, kilometres, one money unit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal


class ExchangeError(ValueError):
    """The park contradicts itself; `problems` has every fault, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = tuple(problems)


class SolverFailed(RuntimeError):  # noqa: N818 (it says what happened)
    """The solver gave no answer; the message carries its own status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """By-product or waste that an enterprise can give away.

    `disposal_cost_per_t` is what a tonne costs where it goes today (saved when it is exchanged); `price_per_t` what the
    taker pays the giver, None where nothing is agreed. `quality` by property; a property that is not there never meets
    a limit.
    """

    offer: str
    enterprise: str
    material: str
    quantity_t: float
    disposal_cost_per_t: float = 0.0
    price_per_t: float | None = None
    x_km: float | None = None
    y_km: float | None = None
    quality: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What an enterprise can use: at most `quantity_t`, each tonne worth `value_per_t` (what it buys today).

    `lowest` and `highest` limit the blend that arrives, by property.
    """

    need: str
    enterprise: str
    material: str
    quantity_t: float
    value_per_t: float = 0.0
    x_km: float | None = None
    y_km: float | None = None
    lowest: Mapping[str, float] = field(default_factory=dict)
    highest: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A pair as its owner states it. `net_cost_per_t` is per tonne given (negative: it pays); `rate` (yield): tonnes of the
    need served by a tonne given; `fixed_cost` a year, paid once if anything flows.
    """

    offer: str
    need: str
    net_cost_per_t: float
    rate: float = 1.0
    fixed_cost: float = 0.0
    capacity_t: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A shared facility as one may build it. Options of the same name (sites, steps of capacity) exclude each other.

    A tonne taken of any material of `takes` becomes `rate` (yield) tonnes of `gives`, all of which must find a taker;
    without `gives` it is treated and gone. Costs a year: `fixed_cost` if built, `cost_per_t` per tonne taken.
    """

    facility: str
    takes: tuple[str, ...]
    kind: str = ""
    site: str = ""
    gives: str = ""
    rate: float = 1.0
    capacity_t: float = math.inf
    fixed_cost: float = 0.0
    cost_per_t: float = 0.0
    x_km: float | None = None
    y_km: float | None = None
    quality: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Park:
    """The whole question. `links` None: pairs of one material are computed, `transport_cost` per tonne and kilometre."""

    offers: tuple[Offer, ...]
    needs: tuple[Need, ...]
    links: tuple[Link, ...] | None = None
    facilities: tuple[Facility, ...] = ()
    transport_cost: float = 0.0

    def check(self) -> None:
        """Raises ExchangeError with every fault of numbers, names and references."""
        problems = [
            *_doubled("供给", (one.offer for one in self.offers)),
            *_doubled("需求", (one.need for one in self.needs)),
            *_doubled("链接", ((one.offer, one.need) for one in self.links or ())),
            *_doubled("设施选项", ((one.facility, one.site, one.capacity_t) for one in self.facilities)),
        ]
        _amount(problems, "运输单价", self.transport_cost)
        for offer in self.offers:
            _amount(problems, f"供给 {offer.offer} 的数量", offer.quantity_t)
            _finite(problems, f"供给 {offer.offer}", offer.disposal_cost_per_t, offer.price_per_t or 0.0)
        for need in self.needs:
            _amount(problems, f"需求 {need.need} 的数量", need.quantity_t)
            _finite(problems, f"需求 {need.need}", need.value_per_t)
            problems += [
                f"需求 {need.need}：{name} 的下限 {low:g} 高于上限 {need.highest[name]:g}"
                for name, low in need.lowest.items()
                if low > need.highest.get(name, math.inf)
            ]
        known_offers = {one.offer for one in self.offers}
        known_needs = {one.need for one in self.needs}
        for link in self.links or ():
            if not (
                link.offer in known_offers
                and link.need in known_needs
                and math.isfinite(link.net_cost_per_t)
                and 0 < link.rate < math.inf
                and 0 <= link.fixed_cost < math.inf
                and link.capacity_t >= 0
            ):
                problems += _link_faults(link, known_offers, known_needs)
        for one in self.facilities:
            where = f"设施 {one.facility}"
            problems += [f"{where}：没有写接收什么"] * (not one.takes)
            _finite(problems, where, one.cost_per_t)
            _amount(problems, f"{where} 的得率", one.rate)
            _amount(problems, f"{where} 的固定费用", one.fixed_cost)
            _amount(problems, f"{where} 的能力", one.capacity_t, endless=True)
        if problems:
            raise ExchangeError(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A flow from an offer straight to a need: tonnes given, and tonnes of the need that they serve."""

    offer: str
    need: str
    quantity_t: float
    served_t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A flow into or out of a facility; `end` names the offer, need or facility (`kind`) at the other end."""

    end: str
    kind: Literal["offer", "need", "facility"]
    quantity_t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A facility that the plan builds, with what it takes and gives."""

    facility: str
    kind: str
    site: str
    capacity_t: float | None
    taken_t: float
    given_t: float
    fixed_cost: float
    cost: float
    takes: tuple[Leg, ...]
    gives: tuple[Leg, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What an enterprise gains a year; `before_compensation` by prices and shares alone (may be below 0)."""

    enterprise: str
    gain: float
    before_compensation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something implausible: `kind` for programs, `message` for people."""

    kind: str
    where: str
    message: str


Scope = Literal["full", "restricted"]
Status = Literal["done", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan. `bound`: no plan costs less (of all pairs where scope is full, of those looked at where restricted)."""

    status: Status
    matches: tuple[Match, ...]
    facilities: tuple[Built, ...]
    objective: float
    bound: float
    gap: float
    verified: bool
    scope: Scope
    repeatable: bool
    by_enterprise: tuple[Gain, ...]
    flags: tuple[Flag, ...]
    broken: tuple[str, ...] = ()
    pairs: int = 0
    pairs_seen: int = 0


def _link_faults(link: Link, offers: AbstractSet[str], needs: AbstractSet[str]) -> list[str]:
    where, problems = f"链接 {link.offer}→{link.need}", []
    problems += [f"{where}：没有供给 {link.offer}"] * (link.offer not in offers)
    problems += [f"{where}：没有需求 {link.need}"] * (link.need not in needs)
    _finite(problems, where, link.net_cost_per_t)
    problems += [f"{where}：得率须为大于 0 的数"] * (not 0 < link.rate < math.inf)
    _amount(problems, f"{where} 的固定费用", link.fixed_cost)
    _amount(problems, f"{where} 的能力", link.capacity_t, endless=True)
    return problems


def _doubled(what: str, keys: Iterable[object]) -> list[str]:
    keys = list(keys)
    if len(set(keys)) == len(keys):
        return []
    seen: set[object] = set()
    problems = []
    for key in keys:
        if key in seen:
            problems.append(f"{what} {key} 重复")
        seen.add(key)
    return problems


def _amount(problems: list[str], what: str, value: float, *, endless: bool = False) -> None:
    if not (value >= 0 and (endless or math.isfinite(value))):
        problems.append(f"{what} {value:g}：应为不小于 0 的数")


def _finite(problems: list[str], what: str, *values: float) -> None:
    problems += [f"{what}：{value} 不是有限的数" for value in values if not math.isfinite(value)]
