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
