"""区域流域审核数据采集表: what is filled in comes back, emissions become loads and sources, contradictions point to cells."""

from __future__ import annotations

import datetime as dt

import pytest
from click.testing import CliRunner

from qingyuan.cli.compute.template_region import region
from qingyuan.workbooks.book import Book
from qingyuan.workbooks.emissions import contradictions, counted, figures, loads, sources
from qingyuan.workbooks.region import begun, emission_table, region_tables
from qingyuan.workbooks.write import write_book

ROWS = [
    {"enterprise": "甲", "medium": "水", "pollutant": "氨氮", "production_t": 50, "discharge_t": 10, "method": "手工监测",
     "date": dt.date(2022, 1, 31), "evidence": "监测报告", "reach": "上", "delivery": 0.8, "uncertainty_pct": 10},
    {"enterprise": "甲", "medium": "水", "pollutant": "氨氮", "discharge_t": 99, "method": "产排污系数", "evidence": "手册",
     "reach": "上", "delivery": 0.8},
    {"enterprise": "乙", "outlet": "1#", "medium": "水", "pollutant": "总磷", "production_t": 1, "discharge_t": 2,
     "method": "物料衡算", "evidence": "台账", "reach": "上"},
    {"enterprise": "乙", "medium": "大气", "pollutant": "VOCs", "species": "甲苯", "discharge_t": 5, "method": "物料衡算",
     "base_t_per_year": 8, "mir": 4},
    {"enterprise": "乙", "medium": "大气", "pollutant": "VOCs", "species": "甲苯", "discharge_t": 3, "method": "产排污系数",
     "base_t_per_year": 8, "mir": 4, "evidence": "手册"},
]  # fmt: skip


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "region.xlsx"
    filled = {
        "enterprises": [{"enterprise": "甲", "county": "东县"}, {"enterprise": "乙", "county": "西县"}],
        "emissions": ROWS,
        "reaches": [
            {"reach": "上", "length_m": 1000, "velocity_m_s": 0.5, "k_per_day": 0.1, "inflow_m3_s": 2}
        ],
        "measures": [{"measure": "m", "enterprise": "甲", "cost_per_year": 3, "effect:氨氮": 4}],
        "targets": [{"target": "氨氮", "min_reduction": 2}],
    }
    with path.open("wb") as target:
        write_book(target, [(table, filled.get(table.name, [])) for table in begun()], free_rows=3)
    book = Book(path)
    for table in region_tables():
        book.read(table)
    return book


def test_what_was_filled_in_comes_back(book):
    assert book.errors == []
    assert len(book.readings["emissions"]) == len(ROWS)
    assert book.readings["measures"].columns["effect:氨氮"] == [4]
    book.check_references()
    assert book.errors == []


def test_the_preferred_method_counts_once(book):
    assert counted(book.readings["emissions"]) == {0, 2, 3}
    found = loads(book.readings["emissions"])
    assert list(found.columns["substance"]) == ["氨氮", "总磷"]
    assert found.columns["load_g_s"][0] == pytest.approx(10 * 0.8 * 1e6 / 31_536_000)
    assert found.columns["source"] == ["甲", "乙 1#"]
    assert list(found.row_numbers) == [2, 4]


def test_sources_take_their_county_as_region(book):
    found = sources(book.readings["emissions"], {"乙": "西县"})
    assert (list(found.columns["region"]), [float(one) for one in found.columns["t_per_year"]]) == (
        ["西县"],
        [5],
    )
    assert found.columns["source"] == ["乙"]


def test_figures_keep_their_standing(book):
    first = figures(book.readings["emissions"])[1][1]
    assert (first.kind, first.method, first.uncertainty) == ("discharge", "manual", 0.1)
    assert (first.date, first.evidence) == (dt.date(2022, 1, 31), "监测报告")


def test_contradictions_point_to_the_cells(book):
    found = contradictions(book.readings["emissions"])
    errors = [(one.row, one.title) for one in found if one.level == "error"]
    assert errors == [(4, "排放量")]
    assert [(one.row, one.title) for one in found if one.level == "warning"] == [
        (3, "排放量"),
        (5, "依据"),
    ]


def test_the_template_by_the_terminal(tmp_path):
    out = tmp_path / "区域.xlsx"
    result = CliRunner().invoke(region, [str(out)])
    assert result.exit_code == 0, result.output
    book = Book(out)
    for table in region_tables():
        book.read(table)
    assert "污染排放" in result.stdout
    assert {one.sheet for one in book.errors} <= {"企业", "污染排放", "备选方案表", "目标表"}
    assert book.unread() == []
    assert CliRunner().invoke(region, [str(tmp_path / "none" / "x.xlsx")]).exit_code == 2


def test_every_sheet_has_a_name_of_its_own():
    names = [table.sheet for table in region_tables()]
    assert len(set(names)) == len(names)
    assert emission_table().column("reach").refers == "reaches"
