"""`qingyuan select`: the one JSON value, exit codes, and every fault of all tables at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner

from qingyuan.cli.compute.select import select

MEASURES = """measure,enterprise,cost_per_year,invest,effect:COD,effect:NOx,group,needs,region
reuse,E1,10,100,5,0,g,,north
reuse,E2,8,60,4,0,,,south
scr,E1,20,200,0,6,g,,north
snc,E1,6,50,0,3,,scr|burner,north
burner,E2,-2,10,0,2,,,south
"""
TARGETS = "target,min_reduction\nCOD,4\nNOx,2\n"


def run(folder: Path, *options: str, **tables: str | bytes) -> Any:
    arguments: list[str] = []
    for name, text in tables.items():
        path = folder / f"{name}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        arguments += [f"--{name}", str(path)]
    return CliRunner().invoke(select, [*arguments, *options])


def answer(folder: Path, *options: str, code: int = 0, **tables: str | bytes) -> Any:
    result = run(folder, *options, "--json", **tables)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_one_json_value_with_all_that_was_promised(tmp_path):
    said = answer(tmp_path, "--pareto", "4", measures=MEASURES, targets=TARGETS)
    assert said["status"] == "done"
    assert said["objective"] == said["cost"] == said["bound"] == 6
    assert (said["gap"], said["verified"], said["repeatable"]) == (0, True, True)
    assert said["chosen"] == [
        {"measure": "burner", "enterprise": "E2", "fraction": 1.0, "period": None},
        {"measure": "reuse", "enterprise": "E2", "fraction": 1.0, "period": None},
    ]
    assert said["effects"] == {"COD": 4, "NOx": 2}
    assert [one["slack"] for one in said["slack"]] == [0, 0]
    assert {one["target"] for one in said["shadow_prices"]} == {"COD", "NOx"}
    assert len(said["reasons"]) == 5
    assert all(one["reason"] for one in said["reasons"])
    assert said["front"][0]["cost"] == -2 + 0
    assert [one["reached"] for one in said["front"]] == sorted(one["reached"] for one in said["front"])


def test_the_tables_for_the_eye(tmp_path):
    result = run(tmp_path, measures=MEASURES, targets=TARGETS)
    assert result.exit_code == 0, result.output
    assert "已独立核对" in result.stdout
    assert "边际价格" in result.stdout
    assert "本身省钱" in result.stdout


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_and_encodings(tmp_path, encoding):
    measures = "方案,企业,年费用,削减量：氨氮,互斥组,前提,必选,已完成\n中水,甲厂,3,2,,,否,否\n分质,甲厂,1,1,,中水,是,否\n"
    targets = "目标,限值,现状值\n氨氮,7.5,9\n"
    said = answer(tmp_path, measures=measures.encode(encoding), targets=targets.encode(encoding))
    assert [one["measure"] for one in said["chosen"]] == ["中水", "分质"]
    assert said["slack"][0]["after"] == 6
    assert said["slack"][0]["required"] == 1.5


def test_a_workbook_and_yearly_costs_from_investment(tmp_path):
    path = tmp_path / "m.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("方案")
        sheet.write_row(0, 0, ["measure", "invest", "life", "om", "saving", "effect:x", "divisible"])
        sheet.write_row(1, 0, ["a", 100, 10, 2, 5, 1, "no"])
        sheet.write_row(2, 0, ["b", 0, None, 9, 1, 1, "yes"])
    (tmp_path / "t.csv").write_text("target,min_reduction\nx,2\n", "utf-8")
    result = CliRunner().invoke(
        select, ["--measures", str(path), "--targets", str(tmp_path / "t.csv"), "--rate", "0.08", "--json"]
    )
    assert result.exit_code == 0, result.output
    expected = 100 * 0.08 * 1.08**10 / (1.08**10 - 1) + 2 - 5 + 9 - 1
    assert json.loads(result.stdout)["cost"] == pytest.approx(expected, rel=1e-12)


def test_unreachable_targets_leave_with_3_and_a_certificate(tmp_path):
    said = answer(tmp_path, code=3, measures=MEASURES, targets="target,min_reduction\nCOD,9.5\nNOx,2\n")
    assert said == {
        "status": "infeasible",
        "certificate": [{"target": "COD", "scenario": "", "required": 9.5, "max_reachable": 9.0}],
        "joint": None,
    }
    both = answer(tmp_path, code=3, measures=MEASURES, targets="target,min_reduction\nCOD,9\nNOx,6\n")
    assert [one["target"] for one in both["certificate"]] == ["COD", "NOx"]
    assert both["joint"]
    poor = answer(
        tmp_path, "--budget", "65", code=3, measures=MEASURES, targets="target,min_reduction\nCOD,4\nNOx,2\n"
    )
    assert "预算" in poor["joint"]


def test_the_budget_limits_investment_or_yearly_cost(tmp_path):
    rich = answer(tmp_path, "--budget", "70", measures=MEASURES, targets=TARGETS)
    assert rich["cost"] == 6
    yearly = answer(tmp_path, "--budget", "6", "--budget-of", "annual", measures=MEASURES, targets=TARGETS)
    assert yearly["cost"] == 6
    bare = "measure,cost_per_year,effect:COD\na,3,4\nb,2,2\n"
    said = answer(tmp_path, "--budget", "3", measures=bare, targets="target,min_reduction\nCOD,4\n")
    assert said["cost"] == 3
    short = answer(
        tmp_path, "--budget", "5.99", "--budget-of", "annual", code=3, measures=MEASURES, targets=TARGETS
    )
    assert [(one["target"], one["max_reachable"]) for one in short["certificate"]] == [("COD", 0)]


def test_all_problems_of_all_tables_and_options_at_once(tmp_path):
    measures = """measure,enterprise,divisible,cost_per_year,invest,life,effect:COD,sd:COD,group,needs,mandatory
