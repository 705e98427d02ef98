"""Diagnosis of a whole sector (行业全过程诊断): gaps, common problems, potentials, replication, frontier, sample, effort, flags."""

from qingyuan.engine.diagnosis.bundles import Bundle, bundles
from qingyuan.engine.diagnosis.effort import Account, Assumptions, Effort, effort
from qingyuan.engine.diagnosis.frontier import Score, frontier
from qingyuan.engine.diagnosis.gaps import Gap, gaps, wilson
from qingyuan.engine.diagnosis.plausibility import Flag, Tolerances
from qingyuan.engine.diagnosis.potential import Potential, Prices, Use, potentials
from qingyuan.engine.diagnosis.replication import Replication, Reported, replications
from qingyuan.engine.diagnosis.sample import Sample, Stratum, sample
from qingyuan.engine.diagnosis.sector import DiagnosisError, Profile, Sector, sector_of
from qingyuan.engine.diagnosis.whole import Case, Diagnosis, HeatPump, Options, diagnose

__all__ = [
    "Account",
    "Assumptions",
    "Bundle",
    "Case",
    "Diagnosis",
    "DiagnosisError",
    "Effort",
    "Flag",
    "Gap",
    "HeatPump",
    "Options",
    "Potential",
    "Prices",
    "Profile",
    "Replication",
    "Reported",
    "Sample",
    "Score",
    "Sector",
    "Stratum",
    "Tolerances",
    "Use",
    "bundles",
    "diagnose",
    "effort",
    "frontier",
    "gaps",
    "potentials",
    "replications",
    "sample",
    "sector_of",
    "wilson",
]
