"""The scenes of the demo and the instants at which their clocks stand at the first start; they tick on from there."""

from __future__ import annotations

from datetime import datetime

FIRST = "apply"
SCENES = {
    # Ten days before the provincial call closes: applications are being written.
    FIRST: datetime.fromisoformat("2022-06-20T09:00:00+08:00"),
    # The day after it closed: twelve applications are received, their review has not begun.
    "received": datetime.fromisoformat("2022-07-01T09:00:00+08:00"),
    # Five days on: forms are checked, experts are at work, a refusal is being co-signed.
    "review": datetime.fromisoformat("2022-07-06T09:00:00+08:00"),
    # A call that asks for 公示 (the notices of 2022 do not): the agreed list lies open, two objections have come.
    "publicity": datetime.fromisoformat("2022-07-12T09:00:00+08:00"),
    # The province has released its decision: five are recommended.
    "decided": datetime.fromisoformat("2022-07-11T09:00:00+08:00"),
    # The State has reviewed what was recommended: its approved list is published, the others read why not.
    "approved": datetime.fromisoformat("2022-08-12T09:00:00+08:00"),
    # A year and a half on: one pilot of each category is on the passed list with credited enterprises, one is under way.
    "passed": datetime.fromisoformat("2023-12-18T09:00:00+08:00"),
}
