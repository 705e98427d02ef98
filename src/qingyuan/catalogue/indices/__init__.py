"""Index systems (清洁生产评价指标体系) as files: typed, checked, and honest about what is missing or doubtful."""

from qingyuan.catalogue.indices.loader import (
    LoadedSystem,
    load_system,
    systems,
)
from qingyuan.catalogue.indices.model import SystemFile
from qingyuan.catalogue.problems import CatalogueError, Problem

__all__ = ["CatalogueError", "LoadedSystem", "Problem", "SystemFile", "load_system", "systems"]
