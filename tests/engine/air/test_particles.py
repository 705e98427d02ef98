"""PM2.5 by coefficients and regimes against sums by hand, and the nitrate polynomial against its case."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.engine.air import ALWAYS, UNSTATED, AirError, Transfer, ap3_nitrate, particles

CASES = Path(__file__).parents[1] / "cases/region"


def transfer(*rows):
    receptor, emission, amount, regime = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Transfer(
        receptor=np.array(receptor, dtype=int),
        emission=np.array(emission, dtype=int),
        ug_m3_per_t=np.array(amount, dtype=float),
        regime=np.array(regime, dtype=int),
    )


def found(made, emissions, **more):
    amounts = np.array(emissions, dtype=float)
    count = more.pop("receptors", int(made.receptor.max(initial=-1)) + 1)
    group = np.arange(len(amounts))
    return particles(made, amounts, receptors=count, group=group, groups=len(amounts), **more)


def test_the_sum_over_emissions_with_its_signs():
    made = transfer((0, 0, 0.1, ALWAYS), (0, 1, -0.02, ALWAYS), (1, 1, 0.05, ALWAYS))
    one = found(made, [10, 20], background_ug_m3=np.array([5.0, 6.0]))
    assert one.pm25_ug_m3.tolist() == pytest.approx([5 + 1 - 0.4, 6 + 1])
    assert one.by_group.tolist() == [[1, pytest.approx(-0.4)], [0, 1]]
    assert one.regime.tolist() == [UNSTATED, UNSTATED]


def test_the_lesser_regime_rules_and_nitrate_is_never_negative():
    """Regime 0: NOx holds back; regime 1: ammonia left by sulfate. Receptor 1 has no free ammonia at all."""
    made = transfer(
        (0, 0, 0.10, 0), (0, 1, 0.30, 1), (0, 2, -0.10, 1), (1, 0, 0.10, 0), (1, 1, 0.01, 1), (1, 2, -0.10, 1), (1, 3, 1.0, ALWAYS)
    )  # fmt: skip
    one = found(made, [10, 10, 5, 2])
    assert one.regime.tolist() == [0, 1]
    assert one.pm25_ug_m3.tolist() == pytest.approx([1.0, 2.0])
    assert one.by_group[1].tolist() == [0, 0, 0, 2]
    poor = found(made, [40, 10, 5, 2])
    assert poor.regime.tolist() == [1, 1]
    assert poor.pm25_ug_m3[0] == pytest.approx(2.5)


def test_a_stated_regime_rules_whatever_the_sums_say():
    made = transfer((0, 0, 0.1, 0), (0, 0, 0.3, 1))
    assert found(made, [10], stated=np.array([1])).pm25_ug_m3.tolist() == [3]
    assert found(made, [10], stated=np.array([UNSTATED])).pm25_ug_m3.tolist() == [1]
    with pytest.raises(AirError, match="regime"):
        found(made, [10], stated=np.array([2]))


def test_a_receptor_with_one_regime_only_has_that_one():
    made = transfer((0, 0, 0.1, 0), (0, 0, 0.3, 1), (1, 0, 0.2, 1))
    assert found(made, [10]).regime.tolist() == [0, 1]


def test_no_coefficients_and_no_emissions():
    assert found(transfer(), [3.0], receptors=2).pm25_ug_m3.tolist() == [0, 0]
    assert found(transfer((0, 0, 0.1, ALWAYS)), [0.0]).pm25_ug_m3.tolist() == [0]
    with pytest.raises(AirError):
        transfer((0, 0, np.nan, ALWAYS))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 4), st.floats(-1, 1), st.sampled_from([ALWAYS, 0, 1])),
        min_size=1, max_size=40,
    ),
    st.lists(st.floats(0, 100), min_size=5, max_size=5),
)  # fmt: skip
def test_it_equals_the_sum_by_hand(rows, amounts):
    one = found(transfer(*rows), amounts, receptors=4)
    for receptor in range(4):
        mine = [row for row in rows if row[0] == receptor]
        plain = sum(a * amounts[e] for _r, e, a, regime in mine if regime == ALWAYS)
        sums = [
            max(0.0, sum(a * amounts[e] for _r, e, a, regime in mine if regime == which))
            for which in (0, 1)
            if any(row[3] == which for row in mine)
        ]
        assert one.pm25_ug_m3[receptor] == pytest.approx(plain + min(sums, default=0.0), abs=1e-9)
        assert one.by_group[receptor].sum() == pytest.approx(one.pm25_ug_m3[receptor], abs=1e-9)


def test_the_nitrate_polynomial_of_the_case():
    case = yaml.safe_load((CASES / "o3_ap3_nitrate.yaml").read_text("utf-8"))
    for key, want in case["recomputed"].items():
        nox, nh3, so2 = ast.literal_eval(key)
        assert float(ap3_nitrate([nox], [nh3], [so2])[0]) == pytest.approx(want, rel=1e-12)
    less_sulfate = ap3_nitrate([2.0], [1.0], [1.0])
    assert less_sulfate[0] > ap3_nitrate([2.0], [1.0], [2.0])[0]
