"""Flags: what cannot be so. Among them the examples that were seen in published work."""

from __future__ import annotations

import numpy as np
import pytest

from qingyuan.engine.diagnosis import Tolerances
from qingyuan.engine.diagnosis import plausibility as check
from qingyuan.engine.diagnosis.outliers import Column, copied, robust_z, stand_out

USUAL = Tolerances(
    balance_pct=5,
    stated_pct=0.05,
    statistics_pct=10,
    energy_pct=10,
    robust_z=3.5,
    low_water_cny_per_m3=2,
    low_electricity_cny_per_kwh=0.3,
    low_energy_cny_per_tce=500,
)


def rules(flags):
    return [flag.rule for flag in flags]


def test_a_balance_that_states_091_and_is_off_by_210():
    (flag,) = check.mass_balance("甲", 10_000, 9_790, stated_pct=0.91, tolerances=USUAL)
    assert flag.rule == "stated_closure"
    assert "0.91 %" in flag.message
    assert "2.10 %" in flag.message
    assert flag.level == "error"


@pytest.mark.parametrize(
    ("into", "out", "stated", "found"),
    [
        (100, 100, 0, []),
        (100, 95, 5, []),
        (100, 94.9, None, ["mass_balance"]),
        (100, 106, 6, ["mass_balance"]),
        (100, 102, -2, []),
        (100, 102, 2, []),
        (100, 98, -2, ["stated_closure"]),
        (100, 90, 1, ["mass_balance", "stated_closure"]),
        (0, 1, None, ["mass_balance"]),
        (0, 0, None, []),
    ],
)
def test_balances(into, out, stated, found):
    assert rules(check.mass_balance("甲", into, out, stated_pct=stated, tolerances=USUAL)) == found


def test_thirty_million_tonnes_of_water_beside_35_million_yuan():
    # 节水约3000万吨、200万kWh、3526万元
    (flag,) = check.worth(
        None,
        "合计",
        money_cny=35_260_000,
        savings={"water_m3": 3e7, "electricity_kwh": 2e6},
        tolerances=USUAL,
    )
    assert flag.rule == "worth"
    assert not list(
        check.worth(None, "合计", money_cny=35_260_000, savings={"water_m3": 3e6}, tolerances=USUAL)
    )


def test_electricity_is_not_counted_beside_the_energy_that_holds_it():
    savings = {"electricity_kwh": 10_000.0, "energy_tce": 2.0}  # 3,000 and 1,000 CNY
    assert not list(check.worth("甲", "x", money_cny=3_000, savings=savings, tolerances=USUAL))
    assert list(check.worth("甲", "x", money_cny=2_999, savings=savings, tolerances=USUAL))


@pytest.mark.parametrize(
    ("reported", "statistics", "level"),
    [
        (100, 100, None),
        (90, 100, None),
        (89, 100, "warning"),
        (0, 5, "warning"),
        (0, 0, None),
        (12_000, 12, "error"),
        (5, 50_000, "error"),
    ],
)
def test_environmental_statistics(reported, statistics, level):
    flags = list(check.against_statistics("甲", "COD", reported, statistics, tolerance_pct=10))
    assert [flag.level for flag in flags] == ([level] if level else [])


def test_a_slip_of_ten_thousand_is_named():
    (flag,) = check.against_statistics("甲", "COD", 5, 50_000, tolerance_pct=10)
    assert "万分之一" in flag.message


@pytest.mark.parametrize(
    ("cop", "source", "sink", "found"),
    [
        (4.0, 20, 60, []),  # Carnot: 333.15 / 40 = 8.33
        (8.33, 20, 60, ["carnot"]),
        (8.32, 20, 60, []),
        (20, 60, 20, []),
        (3, -300, 20, ["absolute_zero"]),
        (1.0, 0, 1e9, []),
    ],
)
def test_heat_pumps_and_carnot(cop, source, sink, found):
    bound = (sink + 273.15) / (sink - source) if sink > source else np.inf
    expected = ["carnot"] if not found and cop >= bound else found
    assert rules(check.heat_pump("甲", "热泵", cop=cop, source_c=source, sink_c=sink)) == expected


