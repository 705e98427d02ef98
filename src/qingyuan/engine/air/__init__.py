"""Air response: PM2.5 by transfer coefficients with two nitrate regimes, ozone by a surface over NOx and VOC."""

from qingyuan.engine.air.ozone import (
    Box,
    Domain,
    Grid,
    OutsideSurface,
    Polynomial,
    SecondOrder,
    Surface,
    relative_sensitivities,
    safe_boxes,
)
from qingyuan.engine.air.particles import (
    ALWAYS,
    UNSTATED,
    AirError,
    Particles,
    Transfer,
    ap3_nitrate,
    particles,
)

__all__ = [
    "ALWAYS",
    "UNSTATED",
    "AirError",
    "Box",
    "Domain",
    "Grid",
    "OutsideSurface",
    "Particles",
    "Polynomial",
    "SecondOrder",
    "Surface",
    "Transfer",
    "ap3_nitrate",
    "particles",
    "relative_sensitivities",
    "safe_boxes",
]
