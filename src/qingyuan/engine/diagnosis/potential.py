"""What reaching a benchmark would save: energy, water, money, pollutants.

For an indicator stated per unit of output (such as kgce/t) an enterprise whose value is worse than the target t by
g = |value - t| saves g * output * amount, where `amount` converts one unit of the indicator times one unit of output
into tce, m3 or t. For a share of water reused (r percent) the fresh water W at unchanged gross use W / (1 - r/100)
falls by W * (t - r) / (100 - r). Enterprises at the target or better save nothing; none is made worse.

Targets: the benchmark in force at II or I, and the sector's own best quartile (25th percentile of the values, 75th where higher is
better). Potentials of several indicators overlap (total energy holds electricity) and must not be added.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from qingyuan.engine.diagnosis.sector import DiagnosisError, Numbers, Profile, Sector

Resource = Literal["energy", "water", "pollutant"]
Target = Literal["II", "I", "best_quartile"]
TARGETS: Final[tuple[Target, ...]] = ("II", "I", "best_quartile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What an indicator costs: `amount` tce, m3 or t for one unit of it and one unit of the sector's output.

    `reuse`: the indicator is a percentage of water reused; then `amount` is not needed, but each enterprise's water.
    """

    indicator: str
    resource: Resource
    amount: float = 0.0
    pollutant: str = ""
    reuse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Money in CNY per tce, per m3, and per t by pollutant; None or absent where nobody said."""

    energy: float | None = None
    water: float | None = None
    pollutants: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Potential:
    """Yearly. A resource that the indicator does not concern is None; `money_cny` is None without a price.

    `enterprises` would improve; `unknown` are worse than the target or may be, and could not be counted for want of
    output, water or value, or because their value is in doubt.
    """

    indicator: str
    to: Target
    energy_tce: float | None
    water_m3: float | None
    money_cny: float | None
    pollutants: Mapping[str, float]
    enterprises: int
    unknown: int


def potentials(
    sector: Sector,
    uses: Sequence[Use],
    *,
    prices: Prices | None = None,
    water: Numbers | None = None,
    doubtful: Collection[tuple[int, str]] = (),
) -> list[Potential]:
    """Each use to each target. `water` (n,) is the enterprises' fresh water in m3, for shares of reuse.

    `doubtful` are places and indicators whose values are not to be counted: one slip of unit would outweigh a sector.

    Raises DiagnosisError for an amount not above 0 and KeyError for an unknown indicator.
    """
    prices = prices or Prices()
    found = []
    for use in uses:
        profile = sector.profile(use.indicator)
        if not profile.quantitative:
            raise DiagnosisError(f"{use.indicator}: a grade has no amount to save")
        if not use.reuse and not (np.isfinite(use.amount) and use.amount > 0):
            raise DiagnosisError(f"{use.indicator}: amount {use.amount}, expected a number above 0")
        left_out = [place for place, name in doubtful if name == use.indicator]
        found += [
            _potential(sector, profile, use=use, to=to, prices=prices, water=water, left_out=left_out)
            for to in TARGETS
        ]
    return found


def savings(
    sector: Sector, profile: Profile, use: Use, to: Target, *, water: Numbers | None = None
) -> Numbers:
    """(n,) what each enterprise would save; 0 at the target or better, nan where it cannot be known."""
    target = target_of(profile, to)
    gap = target - profile.values if profile.higher else profile.values - target
    if use.reuse:
        fresh = np.full(len(sector.names), np.nan) if water is None else water
        with np.errstate(divide="ignore", invalid="ignore"):
            # A share of 100 % uses no fresh water: nothing is left to save.
            saved = np.where(profile.values >= 100, 0.0, fresh * gap / (100.0 - profile.values))
    else:
        saved = gap * sector.output * use.amount
    return np.where(gap <= 0, 0.0, saved)


def target_of(profile: Profile, to: Target) -> Numbers:
    """(n,) the value to reach, nan where there is none."""
    if to != "best_quartile":
        return profile.limits[0 if to == "I" else 1]
    values = profile.values[np.isfinite(profile.values)]
    best = float(np.quantile(values, 0.75 if profile.higher else 0.25)) if len(values) else np.nan
    return np.full(len(profile.values), best)


def _potential(
    sector: Sector,
    profile: Profile,
    *,
    use: Use,
    to: Target,
    prices: Prices,
    water: Numbers | None,
    left_out: list[int],
) -> Potential:
    saved = savings(sector, profile, use, to, water=water)
    saved[left_out] = np.nan
    applies = profile.reached != -2
    known = np.isfinite(saved)
    total = float(saved[known].sum())
    price = {
        "energy": prices.energy,
        "water": prices.water,
        "pollutant": prices.pollutants.get(use.pollutant),
    }[use.resource]
    return Potential(
        indicator=use.indicator,
        to=to,
        energy_tce=total if use.resource == "energy" else None,
        water_m3=total if use.resource == "water" else None,
        money_cny=None if price is None else total * price,
        pollutants={use.pollutant: total} if use.resource == "pollutant" else {},
        enterprises=int((saved[known] > 0).sum()),
        unknown=int((applies & ~known).sum()),
    )
