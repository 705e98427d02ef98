"""`qingyuan match`: the one JSON value, the table for the eye, limits, and every fault of both files at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from qingyuan.cli.compute.match import match

STREAMS = "stream,enterprise,kind,t_supply_c,t_target_c,duty_kw\n"
PARK = f"{STREAMS}余热,甲,,150,50,100\n加热,乙,,20,120,200\n冷凝,丙,hot,30,30,500\n"
LINKS = "from,to,length_m,loss_kw_per_m,fixed_cost,cost_per_kwh\n"


def run(tmp_path: Path, links: str, *options: str, park: str = PARK, encoding: str = "utf-8") -> Any:
    (tmp_path / "s.csv").write_bytes(park.encode(encoding))
    (tmp_path / "l.csv").write_bytes(links.encode(encoding))
    return CliRunner().invoke(match, [str(tmp_path / "s.csv"), "--links", str(tmp_path / "l.csv"), *options])


def said_by(tmp_path: Path, links: str, *options: str, code: int = 0, **more: Any) -> Any:
    result = run(tmp_path, links, "--json", *options, **more)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_which_surplus_feeds_which_need_at_which_level(tmp_path):
    said = said_by(tmp_path, f"{LINKS}甲,乙,100,0.02,1000,0.01\n丙,乙,10,0,0,0\n")
    assert (said["status"], said["aim"]) == ("done", "heat")
    assert said["objective"] == pytest.approx(98)
    assert (said["gap"], said["verified"], said["repeatable"]) == (pytest.approx(0, abs=1e-9), True, True)
    (one,) = said["matches"]
    assert (one["from"], one["to"], one["heat_kw"]) == ("甲", "乙", pytest.approx(98))
    assert one["cost_per_year"] == pytest.approx(1000 + 0.01 * 8000 * 98)
    for level in one["levels"]:
        assert level["from_shifted_c"][0] >= level["to_shifted_c"][0]
    enterprises = {each["enterprise"]: each for each in said["enterprises"]}
    assert enterprises["乙"]["hot_utility_kw"] == 200
    assert enterprises["乙"]["received_kw"] == pytest.approx(98)


def test_money_decides_where_heat_has_a_value(tmp_path):
    said = said_by(tmp_path, f"{LINKS}甲,乙,0,0,10000,0.01\n", "--heat-value", "0.03", "--hours", "6000")
    assert said["aim"] == "cost"
    assert said["objective"] == pytest.approx(10_000 - 0.02 * 6000 * 100)
    assert said["bound"] == pytest.approx(said["objective"])
    said = said_by(tmp_path, f"{LINKS}甲,乙,0,0,10000,0.01\n", "--heat-value", "0.01")
    assert (said["objective"], said["matches"]) == (0, [])


def test_heat_pumps_only_below_carnot(tmp_path):
    head = LINKS.strip() + ",cop,power_cost_per_kwh\n"
    said = said_by(tmp_path, f"{head}丙,乙,0,0,0,0,3,0.6\n")
    (one,) = said["matches"]
    assert one["heat_kw"] == pytest.approx(200)
    assert one["power_kw"] == pytest.approx(200 / 3)
    assert one["levels"][0]["heat_pump"] is True
    boiling = f"{STREAMS}冷凝,丙,hot,30,30,500\n沸腾,乙,cold,80,80,100\n"
    said = said_by(tmp_path, f"{head}丙,乙,0,0,0,0,7.8,0.6\n", park=boiling)
    assert said["matches"] == []
    assert said["flags"][0]["kind"] == "above_carnot"
    assert said["flags"][0]["carnot_cop"] < 7.8
    shown = run(tmp_path, f"{head}丙,乙,0,0,0,0,7.8,0.6\n", park=boiling)
    assert "卡诺上限" in shown.stdout


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_chinese_headers(tmp_path, encoding):
    head = "供热企业,用热企业,长度（m）,单位长度热损失（kW/m）,固定费用,输送单价\n"
    said = said_by(tmp_path, f"{head}甲,乙,100,0.02,1000,0.01\n", encoding=encoding)
    assert said["objective"] == pytest.approx(98)


def test_all_problems_of_both_files_at_once(tmp_path):
    head = LINKS.strip() + ",cop,power_cost_per_kwh\n"
    rows = [
        "甲,乙,100,0.02,1000,0.01,,",  # 2 sound
        "甲,丁,100,0.02,1000,0.01,,",  # 3 unknown
        "甲,甲,100,0.02,1000,0.01,,",  # 4 itself
        "甲,乙,1,0.02,1000,0.01,,",  # 5 row 2 again
        "乙,甲,-1,0.02,x,0.01,,",  # 6 negative, no number
        "丙,甲,,0.02,1000,na,,",  # 7 missing
        ",乙,1,0.02,1000,0.01,,",  # 8 no source
        "丙,乙,1,0.02,1000,0.01,0.9,",  # 9 no heat pump
        "乙,丙,1,-0.02,-1000,-0.01,4,",  # 10 negatives, price of power missing
    ]
    park = f"{PARK}x,,,50,nan,10\n"
    said = said_by(
        tmp_path, head + "\n".join(rows) + "\n", "--hours", "-1", "--heat-value", "viel", "--gap", "nan",
        park=park, code=2,
    )  # fmt: skip
    places = {(one["file"], one["row"], one["column"][:1]) for one in said["problems"]}
    assert {(row, column) for file, row, column in places if file == "s.csv"} == {(5, "B"), (5, "E")}
    assert {(row, column) for file, row, column in places if file == "l.csv"} == {
        (3, "B"), (4, "B"), (5, "A"), (6, "C"), (6, "E"), (7, "C"), (8, "A"), (9, "G"),
        (10, "D"), (10, "E"), (10, "F"), (10, "H"),
    }  # fmt: skip
    options = {one["column"] for one in said["problems"] if not one["file"]}
    assert options == {"--hours", "--heat-value", "--gap"}


def test_enterprises_and_files_are_needed(tmp_path):
    park = "stream,t_supply_c,t_target_c,duty_kw\na,150,50,100\n"
    said = said_by(tmp_path, f"{LINKS}甲,乙,0,0,0,0\n", park=park, code=2)
    assert [(one["file"], one["column"]) for one in said["problems"]] == [("s.csv", "企业 enterprise")]
    result = CliRunner().invoke(
        match, [str(tmp_path / "no.csv"), "--links", str(tmp_path / "no2.csv"), "--json"]
    )
    assert result.exit_code == 2
    assert len(json.loads(result.stdout)["problems"]) == 2


@pytest.mark.parametrize("nodes", ["0", "1"])
def test_stopped_by_nodes_it_gives_the_best_with_its_bound(tmp_path, nodes):
    random = np.random.default_rng(1)
    rows = [
        f"s{k},{k % 12},,{random.integers(20, 300)},{random.integers(20, 300)}.5,{random.integers(50, 2000)}"
        for k in range(48)
    ]
    pairs = [(a, b) for a in range(12) for b in random.choice(12, 3, replace=False) if a != b]
    links = [
        f"{a},{b},{random.integers(100, 9000)},0.1,{random.integers(1000, 200000)},0.01" for a, b in pairs
    ]
    said = said_by(
        tmp_path, LINKS + "\n".join(links) + "\n", "--heat-value", "0.05", "--gap", "0", "--max-nodes", nodes,
        park=STREAMS + "\n".join(rows) + "\n", code=4,
    )  # fmt: skip
    assert said["status"] == "stopped"
    assert said["bound"] <= said["objective"]
    assert said["verified"] is True
    assert said["repeatable"] is True


def test_the_table_for_the_eye(tmp_path):
    result = run(tmp_path, f"{LINKS}甲,乙,100,0.02,1000,0.01\n")
    assert result.exit_code == 0
    assert "98.00" in result.stdout
    assert "已独立复核" in result.stdout
