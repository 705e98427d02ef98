"""Emission accounts: the reckoning by hand, which number counts, and what contradicts itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.catalogue.factors import pollutant_equivalents
from qingyuan.engine.emissions import (
    VOC_ORDER,
    AccountError,
    Figure,
    Material,
    account,
    by_air_monitoring,
    by_coefficient,
    by_emission_factor,
    by_voc_balance,
    by_water_monitoring,
    combined,
    equivalents,
    findings,
    in_series,
    preferred,
    river_load_g_s,
    standard_load_m3,
    total,
)


def figure(tonnes: float, method: Any = "manual", **more: Any) -> Figure:
    given_ = {"source": "甲", "pollutant": "COD", "kind": "discharge", "evidence": "台账"}
    return Figure(tonnes=tonnes, method=method, **(given_ | more))


def test_the_coefficient_with_the_true_running_rate():
    """10,000 t of product, 25 kg a tonne, a treatment of 80 % that ran 90 % of the time."""
    one = by_coefficient(activity=10_000, coefficient_kg=25, efficiency=0.8, running=0.9)
    assert (one.production_t, one.removed_t) == (250, pytest.approx(180))
    assert one.discharge_t == pytest.approx(70)
    assert one.production_uncertainty is None
    full = by_coefficient(activity=1, coefficient_kg=1000, efficiency=1)
    assert (full.production_t, full.discharge_t) == (1, 0)


def test_the_uncertainty_of_what_treatment_leaves():
    """u(1 - x)/(1 - x) = x u(x)/(1 - x): 10 % on a removal of 0.8 is 40 % on what is left."""
    one = by_coefficient(
        activity=1, coefficient_kg=1, efficiency=0.8, activity_uncertainty=0.03,
        coefficient_uncertainty=0.04, removal_uncertainty=0.1,
    )  # fmt: skip
    assert one.production_uncertainty == pytest.approx(0.05)
    assert one.discharge_uncertainty == pytest.approx((0.05**2 + 0.4**2) ** 0.5)
    unknown = by_coefficient(
        activity=1, coefficient_kg=1, efficiency=0.8, activity_uncertainty=0.03, coefficient_uncertainty=0.04
    )
    assert unknown.discharge_uncertainty is None
    assert combined(0.1, None) is None


def test_monitoring_in_water_and_air():
    assert by_water_monitoring(1_000_000, 50) == pytest.approx(50)
    assert by_water_monitoring([100, 200], [10, 40]) == pytest.approx(0.009)
    assert by_air_monitoring(2e9, 35) == pytest.approx(70)
    with pytest.raises(AccountError, match="period 2"):
        by_water_monitoring([1, 2], [3, float("nan")])
    with pytest.raises(AccountError, match="pair"):
        by_air_monitoring([1, 2], [3])
    assert by_emission_factor(activity=1000, factor_kg=4.38) == pytest.approx(4.38)


def test_the_glue_of_the_review():
    """10.5 t of glue with 12 % VOC, 80 % collected, 85 % removed: 0.151 t by the stack, 0.252 t around it."""
    one = by_voc_balance([Material(name="胶", tonnes=10.5, voc_share=0.12)], collection=0.8, removal=0.85)
    assert one.used_t == pytest.approx(1.26)
    assert one.organised_t == pytest.approx(0.1512)
    assert one.fugitive_t == pytest.approx(0.252)
    assert one.discharge_t == pytest.approx(1.26 * (1 - 0.8 * 0.85))
    with pytest.raises(AccountError, match="recovered"):
        by_voc_balance([Material(name="胶", tonnes=1, voc_share=0.1)], recovered_t=0.2)
    with pytest.raises(AccountError, match="VOC share"):
        by_voc_balance([Material(name="胶", tonnes=1, voc_share=12)])


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=6))
def test_treatments_in_series_multiply(efficiencies):
    left = 1.0
    for one in efficiencies:
        left *= 1 - one
    assert in_series(*efficiencies) == pytest.approx(1 - left)
    assert in_series(*efficiencies) <= min(1.0, sum(efficiencies) + 1e-9)


def test_pollution_equivalents_of_the_catalogue():
    table = pollutant_equivalents()
    for name, kg, count in (("氨氮", 80, 100), ("总磷", 25, 100), ("COD", 7, 7), ("SO2", 0.95, 1)):
        row = table.find(name)
        assert row is not None
        assert equivalents(kg, float(row.kg)) == pytest.approx(count)
    assert standard_load_m3(1, 20) == 50_000
    with pytest.raises(AccountError):
        equivalents(1, 0)


def test_a_tonne_a_year_in_the_river():
    assert river_load_g_s(1) == pytest.approx(0.03171, abs=1e-6)
    assert river_load_g_s(100, 0.7) == pytest.approx(2.2197, abs=1e-4)
    with pytest.raises(AccountError, match="delivery"):
        river_load_g_s(1, 1.2)


def test_which_number_counts():
    automatic, manual = figure(9, "automatic"), figure(10, "manual")
    coefficient, balance = figure(12, "coefficient"), figure(11, "balance")
    assert preferred([coefficient, manual, automatic, balance]) is automatic
    assert preferred([balance, coefficient]) is coefficient
    assert preferred([coefficient, balance], order=VOC_ORDER) is balance
    older, newer = figure(1, date=dt.date(2021, 12, 31)), figure(2, date=dt.date(2022, 6, 30))
    assert preferred([older, newer, figure(3)]) is newer
    attested, bare = figure(1), figure(2, evidence="")
    assert preferred([bare, attested]) is attested
    with pytest.raises(AccountError):
        preferred([manual, figure(1, source="乙")])
    with pytest.raises(AccountError):
        preferred([])


def test_the_account_keeps_method_date_evidence_and_uncertainty():
    known = figure(5, "automatic", date=dt.date(2022, 1, 1), evidence="在线监测", uncertainty=0.05)
    voc = [figure(1, "coefficient", pollutant="VOC"), figure(2, "balance", pollutant="VOC")]
    kept = account([figure(6), known, *voc], order_of={"VOC": VOC_ORDER})
    assert kept == [known, voc[1]]
    assert (kept[0].evidence, kept[0].uncertainty, kept[0].date) == ("在线监测", 0.05, dt.date(2022, 1, 1))


def test_sums_with_what_stands_behind_all():
    known = [figure(30, uncertainty=0.1), figure(40, uncertainty=0.1, source="乙")]
    assert total(known) == (70, pytest.approx(5 / 70))
    assert total(known, shared=1) == (70, pytest.approx(0.1))
    assert total([*known, figure(1)]) == (71, None)
    assert total([]) == (0, 0)


def test_more_discharged_than_produced():
    produced = figure(10, kind="production", method="coefficient")
    same = findings([produced, figure(11, "coefficient")])
    assert [one.rule for one in same] == ["discharge_above_production"]
    assert "大于产生量" in same[0].message
    assert findings([produced, figure(10, "coefficient")]) == []
    within = [figure(10, "coefficient", kind="production", uncertainty=0.1), figure(11, uncertainty=0.1)]
    assert findings(within) == []
    assert findings([produced, figure(11)])[0].rule == "discharge_above_production"


def test_two_methods_that_cannot_both_hold_and_numbers_without_evidence():
    apart = findings([figure(10, uncertainty=0.02), figure(12, "balance", uncertainty=0.05)])
    assert [one.rule for one in apart] == ["methods_differ"]
    assert findings([figure(10, uncertainty=0.1), figure(12, "balance", uncertainty=0.05)]) == []
    assert [one.rule for one in findings([figure(1, evidence=" ")])] == ["no_evidence"]


@pytest.mark.parametrize(
    "wrong", [{"tonnes": -1}, {"tonnes": float("nan")}, {"method": "guess"}, {"uncertainty": -0.1}]
)
def test_impossible_figures_are_refused(wrong):
    with pytest.raises(AccountError):
        figure(**({"tonnes": 1, "method": "manual"} | wrong))
    with pytest.raises(AccountError):
        by_coefficient(activity=-1, coefficient_kg=1)
    with pytest.raises(AccountError):
        by_coefficient(activity=1, coefficient_kg=1, running=1.1)
