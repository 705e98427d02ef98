"""Which performance sheet holds for a pilot."""

from __future__ import annotations

import datetime as dt

from qingyuan.catalogue.performance import Layout, layout_for
from qingyuan.kernel import clock
from qingyuan.pilots.models import Pilot


def layout_of(pilot: Pilot, *, on: dt.date | None = None) -> Layout:
    """By the province of the department that takes the application, else of the pilot's place; today's, or of a day."""
    region = pilot.call.joint_body.region_code or pilot.region_code
    return layout_for(region, on=on or clock.local(clock.now()).date())
