"""`qingyuan heat`: published problems by the terminal, the one JSON value, and every fault of the input at once."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner

from qingyuan.cli.compute.heat import heat

CASES = Path(__file__).parents[1] / "engine" / "cases" / "park"
TEXTBOOK = json.loads((CASES / "heat_pinch_textbook.json").read_text("utf-8"))
LITERATURE = json.loads((CASES / "heat_pinch_literature.json").read_text("utf-8"))
HEAD = "stream,enterprise,kind,t_supply_c,t_target_c,cp_kw_per_k,duty_kw,dt_cont_k"
LEVELS = "utility,kind,t_supply_c,t_target_c,cost_per_kwh,dt_cont_k"
FOUR = "1,甲,,20,135,2,,\n2,甲,,170,60,3,,\n3,乙,,80,140,4,,\n4,乙,,150,30,1.5,,\n"


def run(tmp_path: Path, text: str, *options: str, levels: str | None = None, encoding: str = "utf-8") -> Any:
    path = tmp_path / "s.csv"
    path.write_bytes(text.encode(encoding))
    if levels is not None:
        (tmp_path / "u.csv").write_bytes(levels.encode(encoding))
        options += ("--utilities", str(tmp_path / "u.csv"))
    return CliRunner().invoke(heat, [str(path), *options])


def said_by(tmp_path: Path, text: str, *options: str, code: int = 0, **more: Any) -> Any:
    result = run(tmp_path, text, "--json", *options, **more)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def table(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("case", TEXTBOOK, ids=lambda case: case["id"])
def test_textbook_problems(tmp_path, case):
    rows = [
        {"stream": one["name"], "t_supply_c": one["Ts"], "t_target_c": one["Tt"], "cp_kw_per_k": one["CP"]}
        for one in case["streams"]
    ]
    said = said_by(tmp_path, table(rows), "--dt-min", str(case["dTmin"]))
    assert said["hot_utility_kw"] == pytest.approx(case["recomputed"]["QH"])
    assert said["cold_utility_kw"] == pytest.approx(case["recomputed"]["QC"])
    assert [one["shifted_c"] for one in said["pinches"]] == pytest.approx(case["recomputed"]["pinch_shifted"])
    assert said["verified"] is True


@pytest.mark.parametrize("case", LITERATURE, ids=lambda case: case["id"])
def test_literature_with_sites_and_utilities(tmp_path, case):
    """Names that occur several times there are parts of one stream."""
    rows = [
        {
            "stream": one["name"],
            "enterprise": one["zone"],
            "t_supply_c": one["Ts"],
            "t_target_c": one["Tt"],
            "duty_kw": one["Q"],
            "dt_cont_k": one["dtcont"],
        }
        for one in case["streams"]
    ]
    levels = [
        {
            "utility": one["name"],
            "kind": one["type"],
            "t_supply_c": one["Ts"],
            "t_target_c": one["Tt"],
            "dt_cont_k": one["dtcont"],
        }
        for one in case["utilities"]
    ]
    said = said_by(tmp_path, table(rows), "--site", levels=table(levels))
    assert said["hot_utility_kw"] == pytest.approx(case["recomputed"]["QH"], abs=1e-3)
    assert said["cold_utility_kw"] == pytest.approx(case["recomputed"]["QC"], abs=1e-3)
    assert [one["shifted_c"] for one in said["pinches"]] == pytest.approx(case["recomputed"]["pinch_shifted"])
    alone = sum(one["hot_utility_kw"] for one in said["enterprises"])
    assert said["gain_kw"] == pytest.approx(alone - said["site"]["hot_utility_kw"], abs=1e-3)
    published = [one for one in case["openpinch"] if "Total Site" in one["name"]]
    if published:
        assert said["site"]["hot_utility_kw"] == pytest.approx(published[0]["QH"], rel=1e-4, abs=0.5)
    for side in ("hot", "cold"):
        placed = sum(one["duty_kw"] for one in said["utilities"] if one["kind"] == side)
        assert placed == pytest.approx(said[f"{side}_utility_kw"], abs=1e-6 * (1 + placed))


def test_the_keys_of_the_one_json_value(tmp_path):
    said = said_by(tmp_path, f"{HEAD}\n{FOUR}", "--site")
    assert (said["hot_utility_kw"], said["cold_utility_kw"], said["recovery_kw"]) == (20, 60, 450)
    assert said["threshold"] is False
    assert said["pinches"] == [{"shifted_c": 85, "hot_c": 90, "cold_c": 80}]
    assert said["grand_composite"][0] == [165, 20]
    assert said["grand_composite"][-1] == [25, 60]
    assert said["composites"]["cold"][0] == [20, 60]
    assert said["utilities"] == []
    assert [one["enterprise"] for one in said["enterprises"]] == ["甲", "乙"]
    # Without utilities heat passes directly: the site is the whole.
    assert (said["site"]["hot_utility_kw"], said["site"]["via"]) == (20, "direct")
    assert said["gain_kw"] == pytest.approx(sum(one["hot_utility_kw"] for one in said["enterprises"]) - 20)
    plain = said_by(tmp_path, f"{HEAD}\n{FOUR}")
    assert not {"enterprises", "site", "gain_kw"} & plain.keys()


def test_phase_changes_need_their_kind_and_are_exact(tmp_path):
    rows = "冷凝,,hot,100,100,,500,\n加热,,冷,60,140,,400,\n"
    said = said_by(tmp_path, f"{HEAD}\n{rows}")
    assert (said["hot_utility_kw"], said["cold_utility_kw"]) == (250, 350)
    assert said["grand_composite"] == [[145, 250], [95, 0], [95, 500], [65, 350]]


def test_zero_and_given_differences(tmp_path):
    said = said_by(tmp_path, f"{HEAD}\na,,,100,50,1,,0\nb,,,50,100,1,,0\n", "--dt-min", "30")
    assert (said["hot_utility_kw"], said["cold_utility_kw"], said["recovery_kw"]) == (0, 0, 50)
    said = said_by(tmp_path, f"{HEAD}\na,,,100,50,1,,\nb,,,50,100,1,,\n", "--dt-min", "0")
    assert said["hot_utility_kw"] == 0
    assert said["pinches"][0] == {"shifted_c": 100, "hot_c": 100, "cold_c": 100}


def test_duty_and_heat_capacity_flow_may_both_stand_if_they_agree(tmp_path):
    said = said_by(tmp_path, f"{HEAD}\na,,hot,150,50,2,200,\nb,,,20,60,na,80,\n")
    assert said["recovery_kw"] == 80
    said = said_by(tmp_path, f"{HEAD}\na,,hot,150,50,2,250,\nb,,,20,60,,80,\n", code=2)
    assert [(one["row"], one["column"][:1]) for one in said["problems"]] == [(2, "G")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_and_encodings(tmp_path, encoding):
    head = "流股,企业,类型,供应温度（℃）,目标温度（℃）,热容流率（kW/K）,温差贡献值"
    text = f"{head}\n热一,甲,热,170,60,3,5\n冷一,乙,冷流,20,135,2,5\n"
    levels = "公用工程,类型,供应温度,目标温度,单价\n蒸汽,热,180,,0.2\n循环水,冷,15,25,0.01\n"
    said = said_by(tmp_path, text, "--site", levels=levels, encoding=encoding)
    assert said["hot_utility_kw"] == 0
    assert [one["utility"] for one in said["utilities"]] == ["蒸汽", "循环水"]
    assert [one["enterprise"] for one in said["enterprises"]] == ["甲", "乙"]


def test_all_problems_of_both_files_at_once(tmp_path):
    rows = [
        "a,甲,,170,60,3,,",  # 2 sound
        "b,甲,,abc,60,3,,",  # 3 no number
        "c,甲,cold,170,60,3,,",  # 4 kind contradicts
        "d,甲,,100,100,,50,",  # 5 kind needed
        "e,甲,hot,100,100,5,,",  # 6 duty needed
        "f,,,100,20,3,,",  # 7 enterprise needed
        "g,甲,,100,20,,,",  # 8 neither
        "h,甲,,100,20,-3,,",  # 9 negative
        "i,甲,,100,,3,,",  # 10 target missing
        "j,甲,,100,20,3,,-1",  # 11 negative contribution
        "k,甲,,-300,20,3,,",  # 12 below absolute zero
        "a,甲,,170,60,3,,",  # 13 row 2 again
        ",甲,,100,20,3,,",  # 14 no name
        "l,甲,warm,100,20,3,,",  # 15 unknown kind
        "m,甲,,nan,20,inf,,",  # 16 not finite
        "n,甲,,9999,20,3,,2000",  # 17 no such temperature, no such difference
    ]
    levels = "HP,hot,200,,0.1,\nHP,hot,200,210,,\nCW,lukewarm,10,20,0.1,\nX,cold,30,20,0.1,\n"
    said = said_by(
        tmp_path, f"{HEAD}\n" + "\n".join(rows) + "\n", "--site", "--dt-min", "-5",
        levels=f"{LEVELS}\n{levels}", code=2,
    )  # fmt: skip
    assert said["status"] == "bad_input"
    places = {(one["file"], one["row"], one["column"][:1]) for one in said["problems"]}
    expected = {
        (3, "D"), (4, "C"), (5, "C"), (6, "G"), (7, "B"), (8, "F"), (9, "F"), (10, "E"), (11, "H"),
        (12, "D"), (13, "A"), (14, "A"), (15, "C"), (16, "D"), (16, "F"), (17, "D"), (17, "H"),
    }  # fmt: skip
    assert {(row, column) for file, row, column in places if file == "s.csv"} == expected
    assert {(row, column) for file, row, column in places if file == "u.csv"} == {
        (3, "A"), (3, "D"), (3, "E"), (4, "B"), (5, "D"),
    }  # fmt: skip
    assert "--dt-min" in {one["column"] for one in said["problems"]}
    assert len(said["problems"]) == len(places)
    assert set(said["problems"][0]) == {"file", "sheet", "row", "column", "value", "expected"}


def test_a_site_needs_the_column_of_enterprises(tmp_path):
    said = said_by(tmp_path, "stream,t_supply_c,t_target_c,duty_kw\na,100,20,50\n", "--site", code=2)
    assert [(one["row"], one["column"]) for one in said["problems"]] == [(1, "企业 enterprise")]
    said = said_by(tmp_path, "stream,t_supply_c,t_target_c,duty_kw\na,100,20,50\n")
    assert said["cold_utility_kw"] == 50


@pytest.mark.parametrize("option", ["x", "nan", "inf", "-1", ""])
def test_a_difference_that_is_none(tmp_path, option):
    said = said_by(tmp_path, f"{HEAD}\n{FOUR}", f"--dt-min={option}", code=2)
    assert said["problems"][0]["column"] == "--dt-min"


def test_missing_columns_files_and_rows(tmp_path):
    said = said_by(tmp_path, "stream,t_supply_c\na,100\n", code=2)
    assert "目标温度" in json.dumps(said["problems"], ensure_ascii=False)
    assert said_by(tmp_path, f"{HEAD}\n", code=2)["problems"]
    assert said_by(tmp_path, "", code=2)["problems"]
    result = CliRunner().invoke(
        heat, [str(tmp_path / "no.csv"), "--utilities", str(tmp_path / "no2.csv"), "--json"]
    )
    assert result.exit_code == 2
    assert len(json.loads(result.stdout)["problems"]) == 2


def test_utilities_out_of_reach_are_infeasible_with_a_certificate(tmp_path):
    levels = f"{LEVELS}\nLP,hot,100,,,\nCW,cold,80,90,,\n"
    said = said_by(tmp_path, f"{HEAD}\n{FOUR}", levels=levels, code=3)
    assert said["status"] == "infeasible"
    first = said["certificate"][0]
    assert (first["target"], first["required"], first["max_reachable"]) == ("hot_utility_kw", 20, 15)
    said = said_by(tmp_path, f"{HEAD}\n{FOUR}", "--site", levels=levels, code=3)
    assert {one.get("enterprise") for one in said["certificate"]} == {None, "乙"}
    shown = run(tmp_path, f"{HEAD}\n{FOUR}", levels=levels)
    assert shown.exit_code == 3
    assert "温位不够" in shown.output


def test_the_cheapest_utilities_with_their_bound(tmp_path):
    levels = f"{LEVELS}\nHP,hot,200,,0.2,\nLP,hot,100,,0.1,\nCW,cold,15,25,0.01,\n"
    said = said_by(tmp_path, f"{HEAD}\n{FOUR}", levels=levels)
    assert {one["utility"]: one["duty_kw"] for one in said["utilities"]} == {"HP": 5, "LP": 15, "CW": 60}
    assert said["objective"] == pytest.approx(0.2 * 5 + 0.1 * 15 + 0.01 * 60)
    assert said["bound"] == pytest.approx(said["objective"])
    assert said["gap"] <= 1e-9
    assert said["verified"] is True


def test_a_workbook_with_both_tables(tmp_path):
    path = tmp_path / "park.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("热流股表")
        for row, line in enumerate([HEAD, *FOUR.splitlines()]):
            sheet.write_row(
                row,
                0,
                [
                    float(x) if x.replace(".", "").isdigit() and c else x
                    for c, x in enumerate(line.split(","))
                ],
            )
        sheet = book.add_worksheet("公用工程表")
        for row, line in enumerate([LEVELS, "HP,hot,200,,,", "CW,cold,15,25,,"]):
            sheet.write_row(row, 0, [float(x) if x.isdigit() else x for x in line.split(",")])
    result = CliRunner().invoke(heat, [str(path), "--utilities", str(path), "--json"])
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["hot_utility_kw"] == 20
    assert {one["utility"]: one["duty_kw"] for one in said["utilities"]} == {"HP": 20, "CW": 60}


def test_the_tables_for_the_eye(tmp_path):
    levels = f"{LEVELS}\nHP,hot,250,,0.1,\nLP,both,140,,0.05,\n"
    result = run(tmp_path, f"{HEAD}\n{FOUR}", "--site", levels=levels)
    assert result.exit_code == 0
    for words in ("最小热公用工程", "夹点", "各企业单独", "全园区（经公用工程）", "没有给出冷公用工程"):
        assert words in result.stdout
