"""Reports filed elsewhere: figures in our units, and what is wrong exact to the cell."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
import xlsxwriter

from qingyuan.catalogue.filings import filings, filings_for, load_filing
from qingyuan.catalogue.problems import CatalogueError
from qingyuan.workbooks.filings import read_filing
from qingyuan.workbooks.schema import NA


def book(rows, sheet="表1"):
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target)
    page = made.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    made.close()
    return target.getvalue()


def read(name, rows, whose=()):
    return read_filing(book(rows), filings()[name], name="演示.xlsx", whose=whose)


def test_every_shipped_mapping_says_that_it_is_our_own():
    assert {one.kind for one in filings().values()} == {"permit", "statistics", "energy"}
    for one in filings().values():
        assert (one.origin, one.verified) == ("self-made", False)
        assert "自拟" in one.source


def test_items_are_brought_in_our_units_and_nothing_is_lost():
    found = read(
        "own-permit",
        [
            ["演示企业 2021 年执行报告"],
            ["污染物", "实际排放量", "单位"],
            ["化学需氧量", 1200.5, "kg"],
            ["氨氮", "0.25", "吨"],
            ["NOx", "na", ""],
            ["总磷", "", "t"],
            ["六价铬", 0.001, "t"],
        ],
    )
    assert found.ok
    assert [(one.item.title, one.value, one.cell, one.stated_unit) for one in found.brought] == [
        ("化学需氧量", Decimal("1.2005"), "B3", "kg"),
        ("氨氮", Decimal("0.25"), "B4", "吨"),
        ("氮氧化物", NA, "B5", ""),
    ]
    assert found.others == (("六价铬", "A7"),)
    assert found.blank == ("总磷",)


def test_everything_wrong_is_said_at_once_with_its_cell():
    found = read(
        "own-permit",
        [
            ["项目", "数值", "单位"],
            ["COD", "很多", "t"],
            ["氨氮", 3, "升"],
            ["总氮", 2, ""],
            ["总磷", -1, "t"],
            ["TP", 1, "t"],
            ["", 7, "t"],
        ],
    )
    assert [(one.letter, one.row) for one in found.problems] == [
        ("B", 2), ("C", 3), ("C", 4), ("B", 5), ("B", 6), ("A", 7),
    ]  # fmt: skip
    assert all(one.expected and one.mend for one in found.problems)


def test_a_row_of_the_enterprise_is_found_by_name_or_code():
    rows = [
        ["单位名称", "取水量（万吨）", "化学需氧量排放量（吨）", "工业总产值（千元）", "煤气消费量（万m3）"],
        ["演示乙公司", 9, 9, 9, 9],
        ["演示甲公司", "1.5", 0, 12000, 3],
    ]
    found = read("own-statistics", rows, whose=("演示甲公司", "91410300MA4TEST123"))
    assert [(one.item.title, one.value, one.cell) for one in found.brought] == [
        ("取水量", Decimal(15000), "B3"),
        ("化学需氧量", Decimal(0), "C3"),
        ("工业总产值", Decimal(1200), "D3"),
    ]
    assert found.others == (("煤气消费量（万m3）", "E1"),)
    missing = read("own-statistics", rows, whose=("演示丙公司",))
    assert [one.expected for one in missing.problems] == ["有本企业的一行"]
    twice = read("own-statistics", [*rows, rows[2]], whose=("演示甲公司",))
    assert [(one.row, one.expected) for one in twice.problems] == [(4, "本企业只有一行")]


def test_what_is_no_such_report_is_refused_in_words():
    assert "表头" in read("own-energy", [["甲", "乙"], [1, 2]]).problems[0].expected
    assert read_filing(b"\xd0\xcf\x11\xe0old", filings()["own-energy"], name="旧.xls").problems


def test_mappings_are_dated_and_by_kind_of_data():
    from datetime import date

    assert {one.id for one in filings_for("region", on=date(2021, 12, 31))} == {
        "own-permit",
        "own-statistics",
    }
    assert filings_for("park", on=date(2021, 12, 31)) == []
    assert filings_for("industry", on=date(2001, 12, 31)) == []


def test_a_mapping_says_all_that_is_wrong_with_it(tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text(
        "id: other\ntitle: 甲\nkind: energy\nshape: items\norigin: self-made\nsource: 官方表样\nverified: true\n"
        "valid_from: 2021-01-01\nvalid_to: 2020-01-01\nitems:\n"
        "  - {title: 电, units: {kWh: 1}, targets: {industry: {table: enterprises, column: electricity_kwh}}}\n"
        "  - {title: 电, units: {kWh: 1}, targets: {industry: {table: enterprises, column: electricity_kwh}}}\n",
        "utf-8",
    )
    with pytest.raises(CatalogueError) as error:
        load_filing(path)
    assert len(error.value.problems) == 9
