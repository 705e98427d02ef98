"""Factors are data with source and validity; what was not seen is missing and never zero."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qingyuan.catalogue.factors import EnergyFactor, energy_factors, pollutant_equivalents
from qingyuan.catalogue.factors.loader import load_factors
from qingyuan.catalogue.problems import CatalogueError


def test_the_tables_say_where_they_come_from_and_that_nobody_verified_them():
    for table in (energy_factors(), pollutant_equivalents()):
        assert table.source
        assert not table.verified
        assert len({(getattr(row, "medium", ""), row.title) for row in table.rows}) == len(table.rows)


def test_values_as_seen():
    assert energy_factors().find("原煤").tce_per_unit == Decimal("0.6373")
    assert energy_factors().find("电力").tce_per_unit == Decimal("0.0001229")
    assert energy_factors().find("电力(等价值)").tce_per_unit == Decimal("0.00028498")
    assert energy_factors().find("electricity").co2_t_per_tce is None
    table = pollutant_equivalents()
    assert table.find("cod").kg == 1
    assert table.find("氨氮").kg == Decimal("0.8")
    assert table.find("总汞").kg == Decimal("0.0005")
    assert table.find("SO2").kg == Decimal("0.95")
    assert len([row for row in table.rows if row.medium == "water"]) == 61
    assert len([row for row in table.rows if row.medium == "air"]) == 14


def test_what_was_not_seen_is_missing():
    assert pollutant_equivalents().find("氨") is None
    assert energy_factors().find("焦炭") is None


def test_a_pollutant_is_found_in_the_name_of_an_indicator():
    assert pollutant_equivalents().mentioned("单位产品化学需氧量（COD）产生量").title == "CODcr"
    assert pollutant_equivalents().mentioned("单位产品氨氮产生量").title == "氨氮"
    assert pollutant_equivalents().mentioned("1,2,4 六价铬 产生量").title == "六价铬"
    assert pollutant_equivalents().mentioned("废水产生量") is None
    assert pollutant_equivalents().mentioned("heat loss") is None


def test_validity_and_its_defects(tmp_path):
    head = "# source: 自拟\n# verified: false\nid,title,unit,tce_per_unit,co2_t_per_tce,valid_from,valid_to,note\n"
    path = tmp_path / "f.csv"
    path.write_text(head + "a,煤,t,0.7,,2020-01-01,2020-12-31,\nb,煤,t,0.6,,2021-01-01,,\n", "utf-8")
    table = load_factors(path, EnergyFactor)
    assert table.find("煤", on=date(2020, 6, 1)).id == "a"
    assert table.find("煤", on=date(2022, 6, 1)).id == "b"
    assert table.find("煤", on=date(2019, 6, 1)) is None
    path.write_text(head + "a,煤,t,0,,2020-01-01,,\nb,煤,t,x,,2021-01-01,2020-01-01,\n", "utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_factors(path, EnergyFactor)
    assert [problem.line for problem in caught.value.problems] == [4, 5]
    path.write_text(head + "b,煤,t,1,,2021-01-01,2020-01-01,\n", "utf-8")
    with pytest.raises(CatalogueError):
        load_factors(path, EnergyFactor)
