"""Total site: every enterprise by itself, then what their utilities can pass from one to another.

Each enterprise recovers its own heat and takes its utilities against its own grand composite curve. What one raises
in a utility of kind `both` (steam, hot water) displaces what others use of it, or of a colder one by letting it down
(Dhole and Linnhoff 1993; Klemes et al. 1997). The cascade runs over the utilities' own temperatures, without a further
temperature difference: the contributions are in the processes' and utilities' curves already.
Without any utilities the enterprises exchange heat directly, as if they were one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qingyuan.engine.heat import programme
from qingyuan.engine.heat.cascade import Target, target
from qingyuan.engine.heat.streams import NO_SPREAD_K, Numbers, Streams
from qingyuan.engine.heat.utilities import Duty, NotEnough, Placement, Utility, place, shares


class SiteNotEnough(ValueError):  # noqa: N818 (it says what is the case)
    """Where the utilities do not reach, by enterprise."""

    def __init__(self, shortfalls: Sequence[tuple[str, NotEnough]]) -> None:
        super().__init__("; ".join(f"{name}: {short}" for name, short in shortfalls))
        self.shortfalls = tuple(shortfalls)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseTarget:
    """One enterprise by itself, kW."""

    enterprise: str
    hot_utility_kw: float
    cold_utility_kw: float
    recovery_kw: float
    utilities: tuple[Duty, ...]
    target: Target
    placement: Placement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One utility on the whole site, kW: used by all, raised by all, and what of each the exchange took away."""

    utility: str
    used_kw: float
    raised_kw: float
    displaced_kw: float
    passed_on_kw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTarget:
    """The whole site, kW. `gain_kw`: what it needs less of than all enterprises by themselves. `via`: how heat passes.

    `grand_composite` (m, 2) is the site utility grand composite: the net flow through the utilities' own temperatures
    (empty where heat passes directly). `verified`: its problem table asks for exactly the utility that the letting
    down leaves.
    """

    enterprises: tuple[EnterpriseTarget, ...]
    hot_utility_kw: float
    cold_utility_kw: float
    utilities: tuple[Duty, ...]
    levels: tuple[Level, ...]
    gain_kw: float
    via: str
    grand_composite: Numbers
    verified: bool


def total_site(streams: Mapping[str, Streams], utilities: Sequence[Utility] = ()) -> SiteTarget:
    """Targets of each enterprise (by name) and of the site. Raises SiteNotEnough with every enterprise's shortfall."""
    alone, short = [], []
    for name, mine in streams.items():
        found = target(mine)
        placed = None
        try:
            placed = place(mine, found, utilities) if utilities else None
        except NotEnough as error:
            short.append((name, error))
            continue
        alone.append(
            EnterpriseTarget(
                enterprise=name,
                hot_utility_kw=found.hot_utility_kw,
                cold_utility_kw=found.cold_utility_kw,
                recovery_kw=found.recovery_kw,
                utilities=placed.duties if placed else (),
                target=found,
                placement=placed,
            )
        )
    if short:
        raise SiteNotEnough(short)
    hot, cold = sum(one.hot_utility_kw for one in alone), sum(one.cold_utility_kw for one in alone)
    if not utilities:
        first, *others = streams.values() or [Streams.of([], [], duty_kw=[])]
        gain = max(hot - target(first.joined(*others)).hot_utility_kw, 0.0)
        return _site(alone, hot=hot, cold=cold, gain=gain, utilities=(), levels=(), known=(), via="direct")
    levels = _levels(alone, utilities)
    gain = sum(level.displaced_kw for level in levels)
    left = _net(levels, utilities)
    return _site(
        alone, hot=hot, cold=cold, gain=gain, utilities=left, levels=levels, known=utilities, via="utilities"
    )


def _site(
    alone: Sequence[EnterpriseTarget],
    *,
    hot: float,
    cold: float,
    gain: float,
    utilities: tuple[Duty, ...],
    levels: tuple[Level, ...],
    known: Sequence[Utility],
    via: str,
) -> SiteTarget:
    tolerance = 1e-9 * max(hot, cold)
    left_hot, left_cold = hot - gain, cold - gain
    curve, verified = _utility_cascade(levels, known) if levels else (np.zeros((0, 2)), True)
    return SiteTarget(
        enterprises=tuple(alone),
        hot_utility_kw=left_hot if left_hot > tolerance else 0.0,
        cold_utility_kw=left_cold if left_cold > tolerance else 0.0,
        utilities=utilities,
        levels=levels,
        gain_kw=gain if gain > tolerance else 0.0,
        via=via,
        grand_composite=curve,
        verified=verified,
    )


