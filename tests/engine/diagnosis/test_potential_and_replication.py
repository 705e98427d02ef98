"""What reaching a benchmark saves, and where a proven scheme fits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.engine.diagnosis import (
    DiagnosisError,
    Prices,
    Reported,
    Use,
    potentials,
    replications,
)
from tests.engine.diagnosis.sectors import sector

ENERGY = Use(indicator="a", resource="energy", amount=0.001)


def test_by_hand():
    # 1 and 2 are at II or better; 3 is 0.5 above, 4 is 2 above. Best quartile: 25th percentile 1.25.
    data = sector({"a": [0.5, 1.5, 2.5, 4]}, output=[1000, 1000, 2000, 1000])
    second, first, best = potentials(data, [ENERGY], prices=Prices(energy=1000))
    assert second.to == "II"
    assert second.energy_tce == pytest.approx(0.5 * 2 + 2 * 1)
    assert second.money_cny == pytest.approx(3000)
    assert (second.water_m3, second.pollutants, second.enterprises) == (None, {}, 2)
    assert first.energy_tce == pytest.approx(0.5 + 1.5 * 2 + 3)
    assert best.energy_tce == pytest.approx(0.25 + 1.25 * 2 + 2.75)
    assert (first.to, best.to) == ("I", "best_quartile")


def test_unknown_output_or_value_is_counted_as_unknown_and_not_guessed():
    data = sector({"a": [2.5, None, "na", 1, 4]}, output=[np.nan, 1, 1, np.nan, 10])
    second = potentials(data, [ENERGY])[0]
    assert second.energy_tce == pytest.approx(0.02)
    assert second.unknown == 2  # the first (no output) and the second (no value); the fourth is at I
    assert second.money_cny is None


def test_water_pollutants_and_higher_is_better():
    data = sector({"a": [1, 0], "b": [3, 5]}, output=[10, 10], higher=["a"])
    uses = [
        Use(indicator="a", resource="water", amount=2.0),
        Use(indicator="b", resource="pollutant", amount=0.001, pollutant="COD"),
    ]
    found = potentials(data, uses, prices=Prices(water=3, pollutants={"COD": 1400}))
    assert found[0].water_m3 == pytest.approx((1 + 2) * 10 * 2)
    assert found[0].money_cny == pytest.approx(180)
    assert found[3].pollutants == {"COD": pytest.approx((1 + 3) * 10 * 0.001)}
    assert found[3].money_cny == pytest.approx(0.04 * 1400)


def test_a_share_of_reuse_saves_fresh_water():
    # 100 m3 fresh at 50 % reused: gross 200; at 75 % only 50 are fresh.
    data = sector({"r": [50, 75, 100]}, bounds=(60, 75, 90), higher=["r"], output=[1, 1, 1])
    use = Use(indicator="r", resource="water", reuse=True)
    found = potentials(data, [use], water=np.array([100.0, 100.0, 0.0]))
    assert found[0].water_m3 == pytest.approx(50)
    assert potentials(data, [use])[0].unknown == 1


def test_bad_uses():
    data = sector({"a": [1]}, output=[1])
    with pytest.raises(DiagnosisError):
        potentials(data, [Use(indicator="a", resource="energy", amount=0)])
    with pytest.raises(KeyError):
        potentials(data, [Use(indicator="z", resource="energy", amount=1)])


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 1e6)), min_size=1, max_size=20))
def test_a_stricter_target_never_saves_less_and_order_does_not_matter(rows):
    values, output = [round(one, 3) for one, _ in rows], [made for _, made in rows]
    found = potentials(sector({"a": values}, output=output), [ENERGY])
    assert 0 <= found[0].energy_tce <= found[1].energy_tce
    turned = potentials(sector({"a": values[::-1]}, output=output[::-1]), [ENERGY])
    assert turned[0].energy_tce == pytest.approx(found[0].energy_tce)


def scheme(measure="中水回用", place=0, **more):
    return Reported(measure=measure, place=place, output=more.pop("output", 100.0), **more)


def replicate(data, reported, *, sectors=None, processes=None, level="II"):
    count = len(data.names)
    return replications(
        data,
        reported,
        sectors=sectors or ["印染"] * count,
        processes=processes or ["连续"] * count,
        level=level,
    )


def test_a_scheme_goes_where_its_indicator_fails_and_scales_with_output():
    data = sector({"a": [1, 9, 9, 1]}, output=[100, 200, np.nan, 400])
    (found,) = replicate(
        data, [scheme(indicator="a", amounts={"saving_cny": 1000.0, "water_m3": 50.0}, effects={"COD": 2.0})]
    )
    assert found.places == (1, 2)
    assert found.counted == 1
    assert found.amounts["saving_cny"] == pytest.approx(2000)
    assert found.amounts["water_m3"] == pytest.approx(100)
    assert found.effects == {"COD": pytest.approx(4.0)}
    assert found.amounts["energy_tce"] is None


def test_sector_process_and_those_who_have_it():
    data = sector({"a": [9, 9, 9, 9]}, output=[1, 1, 1, 1])
    (found,) = replicate(
        data,
        [scheme(sector="印 染", process="连续", output=1.0), scheme(place=1, sector="造纸", output=1.0)],
        sectors=["印染", "造纸", "印染", "造纸"],
        processes=["连续", "连续", "间歇", "间歇"],
    )
    assert found.places == (3,)  # 造纸 without process; the first two have it
    assert found.reports == 2


def test_the_median_of_several_reports_and_a_library_scheme_without_basis():
    data = sector({"a": [1, 1, 1, 1]}, output=[1, 1, 1, 10])
    rows = [
        scheme(place=k, output=1.0, amounts={"saving_cny": amount})
        for k, amount in enumerate((1.0, 5.0, 90.0))
    ]
    rows.append(Reported(measure="方案库方案"))
    first, second = replicate(data, rows)
    assert first.amounts["saving_cny"] == pytest.approx(50)
    assert (second.measure, second.places, second.counted) == ("方案库方案", (0, 1, 2, 3), 0)
    assert second.amounts["saving_cny"] is None


def test_unknown_indicator_and_lengths():
    data = sector({"a": [1]}, output=[1])
    with pytest.raises(KeyError):
        replicate(data, [scheme(indicator="z")])
    with pytest.raises(DiagnosisError):
        replicate(data, [], sectors=["x", "y"])