a,E1,maybe,1,,,5,,,,
b,E1,no,,,,5,,,,
c,E1,no,,10,,5,,,,
d,E1,no,nan,,,5,-1,,,
e,E1,no,1,-3,,inf,,,nobody,
e,E1,no,1,,,x,,,,
"""
    targets = "target,min_reduction,max_value,base\nCOD,,,\nSO2,3,,\nCOD,5,,\nr,,4,\n"
    response = "target,source,coefficient\nr,COD,1\nr,COD,2\nr,E9:COD,1\nr,XYZ,1\nr,E1:COD,\n"
    said = answer(
        tmp_path,
        "--gap",
        "-1",
        "--chance",
        "0.3",
        code=2,
        measures=measures,
        targets=targets,
        response=response,
    )
    assert said["status"] == "bad_input"
    places = {(one["file"], one["row"], one["column"][:1]) for one in said["problems"]}
    assert places >= {
        ("measures.csv", 2, "C"),
        ("measures.csv", 3, "D"),
        ("measures.csv", 4, "F"),
        ("measures.csv", 5, "D"),
        ("measures.csv", 5, "H"),
        ("measures.csv", 6, "E"),
        ("measures.csv", 6, "G"),
        ("measures.csv", 6, "J"),
        ("measures.csv", 7, "A"),
        ("measures.csv", 7, "G"),
        ("targets.csv", 2, "B"),
        ("targets.csv", 3, "A"),
        ("targets.csv", 4, "A"),
        ("targets.csv", 5, "D"),
        ("response.csv", 3, "B"),
        ("response.csv", 4, "B"),
        ("response.csv", 5, "B"),
        ("response.csv", 6, "C"),
        ("--gap", None, ""),
        ("--chance", None, ""),
    }
    assert all(one["expected"] for one in said["problems"])
    assert len({(one["file"], one["row"], one["column"]) for one in said["problems"]}) == len(
        said["problems"]
    )


def test_prerequisites_are_found_in_the_own_enterprise_first(tmp_path):
    measures = (
        "measure,enterprise,cost_per_year,effect:x,needs\n"
        "pipe,E1,1,0,\npipe,E2,1,0,\nwash,E1,1,5,pipe\nwash,E2,3,5,pipe\nlate,E3,1,9,{needs}\n"
    )
    said = answer(tmp_path, measures=measures.format(needs="E2:pipe"), targets="target,min_reduction\nx,9\n")
    assert {(one["measure"], one["enterprise"]) for one in said["chosen"]} == {("late", "E3"), ("pipe", "E2")}
    bad = answer(
        tmp_path, code=2, measures=measures.format(needs="pipe"), targets="target,min_reduction\nx,9\n"
    )
    assert bad["problems"][0]["row"] == 6


def test_receptors_scenarios_and_limits(tmp_path):
    response = (
        "target,source,coefficient,scenario\n断面,COD,0.5,枯水\n断面,E2:COD,1,枯水\n断面,COD,0.2,平水\n"
    )
    targets = "target,max_value,base,scenario\n断面,1,5,枯水\n"
    said = answer(tmp_path, measures=MEASURES, targets=targets, response=response)
    assert [(one["measure"], one["enterprise"]) for one in said["chosen"]] == [
        ("burner", "E2"),
        ("reuse", "E2"),
    ]
    assert (said["slack"][0]["scenario"], said["slack"][0]["after"]) == ("枯水", 1)
    every = answer(
        tmp_path, code=3, measures=MEASURES, targets="target,min_reduction\n断面,4\n", response=response
    )
    assert [one["scenario"] for one in every["certificate"]] == ["平水"]


def test_fairness_has_a_price_and_needs_bases(tmp_path):
    bases = "region,base,load:COD\nnorth,100,20\nsouth,100,20\n"
    said = answer(tmp_path, "--fair", "equal-share:0.03", measures=MEASURES, targets=TARGETS, bases=bases)
    fair = said["fair"]
    assert fair["figure"] <= 0.03 < fair["figure_without"]
    assert said["cost"] > fair["cost_without"] == 6
    assert fair["price"] == pytest.approx((said["cost"] - 6) / 6)
    missing = answer(tmp_path, "--fair", "nobody", code=2, measures=MEASURES, targets=TARGETS)
    assert {one["file"] for one in missing["problems"]} == {"--fair", "--bases"}


def test_caution_has_a_price(tmp_path):
    measures = "measure,cost_per_year,effect:x,dev:x,sd:x\na,5,10,4,1\nb,4,6,1,1\nc,3,5,1,1\n"
    targets = "target,min_reduction\nx,9\n"
    plain = answer(tmp_path, measures=measures, targets=targets)
    assert plain["cost"] == 5
    robust = answer(tmp_path, "--robust", "1", measures=measures, targets=targets)
    assert robust["cost"] == 7
    assert robust["robust"]["price"] == pytest.approx(0.4)
    chance = answer(tmp_path, "--chance", "0.95", measures=measures, targets=targets)
    assert chance["cost"] == 8
    assert chance["chance"]["probabilities"][0]["probability"] >= 0.95
    lacking = answer(
        tmp_path, "--robust", "1", code=2, measures="measure,cost_per_year,effect:x\na,1,9\n", targets=targets
    )
    assert "dev:" in lacking["problems"][0]["expected"]


def test_missing_files_and_empty_tables(tmp_path):
    result = CliRunner().invoke(
        select, ["--measures", str(tmp_path / "no.csv"), "--targets", str(tmp_path / "neither.csv"), "--json"]
    )
    assert result.exit_code == 2
    assert len(json.loads(result.stdout)["problems"]) == 2
    said = answer(tmp_path, code=2, measures="measure,cost_per_year,effect:x\n", targets=TARGETS)
    assert {one["file"] for one in said["problems"]} == {"measures.csv", "targets.csv"}


def test_draws_are_the_same_on_processes_and_say_how_likely(tmp_path):
    measures = "measure,cost_per_year,effect:x,sd:x\na,5,10,1\nb,4,8,2\nc,3,5,0.5\n"
    targets = "target,min_reduction\nx,14\n"
    here = answer(tmp_path, "--draws", "250", "--seed", "3", measures=measures, targets=targets)
    there = answer(
        tmp_path, "--draws", "250", "--seed", "3", "--workers", "2", measures=measures, targets=targets
    )
    assert here["draws"] == there["draws"]
    assert 0.5 < here["draws"]["joint_probability"] <= 1
    bad = answer(
        tmp_path,
        "--draws",
        "-1",
        "--workers",
        "0",
        code=2,
        measures=measures,
        targets="target,min_reduction\ny,1\n",
    )
    assert {one["file"] for one in bad["problems"]} == {"--draws", "--workers", "targets.csv"}


def test_an_ozone_limit_on_a_surface(tmp_path):
    measures = "measure,cost_per_year,effect:NOx,effect:VOC\nn,1,30,0\nm,1,30,0\nv,6,0,40\n"
    surface = "nox_ratio,voc_ratio,o3_ppb\n" + "".join(
        f"{nox / 10},{voc / 10},{100 + 30 * voc / 10 - 20 * nox / 10}\n"
        for nox in range(2, 11, 2)
        for voc in range(2, 11, 2)
    )
    targets = "target,max_value\n臭氧,100\n"
    bases = ("--nox-base", "100", "--voc-base", "100")
    said = answer(tmp_path, *bases, measures=measures, targets=targets, surface=surface)
    assert [one["measure"] for one in said["chosen"]] == ["v"]
    assert said["ozone"]["receptors"] == [{"receptor": "臭氧", "o3_ppb": pytest.approx(98)}]
    assert said["slack"][0]["after"] == pytest.approx(98)
    assert said["verified"]
    swept = answer(tmp_path, *bases, "--pareto", "3", measures=measures, targets=targets, surface=surface)
    assert swept["front_of"] == {"target": "all", "complete": False}
    assert [(one["reached"], one["cost"], one["verified"]) for one in swept["front"]] == [
        (0.0, 0.0, True),
        (pytest.approx(1.2, rel=1e-6), 6.0, True),
    ]
    never = answer(
        tmp_path, *bases, code=3, measures=measures, targets="target,max_value\nO3,90\n", surface=surface
    )
    assert never["certificate"][0]["target"] == "O3"
    bad = answer(
        tmp_path,
        "--nox-base",
        "0",
        code=2,
        measures=measures,
        targets=targets,
        surface=surface.replace("0.2,0.2", "0.3,0.2"),
    )
    assert {one["file"] for one in bad["problems"]} == {"surface.csv", "--nox-base", "--voc-base"}


def test_a_target_below_zero_is_how_much_may_be_added(tmp_path):
    """CO2 may rise at the end of a pipe: min_reduction -3 lets it rise by 3, and no more."""
    measures = "measure,cost_per_year,effect:COD,effect:CO2\nstrip,1,5,-4\nreuse,9,5,1\n"
    free = answer(tmp_path, measures=measures, targets="target,min_reduction\nCOD,5\n")
    assert [one["measure"] for one in free["chosen"]] == ["strip"]
    held = answer(tmp_path, measures=measures, targets="target,min_reduction\nCOD,5\nCO2,-3\n")
    assert [one["measure"] for one in held["chosen"]] == ["reuse"]


def test_figures_of_the_front_and_of_abatement_costs(tmp_path):
    folder = tmp_path / "figures"
    answer(tmp_path, "--pareto", "4", "--figures", str(folder), measures=MEASURES, targets=TARGETS)
    names = {one.stem for one in folder.iterdir()}
    assert {"front", "macc-1", "macc-2"} <= names
    assert "证明的下界" in (folder / "front.svg").read_text("utf-8")
