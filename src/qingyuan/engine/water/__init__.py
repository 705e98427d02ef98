"""Water of a park: the least freshwater, every pinch, and a network that reaches it.

`water` does the whole; `cascade` targets sources and demands of one contaminant on arrays.
"""

from qingyuan.engine.water.cascade import Cascade, cascade
from qingyuan.engine.water.parts import (
    FRESH,
    WASTE,
    Demand,
    Infeasible,
    Link,
    Process,
    Source,
    Unit,
    Unreachable,
    WaterError,
)
from qingyuan.engine.water.result import UnitUse, WaterPlan, water
from qingyuan.engine.water.reuse import Reuse, reuse_once

__all__ = [
    "FRESH",
    "WASTE",
    "Cascade",
    "Demand",
    "Infeasible",
    "Link",
    "Process",
    "Reuse",
    "Source",
    "Unit",
    "UnitUse",
    "Unreachable",
    "WaterError",
    "WaterPlan",
    "cascade",
    "reuse_once",
    "water",
]