def _utility_cascade(levels: Sequence[Level], utilities: Sequence[Utility]) -> tuple[Numbers, bool]:
    """The problem table of the utilities alone: raised ones give, used ones take, at their own temperatures."""
    rows = []
    for level, one in zip(levels, utilities, strict=True):
        low, high = sorted((one.t_supply_c, one.t_target_c))
        rows.append((low, high, level.used_kw, False))
        rows.append((high, low, level.raised_kw if one.kind == "both" else 0.0, True))
    supply, end, duty, hot = (np.array(values) for values in zip(*rows, strict=True))
    found = target(Streams.of(supply, end, duty_kw=duty, hot=hot, dt_cont_k=0.0))
    left = sum(level.used_kw - level.displaced_kw for level in levels)
    near = 1e-8 * float(duty.sum()) + 1e-9
    return found.grand_composite, abs(found.hot_utility_kw - left) <= near


def _levels(alone: Sequence[EnterpriseTarget], utilities: Sequence[Utility]) -> tuple[Level, ...]:
    placements = [one.placement for one in alone if one.placement]
    used = np.array([sum(each.duty(one.utility, "hot") for each in placements) for one in utilities])
    raised = np.array([sum(each.duty(one.utility, "cold") for each in placements) for one in utilities])
    both = np.array([one.kind == "both" for one in utilities])
    displaced, passed = _let_down(utilities, used, np.where(both, raised, 0.0))
    return tuple(
        Level(
            utility=one.utility,
            used_kw=float(used[k]),
            raised_kw=float(raised[k]),
            displaced_kw=float(displaced[k]),
            passed_on_kw=float(passed[k]),
        )
        for k, one in enumerate(utilities)
    )


def _let_down(utilities: Sequence[Utility], used: Numbers, raised: Numbers) -> tuple[Numbers, Numbers]:
    """How much of each use is displaced, and how much of what each utility raised does it.

    Most heat first, then most money, then the hottest uses, then from the coldest raised levels.
    """
    n, scale = len(utilities), float(max(used.max(initial=0.0), raised.max(initial=0.0)))
    if not used.any() or not raised.any():
        return np.zeros(n), np.zeros(n)
    ends = np.array([sorted((one.t_supply_c, one.t_target_c)) for one in utilities])
    low, high = ends[:, 0], ends[:, 1]
    low = np.where(high - low < NO_SPREAD_K, high, low)
    price = np.array([one.cost_per_kwh or 0.0 for one in utilities])
    if (low == high).all():
        return _let_down_levels(high, price, used, raised)
    under, upto = shares(np.unique(ends), high, low)
    above = np.vstack((1.0 - upto, 1.0 - under))
    rows = np.vstack((np.hstack((above, -above)), np.concatenate((np.ones(n), -np.ones(n)))[None, :]))
    exact = np.full(len(rows), np.nan)
    exact[-1] = 0.0
    mean = (high + low) / 2
    warmth = 1.0 + mean - mean.min()
    none = np.zeros(n)
    aims = [
        np.concatenate((-np.ones(n), none)),
        np.concatenate((-price, none)),
        np.concatenate((-warmth, none)),
        np.concatenate((none, warmth)),
    ]
    amounts, _bound = programme.in_order(
        aims,
        rows=rows,
        at_most=np.zeros(len(rows)),
        equal_to=exact,
        upper=np.concatenate((used, raised)) / scale,
    )
    amounts = np.round(amounts, 12) * scale
    return np.minimum(amounts[:n], used), np.minimum(amounts[n:], raised)


def _let_down_levels(
    level: Numbers, price: Numbers, used: Numbers, raised: Numbers
) -> tuple[Numbers, Numbers]:
    """The same in closed form for utilities of one temperature each.

    What can be displaced is a matroid (sources reach all colder uses, so their reaches are nested): the dearest use
    first, each as far as the sources above it and above all colder uses have room. Then the hottest use takes from
    the coldest source that reaches it.
    """
    displaced, passed = np.zeros(len(level)), np.zeros(len(level))
    for k in np.lexsort((-level, -price)):
        below = np.unique(level[(level <= level[k]) & (used > 0)])
        room = [float(raised[level >= t].sum() - displaced[level >= t].sum()) for t in below]
        displaced[k] = min([float(used[k]), *room])
    for k in np.argsort(-level, kind="stable"):
        open_kw = float(displaced[k])
        for source in np.argsort(level, kind="stable"):
            if level[source] >= level[k] and open_kw > 0:
                taken = min(open_kw, float(raised[source] - passed[source]))
                passed[source] += taken
                open_kw -= taken
    return displaced, passed


def _net(levels: Sequence[Level], utilities: Sequence[Utility]) -> tuple[Duty, ...]:
    """What the site still needs of each utility, and what it still raises or gives off."""
    duties = []
    for level, one in zip(levels, utilities, strict=True):
        scale = 1e-9 * max(level.used_kw, level.raised_kw)
        used, raised = level.used_kw - level.displaced_kw, level.raised_kw - level.passed_on_kw
        used, raised = (used if used > scale else 0.0), (raised if raised > scale else 0.0)
        if one.kind == "hot" or used or (one.kind == "both" and not raised):
            duties.append(Duty(utility=level.utility, kind="hot", duty_kw=used))
        if one.kind == "cold" or raised:
            duties.append(Duty(utility=level.utility, kind="cold", duty_kw=raised))
    return tuple(duties)
