"""What any rating fulfils: renormalised weights sum to 1, and neither the order of enterprises nor of rows matters."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from qingyuan.engine.indices import Data, IndexSystem, exact, rate
from qingyuan.engine.indices.expressions import parse
from qingyuan.engine.indices.system import Group, Indicator, Rule

RULES = {
    "I": Rule(index=Fraction(85), restrictive="I", others="II"),
    "II": Rule(index=Fraction(85), restrictive="II", others="III"),
    "III": Rule(index=Fraction(100)),
}


def system(shape: list[list[int]], *, turned: bool = False) -> IndexSystem:
    """Groups of rows with whole weights over their sum: thirds, sevenths and the like."""
    groups = []
    for g, weights in enumerate(shape):
        rows = [
            Indicator(
                id=f"r{g}_{k}",
                title=f"r{g}_{k}",
                kind="quantitative",
                weight=parse(f"{weight}/{sum(weights)}"),
                restrictive=k == 0,
                stated=frozenset({"I", "II", "III"}),
                benchmarks={"I": parse("1"), "II": parse("2"), "III": parse("3")},
            )
            for k, weight in enumerate(weights)
        ]
        rows = rows[::-1] if turned else rows
        groups.append(
            Group(id=f"g{g}", title=f"g{g}", weight=parse(f"1/{len(shape)}"), indicators=tuple(rows))
        )
    return IndexSystem(id="s", title="s", groups=tuple(groups[::-1] if turned else groups), rules=RULES)


shapes = st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=4), min_size=1, max_size=3)


@given(shapes, st.data())
def test_renormalised_weights_sum_to_one_whatever_applies(shape, data):
    made = system(shape)
    applies = data.draw(st.lists(st.booleans(), min_size=len(made.indicators), max_size=len(made.indicators)))
    weighed = exact.weights(made, applies, {}, row=0)
    if not any(applies):
        assert weighed is None
        return
    assert sum(weighed.numerators) == weighed.denominator
    assert all(
        (place in {unit.places[0] for unit in weighed.units}) == one for place, one in enumerate(applies)
    )


@given(shapes, st.data())
def test_the_order_of_enterprises_and_of_rows_does_not_matter(shape, data):
    made, turned = system(shape), system(shape, turned=True)
    cell = st.sampled_from([0, 1, 2, 3, 4, "na"])
    names = [one.id for one in made.indicators]
    columns = {name: data.draw(st.lists(cell, min_size=5, max_size=5)) for name in names}
    levels = rate(made, Data.of(columns, rows=5)).levels.tolist()
    assert rate(turned, Data.of(columns, rows=5)).levels.tolist() == levels
    back = {name: column[::-1] for name, column in columns.items()}
    assert rate(made, Data.of(back, rows=5)).levels.tolist() == levels[::-1]
