"""Industrial symbiosis: whose by-product feeds whose need, which shared facilities to build and where, at least cost."""

from __future__ import annotations

from qingyuan.engine.exchange.model import (
    Built,
    ExchangeError,
    Facility,
    Flag,
    Gain,
    Leg,
    Link,
    Match,
    Need,
    Offer,
    Park,
    Plan,
    SolverFailed,
)
from qingyuan.engine.exchange.planning import plan

__all__ = [
    "Built",
    "ExchangeError",
    "Facility",
    "Flag",
    "Gain",
    "Leg",
    "Link",
    "Match",
    "Need",
    "Offer",
    "Park",
    "Plan",
    "SolverFailed",
    "plan",
]
