"""`qingyuan measures`: what it prints, the one JSON value, and every fault of the input at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner

from qingyuan.cli.compute.measures import measures

HEAD = "measure,invest,saving,om,life,effect:COD"


def run(tmp_path: Path, text: str, *options: str, encoding: str = "utf-8") -> Any:
    path = tmp_path / "m.csv"
    path.write_bytes(text.encode(encoding))
    return CliRunner().invoke(measures, [str(path), *options])


def test_one_json_value_with_every_figure(tmp_path):
    result = run(tmp_path, f"{HEAD}\nA,150,32.5,,,\nB,0,10,1,5,2\n", "--json", "--rate", "0.05", "--tax", "0")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    first, second = said["measures"]
    assert round(first["IRR_pct"], 2) == 17.26
    assert round(first["IRR_interpolated_pct"], 4) == 17.2627
    assert set(first) >= {"measure", "P", "D", "T", "E", "F", "N", "NPV", "NPVR_pct", "IRR_pct"}
    assert second["NPVR_pct"] is None
    assert second["reasons"]["NPVR_pct"]
    assert said["macc"]["COD"][0]["measure"] == "B"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_and_encodings(tmp_path, encoding):
    text = "方案,投资,年节约,年运行费,年限（年）,削减量：氨氮\n中水回用,100,30,2,8,1.5\n"
    result = run(tmp_path, text, "--json", encoding=encoding)
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["measures"][0]["measure"] == "中水回用"
    assert said["measures"][0]["years"] == 8
    assert said["macc"]["氨氮"][0]["effect"] == 1.5


def test_the_table_for_the_eye(tmp_path):
    result = run(tmp_path, f"{HEAD}\n废热回收,100,40,,,\n")
    assert result.exit_code == 0
    assert "废热回收" in result.stdout
    assert "NPVR(%)" in result.stdout


def test_all_problems_at_once_and_nothing_computed(tmp_path):
    rows = [
        "A,abc,10,,,",
        "A,10,nan,,,",
        ",10,10,,,",
        "D,-5,10,,,",
        "E,10,10,,0,-3",
        "F,,10,,,",
        "G,1,inf,,,",
    ]
    result = run(tmp_path, HEAD + "\n" + "\n".join(rows) + "\n", "--json")
    assert result.exit_code == 2
    said = json.loads(result.stdout)
    assert said["status"] == "bad_input"
    assert [problem["row"] for problem in said["problems"]] == [2, 3, 3, 4, 5, 6, 6, 7, 8]
    places = {(problem["row"], problem["column"][0]) for problem in said["problems"]}
    assert {(2, "B"), (3, "C"), (4, "A"), (5, "B"), (6, "E"), (6, "F"), (7, "B"), (8, "C")} <= places
    assert all(problem["file"] == "m.csv" and problem["expected"] for problem in said["problems"])


def test_a_workbook_and_a_column_that_lacks(tmp_path):
    path = tmp_path / "m.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("方案")
        sheet.write_row(0, 0, ["measure", "invest"])
        sheet.write_row(1, 0, ["A", 3])
    result = CliRunner().invoke(measures, [str(path), "--json"])
    assert result.exit_code == 2
    assert "年节约" in json.dumps(json.loads(result.stdout)["problems"], ensure_ascii=False)


def test_wrong_parameters_and_missing_files_are_bad_input(tmp_path):
    assert run(tmp_path, f"{HEAD}\nA,1,1,,,\n", "--rate", "-2", "--json").exit_code == 2
    result = CliRunner().invoke(measures, [str(tmp_path / "none.csv"), "--json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["problems"][0]["expected"] == "存在的文件"


def test_low_and_high_cost_by_the_threshold_that_is_given(tmp_path):
    text = f"{HEAD}\nA,5,10,,,\nB,5.01,10,,,\n"
    said = json.loads(run(tmp_path, text, "--json", "--low-cost", "5").stdout)
    assert [one["cost_class"] for one in said["measures"]] == ["low", "high"]
    assert json.loads(run(tmp_path, text, "--json").stdout)["measures"][0]["cost_class"] is None
    assert "中/高费：B" in run(tmp_path, text, "--low-cost", "5").stdout
    assert run(tmp_path, text, "--low-cost", "-1").exit_code == 2


def test_a_workbook_to_hand_in(tmp_path):
    out = tmp_path / "o.xlsx"
    result = run(tmp_path, f"{HEAD}\n废热回收,100,40,,,2\n", "--xlsx", str(out), "--low-cost", "5")
    assert result.exit_code == 0, result.output
    import python_calamine

    book = python_calamine.load_workbook(out)
    assert book.sheet_names == ["方案经济分析", "边际减排成本"]
    rows = book.get_sheet_by_index(0).to_python()
    assert any(row[:2] == ["废热回收", "中/高费"] and row[4] == 10.0 for row in rows)
    assert run(tmp_path, f"{HEAD}\nA,1,1,,,\n", "--xlsx", str(tmp_path / "none" / "o.xlsx")).exit_code == 2
