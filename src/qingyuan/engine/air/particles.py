"""PM2.5 at receptors from emissions by transfer coefficients, with nitrate that either ammonia or NOx holds back.

    C_r = background_r + sum over emissions e of a_re E_e                            ug/m3, a in ug/m3 per t/a

Coefficients are marginal ones of a chemical transport model or a source-receptor table (SHERPA, GAINS). A coefficient
with a regime counts only where that regime rules. Nitrate forms as far as both precursors reach: of the two regimes'
sums, each not below 0, the lesser rules (GAINS: Amann et al. 2011, Environ. Model. Softw. 26:1489), unless it is stated
which one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
ALWAYS = -1
UNSTATED = -1


class AirError(ValueError):
    """An argument for which the response has no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Coefficients as triplets: `ug_m3_per_t[k]` at `receptor[k]` from `emission[k]`, in `regime[k]` or ALWAYS."""

    receptor: Places
    emission: Places
    ug_m3_per_t: Numbers
    regime: Places

    def __post_init__(self) -> None:
        sizes = {len(self.receptor), len(self.emission), len(self.ug_m3_per_t), len(self.regime)}
        if len(sizes) > 1:
            raise AirError(f"transfer: expected arrays of one length, found {sorted(sizes)}")
        if not np.isfinite(self.ug_m3_per_t).all():
            raise AirError("transfer: expected finite coefficients")


@dataclass(frozen=True, slots=True, kw_only=True)
class Particles:
    """`pm25_ug_m3` (receptors,), `by_group` the same split over groups (receptors, groups), without background.

    `regime` is the one that rules at each receptor, UNSTATED where no coefficient asks for one.
    """

    pm25_ug_m3: Numbers
    by_group: Numbers
    regime: Places


def particles(
    transfer: Transfer,
    t_per_year: Numbers,
    *,
    receptors: int,
    group: Places,
    groups: int,
    background_ug_m3: Numbers | None = None,
    stated: Places | None = None,
    regimes: int = 0,
) -> Particles:
    """PM2.5 at `receptors` places. `group` sorts the emissions (by pollutant, say) into `groups` for the split.

    `stated` gives per receptor the regime that rules, or UNSTATED: then the lesser of the sums does. `regimes` is how
    many there are, where not every one has a coefficient.
    """
    if len(t_per_year) != len(group):
        raise AirError(f"emissions: {len(t_per_year)} amounts, {len(group)} groups")
    amount = transfer.ug_m3_per_t * t_per_year[transfer.emission]
    cell = transfer.receptor * groups + group[transfer.emission]
    regimes = max(regimes, int(transfer.regime.max(initial=ALWAYS)) + 1)

    def split(rows: npt.NDArray[np.bool_]) -> Numbers:
        found = np.bincount(cell[rows], weights=amount[rows], minlength=receptors * groups)
        return np.asarray(found, dtype=np.float64).reshape(receptors, groups)

    always = split(transfer.regime == ALWAYS)
    ruling = np.full(receptors, UNSTATED, dtype=np.intp)
    if regimes:
        each = np.stack([split(transfer.regime == one) for one in range(regimes)])
        asked = np.stack(
            [
                np.bincount(transfer.receptor[transfer.regime == one], minlength=receptors) > 0
                for one in range(regimes)
            ]
        )
        sums = each.sum(axis=2)
        ruling = _ruling(sums, asked, stated)
        chosen = np.flatnonzero(ruling != UNSTATED)
        part = each[ruling[chosen], chosen]
        whole = sums[ruling[chosen], chosen]
        free = np.ones(len(chosen), dtype=bool) if stated is None else stated[chosen] == UNSTATED
        part[free & (whole < 0)] = 0.0  # less nitrate than none there is not
        always[chosen] += part
    total = always.sum(axis=1)
    if background_ug_m3 is not None:
        total = total + background_ug_m3
    return Particles(pm25_ug_m3=total, by_group=always, regime=ruling)


def _ruling(sums: Numbers, asked: npt.NDArray[np.bool_], stated: Places | None) -> Places:
    """Per receptor the stated regime, else the one with the least sum among those that have coefficients there."""
    ruling = np.argmin(np.where(asked, np.maximum(sums, 0.0), np.inf), axis=0)
    ruling[~asked.any(axis=0)] = UNSTATED
    if stated is not None:
        if (stated >= len(sums)).any():
            raise AirError("a receptor states a regime that no coefficient has")
        ruling = np.where(stated != UNSTATED, stated, ruling)
    return ruling.astype(np.intp)


def ap3_nitrate(
    nox_ug_m3: Sequence[float] | Numbers,
    nh3_ug_m3: Sequence[float] | Numbers,
    so4_ug_m3: Sequence[float] | Numbers,
) -> Numbers:
    """Particulate nitrate, ug/m3, of the AP3 model's polynomial; arguments are concentrations in ug/m3.

    Free ammonium is what sulfate leaves: n = max(NH4/18 - 1.5 SO4/96, 1e-20); h = NOx/62;
    NO3 = 62 * 0.6509 (0.33873 h + 0.121008 n + 3.511482 h n). Cutting SO2 frees ammonium and raises nitrate.
    """
    acid = np.asarray(nox_ug_m3, dtype=np.float64) / 62
    free = np.maximum(
        np.asarray(nh3_ug_m3, dtype=np.float64) / 18 - 1.5 * np.asarray(so4_ug_m3, dtype=np.float64) / 96,
        1e-20,
    )
    return np.asarray(62 * 0.6509 * (0.33873 * acid + 0.121008 * free + 3.511482 * acid * free))
