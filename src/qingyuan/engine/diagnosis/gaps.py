"""How far a sector is from each level: failing shares with their intervals, and the spread of the values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from qingyuan.engine.diagnosis.sector import DiagnosisError, Profile, Sector
from qingyuan.engine.indices.system import LEVELS

Z95: Final = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One indicator. Shares are fractions of the judged enterprises; None where nothing is judged or known.

    `ci95` by level: the Wilson interval of the share. `output_share_failing`: the share of the judged output (where it
    is known) that failing enterprises make. `p25`, `p50`, `p75`: quartiles of the values, by linear interpolation.
    `judged`, `missing`, `not_applicable` count enterprises.
    """

    id: str
    title: str
    unit: str
    judged: int
    missing: int
    not_applicable: int
    failing: Mapping[str, int]
    share_failing: Mapping[str, float | None]
    ci95: Mapping[str, tuple[float, float] | None]
    output_share_failing: Mapping[str, float | None]
    p25: float | None
    p50: float | None
    p75: float | None


def gaps(sector: Sector) -> list[Gap]:
    """The gap of every indicator, in their order."""
    return [_gap(profile, sector) for profile in sector.profiles]


def wilson(failing: int, judged: int, *, z: float = Z95) -> tuple[float, float]:
    """The score interval of a share (Wilson, JASA 22, 1927): sound for small numbers and for shares of 0 and 1.

    Raises DiagnosisError unless 0 <= failing <= judged and judged > 0.
    """
    if not 0 <= failing <= judged or judged <= 0:
        raise DiagnosisError(f"{failing} of {judged} is no share")
    share = failing / judged
    scale = 1 + z * z / judged
    middle = (share + z * z / (2 * judged)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / judged + z * z / (4 * judged * judged))
    low = 0.0 if failing == 0 else max(middle - half, 0.0)
    high = 1.0 if failing == judged else min(middle + half, 1.0)
    return low, high


def _gap(profile: Profile, sector: Sector) -> Gap:
    judged = int(profile.judged.sum())
    failing: dict[str, int] = {level: int(profile.fails(level).sum()) for level in LEVELS}
    output = np.where(np.isfinite(sector.output), sector.output, 0.0)
    whole = float(output[profile.judged].sum())
    values = profile.values[np.isfinite(profile.values)] if profile.quantitative else np.zeros(0)
    quartiles = [float(one) for one in np.quantile(values, (0.25, 0.5, 0.75))] if len(values) else [None] * 3
    return Gap(
        id=profile.id,
        title=profile.title,
        unit=profile.unit,
        judged=judged,
        missing=int((profile.reached == -1).sum()),
        not_applicable=int((profile.reached == -2).sum()),
        failing=failing,
        share_failing={level: count / judged if judged else None for level, count in failing.items()},
        ci95={level: wilson(count, judged) if judged else None for level, count in failing.items()},
        output_share_failing={
            level: float(output[profile.fails(level)].sum()) / whole if whole > 0 else None
            for level in LEVELS
        },
        p25=quartiles[0],
        p50=quartiles[1],
        p75=quartiles[2],
    )
