"""Exchange: the least cost of a naive model on random parks, textbook answers, proofs, and a split that harms nobody."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import defaultdict

import numpy as np
import pytest

from qingyuan.engine.exchange import (
    ExchangeError,
    Facility,
    Link,
    Need,
    Offer,
    Park,
    Plan,
    charges,
    plan,
    relax,
)
from tests.engine.exchange_naive import naive, random_park


def offer(name: str, quantity: float = 10, **more) -> Offer:
    more = {"enterprise": f"甲{name}", "material": "灰", **more}
    return Offer(offer=name, quantity_t=quantity, **more)


def need(name: str, quantity: float = 10, **more) -> Need:
    more = {"enterprise": f"乙{name}", "material": "灰", **more}
    return Need(need=name, quantity_t=quantity, **more)


def gains(made: Plan) -> dict[str, float]:
    return {one.enterprise: one.gain for one in made.by_enterprise}


def close(value: float) -> object:
    return pytest.approx(value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(60))
def test_the_least_cost_is_that_of_a_naive_model(seed):
    park = random_park(seed)
    made = plan(park, gap=1e-9)
    assert made.objective == close(naive(park))
    assert made.status == "done"
    assert made.scope == "full"
    assert made.verified, made.broken
    assert made.gap <= 1e-9
    assert made.bound <= made.objective + 1e-6


@pytest.mark.parametrize("seed", range(100, 125))
def test_mass_is_conserved_and_every_limit_holds(seed):
    park = random_park(seed)
    made = plan(park, gap=1e-9)
    given, served = defaultdict(float), defaultdict(float)
    for one in made.matches:
        given[one.offer] += one.quantity_t
        served[one.need] += one.served_t
    for plant in made.facilities:
        option = next(
            one for one in park.facilities if (one.facility, one.site) == (plant.facility, plant.site)
        )
        taken = sum(leg.quantity_t for leg in plant.takes)
        assert taken == close(plant.taken_t)
        assert taken <= option.capacity_t * (1 + 1e-9)
        passed_on = sum(leg.quantity_t for leg in plant.gives)
        assert passed_on == close(option.rate * taken if option.gives else 0)
        for leg in plant.takes:
            if leg.kind == "offer":
                given[leg.end] += leg.quantity_t
        for leg in plant.gives:
            if leg.kind == "need":
                served[leg.end] += leg.quantity_t
    assert all(given[one.offer] <= one.quantity_t * (1 + 1e-7) for one in park.offers)
    assert all(served[one.need] <= one.quantity_t * (1 + 1e-7) for one in park.needs)


@pytest.mark.parametrize("seed", range(200, 215))
def test_the_order_of_the_rows_does_not_matter(seed):
    park, shuffle = random_park(seed), np.random.default_rng(seed)

    def mixed(rows):
        return rows and tuple(rows[k] for k in shuffle.permutation(len(rows)))

    other = dataclasses.replace(
        park,
        offers=mixed(park.offers),
        needs=mixed(park.needs),
        links=mixed(park.links),
        facilities=mixed(park.facilities),
    )
    assert plan(other, gap=1e-9).objective == close(plan(park, gap=1e-9).objective)


@pytest.mark.parametrize("seed", range(300, 330))
def test_nobody_is_worse_off_and_the_whole_gain_is_shared(seed):
    made = plan(random_park(seed), gap=1e-9)
    assert all(one.gain >= 0 for one in made.by_enterprise)
    assert math.fsum(one.gain for one in made.by_enterprise) == close(-made.objective)


@pytest.mark.parametrize("seed", range(12))
def test_without_agreed_prices_no_group_does_better_by_itself(seed):
    park = dataclasses.replace(random_park(seed), facilities=())
    if park.links is not None:
        links = tuple(dataclasses.replace(one, fixed_cost=0.0) for one in park.links)
        park = dataclasses.replace(park, links=links)
    share = gains(plan(park))
    for size in range(1, len(share)):
        for group in itertools.combinations(share, size):
            offers = tuple(one for one in park.offers if one.enterprise in group)
            needs = tuple(one for one in park.needs if one.enterprise in group)
            names = {one.offer for one in offers} | {one.need for one in needs}
            links = park.links and tuple(
                one for one in park.links if one.offer in names and one.need in names
            )
            alone = plan(dataclasses.replace(park, offers=offers, needs=needs, links=links))
            assert sum(share[one] for one in group) >= -alone.objective - 1e-6


def test_a_price_moves_the_split_and_nothing_else():
    def asked(price: float | None) -> Plan:
        one = offer("o", 100, disposal_cost_per_t=30, price_per_t=price)
        return plan(Park(offers=(one,), needs=(need("n", 60, value_per_t=50),)))

    free, dear, mad = asked(0), asked(10), asked(1000)
    assert free.objective == dear.objective == mad.objective == asked(None).objective == -60 * 80
    assert gains(free) == {"甲o": 1800, "乙n": 3000}
    assert gains(dear) == {"甲o": 2400, "乙n": 2400}
    assert gains(mad) == {"甲o": close(4800), "乙n": 0}
    assert [one.before_compensation for one in mad.by_enterprise] == [61800, -57000]
    assert [one.kind for one in mad.flags] == ["price_above_value"]


def test_the_textbook_transport_problem_of_the_canned_peas():
    """P & T Company (Hillier & Lieberman): 152,535 by memory, recomputed; everything is wanted, so values outweigh costs."""
    supply, demand = (75, 125, 100), (80, 65, 70, 85)
    cost = ((464, 513, 654, 867), (352, 416, 690, 791), (995, 682, 388, 685))
    worth = 10_000
    links = tuple(
        Link(offer=f"o{i}", need=f"n{j}", net_cost_per_t=cost[i][j] - worth)
        for i in range(3)
        for j in range(4)
    )
    park = Park(
        offers=tuple(offer(f"o{i}", amount) for i, amount in enumerate(supply)),
        needs=tuple(need(f"n{j}", amount) for j, amount in enumerate(demand)),
        links=links,
    )
    made = plan(park)
    assert made.objective + worth * sum(supply) == close(152_535)
    assert made.bound == made.objective


def test_blending_dilutes_a_dirty_offer_with_a_clean_one_even_at_a_price():
    dirty = offer("脏", 100, disposal_cost_per_t=50, quality={"氯": 8.0})
    clean = offer("净", 100, disposal_cost_per_t=-10, quality={"氯": 2.0})
    kiln = need("窑", 100, highest={"氯": 4.0})
    made = plan(Park(offers=(dirty, clean), needs=(kiln,)))
    flows = {one.offer: one.quantity_t for one in made.matches}
    assert flows == {"脏": close(100 / 3), "净": close(200 / 3)}
    assert made.objective == close(-50 * 100 / 3 + 10 * 200 / 3)


def test_an_offer_of_unknown_quality_never_feeds_a_need_that_limits_it():
    made = plan(
        Park(
            offers=(offer("o", disposal_cost_per_t=5),),
            needs=(need("n", highest={"硫": 1.0}), need("m", 4)),
        )
    )
    assert [(one.need, one.quantity_t) for one in made.matches] == [("m", 4)]


def test_the_yield_counts_where_the_need_fills_up():
    link = Link(offer="o", need="n", net_cost_per_t=-10, rate=0.5, capacity_t=30)
    made = plan(Park(offers=(offer("o", 100),), needs=(need("n", 10),), links=(link,)))
    assert [(one.quantity_t, one.served_t) for one in made.matches] == [(20, 10)]


def test_a_fixed_charge_is_paid_only_where_it_earns_more():
    def asked(fixed: float) -> Plan:
        link = Link(offer="o", need="n", net_cost_per_t=-10, fixed_cost=fixed)
        return plan(Park(offers=(offer("o"),), needs=(need("n"),), links=(link,)))

    assert asked(99).objective == -1
    assert asked(101).objective == 0
    assert asked(101).matches == ()
    assert math.copysign(1, asked(101).objective) == 1


def steps(*capacities_and_costs: tuple[float, float]) -> tuple[Facility, ...]:
    return tuple(
        Facility(facility="厂", site="东", takes=("泥",), gives="料", capacity_t=size, fixed_cost=cost)
        for size, cost in capacities_and_costs
    )


def test_of_several_steps_of_capacity_one_is_built():
    sludge = offer("泥", 100, material="泥", disposal_cost_per_t=10)
    fuel = need("料", 100, material="料", value_per_t=5)
    made = plan(Park(offers=(sludge,), needs=(fuel,), facilities=steps((40, 300), (60, 400), (90, 1100))))
    assert [(one.capacity_t, one.taken_t, one.given_t) for one in made.facilities] == [(60, 60, 60)]
    assert made.objective == 400 - 60 * 15
    assert math.fsum(gains(made).values()) == close(500)


def test_a_facility_goes_where_the_way_is_short_and_its_cost_is_shared_by_what_it_brings():
    def site(name: str, x: float) -> Facility:
        return Facility(facility="厂", site=name, takes=("泥",), fixed_cost=100, x_km=x, y_km=0.0)

    two = tuple(
        offer(name, 10, material="泥", disposal_cost_per_t=cost, x_km=x, y_km=0.0)
        for name, cost, x in (("a", 30, 0.0), ("b", 50, 2.0))
    )
    made = plan(Park(offers=two, needs=(), facilities=(site("远", 9), site("近", 2)), transport_cost=1))
    assert [one.site for one in made.facilities] == ["近"]
    brought = {"甲a": 10 * (30 - 2), "甲b": 500}
    left = sum(brought.values()) - 100
    assert gains(made) == {name: close(amount / 780 * left) for name, amount in brought.items()}


def test_pricing_over_all_pairs_finds_what_handing_all_over_finds(monkeypatch):
    random = np.random.default_rng(7)
    size = 60

    def spot():
        return {"x_km": float(random.random() * 9), "y_km": float(random.random() * 9)}

    park = Park(
        offers=tuple(
            offer(f"o{k}", float(random.integers(1, 50)), disposal_cost_per_t=20, **spot())
            for k in range(size)
        ),
        needs=tuple(
            need(f"n{k}", float(random.integers(1, 50)), value_per_t=20, **spot()) for k in range(size)
        ),
        transport_cost=4.0,
    )
    whole = plan(park)
    monkeypatch.setattr(relax, "ALL_AT_ONCE", 0)
    monkeypatch.setattr(relax, "FIRST", 1)
    priced = plan(park)
    assert priced.objective == close(whole.objective)
    assert priced.scope == "full"
    assert priced.pairs_seen < priced.pairs
    assert priced.bound == close(priced.objective)


def test_a_bound_of_the_pairs_looked_at_is_called_restricted(monkeypatch):
    monkeypatch.setattr(charges, "MOST_PAIRS", 0)
    monkeypatch.setattr(relax, "ALL_AT_ONCE", 0)
    monkeypatch.setattr(relax, "FIRST", 1)
    random = np.random.default_rng(3)
    offers = tuple(offer(f"o{k}", float(random.integers(5, 20))) for k in range(12))
    needs = tuple(need(f"n{k}", float(random.integers(5, 20))) for k in range(12))
    links = tuple(
        Link(
            offer=a.offer,
            need=b.need,
            net_cost_per_t=-float(random.integers(5, 15)),
            fixed_cost=float(random.integers(10, 60)),
        )
        for a in offers
        for b in needs
    )
    park = Park(offers=offers, needs=needs, links=links)
    made = plan(park, gap=1e-9)
    assert made.scope == "restricted"
    assert made.pairs_seen < made.pairs
    assert made.objective >= naive(park) - 1e-6
    near = plan(park, gap=0.5)
    assert near.scope == "full"
    assert near.bound <= naive(park) + 1e-6


def test_yields_above_one_and_negative_losses_are_said():
    link = Link(offer="o", need="n", net_cost_per_t=-10, rate=1.2)
    made = plan(Park(offers=(offer("o"),), needs=(need("n"),), links=(link,)))
    assert [one.kind for one in made.flags] == ["yield_above_1", "negative_loss"]
    plant = Facility(facility="厂", takes=("灰",), gives="砖", rate=1.5)
    made = plan(Park(offers=(offer("o"),), needs=(need("n"),), facilities=(plant,)))
    assert [one.kind for one in made.flags] == ["yield_above_1", "no_taker"]


def test_all_faults_of_a_park_at_once():
    park = Park(
        offers=(offer("o", -1), offer("o", math.nan)),
        needs=(need("n", lowest={"硫": 3.0}, highest={"硫": 2.0}),),
        links=(Link(offer="x", need="y", net_cost_per_t=math.inf, rate=0),),
        transport_cost=-1,
    )
    with pytest.raises(ExchangeError) as caught:
        plan(park)
    assert len(caught.value.problems) == 9


def test_pairs_cannot_be_computed_without_coordinates_once_the_way_costs():
    with pytest.raises(ExchangeError, match="坐标"):
        plan(Park(offers=(offer("o"),), needs=(need("n"),), transport_cost=1))


def test_stopped_by_nodes_says_so_with_the_bound():
    random = np.random.default_rng(5)
    offers = tuple(offer(f"o{k}", float(random.integers(5, 20))) for k in range(25))
    needs = tuple(need(f"n{k}", float(random.integers(5, 20))) for k in range(25))
    links = tuple(
        Link(
            offer=a.offer,
            need=b.need,
            net_cost_per_t=-float(random.integers(5, 15)),
            fixed_cost=float(random.integers(20, 90)),
        )
        for a in offers
        for b in needs
    )
    park = Park(offers=offers, needs=needs, links=links)
    made = plan(park, gap=0.0, nodes=0)
    assert made.status == "stopped"
    assert made.repeatable
    assert made.bound < made.objective < 0
    assert made.gap == close((made.objective - made.bound) / -made.objective)
    assert made.verified
    assert plan(park, gap=0.0, nodes=0) == made
