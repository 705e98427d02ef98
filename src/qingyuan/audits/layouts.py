"""Which performance sheet holds for a pilot today."""

from __future__ import annotations

from qingyuan.catalogue.performance import Layout, layout_for
from qingyuan.kernel import clock
from qingyuan.pilots.models import Pilot


def layout_of(pilot: Pilot) -> Layout:
    """By the province of the department that takes the application, else of the pilot's place."""
    region = pilot.call.joint_body.region_code or pilot.region_code
    return layout_for(region, on=clock.local(clock.now()).date())
