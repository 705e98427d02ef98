"""`qingyuan rate` and `qingyuan systems`: the JSON of the contract, the refusals, and every fault of the input at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner

from qingyuan.cli.compute.rate import rate, systems

SYSTEM = """\
id: small
title: 小体系
sector: 演示
edition: 演示
completeness: complete
source: [自拟]
parameters:
  - {id: n, title: 层数, kind: integer, minimum: 1, maximum: 9}
groups:
  - id: g
    title: 一组
    weight: 1
    indicators:
      - {id: power, title: 电耗, unit: kWh/m2, kind: quantitative, direction: lower, weight: 0.85,
         benchmarks: {I: 10+5*n, II: 20+5*n, III: 30+5*n}}
      - {id: policy, title: 产业政策, kind: qualitative, weight: 0.15, texts: {I: 符合, II: 基本符合, III: 尚可}}
"""
GOOD = "enterprise,power,policy,n\n甲,20,II,2\n"


def run(
    tmp_path: Path, text: str = GOOD, *options: str, system: str = SYSTEM, encoding: str = "utf-8"
) -> Any:
    (tmp_path / "small.yaml").write_text(system, "utf-8")
    (tmp_path / "d.csv").write_bytes(text.encode(encoding))
    arguments = [str(tmp_path / "d.csv"), "--system", str(tmp_path / "small.yaml"), *options]
    return CliRunner().invoke(rate, arguments, catch_exceptions=False)


def test_the_json_of_the_contract(tmp_path):
    result = run(tmp_path, GOOD + "乙,,I,1\n丙,99,III,1\n丁,na,I,1\n戊,0,none,1\n", "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert set(said) == {"system", "verified", "enterprises"}
    assert (said["system"], said["verified"]) == ("small", False)
    first, second, third, fourth, fifth = said["enterprises"]
    assert first == {
        "enterprise": "甲",
        "level": "I",
        "index": {"I": "85", "II": "100", "III": "100"},
        "index_decimal": {"I": 85.0, "II": 100.0, "III": 100.0},
        "indicators": [
            {"id": "power", "value": 20, "meets": "I", "applies": True, "reason": None},
            {"id": "policy", "value": "II", "meets": "II", "applies": True, "reason": None},
        ],
        "missing": [],
        "failing": [],
    }
    assert (second["level"], second["missing"], second["index"]["I"]) == (None, ["power"], None)
    assert (third["level"], third["failing"], third["index"]["III"]) == ("below", ["power"], "15")
    assert (fourth["level"], fourth["indicators"][0]["applies"]) == ("I", False)
    assert (fifth["level"], fifth["failing"], fifth["indicators"][0]["value"]) == ("below", ["policy"], 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_and_encodings(tmp_path, encoding):
    text = "企业名称,电耗（kWh/m2）,产业政策,层数\n甲,20.01,Ⅰ,2\n"
    said = json.loads(run(tmp_path, text, "--json", encoding=encoding).stdout)
    assert said["enterprises"][0]["level"] == "II"
    assert said["enterprises"][0]["index"]["I"] == "15"


def write_book(path: Path, rows: list[list[Any]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("数据")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


HEAD = ["enterprise", "power", "policy", "n"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["甲", "nan", "I", 1], "B"),
        (["甲", "inf", "I", 1], "B"),
        (["甲", "约20", "I", 1], "B"),
        (["甲", -1, "I", 1], "B"),
        (["甲", 20, "IV", 1], "C"),
        (["甲", 20, "I", 1.5], "D"),
        (["甲", 20, "I", 0], "D"),
        (["", 20, "I", 1], "A"),
        (["乙", 20, "I", 1], "A"),
    ],
    ids=[
        "nan",
        "infinity",
        "text",
        "negative",
        "grade",
        "not whole",
        "below minimum",
        "no name",
        "doubled key",
    ],
)
def test_every_fault_of_a_workbook_is_named_to_the_cell(tmp_path, row, column):
    (tmp_path / "small.yaml").write_text(SYSTEM, "utf-8")
    write_book(tmp_path / "d.xlsx", [HEAD, ["乙", 20, "I", 1], row])
    arguments = [str(tmp_path / "d.xlsx"), "--system", str(tmp_path / "small.yaml"), "--json"]
    result = CliRunner().invoke(rate, arguments)
    assert result.exit_code == 2
    said = json.loads(result.stdout)
    assert said["status"] == "bad_input"
    (problem,) = said["problems"]
    assert (problem["sheet"], problem["row"], problem["column"][0]) == ("数据", 3, column)
    assert problem["expected"]


def test_all_problems_at_once(tmp_path):
    result = run(tmp_path, "enterprise,power,policy,n\n甲,x,I,1\n甲,1,Q,0\n", "--json")
    assert result.exit_code == 2
    assert len(json.loads(result.stdout)["problems"]) == 4


def test_a_doubt_refuses_and_says_where(tmp_path):
    bad = SYSTEM.replace("weight: 0.15", "weight: 0.25")
    result = run(tmp_path, GOOD, "--json", system=bad)
    assert result.exit_code == 2
    (problem,) = json.loads(result.stdout)["problems"]
    assert (problem["file"], problem["row"]) == ("small.yaml", 10)
    assert "11/10" in problem["value"]
    said = json.loads(run(tmp_path, GOOD, "--json", "--indicators-only", system=bad).stdout)
    assert said["enterprises"][0]["level"] is None
    assert [one["meets"] for one in said["enterprises"][0]["indicators"]] == ["I", "II"]
    confirmed = bad + "confirmed:\n  - {doubt: 'sum:group:g', why: 原文如此}\n"
    assert run(tmp_path, GOOD, system=confirmed).exit_code == 0


@pytest.mark.parametrize(
    ("was", "now", "key"),
    [
        ("II: 20+5*n", "II: 9+5*n", "宽松"),
        ("weight: 0.15, ", "", "没有权重"),
        ("10+5*n", "10+5*m", "没有声明的参数“m”"),
        ("{I: 10+5*n, II: 20+5*n", "{II: 20+5*n", "没有 I 级基准值"),
        ("completeness: complete", "completeness: partial", "不完整"),
        (
            "unit: kWh/m2, kind: quantitative, direction: lower",
            "unit: '%', kind: quantitative, direction: lower",
            None,
        ),
        ("III: 30+5*n", "III: 90+5*n", None),
    ],
    ids=["order", "no weight", "undeclared", "blank", "partial", "percent inside", "still in order"],
)
def test_the_doubts_of_loading(tmp_path, was, now, key):
    result = run(tmp_path, GOOD, "--json", system=SYSTEM.replace(was, now))
    if key is None:
        assert result.exit_code == 0, result.output
        return
    assert result.exit_code == 2
    assert any(key in problem["value"] for problem in json.loads(result.stdout)["problems"])


def test_a_slip_of_sign_in_a_percentage_is_doubted(tmp_path):
    slip = SYSTEM.replace("kWh/m2", "'%'").replace("lower", "higher")
    slip = slip.replace("10+5*n", "90+2*n").replace("20+5*n", "82+2*n").replace("30+5*n", "80+2*n")
    result = run(tmp_path, GOOD, "--json", system=slip)
    assert result.exit_code == 2
    assert "“-n”误作“+n”" in result.output


def test_a_file_that_does_not_hold_together_names_its_lines(tmp_path):
    bad = SYSTEM.replace("10+5*n", "__import__('os')").replace("weight: 1\n", "weight: 1\n    colour: red\n")
    result = run(tmp_path, GOOD, "--json", system=bad)
    assert result.exit_code == 2
    problems = json.loads(result.stdout)["problems"]
    assert [problem["row"] for problem in problems] == [13, 16]


def test_unknown_systems_enterprises_and_files(tmp_path):
    arguments = [str(tmp_path / "none.csv"), "--system", "demo-coating", "--json"]
    assert CliRunner().invoke(rate, arguments).exit_code == 2
    (tmp_path / "d.csv").write_text(GOOD, "utf-8")
    result = CliRunner().invoke(rate, [str(tmp_path / "d.csv"), "--system", "nowhere", "--json"])
    assert result.exit_code == 2
    assert "demo-coating" in json.loads(result.stdout)["problems"][0]["expected"]
    assert run(tmp_path, GOOD, "--explain", "庚").exit_code == 2


def test_what_a_person_reads(tmp_path):
    assert "甲" in run(tmp_path).stdout
    said = run(tmp_path, GOOD, "--explain", "甲").stdout
    assert "17/20" in said
    assert "Y_I = 85" in said
    assert "I 级：达到" in said
    assert run(tmp_path, GOOD, "--indicators-only").exit_code == 0
    book = tmp_path / "out.xlsx"
    assert run(tmp_path, GOOD, "--xlsx", str(book)).exit_code == 0
    import python_calamine

    rows = python_calamine.load_workbook(book).get_sheet_by_index(0).to_python()
    assert any("甲" in line and "I" in line and 85.0 in line for line in rows)


def test_the_catalogue_says_what_is_complete_and_that_nothing_is_verified():
    said = json.loads(CliRunner().invoke(systems, ["--json"]).stdout)
    keys = {
        "id",
        "title",
        "sector",
        "edition",
        "valid_from",
        "valid_to",
        "completeness",
        "verified",
        "source",
    }
    assert all(set(one) == keys for one in said)
    assert {one["id"] for one in said if one["completeness"] == "complete"} == {
        "demo-coating",
        "hazwaste-incineration-draft",
    }
    assert not any(one["verified"] for one in said)
    assert "演示" in CliRunner().invoke(systems).stdout


@pytest.mark.parametrize("name", ["pcb-64", "steel-2014", "electroplating-2015"])
def test_incomplete_tables_are_useful_row_by_row_and_refuse_more(tmp_path, name):
    (tmp_path / "d.csv").write_text("enterprise,n\n甲,2\n", "utf-8")
    arguments = [str(tmp_path / "d.csv"), "--system", name, "--json"]
    assert CliRunner().invoke(rate, arguments).exit_code == 2
    result = CliRunner().invoke(rate, [*arguments, "--indicators-only"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["enterprises"][0]["level"] is None


@pytest.mark.parametrize("weight", ["1-n", "0.85/(n-2)"], ids=["negative", "divided by zero"])
def test_a_weight_without_a_value_names_the_row(tmp_path, weight):
    system = SYSTEM.replace("weight: 0.85", f"weight: {weight}")
    result = run(tmp_path, GOOD, "--json", system=system)
    assert result.exit_code == 2
    (problem,) = json.loads(result.stdout)["problems"]
    assert (problem["row"], problem["column"]) == (2, "power")
