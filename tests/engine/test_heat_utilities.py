"""Utilities by level and the total site: against other implementations, an independent programme, and by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from qingyuan.engine.heat import NotEnough, SiteNotEnough, Streams, Utility, place, target, total_site

CASES = Path(__file__).parent / "cases" / "park"
LITERATURE = {
    case["id"]: case for case in json.loads((CASES / "heat_pinch_literature.json").read_text("utf-8"))
}
SITES = {case["id"]: case for case in json.loads((CASES / "heat_totalsite.json").read_text("utf-8"))}
FOUR = Streams.of([20, 170, 80, 150], [135, 60, 140, 30], cp_kw_per_k=[2, 3, 4, 1.5])


def streams_of(rows):
    return Streams.of(
        [one["Ts"] for one in rows],
        [one["Tt"] for one in rows],
        duty_kw=[one["Q"] for one in rows],
        dt_cont_k=[one["dtcont"] for one in rows],
    )


def utilities_of(rows):
    return [
        Utility(
            utility=one["name"],
            kind=one["type"].lower(),
            t_supply_c=one["Ts"],
            t_target_c=one["Ts"] if one["Tt"] is None else one["Tt"],
            dt_cont_k=5.0 if one["dtcont"] is None else one["dtcont"],
        )
        for one in rows
    ]


def compare(duties, said, near):
    mine = {(one.utility, one.kind): one.duty_kw for one in duties}
    for side in ("hot", "cold"):
        for name, duty in said[f"{side}_utilities"].items():
            assert mine.get((name, side), 0.0) == pytest.approx(duty, abs=near), (side, name)


@pytest.mark.parametrize("name", list(LITERATURE))
def test_placement_and_site_agree_with_another_implementation(name):
    """It spreads isothermal utilities over 0.01 to 0.1 K, hence the tolerance of 5e-5 of the heat moved."""
    case = LITERATURE[name]
    utilities = utilities_of(case["utilities"])
    zones: dict[str, list[dict]] = {}
    for one in case["streams"]:
        zones.setdefault(one["zone"], []).append(one)
    said = {one["name"]: one for one in case["openpinch"]}
    streams = streams_of(case["streams"])
    found = target(streams)
    near = 1e-4 * (streams.hot_kw + streams.cold_kw)
    placed = place(streams, found, utilities)
    assert placed.verified
    assert placed.gap <= 1e-9
    whole = total_site({zone: streams_of(rows) for zone, rows in zones.items()}, utilities)
    assert whole.verified
    for one in whole.enterprises:
        assert one.placement.verified
        if direct := said.get(f"{one.enterprise}/Direct Integration"):
            compare(one.utilities, direct, near)
            assert one.hot_utility_kw == pytest.approx(direct["QH"], abs=near)
    site = next((one for key, one in said.items() if "Total Site" in key), None)
    if site:
        assert whole.hot_utility_kw == pytest.approx(site["QH"], abs=near)
        assert whole.cold_utility_kw == pytest.approx(site["QC"], abs=near)
        if (
            name != "Sun et al"
        ):  # there it leaves 5.3 MW of high pressure steam beside a use of medium pressure
            compare(whole.utilities, site, near)


def test_chew_s_site_by_two_implementations_and_exactly():
    case = LITERATURE["Chew et al"]
    zones: dict[str, list[dict]] = {}
    for one in case["streams"]:
        zones.setdefault(one["zone"], []).append(one)
    whole = total_site(
        {zone: streams_of(rows) for zone, rows in zones.items()}, utilities_of(case["utilities"])
    )
    said = SITES["Chew et al"]["answers"]["independent"]
    assert whole.hot_utility_kw == pytest.approx(said["QH"], abs=1e-3)
    assert whole.cold_utility_kw == pytest.approx(said["QC"], abs=1e-3)
    assert whole.gain_kw == pytest.approx(31275, abs=1e-3)
    assert whole.gain_kw == pytest.approx(
        sum(one.hot_utility_kw for one in whole.enterprises) - whole.hot_utility_kw
    )


def hot(name, level, cost=None, end=None, kind="hot"):
    return Utility(
        utility=name,
        kind=kind,
        t_supply_c=level,
        t_target_c=level if end is None else end,
        cost_per_kwh=cost,
    )


def test_without_prices_the_coldest_steam_and_the_hottest_cooling_come_first():
    found = target(FOUR)
    levels = [hot("HP", 200), hot("LP", 100), hot("CW", 15, kind="cold"), hot("warm", 60, kind="cold")]
    duty = {one.utility: one.duty_kw for one in place(FOUR, found, levels).duties}
    # R rises by 1.5 kW/K from the pinch at 85: 15 kW at 95, low pressure steam can deliver.
    assert duty["LP"] == pytest.approx(15)
    assert duty["HP"] == pytest.approx(5)
    assert duty["LP"] + duty["HP"] == pytest.approx(found.hot_utility_kw)
    assert duty["warm"] + duty["CW"] == pytest.approx(found.cold_utility_kw)
    assert duty["warm"] > 0


def test_prices_decide_and_equal_prices_fall_back_to_temperature():
    found = target(FOUR)
    dear = place(FOUR, found, [hot("HP", 200, 0.1), hot("LP", 100, 0.2)])
    assert dear.duty("HP", "hot") == pytest.approx(20)
    assert dear.objective == pytest.approx(2.0)
    assert dear.bound == pytest.approx(dear.objective)
    tie = place(FOUR, found, [hot("HP", 200, 0.1), hot("LP", 100, 0.1)])
    assert tie.duty("LP", "hot") == pytest.approx(15)
    same = place(FOUR, found, [hot("first", 200, 0.1), hot("second", 200, 0.1)])
    assert same.duty("first", "hot") == pytest.approx(20)
    assert same.duty("second", "hot") == 0


def test_raised_steam_is_worth_what_it_need_not_be_bought_for():
    boiler = Streams.of([400, 20], [100, 60], cp_kw_per_k=[10, 1])
    found = target(boiler)
    levels = [
        Utility(utility="MP", kind="both", t_supply_c=200, t_target_c=200, cost_per_kwh=0.2),
        Utility(utility="CW", kind="cold", t_supply_c=15, t_target_c=25, cost_per_kwh=0.01),
    ]
    placed = place(boiler, found, levels)
    # Between 400 and 210 degC: 1,900 kW, all of it worth raising.
    assert placed.duty("MP", "cold") == pytest.approx(1900)
    assert placed.objective == pytest.approx(-0.2 * 1900 + 0.01 * (found.cold_utility_kw - 1900))
    assert [(one.utility, one.kind) for one in placed.duties] == [("MP", "cold"), ("CW", "cold")]


def test_a_gliding_utility_is_held_by_the_curve():
    cold = Streams.of([100], [200], cp_kw_per_k=[1])
    # Oil from 215 to 115 runs 10 K above all the way: with contributions of 5 each it just fits.
    oil = Utility(utility="oil", kind="hot", t_supply_c=210, t_target_c=110)
    placed = place(cold, target(cold), [oil])
    assert placed.duty("oil", "hot") == pytest.approx(100)
    short = Utility(utility="oil", kind="hot", t_supply_c=190, t_target_c=110)
    with pytest.raises(NotEnough) as caught:
        place(cold, target(cold), [short])
    assert caught.value.required_kw == pytest.approx(100)
    assert caught.value.max_reachable_kw == pytest.approx(80)
    mixed = place(cold, target(cold), [oil, hot("HP", 220)])
    assert mixed.verified


def test_steam_of_the_temperature_of_a_boiling_stream_serves_it():
    boiling = Streams.of([120], [120], duty_kw=[500], hot=[False])
    placed = place(boiling, target(boiling), [hot("LP", 130)])
    assert placed.duty("LP", "hot") == 500
    with pytest.raises(NotEnough):
        place(boiling, target(boiling), [hot("LP", 129.9)])


def test_too_cold_steam_and_a_side_without_utilities():
    found = target(FOUR)
    with pytest.raises(NotEnough) as caught:
        place(FOUR, found, [hot("LP", 100)])
    assert (caught.value.side, caught.value.required_kw) == ("hot", pytest.approx(20))
    assert caught.value.max_reachable_kw == pytest.approx(15)
    placed = place(FOUR, found, [hot("HP", 200)])
    assert placed.unplaced_cold_kw == pytest.approx(60)
    assert placed.verified
    # Raising steam is no cooling that could take all: what it cannot take is left open.
    raising = place(FOUR, found, [hot("HP", 200), hot("warm", 60, kind="both")])
    assert raising.duty("warm", "cold") + raising.unplaced_cold_kw == pytest.approx(60)
    assert 0 < raising.unplaced_cold_kw < 60
    assert raising.verified


stream = st.tuples(
    st.integers(0, 400).map(float), st.integers(0, 400).map(float), st.floats(1, 1000), st.booleans()
)
level = st.tuples(
    st.integers(20, 420).map(float), st.integers(0, 60).map(float), st.integers(-5, 20).map(float)
)


def made(rows):
    supply, end, duty, gives = map(np.array, zip(*rows, strict=True))
    return Streams.of(supply, end, duty_kw=duty, hot=np.where(supply == end, gives, supply > end))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(stream, min_size=1, max_size=8),
    levels=st.lists(level, min_size=1, max_size=5),
    flat=st.booleans(),
)
def test_cheapest_as_an_independent_programme_says(rows, levels, flat):
    """That programme adds the utilities as streams to the problem table on a fine set of temperatures."""
    streams = made(rows)
    found = target(streams)
    utilities = [
        Utility(
            utility=str(k), kind="hot", t_supply_c=top, t_target_c=top - (0 if flat else glide),
            cost_per_kwh=price,
        )
        for k, (top, glide, price) in enumerate([*levels, (500.0, 0.0, 30.0)])
    ]  # fmt: skip
    placed = place(streams, found, utilities)
    assert placed.verified
    assert placed.gap <= 1e-6
    if found.hot_utility_kw == 0:
        return
    need = found.hot_utility_kw
    supply, end = streams.shifted
    low, high = np.minimum(supply, end), np.maximum(supply, end)
    checks = np.unique(np.concatenate((low, high, *[one.ends("hot") for one in utilities])))
    rows_, room = [], []
    for t in checks:
        for after in (False, True):
            with np.errstate(invalid="ignore", divide="ignore"):
                share = np.where(high > low, np.clip((t - low) / (high - low), 0, 1), 0.0)
            point = (low <= t) if after else (low < t)
            part = np.where(high > low, share, point)
            net = (streams.duty_kw * np.where(streams.hot, 1, -1) * part).sum()
            row = []
            for one in utilities:
                top, bottom = one.ends("hot")
                at = float(bottom <= t if after else bottom < t)
                row.append(at if top == bottom else np.clip((t - bottom) / (top - bottom), 0, 1))
            rows_.append(row)
            room.append(found.cold_utility_kw - net)
    cost = [one.cost_per_kwh for one in utilities]
    solved = linprog(
        cost, A_ub=np.array(rows_) / 1, b_ub=np.array(room) + 1e-9 * need,
        A_eq=np.ones((1, len(cost))), b_eq=[need], method="highs",
    )  # fmt: skip
    assert placed.objective == pytest.approx(solved.fun, abs=1e-5 * need)


@settings(max_examples=60, deadline=None)
@given(parks=st.lists(st.lists(stream, min_size=1, max_size=5), min_size=1, max_size=4), glide=st.booleans())
def test_a_site_never_needs_more_than_its_enterprises_alone(parks, glide):
    each = {str(k): made(rows) for k, rows in enumerate(parks)}
    levels = [
        hot("fire", 600),
        hot("MP", 200, kind="both", end=190 if glide else 200),
        hot("LP", 120, kind="both"),
        hot("CW", -60, kind="cold"),
    ]
    together = None
    for one in each.values():
        together = one if together is None else together.joined(one)
    size = together.hot_kw + together.cold_kw
    for utilities in ((), levels):
        whole = total_site(each, utilities)
        alone = sum(one.hot_utility_kw for one in whole.enterprises)
        assert whole.hot_utility_kw <= alone + 1e-9 * size
        assert whole.verified
        assert whole.gain_kw == pytest.approx(alone - whole.hot_utility_kw, abs=1e-8 * size)
        assert whole.hot_utility_kw - whole.cold_utility_kw == pytest.approx(
            together.cold_kw - together.hot_kw, abs=1e-7 * size
        )
        # No road between enterprises beats exchanging everything directly.
        assert whole.hot_utility_kw >= target(together).hot_utility_kw - 1e-7 * size
        if utilities:
            for side, need in (("hot", whole.hot_utility_kw), ("cold", whole.cold_utility_kw)):
                duties = sum(one.duty_kw for one in whole.utilities if one.kind == side)
                assert duties == pytest.approx(need, abs=1e-7 * size)


def test_a_surplus_of_high_steam_is_let_down_to_a_colder_use():
    each = {
        "甲": Streams.of([400], [220], cp_kw_per_k=[1]),
        "乙": Streams.of([60], [110], cp_kw_per_k=[2]),
    }
    levels = [hot("MP", 200, kind="both"), hot("LP", 130, kind="hot"), hot("CW", 15, kind="cold")]
    whole = total_site(each, levels)
    assert whole.gain_kw == pytest.approx(100)
    assert whole.hot_utility_kw == 0
    assert whole.cold_utility_kw == pytest.approx(80)
    assert {(one.utility, one.kind): one.duty_kw for one in whole.utilities} == {
        ("MP", "cold"): pytest.approx(80),
        ("LP", "hot"): 0,
        ("CW", "cold"): 0,
    }


def test_every_enterprise_out_of_reach_is_named():
    each = {name: Streams.of([200], [300], cp_kw_per_k=[1]) for name in ("甲", "乙")}
    with pytest.raises(SiteNotEnough) as caught:
        total_site(each, [hot("LP", 130)])
    assert [name for name, _short in caught.value.shortfalls] == ["甲", "乙"]
