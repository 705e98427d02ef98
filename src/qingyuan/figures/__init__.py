"""Figures: data to an ECharts option to SVG and PNG. One definition of a figure for page, Word and terminal."""

from __future__ import annotations

from qingyuan.figures.bars import allocations, gains, macc, ranked
from qingyuan.figures.cascades import composite_curves, grand_composite, limiting_composite
from qingyuan.figures.changes import abatement, changes, costs
from qingyuan.figures.comparison import Compared, compared
from qingyuan.figures.fields import level_map, pareto_front, river_profile
from qingyuan.figures.flows import exchange_graph, sankey
from qingyuan.figures.model import Data, Figure, FigureError
from qingyuan.figures.render import AssetsMissing, document, png, svg

__all__ = [
    "AssetsMissing",
    "Compared",
    "Data",
    "Figure",
    "FigureError",
    "abatement",
    "allocations",
    "changes",
    "compared",
    "composite_curves",
    "costs",
    "document",
    "exchange_graph",
    "gains",
    "grand_composite",
    "level_map",
    "limiting_composite",
    "macc",
    "pareto_front",
    "png",
    "ranked",
    "river_profile",
    "sankey",
    "svg",
]
