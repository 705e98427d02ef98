"""With `--json` every refusal is one JSON value on stdout, wrong arguments too; columns go by either header."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from qingyuan.cli import main


@pytest.mark.parametrize(
    ("arguments", "column"),
    [
        (["measures", "F", "--rate", "six"], "--rate"),
        (["measures", "F", "--taxes", "1"], "--taxes"),
        (["measures"], "file"),
        (["exchange", "--offers", "F"], "--needs"),
        (["balance", "F", "--alpha", "x"], "--alpha"),
        (["measures", "F", "--low-cost", "nan"], "--low-cost"),
        (["exchange", "--offers", "F", "--needs", "F", "--time-limit", "nan"], "--time-limit"),
        (["match", "F", "--links", "F", "--time-limit", "inf"], "--time-limit"),
        (["nothing-of-the-kind"], ""),
    ],
)
def test_wrong_arguments_are_one_json_value(arguments, column):
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == 2
    said = json.loads(result.stdout)
    assert said["status"] == "bad_input"
    (problem,) = said["problems"]
    assert set(problem) == {"file", "sheet", "row", "column", "value", "expected"}
    assert problem["column"] == column
    assert problem["expected"]
    assert "Usage" in result.stderr


def test_a_present_value_beyond_all_numbers_is_refused(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("measure,invest,saving\na,1,2\n", "utf-8")
    arguments = ["measures", str(path), "--rate", "-0.9999", "--years", "1000", "--json"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2, result.output
    assert json.loads(result.stdout)["status"] == "bad_input"


def test_a_ratio_that_cannot_be_found_says_why(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("measure,invest,saving,life\na,0.001,1000000,0.1\n", "utf-8")
    (one,) = json.loads(CliRunner().invoke(main, ["measures", str(path), "--json"]).stdout)["measures"]
    assert one["IRR_pct"] is None
    assert set(one["reasons"]) == {"IRR_pct", "IRR_interpolated_pct"}


def test_without_json_stdout_stays_empty():
    result = CliRunner().invoke(main, ["measures"])
    assert (result.exit_code, result.stdout) == (2, "")


def test_problems_name_the_column_by_both_headers(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("measure,saving\na,nan\n", "utf-8")
    result = CliRunner().invoke(main, ["measures", str(path), "--rate", "nan", "--tax", "2", "--json"])
    assert result.exit_code == 2
    found = {(one["file"], one["row"], one["column"]) for one in json.loads(result.stdout)["problems"]}
    assert found == {
        ("m.csv", 1, "投资 invest"),
        ("m.csv", 2, "B（年节约 saving）"),
        ("--rate", None, ""),
        ("--tax-rate", None, ""),
    }
