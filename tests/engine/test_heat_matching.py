"""Heat between enterprises: by hand, by trying every set of links, and what must hold of every answer."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from qingyuan.engine.heat import Link, Streams, carnot_cop, match, target
from qingyuan.engine.heat.matching import _levels
from qingyuan.engine.heat.profiles import amounts, kinks, ladder

A = Streams.of([150], [50], cp_kw_per_k=[1])
B = Streams.of([20], [120], cp_kw_per_k=[2])
WARM = Streams.of([30], [30], duty_kw=[500], hot=[True])


def test_the_loss_of_a_line_in_use_is_taken_and_not_delivered():
    found = match({"甲": A, "乙": B}, [Link(source="甲", sink="乙", length_m=100, loss_kw_per_m=0.02)])
    (one,) = found.matches
    assert (found.aim, found.verified, found.repeatable, found.stopped) == ("heat", True, True, False)
    assert found.objective == pytest.approx(98)
    assert found.bound == pytest.approx(98)
    assert (one.delivered_kw, one.taken_kw, one.loss_kw) == pytest.approx((98, 100, 2))
    assert sum(level.heat_kw for level in one.levels) == pytest.approx(98)


def test_without_a_value_the_most_heat_and_then_the_cheapest_way():
    links = [
        Link(source="甲", sink="乙", fixed_cost=5000),
        Link(source="甲", sink="丙", fixed_cost=100),
    ]
    found = match({"甲": A, "乙": B, "丙": B}, links)
    assert found.objective == pytest.approx(100)
    assert [one.sink for one in found.matches] == ["丙"]
    assert found.cost_per_year == pytest.approx(100)
    assert found.cost_bound == pytest.approx(100)


def test_with_a_value_a_line_is_built_only_if_it_pays():
    lines = [Link(source="甲", sink="乙", fixed_cost=10_000, cost_per_kwh=0.01)]
    pays = match({"甲": A, "乙": B}, lines, heat_value=0.03, hours=6000)
    assert pays.objective == pytest.approx(10_000 - 0.02 * 6000 * 100)
    assert pays.bound == pytest.approx(pays.objective)
    not_worth = match({"甲": A, "乙": B}, lines, heat_value=0.02, hours=6000)
    assert (not_worth.objective, not_worth.matches) == (0, ())
    assert not_worth.verified


def test_heat_does_not_climb_without_a_pump():
    found = match({"甲": WARM, "乙": B}, [Link(source="甲", sink="乙")])
    assert found.objective == 0
    hot = Streams.of([100], [200], cp_kw_per_k=[1])
    assert match({"甲": A, "乙": hot}, [Link(source="甲", sink="乙")]).objective == pytest.approx(40)


def test_a_pump_lifts_only_where_carnot_allows():
    """From 25 degC (shifted), COP 4 reaches (25 + 273.15) / 0.75 - 273.15 = 124.38 degC: all of the need to 125."""
    top = (25 + 273.15) / 0.75 - 273.15
    found = match({"甲": WARM, "乙": B}, [Link(source="甲", sink="乙", cop=4.0)])
    (one,) = found.matches
    assert one.delivered_kw == pytest.approx(2 * (top - 25), abs=1e-4)
    assert one.power_kw == pytest.approx(one.delivered_kw / 4)
    assert one.taken_kw == pytest.approx(one.delivered_kw * 3 / 4)
    assert found.objective == pytest.approx(one.delivered_kw * 3 / 4)
    assert found.verified
    for level in one.levels:
        assert level.heat_pump
        assert carnot_cop(source_c=level.from_c[1], sink_c=level.to_c[0]) >= 4.0 - 1e-9
    all_of_it = match({"甲": WARM, "乙": B}, [Link(source="甲", sink="乙", cop=3.0)])
    assert all_of_it.matches[0].delivered_kw == pytest.approx(200)


def test_a_pump_above_carnot_everywhere_is_flagged_and_unused():
    boiling = Streams.of([80], [80], duty_kw=[100], hot=[False])
    found = match({"甲": WARM, "乙": boiling}, [Link(source="甲", sink="乙", cop=7.8)])
    assert found.matches == ()
    ((source, sink, cop, limit),) = found.impossible_pumps
    assert (source, sink, cop) == ("甲", "乙", 7.8)
    assert limit == pytest.approx(carnot_cop(source_c=25, sink_c=85))
    assert match({"甲": WARM, "乙": boiling}, [Link(source="甲", sink="乙", cop=5.0)]).matches


def test_what_an_enterprise_recovers_itself_is_not_for_others():
    both = Streams.of([150, 40], [50, 120], cp_kw_per_k=[1, 1])
    alone = target(both)
    found = match({"甲": both, "乙": B}, [Link(source="甲", sink="乙")])
    assert found.matches[0].taken_kw <= alone.cold_utility_kw + 1e-6
    assert found.verified


def test_no_links_no_heat_and_unknown_enterprises():
    assert match({"甲": A}, []).matches == ()
    assert match({"甲": A, "乙": A}, [Link(source="甲", sink="乙")]).matches == ()
    lossy = Link(source="甲", sink="乙", length_m=1000, loss_kw_per_m=1)
    assert match({"甲": A, "乙": B}, [lossy]).matches == ()
    with pytest.raises(KeyError):
        match({"甲": A}, [Link(source="甲", sink="乙")])


stream = st.tuples(
    st.integers(0, 30).map(lambda t: 10.0 * t), st.integers(0, 30).map(lambda t: 10.0 * t),
    st.integers(1, 40).map(lambda q: 10.0 * q), st.booleans(),
)  # fmt: skip
line = st.tuples(
    st.sampled_from([(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]),
    st.integers(0, 4), st.integers(0, 5), st.integers(0, 3), st.sampled_from([None, None, 2.5, 5.0]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    parks=st.lists(st.lists(stream, min_size=1, max_size=3), min_size=3, max_size=3),
    lines=st.lists(line, min_size=1, max_size=3, unique_by=lambda one: one[0]),
    value=st.sampled_from([None, 0.05, 0.2]),
)
def test_as_trying_every_set_of_links_with_a_transport_programme(parks, lines, value):
    streams = {}
    for k, rows in enumerate(parks):
        supply, end, duty, hot = map(np.array, zip(*rows, strict=True))
        streams[str(k)] = Streams.of(
            supply, end, duty_kw=duty, hot=np.where(supply == end, hot, supply > end)
        )
    links = [
        Link(
            source=str(a), sink=str(b), length_m=100.0 * length, loss_kw_per_m=0.05, fixed_cost=2000.0 * cost,
            cost_per_kwh=0.01 * price, cop=cop, power_cost_per_kwh=0.1,
        )
        for (a, b), length, cost, price, cop in lines
    ]  # fmt: skip
    found = match(streams, links, heat_value=value, hours=1000, gap=0.0)
    assert found.verified
    assert found.gap <= 1e-6
    cost, saved = naive(streams, links, value)
    if value is None:
        assert found.objective == pytest.approx(saved, abs=1e-4)
    else:
        assert found.objective == pytest.approx(cost, abs=1e-2)


def naive(streams, links, value):
    """Every set of links in use; for each, heat from each place to each place that it may reach."""
    targets = {name: target(one) for name, one in streams.items()}
    places = ladder(_levels(targets, links))
    spare = {name: amounts(one, places, need=False) for name, one in targets.items()}
    need = {name: amounts(one, places, need=True) for name, one in targets.items()}
    best_cost, best_saved = 0.0, 0.0
    sets = chain.from_iterable(combinations(links, k) for k in range(1, len(links) + 1))
    for chosen in sets:
        columns = ways(chosen, places, spare, need)
        if not columns:
            continue
        rows, room, exact, losses = [], [], [], []
        for name in streams:
            for a in np.flatnonzero(spare[name]):
                rows.append([c[3] * (chosen[c[0]].source == name and c[1] == a) for c in columns])
                room.append(spare[name][a])
            for b in np.flatnonzero(need[name]):
                rows.append([float(chosen[c[0]].sink == name and c[2] == b) for c in columns])
                room.append(need[name][b])
        for place, link in enumerate(chosen):
            exact.append([float(c[0] == place and c[2] is None) for c in columns])
            losses.append(link.loss_kw)
        saved = linprog(
            [-c[4] for c in columns], A_ub=rows, b_ub=room, A_eq=exact, b_eq=losses, method="highs"
        )
        if saved.status == 0:
            best_saved = max(best_saved, -saved.fun)
        if value is not None:
            price = [1000 * (c[5] - value * (c[2] is not None)) for c in columns]
            cheap = linprog(price, A_ub=rows, b_ub=room, A_eq=exact, b_eq=losses, method="highs")
            if cheap.status == 0:
                best_cost = min(best_cost, cheap.fun + sum(link.fixed_cost for link in chosen))
    return best_cost, best_saved


def ways(chosen, places, spare, need):
    """Each as (link, from, to or None for the loss, taken per kW, saved per kW, cost per kW)."""
    columns = []
    for place, link in enumerate(chosen):
        for a in np.flatnonzero(spare[link.source]):
            columns.append((place, a, None, 1.0, 0.0, 0.0))
            for b in np.flatnonzero(need[link.sink]):
                if a <= b:
                    columns.append((place, a, b, 1.0, 1.0, link.cost_per_kwh))
                reach = carnot_cop(source_c=places.bottom_c[a] + 1e-9, sink_c=places.top_c[b])
                if link.cop is not None and link.cop <= reach:
                    share = 1 - 1 / link.cop
                    columns.append((place, a, b, share, share, link.cost_per_kwh + 0.1 / link.cop))
    return columns


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(stream, min_size=1, max_size=8), more=st.lists(st.integers(-10, 320), max_size=6))
def test_profiles_hold_exactly_the_two_utilities(rows, more):
    supply, end, duty, hot = map(np.array, zip(*rows, strict=True))
    streams = Streams.of(supply, end, duty_kw=duty, hot=np.where(supply == end, hot, supply > end))
    found = target(streams)
    own = [kinks(found, need=True), kinks(found, need=False), np.array(more, dtype=float)]
    places = ladder(np.concatenate(own))
    assert amounts(found, places, need=True).sum() == pytest.approx(found.hot_utility_kw, abs=1e-6)
    assert amounts(found, places, need=False).sum() == pytest.approx(found.cold_utility_kw, abs=1e-6)
