"""How emissions are reckoned: by coefficient, by monitoring, by mass balance of solvents; and what treatment leaves.

Coefficients: 排放源统计调查产排污核算方法和系数手册 (MEE announcement 2021 no. 24): G = P M, R = G eta k, E = G - R.
Balance of VOC: E0 = sum of W_i WF_i - recovered (Shanghai 2016); organised E0 c (1 - r), fugitive E0 (1 - c).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qingyuan.engine.emissions.figure import AccountError, combined

SECONDS_PER_YEAR = 365 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """Tonnes produced 产生量, removed 去除量 and discharged 排放量, with relative uncertainties where all were stated."""

    production_t: float
    removed_t: float
    discharge_t: float
    production_uncertainty: float | None = None
    discharge_uncertainty: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Solvents:
    """A VOC balance in tonnes: used with the materials, recovered, organised (by the stack), fugitive, both together."""

    used_t: float
    recovered_t: float
    organised_t: float
    fugitive_t: float

    @property
    def discharge_t(self) -> float:
        return self.organised_t + self.fugitive_t


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A material by the stock vouchers, and the share of VOC in it by the product report."""

    name: str
    tonnes: float
    voc_share: float


def by_coefficient(
    *,
    activity: float,
    coefficient_kg: float,
    efficiency: float = 0.0,
    running: float = 1.0,
    activity_uncertainty: float | None = None,
    coefficient_uncertainty: float | None = None,
    removal_uncertainty: float | None = None,
) -> Reckoned:
    """G = P M and E = P M (1 - eta k): `activity` units of product or raw material, kg of pollutant a unit.

    `efficiency` eta is the treatment's mean, `running` k the share of the time (or load) that it truly ran. Relative
    uncertainties: `removal_uncertainty` is that of eta k; without treatment it is not needed.
    """
    for name, amount in (("activity", activity), ("coefficient", coefficient_kg)):
        _not_negative(name, amount)
    removal = _share("efficiency", efficiency) * _share("running", running)
    produced = activity * coefficient_kg / 1000
    uncertainty = combined(activity_uncertainty, coefficient_uncertainty)
    left = 1 - removal
    of_left: float | None = 0.0
    if removal and left:
        of_left = None if removal_uncertainty is None else removal * removal_uncertainty / left
    return Reckoned(
        production_t=produced,
        removed_t=produced * removal,
        discharge_t=produced * left,
        production_uncertainty=uncertainty,
        discharge_uncertainty=combined(uncertainty, of_left),
    )


def by_water_monitoring(flow_m3: float | Sequence[float], conc_mg_l: float | Sequence[float]) -> float:
    """E = sum of Q C 1e-6, tonnes: m3 and mg/L of the same periods, all measured."""
    return _monitored(flow_m3, conc_mg_l) * 1e-6


def by_air_monitoring(flow_nm3: float | Sequence[float], conc_mg_nm3: float | Sequence[float]) -> float:
    """E = sum of Q C 1e-9, tonnes: Nm3 (dry) and mg/Nm3 of the same periods, all measured."""
    return _monitored(flow_nm3, conc_mg_nm3) * 1e-9


def by_emission_factor(*, activity: float, factor_kg: float, efficiency: float = 0.0) -> float:
    """E = A EF (1 - eta), tonnes: the inventory's form (城市大气污染源排放清单编制技术手册); kg a unit of activity."""
    return by_coefficient(activity=activity, coefficient_kg=factor_kg, efficiency=efficiency).discharge_t


def by_voc_balance(
    materials: Sequence[Material], *, recovered_t: float = 0.0, collection: float = 0.0, removal: float = 0.0
) -> Solvents:
    """E0 = sum W WF - recovered; `collection` of it is collected, of which `removal` is destroyed."""
    _not_negative("recovered", recovered_t)
    for one in materials:
        _not_negative(one.name, one.tonnes)
        _share(f"{one.name}: VOC share", one.voc_share)
    used = math.fsum(one.tonnes * one.voc_share for one in materials)
    if recovered_t > used * (1 + 1e-12):
        raise AccountError(f"recovered {recovered_t} t: expected at most the {used} t used")
    evaporated = max(used - recovered_t, 0.0)
    collected = evaporated * _share("collection", collection)
    return Solvents(
        used_t=used,
        recovered_t=recovered_t,
        organised_t=collected * (1 - _share("removal", removal)),
        fugitive_t=evaporated - collected,
    )


def in_series(*efficiencies: float) -> float:
    """Efficiency of treatments one behind another: 1 - product of (1 - eta). They must never be added."""
    return 1 - math.prod(1 - _share("efficiency", one) for one in efficiencies)


def equivalents(amount_kg: float, kg_per_equivalent: float) -> float:
    """Pollution equivalents 污染当量数 of an amount; the value of the pollutant is dated data of the catalogue."""
    _not_negative("amount", amount_kg)
    if not (math.isfinite(kg_per_equivalent) and kg_per_equivalent > 0):
        raise AccountError(f"kg per equivalent {kg_per_equivalent}: expected above 0")
    return amount_kg / kg_per_equivalent


def standard_load_m3(tonnes: float, standard_mg_l: float) -> float:
    """Equal-standard load 等标污染负荷: the water, m3, that the amount would bring to the standard."""
    return equivalents(tonnes * 1e6, standard_mg_l)


def river_load_g_s(t_per_year: float, delivery: float = 1.0) -> float:
    """What reaches the river of a yearly discharge, g/s: `delivery` 入河系数 is the local share that arrives."""
    _not_negative("discharge", t_per_year)
    return t_per_year * 1e6 / SECONDS_PER_YEAR * _share("delivery", delivery)


def _monitored(flow: float | Sequence[float], conc: float | Sequence[float]) -> float:
    volume, content = (np.atleast_1d(np.asarray(one, dtype=np.float64)) for one in (flow, conc))
    if volume.shape != content.shape:
        raise AccountError(f"{volume.size} flows and {content.size} concentrations: expected a pair a period")
    for name, series in (("flow", volume), ("concentration", content)):
        if (wrong := _wrong(series)).size:
            raise AccountError(
                f"{name} of period {int(wrong[0]) + 1}: expected 0 or more; a gap must be filled first"
            )
    return float(volume @ content)


def _wrong(series: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    return np.flatnonzero(~(np.isfinite(series) & (series >= 0)))


def _not_negative(name: str, amount: float) -> None:
    if not (math.isfinite(amount) and amount >= 0):
        raise AccountError(f"{name} {amount}: expected 0 or more")


def _share(name: str, share: float) -> float:
    if not 0 <= share <= 1:
        raise AccountError(f"{name} {share}: expected a fraction from 0 to 1")
    return share
