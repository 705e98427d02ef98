"""Factors as dated data: energy to coal equivalent and carbon, pollutants to pollution equivalents 污染当量."""

from qingyuan.catalogue.factors.loader import (
    EnergyFactor,
    Equivalent,
    Factors,
    energy_factors,
    pollutant_equivalents,
)

__all__ = ["EnergyFactor", "Equivalent", "Factors", "energy_factors", "pollutant_equivalents"]
