"""Performance sheets 绩效表 as dated data: which columns a province exchanges, and from where a cost is medium or high."""

from qingyuan.catalogue.performance.loader import layout_for, layouts, load_layout
from qingyuan.catalogue.performance.model import (
    COST_CLASSES,
    QUANTITIES,
    CostClasses,
    Layout,
    Plausibility,
    SheetColumn,
)

__all__ = [
    "COST_CLASSES",
    "QUANTITIES",
    "CostClasses",
    "Layout",
    "Plausibility",
    "SheetColumn",
    "layout_for",
    "layouts",
    "load_layout",
]