def test_more_water_saved_than_used():
    assert rules(check.saved_beyond_used("甲", "x", what="节水量", unit="m3", saved=11, used=10)) == [
        "saved_beyond_used"
    ]
    assert not list(check.saved_beyond_used("甲", "x", what="节水量", unit="m3", saved=10, used=10))


def test_energy_by_carriers_parts_and_percentages():
    assert rules(check.carrier_energy("甲", 100, 89, tolerance_pct=10)) == ["energy_conversion"]
    assert not list(check.carrier_energy("甲", 100, 91, tolerance_pct=10))
    assert not list(check.carrier_energy("甲", 0, 0, tolerance_pct=10))
    assert rules(check.part_of_whole("甲", "a", part=112, whole=100, unit="tce", tolerance_pct=10)) == [
        "part_of_whole"
    ]
    assert rules(check.percentage("甲", "a", 101)) == ["percentage"]
    assert not list(check.percentage("甲", "a", 100))


def test_rows_typed_to_try_the_form():
    names = ["甲公司", "测试企业", "test1", "某某公司", "演示·印染一厂", "Contest Ltd"]
    assert [flag.enterprise for flag in check.trial_rows(names, what="企业名称")] == [
        "测试企业",
        "test1",
        "某某公司",
    ]


def stand(values, *, limit=3.5):
    names = [f"企业{k}" for k in range(len(values))]
    return list(stand_out(Column(name="a", title="电耗", values=np.array(values, float)), names, limit=limit))


def test_slips_of_unit_are_told_from_other_outliers():
    usual = [100, 104, 96, 110, 92, 101, 99]
    (ten_thousand,) = stand([*usual, 1_020_000])
    assert ten_thousand.rule == "unit_slip"
    assert "1 万倍" in ten_thousand.message
    assert ten_thousand.expected == "约 102"
    (thousandth,) = stand([*usual, 0.098])
    assert (thousandth.rule, thousandth.expected) == ("unit_slip", "约 98")
    (odd,) = stand([*usual, 450])
    assert odd.rule == "outlier"


def test_nothing_stands_out_of_too_few_or_equal_values():
    assert not stand([1, 1, 1, 1000])
    assert not stand([5] * 20)
    assert not stand([np.nan] * 9)


def test_zeros_and_negatives_are_looked_at_as_they_are():
    assert [flag.rule for flag in stand([0, -1, 1, 0.5, -0.5, 0.2, 90])] == ["outlier"]
    assert not stand([0, 10, 11, 9, 10, 12, 10, 11, 9, 10, 10])  # a zero among ten is zero, not a slip


def test_robust_z_by_hand():
    z = robust_z(np.array([1.0, 2.0, 3.0, 4.0, 100.0, np.nan]))
    assert z[4] == pytest.approx(97 / 1.4826)
    assert np.isnan(z[5])
    assert robust_z(np.array([2.0, 2.0]))[0] == 0


def test_rows_copied_from_another():
    columns = [Column(name=str(k), title="x", values=np.array([k, k, k + 1.0, k])) for k in range(4)]
    columns[0].values[3] = np.nan
    (flag,) = copied(columns, ["甲", "乙", "丙", "丁"])
    assert (flag.enterprise, flag.rule) == ("乙", "copied")
    assert "甲" in flag.message
    assert not list(copied([], ["甲"]))


def test_a_level_that_the_report_states_and_the_figures_do_not_give():
    (flag,) = check.stated_level("甲", "I", "below")
    assert (flag.rule, flag.level, flag.expected) == ("stated_level", "error", "below")
    assert "低于 III 级" in flag.message
    assert not list(check.stated_level("甲", "II", "II"))
