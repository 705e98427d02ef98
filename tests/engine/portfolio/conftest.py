"""One solver process for all tests of this folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qingyuan.engine.portfolio.child import Child

CASES = Path(__file__).parent.parent / "cases"


@pytest.fixture(scope="session")
def child():
    with Child() as one:
        yield one


@pytest.fixture(scope="session")
def published():
    """Published and recomputed cases of regions and basins, each with its source."""
    return json.loads((CASES / "region" / "portfolio.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def industry():
    """Published cases of industry."""
    listed = json.loads((CASES / "industry" / "portfolio_macc.json").read_text("utf-8"))
    return {one["id"]: one for one in listed}
