"""Rating: the formulae by hand, the properties that must hold for any values, and exactness at the thresholds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.catalogue.indices import systems
from qingyuan.engine.indices import Data, exact, rate, rate_one
from qingyuan.engine.indices.expressions import ExpressionError, parse
from qingyuan.engine.indices.system import Group, IndexSystem, Indicator, RatingError, Rule

RULES = {
    "I": Rule(index=Fraction(85), restrictive="I", others="II"),
    "II": Rule(index=Fraction(85), restrictive="II", others="III"),
    "III": Rule(index=Fraction(100)),
}


def row(name, weight, bounds=(1, 2, 3), **more):
    benchmarks = {
        level: parse(str(bound))
        for level, bound in zip(("I", "II", "III"), bounds, strict=True)
        if bound is not None
    }
    return Indicator(
        id=name, title=name, kind="quantitative", weight=parse(weight),
        stated=frozenset(benchmarks), benchmarks=benchmarks, **more,
    )  # fmt: skip


def system(*groups, rules=RULES):
    return IndexSystem(id="s", title="s", groups=groups, rules=rules)


def group(name, weight, *rows, **more):
    return Group(id=name, title=name, weight=parse(weight), indicators=rows, **more)


def one(table, /, **values):
    rating = rate(table, Data.of({name: [value] for name, value in values.items()}, rows=1))
    seen = rating.explain(0)
    assert {None: -1, "below": 0, "III": 1, "II": 2, "I": 3}[seen.level] == rating.levels[0]
    assert rate_one(table, values) == seen
    return rating, seen


def test_a_worked_example_by_hand():
    """Weights 0.6 x (0.5, 0.5) and 0.4: a at I, b at II, c at III."""
    table = system(group("g", "0.6", row("a", "0.5"), row("b", "0.5")), group("h", "0.4", row("c", "1")))
    rating, seen = one(table, a=1, b=2, c=3)
    assert seen.index == {"I": Fraction(30), "II": Fraction(60), "III": Fraction(100)}
    assert seen.level == "III"
    # b does not apply: a bears the group.
    _, seen = one(table, a=1, b="na", c=3)
    assert seen.index["I"] == 60
    # The whole first group does not apply.
    _, seen = one(table, a="na", b="na", c=1)
    assert seen.index["I"] == 100
    assert seen.level == "I"
    rating, seen = one(table, a=None, b=1, c=1)
    assert seen.level is None
    assert rating.missing(0) == ["a"]
    rating, seen = one(table, a=4, b=1, c=1)
    assert seen.level == "below"
    assert rating.failing(0) == ["a"]


def test_thirds_make_a_hundred_and_eighty_five_is_eighty_five():
    thirds = system(group("g", "1", row("a", "1/3"), row("b", "1/3"), row("c", "1/3")))
    assert one(thirds, a=3, b=3, c=3)[1].level == "III"
    sharp = system(group("g", "1", row("a", "0.85"), row("b", "0.1"), row("c", "0.05")))
    assert one(sharp, a=1, b=2, c=2)[1].level == "I"
    less = system(group("g", "1", row("a", "0.84999999999999999999"), row("b", "0.15000000000000000001")))
    assert one(less, a=1, b=2)[1].level == "II"


def test_values_are_decimals_to_the_last_digit():
    table = system(group("g", "1", row("a", "1", ("0.3", "0.4", "0.5"))))
    assert one(table, a=Decimal("0.3"))[1].level == "I"
    assert one(table, a=Decimal("0.30000000000000000001"))[1].level == "II"
    strict = system(group("g", "1", row("a", "1", ("0.3", "0.4", "0.5"), strict=frozenset({"I"}))))
    assert one(strict, a=Decimal("0.3"))[1].level == "II"
    assert one(strict, a=Decimal("0.29999999999999999999"))[1].level == "I"


def test_a_row_without_level_two_asks_for_level_one():
    table = system(group("g", "1", row("a", "1", (1, None, 3))))
    assert one(table, a=2)[0].reached[0, 0] == 1
    word = Indicator(id="q", title="q", kind="qualitative", weight=parse("1"), stated=frozenset({"I", "III"}))
    rating, _ = one(system(group("g", "1", word)), q="III")
    assert rating.reached[0, 0] == 1


def test_restrictive_rows_hold_a_level_down():
    table = system(group("g", "1", row("a", "0.9"), row("b", "0.1", restrictive=True)))
    assert one(table, a=1, b=1)[1].level == "I"
    assert one(table, a=1, b=2)[1].level == "II"
    assert one(table, a=1, b=3)[1].level == "III"


def test_bonus_lifts_at_most_to_a_hundred_and_never_makes_level_three():
    bonus = group("x", "0.1", row("c", "1"), bonus=True)
    table = system(group("g", "1", row("a", "0.8"), row("b", "0.2")), bonus)
    assert one(table, a=1, b=2, c=4)[1].index["I"] == 80
    _, seen = one(table, a=1, b=2, c=1)
    assert seen.index["I"] == 90
    assert seen.level == "I"
    assert one(table, a=1, b=1, c=1)[1].index["I"] == 100
    _, seen = one(table, a=3, b=4, c=1)
    assert seen.index["III"] == 80
    assert seen.level == "below"


def test_k_of_n_asks_for_so_many_rows():
    rows = (row("a", "0"), row("b", "0"), row("c", "0"))
    table = system(group("g", "1", *rows, at_least=2))
    assert one(table, a=1, b=1, c=9)[1].level == "I"
    assert one(table, a=1, b=2, c=9)[1].level == "II"
    assert one(table, a=1, b=9, c=9)[1].level == "below"
    assert one(table, a=1, b="na", c="na")[1].level == "I"


def demo(**changes):
    best = {
        "n": 2, "layers": 4, "output:single": 100, "output:multi": 300, "heat_share": 100, "heat_power": 40,
        "pump_share": 0, "automation": "I", "clean_process": "I", "power_single": 5, "power_multi": 30,
        "water": 8, "zinc": 82, "copper": 90, "water_reuse": 60, "system": "I", "plan": "I", "meters": "none",
        "carbon_balance": 1,
    }  # fmt: skip
    return one(systems()["demo-coating"].system, **(best | changes))


def test_every_feature_of_the_format_on_the_demo_system():
    assert demo()[1].level == "I"
    assert demo(heat_power=39)[1].reached[2] == 2
    assert demo(heat_share="na", heat_power="na", pump_share=50)[1].reached[2] == 3
    # Shares of output: 0.6 of the group, a quarter of it for the single pieces.
    _, seen = demo(power_single=6, carbon_balance=4)
    assert seen.index["I"] == 100 - 30 * Fraction("0.6") / 4
    rating, seen = demo(**{"output:single": 0, "power_single": None})
    assert rating.reached[3, 0] == exact.NOT_APPLICABLE
    assert seen.level == "I"
    assert demo(**{"output:multi": None})[0].missing(0) == ["output:multi"]
    assert demo(power_multi=Decimal("30.1"))[1].reached[4] == 2
    assert demo(layers=3, carbon_balance=1)[1].reached[-1] == 2
    # One metal only: n = 1, the other row does not apply.
    _, seen = demo(n=1, copper="na")
    assert seen.level == "I"
    with pytest.raises(RatingError):
        demo(n=0, zinc=1)


def test_the_empty_row_of_the_draft_drops_out_with_its_group():
    table = systems()["hazwaste-incineration-draft"].system
    values = {}
    for place in table.indicators:
        values[place.id] = "III" if place.kind == "qualitative" else None
        if place.kind == "quantitative" and place.stated:
            bound = place.demands[2][0].constant
            values[place.id] = bound + (1 if place.higher else -1) * Fraction(1, 4)
    _, seen = one(table, **values)
    assert seen.level == "III"
    assert seen.index["III"] == 100
    assert sum(seen.weights.numerators[:-3]) == seen.weights.denominator


grid = st.integers(0, 8).map(lambda k: Decimal(k) / 2)
cells = st.one_of(grid, grid, grid, st.just("na"), st.none())


@st.composite
def tables(draw):
    groups = []
    for g in range(draw(st.integers(1, 3))):
        parts = draw(st.lists(st.integers(1, 7), min_size=1, max_size=4))
        rows = [
            row(f"r{g}_{k}", f"{part}/{sum(parts)}", draw(st.sampled_from([(1, 2, 3), (1, None, 3), (0, 2, 2)])),
                restrictive=draw(st.booleans()))
            for k, part in enumerate(parts)
        ]  # fmt: skip
        k = draw(st.sampled_from([None, None, 1, 2]))
        groups.append((draw(st.integers(1, 5)), rows, k if k and k <= len(rows) else None))
    total = sum(weight for weight, *_ in groups)
    made = [
        group(f"g{g}", f"{weight}/{total}", *rows, at_least=k) for g, (weight, rows, k) in enumerate(groups)
    ]
    if draw(st.booleans()):
        made.append(group("bonus", "0.1", row("extra", "1"), bonus=True))
    return system(
        *made, rules=RULES | {"I": Rule(index=Fraction(draw(st.sampled_from([50, 60, 85]))), others="II")}
    )


@settings(max_examples=60, deadline=None)
@given(tables(), st.data())
def test_columns_agree_with_fractions_and_better_is_never_worse(table, data):
    rows = 6
    columns = {i.id: data.draw(st.lists(cells, min_size=rows, max_size=rows)) for i in table.indicators}
    rating = rate(table, Data.of(columns, rows=rows))
    order = {None: -1, "below": 0, "III": 1, "II": 2, "I": 3}
    better = {
        name: [value - Decimal("0.5") if isinstance(value, Decimal) else value for value in values]
        for name, values in columns.items()
    }
    again = rate(table, Data.of(better, rows=rows))
    for place in range(rows):
        seen = rating.explain(place)
        assert order[seen.level] == rating.levels[place]
        assert rate_one(table, {name: values[place] for name, values in columns.items()}) == seen
        assert again.levels[place] >= rating.levels[place]
        if seen.weights is not None:
            plain = [
                n
                for unit, n in zip(seen.weights.units, seen.weights.numerators, strict=True)
                if not unit.bonus
            ]
            assert sum(plain) == seen.weights.denominator
    turned = rate(table, Data.of({name: values[::-1] for name, values in columns.items()}, rows=rows))
    assert (turned.levels[::-1] == rating.levels).all()


@given(st.integers(1, 10**6), st.lists(grid, min_size=4, max_size=4))
def test_units_do_not_matter(factor, values):
    def made(k):
        rows = [row(f"r{j}", "1/4", tuple(f"{bound}*{k}" for bound in (1, 2, 3))) for j in range(4)]
        columns = {f"r{j}": [value * k] for j, value in enumerate(values)}
        return rate(system(group("g", "1", *rows)), Data.of(columns, rows=1)).levels[0]

    assert made(1) == made(factor)


def test_many_at_the_threshold_are_decided_together():
    table = system(group("g", "1", row("a", "0.85"), row("b", "0.15")))
    count = 70_000
    rating = rate(table, Data(rows=count, numbers={"a": np.ones(count), "b": np.full(count, 2.0)}))
    assert (rating.levels == 3).all()


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.8/n", "0.4"), ("10+5*n", "20"), ("-(1-3)*2/4", "1"), ("--2", "2"), ("1e-1*n", "0.2")],
)
def test_the_small_grammar(text, value):
    found = parse(text)
    assert found.exact({"n": Fraction(2)}) == Fraction(value)
    floats, error = found.bounded({"n": np.array([2.0])})
    assert abs(Fraction(float(np.ravel(floats)[0])) - Fraction(value)) <= Fraction(float(np.ravel(error)[0]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n**2",
        "__import__('os')",
        "f(1)",
        "1+",
        "(1",
        "1)",
        "1 2",
        "n.x",
        "1//2",
        "[1]",
        "9" * 600,
        "(" * 60 + "1",
    ],
)
def test_nothing_else_can_be_said(text):
    with pytest.raises(ExpressionError):
        parse(text)
