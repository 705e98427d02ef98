"""Economics of schemes: published exercises, the identities between the figures, and what is undefined."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.engine import economics
from qingyuan.engine.economics import EconomicsError, Scheme, abatement_curves, appraise

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parent / "cases/industry/econ_cn.json").read_text("utf-8"))
}


def test_the_exercise_of_the_fermentation_plant():
    case = CASES["cn_exam_fermentation"]
    common = case["common"]
    schemes = [Scheme(measure=one["name"], invest=one["I"], saving=one["P"]) for one in case["schemes"]]
    found = appraise(schemes, rate=common["i"], tax_rate=common["tax"], years=common["Y"])
    assert [one.P for one in found] == case["published"]["P"]
    assert [one.D for one in found] == case["published"]["D"]
    for one, expected in zip(found, case["recomputed"], strict=True):
        assert pytest.approx(expected["F"], abs=5e-5) == one.F
        assert pytest.approx(expected["N"], abs=5e-5) == one.N
        assert pytest.approx(expected["NPV"], abs=2e-3) == one.NPV
        assert one.NPVR_pct == pytest.approx(expected["NPVR"], abs=5e-3)
        assert one.IRR_pct == pytest.approx(expected["IRR"], abs=5e-5)
        assert one.IRR_interpolated_pct == pytest.approx(expected["IRR_interp"], abs=5e-5)


def test_the_training_exercise_with_its_interpolated_rate():
    """F is given there; a saving whose net flow is that F, without tax, gives it back."""
    case = CASES["cn_training_I150"]
    expected = case["recomputed"]
    (one,) = appraise([Scheme(measure="a", invest=150, saving=32.5)], rate=0.05, tax_rate=0.0, years=10)
    assert pytest.approx(expected["F"]) == one.F
    assert pytest.approx(expected["N"], abs=5e-5) == one.N
    assert pytest.approx(case["published"]["NPV"], abs=5e-3) == one.NPV
    assert round(one.IRR_pct, 2) == case["published"]["IRR_pct"]
    assert one.IRR_pct == pytest.approx(17.2570, abs=5e-5)
    assert one.IRR_interpolated_pct == pytest.approx(17.2627, abs=5e-5)


def test_the_lecture_exercise():
    case = CASES["cn_lecture_I500"]
    (one,) = appraise([Scheme(measure="a", invest=500, saving=132.17)], tax_rate=0.108, years=10)
    assert case["published"]["D"] == one.D
    assert round(one.F, 1) == case["published"]["F"]
    assert pytest.approx(case["recomputed"]["N"], abs=5e-5) == one.N
    assert one.IRR_pct == pytest.approx(case["recomputed"]["IRR"], abs=5e-4)


def test_thirty_three_mills_pay_back_together_as_published():
    cases = json.loads((Path(__file__).parent / "cases/industry/portfolio_macc.json").read_text("utf-8"))
    mills = next(case for case in cases if case["id"] == "nrdc_cleanbydesign_33mills")
    published = mills["published"]
    scheme = Scheme(
        measure="mills", invest=published["invest_MUSD"], saving=published["saving_MUSD_per_year"]
    )
    (one,) = appraise([scheme], tax_rate=0.0)
    assert pytest.approx(mills["recomputed"]["payback_months"], abs=5e-3) == one.N * 12
    assert round(one.N * 12) == published["payback_months"]


def test_a_dairys_measures_pay_back_as_the_book_says():
    cases = json.loads((Path(__file__).parent / "cases/industry/portfolio_macc.json").read_text("utf-8"))
    dairy = next(case for case in cases if case["id"] == "elhaggar_T2.17_dairy")
    schemes = [
        Scheme(measure=one["name"], invest=one["cost"], saving=one["saving"], life=1e9)
        for one in dairy["measures"]
    ]
    found = appraise(schemes, tax_rate=0.0)
    assert sum(one.invest for one in schemes) == dairy["published"]["total_cost"]
    assert sum(one.saving for one in schemes) == dairy["published"]["total_saving"]
    for one, published in zip(found, dairy["measures"], strict=True):
        assert pytest.approx(published["payback_months_published"], abs=1.0) == one.N * 12


def test_running_cost_is_taken_off_and_a_loss_bears_no_tax():
    profit, loss = appraise(
        [
            Scheme(measure="profit", invest=100, saving=50, om=10),
            Scheme(measure="loss", invest=100, saving=8, om=2),
        ],
        tax_rate=0.25,
        years=10,
    )
    assert (profit.P, profit.D, profit.T, profit.E, profit.F) == (40, 10, 30, 22.5, 32.5)
    assert (loss.P, loss.T, loss.E, loss.F) == (6, -4, -4, 6)


def test_what_is_undefined_is_none_with_its_reason():
    gift, sink = appraise(
        [Scheme(measure="gift", invest=0, saving=5), Scheme(measure="sink", invest=10, saving=-5)]
    )
    assert gift.N == 0
    assert gift.NPVR_pct is None
    assert gift.IRR_pct is None
    assert set(gift.reasons) == {"NPVR_pct", "IRR_pct", "IRR_interpolated_pct"}
    assert sink.N is None
    assert sink.IRR_pct is None
    assert "收不回来" in sink.reasons["N"]


def test_a_scheme_that_never_pays_back_has_a_negative_rate():
    (one,) = appraise([Scheme(measure="a", invest=100, saving=8)], tax_rate=0.0, years=10)
    assert one.IRR_pct < 0
    assert np.isclose(8 * economics.annuity(one.IRR_pct / 100, 10), 100)


def test_without_interest_money_is_counted_plainly():
    (one,) = appraise([Scheme(measure="a", invest=100, saving=20)], rate=0.0, tax_rate=0.0, years=10)
    assert pytest.approx(100) == one.NPV
    assert economics.recovery_factor(0.0, 10) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [({"rate": -1.0}, "rate"), ({"tax_rate": 1.5}, "tax rate"), ({"years": 0.0}, "years")],
)
def test_arguments_outside_the_formulae_are_refused(arguments, word):
    with pytest.raises(EconomicsError, match=word):
        appraise([Scheme(measure="a", invest=1, saving=1)], **arguments)


money = st.floats(min_value=0.01, max_value=1e9, allow_nan=False)


@given(
    invest=money,
    saving=money,
    rate=st.floats(min_value=0.0, max_value=0.5),
    tax=st.floats(min_value=0.0, max_value=0.9),
    years=st.integers(min_value=1, max_value=60),
)
def test_the_figures_agree_with_the_sum_that_defines_them(invest, saving, rate, tax, years):
    (one,) = appraise(
        [Scheme(measure="a", invest=invest, saving=saving)], rate=rate, tax_rate=tax, years=years
    )
    summed = sum(one.F / (1 + rate) ** t for t in range(1, years + 1)) - invest
    assert pytest.approx(summed, rel=1e-9, abs=1e-9 * (invest + saving * years)) == one.NPV
    assert pytest.approx(one.T * (1 - tax) if one.T > 0 else one.T) == one.E
    if one.IRR_pct is not None and -90 < one.IRR_pct < 1e6:
        at_rate = one.F * economics.annuity(one.IRR_pct / 100, years)
        assert at_rate == pytest.approx(invest, rel=1e-7)


def test_the_curve_lists_what_pays_first_and_adds_up():
    curve = abatement_curves(
        [
            Scheme(measure="dear", invest=1000, saving=0, effects={"COD": 10}),
            Scheme(measure="pays", invest=100, saving=500, effects={"COD": 5, "NH3-N": 1}),
            Scheme(measure="no effect", invest=1, saving=0, effects={"COD": 0}),
        ],
        rate=0.06,
        years=10,
    )
    assert [step.measure for step in curve["COD"]] == ["pays", "dear"]
    assert curve["COD"][0].marginal_cost < 0
    assert curve["COD"][1].marginal_cost == pytest.approx(1000 * economics.recovery_factor(0.06, 10) / 10)
    assert [step.cumulative for step in curve["COD"]] == [5, 15]
    assert [step.measure for step in curve["NH3-N"]] == ["pays"]


def test_the_derived_curve_of_the_fermentation_plant():
    """Annual cost and effect of the two schemes give the marginal costs that were derived by hand."""
    cases = json.loads((Path(__file__).parent / "cases/industry/portfolio_macc.json").read_text("utf-8"))
    derived = next(case for case in cases if case["id"] == "macc_from_cn_exam")["recomputed"]
    fermentation = CASES["cn_exam_fermentation"]["schemes"]
    schemes = [
        Scheme(
            measure=one["name"], invest=one["I"], saving=one["P"], effects={"CO2": want["abatement_t"] / 1e4}
        )
        for one, want in zip(fermentation, derived, strict=True)
    ]
    curve = abatement_curves(schemes, rate=0.0612, years=10)["CO2"]
    assert [round(step.marginal_cost, 1) for step in curve] == sorted(
        one["mac_yuan_per_t"] for one in derived
    )
