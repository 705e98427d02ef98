"""Emission accounts: reckoning by coefficient, monitoring and mass balance, and the standing of every number."""

from qingyuan.engine.emissions.checks import Finding, findings
from qingyuan.engine.emissions.figure import (
    ORDER,
    VOC_ORDER,
    AccountError,
    Figure,
    account,
    combined,
    preferred,
    total,
)
from qingyuan.engine.emissions.methods import (
    Material,
    Reckoned,
    Solvents,
    by_air_monitoring,
    by_coefficient,
    by_emission_factor,
    by_voc_balance,
    by_water_monitoring,
    equivalents,
    in_series,
    river_load_g_s,
    standard_load_m3,
)

__all__ = [
    "ORDER",
    "VOC_ORDER",
    "AccountError",
    "Figure",
    "Finding",
    "Material",
    "Reckoned",
    "Solvents",
    "account",
    "by_air_monitoring",
    "by_coefficient",
    "by_emission_factor",
    "by_voc_balance",
    "by_water_monitoring",
    "combined",
    "equivalents",
    "findings",
    "in_series",
    "preferred",
    "river_load_g_s",
    "standard_load_m3",
    "total",
]
