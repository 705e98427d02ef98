"""`qingyuan diagnose` refuses bad input: each clause of the rule on real workbooks, all problems at once, nothing computed."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from qingyuan.cli.compute.diagnose import diagnose
from tests.terminal.sector_books import SHEETS, write


@pytest.fixture
def sheets() -> Any:
    return copy.deepcopy(SHEETS)


def problems(path: Path, *options: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(diagnose, [str(path), "--json", *options], catch_exceptions=False)
    assert done.exit_code == 2, done.output
    said = json.loads(done.stdout)
    assert set(said) == {"status", "problems"}
    assert said["status"] == "bad_input"
    for problem in said["problems"]:
        assert set(problem) == {"file", "sheet", "row", "column", "value", "expected"}
        assert problem["expected"]
    return said["problems"]


def places(path: Path) -> list[tuple[str, int, str]]:
    return [(one["sheet"], one["row"], (one["column"] or " ")[0]) for one in problems(path)]


@pytest.mark.parametrize(
    "fault",
    [
        ("企业", 2, "E", "nan"),
        ("企业", 2, "E", "inf"),
        ("企业", 2, "E", "-Infinity"),
        ("企业", 2, "G", "约100"),
        ("企业", 2, "G", -1),
        ("企业", 3, "A", "甲"),
        ("企业", 2, "D", "巨型"),
        ("企业", 2, "A", ""),
        ("企业", 2, "I", -2),
        ("企业", 2, "E", True),
        ("指标数据", 2, "A", "戊"),
        ("指标数据", 2, "B", "z"),
        ("指标数据", 2, "C", "x"),
        ("指标数据", 2, "C", "NaN"),
        ("指标数据", 2, "C", -3),
        ("指标数据", 3, "B", "单位产品综合能耗"),
        ("评价指标", 2, "F", 90),
        ("评价指标", 2, "D", ""),
        ("评价指标", 2, "D", "越多越好"),
        ("评价指标", 3, "A", "e"),
        ("评价指标", 2, "F", "1e400"),
        ("参数", 2, "A", "不认识的参数"),
        ("参数", 2, "B", "x"),
        ("参数", 2, "B", -5),
        ("参数", 3, "B", 5),
        ("参数", 3, "B", 1.5),
        ("参数", 4, "B", 1.5),
        ("清洁生产方案", 2, "B", "戊"),
        ("清洁生产方案", 2, "C", "z"),
        ("清洁生产方案", 2, "D", -10),
        ("清洁生产方案", 2, "A", ""),
        ("清洁生产方案", 2, "E", "八"),
    ],
)
def test_every_fault_is_named_to_the_cell(tmp_path, sheets, fault):
    sheet, row, column, value = fault
    sheets[sheet][row - 1][ord(column) - ord("A")] = value
    found = places(write(tmp_path / "d.xlsx", sheets))
    # A wrong name of an enterprise is also unknown wherever another sheet refers to it.
    assert (sheet, row, column) in found
    assert {one[0] for one in found} <= {sheet, "指标数据", "清洁生产方案"}


def test_the_same_value_twice(tmp_path, sheets):
    sheets["指标数据"].append(["甲", "e", 5])
    assert places(write(tmp_path / "d.xlsx", sheets)) == [("指标数据", 13, "A")]


def test_an_unknown_system_does_not_hide_what_else_is_wrong(tmp_path, sheets):
    sheets["参数"].append(["评价指标体系", "nowhere"])
    sheets["指标数据"][1][0] = "戊"
    sheets["企业"][1][6] = "x"
    found = set(places(write(tmp_path / "d.xlsx", sheets)))
    assert found == {("参数", 5, "B"), ("企业", 2, "G"), ("指标数据", 2, "A")}


def test_a_scheme_twice_in_one_enterprise(tmp_path, sheets):
    sheets["清洁生产方案"].append(["余热回收", "丁", "e", 1, 1])
    assert places(write(tmp_path / "d.xlsx", sheets)) == [("清洁生产方案", 4, "A")]


def test_all_problems_of_all_sheets_at_once(tmp_path, sheets):
    sheets["参数"][1][1] = "x"
    sheets["评价指标"][1][5] = 90
    sheets["评价指标"][3][3] = ""
    sheets["企业"][1][4] = "nan"
    sheets["企业"][2][6] = -1
    sheets["指标数据"][1][0] = "戊"
    sheets["指标数据"][2][2] = "y"
    sheets["清洁生产方案"][1][3] = -1
    found = set(places(write(tmp_path / "d.xlsx", sheets)))
    assert found == {
        ("参数", 2, "B"),
        ("评价指标", 2, "F"),
        ("评价指标", 4, "D"),
        ("企业", 2, "E"),
        ("企业", 3, "G"),
        ("指标数据", 2, "A"),
        ("指标数据", 3, "C"),
        ("清洁生产方案", 2, "D"),
    }


@pytest.mark.parametrize("name", ["企业", "指标数据", "评价指标"])
def test_a_sheet_that_lacks(tmp_path, sheets, name):
    del sheets[name]
    found = problems(write(tmp_path / "d.xlsx", sheets))
    assert any(name in one["expected"] for one in found)


def test_a_column_that_lacks_and_a_wrong_unit(tmp_path, sheets):
    sheets["企业"][0][0] = "名号"
    sheets["企业"][0][6] = "综合能耗（kgce）"
    found = problems(write(tmp_path / "d.xlsx", sheets))
    assert any("企业名称" in one["expected"] for one in found)
    assert any("tce" in one["expected"] and one["value"] == "综合能耗（kgce）" for one in found)


def test_benchmarks_beside_a_system_that_has_its_own(tmp_path, sheets):
    sheets["参数"].append(["评价指标体系", "demo-coating"])
    found = problems(write(tmp_path / "d.xlsx", sheets))
    assert any("demo-coating" in one["expected"] and one["value"] == "e" for one in found)


def test_unknown_systems_files_and_enterprises(tmp_path, sheets):
    path = write(tmp_path / "d.xlsx", sheets)
    assert "demo-coating" in problems(path, "--system", "nowhere")[0]["expected"]
    assert problems(tmp_path / "none.xlsx")[0]["expected"] == "存在的文件"
    assert problems(path, "--explain", "戊")[0]["value"] == "戊"
    assert problems(path, "--library", str(tmp_path / "none.xlsx"))
    assert problems(path, "--xlsx", str(tmp_path / "none" / "x.xlsx"))
    sheets["参数"].append(["评价指标体系", "nowhere"])
    (one,) = problems(write(tmp_path / "d.xlsx", sheets))
    assert (one["sheet"], one["row"]) == ("参数", 5)


def test_a_sample_larger_than_the_sector(tmp_path, sheets):
    sheets["参数"][2][1] = 5
    (one,) = problems(write(tmp_path / "d.xlsx", sheets))
    assert (one["sheet"], one["row"], one["column"][0]) == ("参数", 3, "B")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG\r\n\x00"])
def test_what_is_no_workbook(tmp_path, data):
    path = tmp_path / "d.xlsx"
    path.write_bytes(data)
    assert problems(path)


def test_an_empty_folder_and_an_empty_sector(tmp_path, sheets):
    (tmp_path / "empty").mkdir()
    assert problems(tmp_path / "empty")
    sheets["企业"] = sheets["企业"][:1]
    assert ("企业", None) in [
        (one["sheet"], one["row"]) for one in problems(write(tmp_path / "d.xlsx", sheets))
    ]


def test_an_out_folder_that_is_a_file(tmp_path, sheets):
    (tmp_path / "f").write_text("x")
    path = write(tmp_path / "d.xlsx", sheets)
    done = CliRunner().invoke(diagnose, [str(path), "--out", str(tmp_path / "f" / "g"), "--json"])
    assert done.exit_code == 2
    assert json.loads(done.stdout)["status"] == "bad_input"


def test_problems_for_people_go_to_stderr_and_say_how_many(tmp_path, sheets):
    sheets["企业"][1][4] = "nan"
    done = CliRunner().invoke(diagnose, [str(write(tmp_path / "d.xlsx", sheets))])
    assert done.exit_code == 2
    assert not done.stdout
    assert "第2行" in done.stderr
    assert "没有计算" in done.stderr


def test_blank_na_and_zero_are_three_things(tmp_path, sheets):
    sheets["指标数据"] = [["企业名称", "e"], ["甲", ""], ["乙", "na"], ["丙", 0], ["丁", 100]]
    path = write(tmp_path / "d.xlsx", sheets)
    done = CliRunner().invoke(diagnose, [str(path), "--json"])
    energy = json.loads(done.stdout)["indicators"][0]
    assert (energy["missing"], energy["not_applicable"], energy["judged"], energy["p25"]) == (1, 1, 2, 25.0)
