"""A generic VOC/NOx chemistry box: makes an ozone surface where a region has none yet. It is no city.

Eight reactions with constant rates and a constant source of OH (Seinfeld & Pandis, 2nd ed., p. 240):
RH + OH -> RO2; RO2 + NO -> NO2 + HO2; HO2 + NO -> NO2 + OH; OH + NO2 -> HNO3; 2 HO2 ->; RO2 + HO2 ->;
NO2 + hv -> NO + O3; O3 + NO -> NO2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qingyuan.engine.air.ozone import Grid
from qingyuan.engine.air.particles import Numbers

AVOGADRO, GAS_CONSTANT = 6.022e23, 8.314


@dataclass(frozen=True, slots=True, kw_only=True)
class Chemistry:
    """Rate constants in cm3/(molecule s), photolysis in 1/s, the OH source in ppb/s, temperature K, pressure Pa."""

    rh_oh: float = 2.63e-11
    ro2_no: float = 7.7e-12
    ho2_no: float = 8.1e-12
    oh_no2: float = 1.1e-11
    ho2_ho2: float = 2.9e-12
    ro2_ho2: float = 5.2e-12
    o3_no: float = 1.9e-14
    photolysis_no2: float = 0.015
    oh_source_ppb_s: float = 1e-4
    temperature_k: float = 298.15
    pressure_pa: float = 99_600.0

    @property
    def molecules_per_ppb(self) -> float:
        """Molecules/cm3 in one ppb of air."""
        return self.pressure_pa / (GAS_CONSTANT * self.temperature_k) * AVOGADRO * 1e-6 * 1e-9


def greatest_ozone(
    nox_ppb: float,
    rh_ppb: float,
    *,
    hours: float = 10.0,
    o3_ppb: float = 30.0,
    no_share: float = 0.1,
    chemistry: Chemistry | None = None,
) -> float:
    """The greatest ozone, ppb, within `hours` from this start."""
    from scipy.integrate import solve_ivp

    used = chemistry or Chemistry()
    unit = used.molecules_per_ppb

    def change(_time: float, y: Numbers) -> list[float]:
        rh, ro2, ho2, oh, no, no2, o3 = y.tolist()
        oxidised = used.rh_oh * unit * rh * oh
        peroxy = used.ro2_no * unit * ro2 * no
        hydroperoxy = used.ho2_no * unit * ho2 * no
        acid = used.oh_no2 * unit * oh * no2
        pairs = used.ho2_ho2 * unit * ho2 * ho2
        crossed = used.ro2_ho2 * unit * ro2 * ho2
        light = used.photolysis_no2 * no2
        titrated = used.o3_no * unit * o3 * no
        return [
            -oxidised,
            oxidised - peroxy - crossed,
            peroxy - hydroperoxy - 2 * pairs - crossed,
            used.oh_source_ppb_s + hydroperoxy - oxidised - acid,
            light - peroxy - hydroperoxy - titrated,
            peroxy + hydroperoxy + titrated - acid - light,
            light - titrated,
        ]

    start = [rh_ppb, 0.0, 0.0, 0.0, no_share * nox_ppb, (1 - no_share) * nox_ppb, o3_ppb]
    solved = solve_ivp(change, (0.0, hours * 3600), start, method="LSODA", rtol=1e-9, atol=1e-12)
    return float(solved.y[6].max())


def generic_surface(
    *,
    nox_ppb: float,
    rh_ppb: float,
    nox_ratios: Sequence[float] | Numbers,
    voc_ratios: Sequence[float] | Numbers,
) -> Grid:
    """The box's ozone over ratios to a base of `nox_ppb` and `rh_ppb`."""
    found = [[greatest_ozone(nox * nox_ppb, voc * rh_ppb) for voc in voc_ratios] for nox in nox_ratios]
    return Grid(
        np.asarray(nox_ratios, dtype=np.float64), np.asarray(voc_ratios, dtype=np.float64), np.array(found)
    )
