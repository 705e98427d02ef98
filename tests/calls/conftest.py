"""A draft of the State's call, and a supplementary notice in consultation."""

from __future__ import annotations

import pytest

from qingyuan.calls import actions
from tests.calls.pages import at
from tests.cast import OPENS


@pytest.fixture
def draft(world):
    return actions.prepare(
        world.joint["state"],
        by=world.state_handler,
        notice_id="national-2022",
        opens_at=at(OPENS),
        closes_at=at("2022-07-16T00:00:00+08:00"),
        addressees=[world.henan_ecology, world.henan_reform],
    )


@pytest.fixture
def proposed(world):
    return actions.propose_supplement(
        world.call,
        by=world.province_handler,
        new_closes_at=at("2022-07-05T18:00:00+08:00"),
        reason="演示：系统维护",
    )
