"""Siting by clusters of offers: its bound is below the true optimum, its plan is a true plan."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.engine.exchange import ExchangeError, Facility, Link, Need, Offer, Park, plan
from qingyuan.engine.exchange.clusters import plan_by_clusters


def siting(seed: int, *, firms: int, sites: int, quality: bool = False) -> Park:
    """Sludge of firms in a square, plants to build, a buyer of what they give."""
    random = np.random.default_rng(seed)
    side = firms**0.5
    spots, places = random.random((firms, 2)) * side, random.random((sites, 2)) * side
    return Park(
        offers=tuple(
            Offer(
                offer=f"o{k}", enterprise=f"e{k}", material="污泥", quantity_t=float(random.integers(10, 1000)),
                disposal_cost_per_t=float(random.uniform(100, 300)), x_km=float(x), y_km=float(y),
                quality={"water": float(random.uniform(50, 90))} if quality else {},
            )
            for k, (x, y) in enumerate(spots)
        ),
        needs=(
            Need(need="n", enterprise="e0", material="燃料", quantity_t=1e9, value_per_t=80, x_km=side / 2, y_km=side / 2),
            Need(
                need="raw", enterprise="e1", material="污泥", quantity_t=300.0, value_per_t=5, x_km=0, y_km=0,
                highest={"water": 70.0} if quality else {},
            ),
        ),
        facilities=tuple(
            Facility(
                facility=f"F{k}", takes=("污泥",), gives="燃料", rate=0.3,
                capacity_t=float(random.integers(30, 120)) * firms, fixed_cost=float(random.uniform(1, 3)) * 2000 * firms,
                cost_per_t=50, x_km=float(x), y_km=float(y),
            )
            for k, (x, y) in enumerate(places)
        ),
        transport_cost=10.0,
    )  # fmt: skip


@given(st.integers(0, 10_000), st.integers(1, 12), st.booleans())
@settings(max_examples=12, deadline=None)
def test_the_bound_lies_below_the_optimum_and_the_plan_above(seed, clusters, quality):
    park = siting(seed, firms=12, sites=4, quality=quality)
    best = plan(park, gap=0.0)
    found = plan_by_clusters(park, clusters=clusters, gap=0.01)
    assert found.verified
    edge = 1e-6 * max(1.0, abs(best.objective))
    assert found.bound <= best.objective + edge
    assert found.objective >= best.objective - edge
    assert found.gap == pytest.approx(abs(found.objective - found.bound) / max(abs(found.objective), 1e-9))
    assert found.status == ("done" if found.gap <= 0.01 else "stopped")


def test_as_many_clusters_as_offers_are_the_park_itself():
    park = siting(3, firms=15, sites=5)
    best, found = plan(park, gap=0.0), plan_by_clusters(park, clusters=15, gap=0.0)
    assert found.objective == pytest.approx(best.objective)
    assert found.gap <= 1e-9


def test_links_have_no_place_and_clusters_are_at_least_one():
    park = Park(
        offers=(Offer(offer="a", enterprise="x", material="m", quantity_t=1.0),),
        needs=(Need(need="b", enterprise="y", material="m", quantity_t=1.0),),
        links=(Link(offer="a", need="b", net_cost_per_t=-1.0),),
    )
    with pytest.raises(ExchangeError, match="链接"):
        plan_by_clusters(park, clusters=3)
    with pytest.raises(ExchangeError, match="组数"):
        plan_by_clusters(siting(1, firms=3, sites=1), clusters=0)
