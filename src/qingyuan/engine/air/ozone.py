"""Ozone as a function of the region's NOx and VOC, each as a ratio to the base year's emissions.

Three forms, one interface: a table with a spline that never leaves the range of its neighbours, a polynomial in the
relative changes (pf-RSM), and second-order sensitivities (HDDM: Cohan & Napelenok 2011, Atmosphere 2:407). None answers
outside the range for which it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from qingyuan.engine.air.particles import AirError, Numbers

_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """The ratios for which a surface answers, bounds included."""

    nox_low: float
    nox_high: float
    voc_low: float
    voc_high: float

    def holds(self, nox_ratio: Numbers, voc_ratio: Numbers) -> npt.NDArray[np.bool_]:
        """Whether the points lie inside, up to rounding; nan does not."""
        return np.asarray(
            (nox_ratio >= self.nox_low - _ROUNDING)
            & (nox_ratio <= self.nox_high + _ROUNDING)
            & (voc_ratio >= self.voc_low - _ROUNDING)
            & (voc_ratio <= self.voc_high + _ROUNDING)
        )

    def __str__(self) -> str:
        return f"NOx {self.nox_low:g}–{self.nox_high:g}, VOC {self.voc_low:g}–{self.voc_high:g} (ratios to the base)"


class OutsideSurface(AirError):  # noqa: N818 - named for what is wrong
    """A point for which the surface was not made; `domain` says for which it was."""

    def __init__(self, domain: Domain, nox_ratio: float, voc_ratio: float) -> None:
        super().__init__(f"NOx {nox_ratio:g}, VOC {voc_ratio:g} lies outside {domain}")
        self.domain = domain
        self.nox_ratio, self.voc_ratio = nox_ratio, voc_ratio


class Surface(Protocol):
    """Ozone over NOx and VOC."""

    @property
    def domain(self) -> Domain: ...

    def at(self, nox_ratio: Numbers | float, voc_ratio: Numbers | float) -> Numbers:
        """O3 in ppb; arguments broadcast. Raises OutsideSurface if any point lies outside the domain."""
        ...


def _inside(
    domain: Domain, nox_ratio: Numbers | float, voc_ratio: Numbers | float
) -> tuple[Numbers, Numbers]:
    """The arguments as arrays of one shape, put on the bounds where rounding led beyond them."""
    nox, voc = np.broadcast_arrays(
        np.asarray(nox_ratio, dtype=np.float64), np.asarray(voc_ratio, dtype=np.float64)
    )
    outside = np.flatnonzero(~domain.holds(nox, voc))
    if outside.size:
        raise OutsideSurface(domain, float(nox.flat[outside[0]]), float(voc.flat[outside[0]]))
    return np.clip(nox, domain.nox_low, domain.nox_high), np.clip(voc, domain.voc_low, domain.voc_high)


@dataclass(frozen=True, slots=True)
class Grid:
    """A full table: `o3_ppb[i, j]` at `nox_ratio[i]`, `voc_ratio[j]`, both rising.

    Piecewise cubic, shape-preserving (Fritsch & Carlson 1980): first along VOC in every row, then along NOx. It meets
    every entry, stays within the four entries around a point, and along NOx rises and falls only where they do.
    """

    nox_ratio: Numbers
    voc_ratio: Numbers
    o3_ppb: Numbers

    def __post_init__(self) -> None:
        for name, axis in (("nox_ratio", self.nox_ratio), ("voc_ratio", self.voc_ratio)):
            if axis.ndim != 1 or not len(axis) or not (np.diff(axis) > 0).all():
                raise AirError(f"{name}: expected rising values")
        if (
            self.o3_ppb.shape != (len(self.nox_ratio), len(self.voc_ratio))
            or not np.isfinite(self.o3_ppb).all()
        ):
            raise AirError(
                f"o3_ppb: expected a full table of {len(self.nox_ratio)} x {len(self.voc_ratio)} numbers"
            )

    @property
    def domain(self) -> Domain:
        return Domain(
            nox_low=float(self.nox_ratio[0]),
            nox_high=float(self.nox_ratio[-1]),
            voc_low=float(self.voc_ratio[0]),
            voc_high=float(self.voc_ratio[-1]),
        )

    def at(self, nox_ratio: Numbers | float, voc_ratio: Numbers | float) -> Numbers:
        nox, voc = _inside(self.domain, nox_ratio, voc_ratio)
        wanted, back = np.unique(voc.reshape(-1), return_inverse=True)
        rows = _along(self.voc_ratio, self.o3_ppb.T, wanted)  # (wanted, NOx rows)
        found = np.empty(nox.size)
        flat = nox.reshape(-1)
        for place in range(len(wanted)):
            mine = back == place
            found[mine] = _along(self.nox_ratio, rows[place], flat[mine])
        return found.reshape(nox.shape)

    def mesh(self, nox_ratio: Numbers, voc_ratio: Numbers) -> Numbers:
        """O3 in ppb at every pair, (len(nox_ratio), len(voc_ratio)): as `at`, faster."""
        nox, voc = _inside(self.domain, nox_ratio[:, None], voc_ratio[None, :])
        rows = _along(self.voc_ratio, self.o3_ppb.T, voc[0])
        return _along(self.nox_ratio, rows.T, nox[:, 0])


def _along(axis: Numbers, values: Numbers, wanted: Numbers) -> Numbers:
    """Shape-preserving cubic along the first axis of `values`; a single entry is constant."""
    from scipy.interpolate import PchipInterpolator

    if len(axis) == 1:
        return np.repeat(values[:1], len(wanted), axis=0)
    with np.errstate(over="ignore"):  # slopes near the smallest number, whose harmonic mean is then 0
        return np.asarray(PchipInterpolator(axis, values, axis=0)(wanted), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Polynomial:
    """O3 = sum of coefficient (nox_ratio - 1)^i (voc_ratio - 1)^j over `terms` {(i, j): ppb}; (0, 0) is the base's."""

    terms: Mapping[tuple[int, int], float]
    domain: Domain

    def at(self, nox_ratio: Numbers | float, voc_ratio: Numbers | float) -> Numbers:
        nox, voc = _inside(self.domain, nox_ratio, voc_ratio)
        total = np.zeros(nox.shape)
        for (i, j), coefficient in self.terms.items():
            total += coefficient * (nox - 1) ** i * (voc - 1) ** j
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOrder:
    """O3 = base + n S_N + v S_V + n^2 S_NN / 2 + v^2 S_VV / 2 + n v S_NV, n = nox_ratio - 1, v = voc_ratio - 1; ppb.

    Holds for changes up to about `reach` (0.3 to 0.5 in the literature), the default 0.5.
    """

    base_ppb: float
    s_nox: float
    s_voc: float
    s_nox_nox: float = 0.0
    s_voc_voc: float = 0.0
    s_nox_voc: float = 0.0
    reach: float = 0.5

    @property
    def domain(self) -> Domain:
        low, high = 1 - self.reach, 1 + self.reach
        return Domain(nox_low=low, nox_high=high, voc_low=low, voc_high=high)

    def at(self, nox_ratio: Numbers | float, voc_ratio: Numbers | float) -> Numbers:
        nox, voc = _inside(self.domain, nox_ratio, voc_ratio)
        n, v = nox - 1, voc - 1
        first = n * self.s_nox + v * self.s_voc
        second = n**2 * self.s_nox_nox / 2 + v**2 * self.s_voc_voc / 2 + n * v * self.s_nox_voc
        return np.asarray(self.base_ppb + first + second)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Ratios from low to high within which ozone stays at or below the limit; `worst_ppb` is the most seen inside."""

    nox_low: float
    nox_high: float
    voc_low: float
    voc_high: float
    worst_ppb: float


def safe_boxes(
    surface: Surface, limit_ppb: float, *, nox_ratios: Numbers, voc_ratios: Numbers, samples: int = 5
) -> list[Box]:
    """The cells of a grid of ratios in which ozone keeps to the limit: where a plan may land.

    For a value function over (NOx, VOC): the least cost of landing in each box, then the least of these. Boxes are
    judged at `samples` x `samples` points, bounds included, so that the final plan must be run through the surface
    again; the least cost does not depend on the surface being convex. Grid lines are rising ratios inside the domain.
    """
    if samples < 2:
        raise AirError("samples: expected at least 2")
    nox, voc = (_refined(np.asarray(axis, dtype=np.float64), samples) for axis in (nox_ratios, voc_ratios))
    found = (
        surface.at(nox[:, :, None, None], voc[None, None, :, :])
        if nox.size and voc.size
        else np.zeros((0, 1, 0, 1))
    )
    worst = found.max(axis=(1, 3)) if found.size else np.zeros((len(nox), len(voc)))
    return [
        Box(
            nox_low=float(nox[i, 0]),
            nox_high=float(nox[i, -1]),
            voc_low=float(voc[j, 0]),
            voc_high=float(voc[j, -1]),
            worst_ppb=float(worst[i, j]),
        )
        for i, j in np.argwhere(worst <= limit_ppb)
    ]


def _refined(axis: Numbers, samples: int) -> Numbers:
    """(cells, samples): the points of each cell of the axis."""
    share = np.linspace(0.0, 1.0, samples)
    return np.asarray(axis[:-1, None] * (1 - share) + axis[1:, None] * share)


def relative_sensitivities(radical_loss_share: float) -> tuple[float, float]:
    """dlnP(O3)/dlnNO and dlnP(O3)/dlnVOC from y = L_N/Q, the share of radicals lost to NOx (Kleinman et al. 1997).

    (1 - 1.5 y) / (1 - 0.5 y) and 0.5 y / (1 - 0.5 y): equal at y = 1/2; at y = 2/3 more NOx begins to lower ozone.
    """
    y = radical_loss_share
    if not 0 <= y <= 1:
        raise AirError(f"share of radicals lost to NOx {y}: expected 0 to 1")
    return (1 - 1.5 * y) / (1 - 0.5 * y), 0.5 * y / (1 - 0.5 * y)
