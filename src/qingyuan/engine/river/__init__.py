"""River response: mixing and decay through a network of reaches, oxygen, and when the formulae do not hold."""

from qingyuan.engine.river.criteria import LEAST_PECLET, MOST_ALPHA, Criteria, criteria
from qingyuan.engine.river.network import OUTLET, Network, RiverError, circles, network
from qingyuan.engine.river.oxygen import NITRIFICATION_G_PER_G, Demand, Sag, oxygen_at, sag
from qingyuan.engine.river.routing import (
    MOST_REACHES_WITH_RESPONSE,
    Channel,
    Profile,
    Response,
    at_sections,
    at_temperature,
    response,
    route,
)

__all__ = [
    "LEAST_PECLET",
    "MOST_ALPHA",
    "MOST_REACHES_WITH_RESPONSE",
    "NITRIFICATION_G_PER_G",
    "OUTLET",
    "Channel",
    "Criteria",
    "Demand",
    "Network",
    "Profile",
    "Response",
    "RiverError",
    "Sag",
    "at_sections",
    "at_temperature",
    "circles",
    "criteria",
    "network",
    "oxygen_at",
    "response",
    "route",
    "sag",
]
