"""`qingyuan water`: the JSON of the contract, published problems from files, and every fault of the input at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner

from qingyuan.cli.compute.water import water

CASES = {
    one["id"]: one
    for one in json.loads((Path(__file__).parent.parent / "engine/cases/park/water.json").read_text("utf-8"))
}
LOAD = "process,load_kg_h,c_in_max_ppm,c_out_max_ppm\n"


def wang_smith():
    rows = CASES["wang_smith_1994_4proc"]["processes"]
    return LOAD + "".join(
        f"P{place},{row['m']},{row['Cin']},{row['Cout']}\n" for place, row in enumerate(rows, start=1)
    )


def flows(name):
    case = CASES[name]
    lines = [f"S{place},source,{one['F']},{one['C']}" for place, one in enumerate(case["sources"])]
    lines += [f"D{place},demand,{one['F']},{one['Cmax']}" for place, one in enumerate(case["demands"])]
    return "\n".join(["name,kind,flow_t_h,c_ppm", *lines, ""])


def run(tmp_path, text, *options, regeneration=None, encoding="utf-8"):
    (tmp_path / "water.csv").write_bytes(text.encode(encoding))
    arguments = [str(tmp_path / "water.csv"), *options]
    if regeneration is not None:
        (tmp_path / "units.csv").write_text(regeneration, "utf-8")
        arguments += ["--regeneration", str(tmp_path / "units.csv")]
    return CliRunner().invoke(water, arguments)


def said(result, code=0):
    assert result.exit_code == code, (result.output, result.exception)
    return json.loads(result.stdout)


def balanced(found):
    """Whether what the network takes in and gives out fits the three flows."""
    network = found["network"]
    taken = sum(one["flow_t_h"] for one in network if one["from"] == "freshwater")
    given = sum(one["flow_t_h"] for one in network if one["to"] == "wastewater")
    assert taken == pytest.approx(found["freshwater_t_h"], rel=1e-9)
    assert given == pytest.approx(found["wastewater_t_h"], rel=1e-9)
    assert found["verified"] is True
    return True


def test_wang_and_smith_from_a_file(tmp_path):
    found = said(run(tmp_path, wang_smith(), "--json"))
    assert found["status"] == "done"
    assert found["freshwater_t_h"] == pytest.approx(90)
    assert found["wastewater_t_h"] == pytest.approx(90)
    assert found["without_reuse_t_h"] == pytest.approx(112.5)
    assert found["pinches_ppm"] == [100]
    assert found["composite"][2] == [100, 9]
    assert found["bound"] == pytest.approx(90)
    assert found["gap"] <= 1e-9
    assert balanced(found)


@pytest.mark.parametrize("name", ["polley_polley_2000", "sorin_bedard_1999"])
def test_fixed_flow_from_a_file(tmp_path, name):
    published = CASES[name]["published"]
    found = said(run(tmp_path, flows(name), "--json"))
    assert found["freshwater_t_h"] == pytest.approx(published["FW"])
    assert found["wastewater_t_h"] == pytest.approx(published["WW"])
    assert found["pinches_ppm"] == (
        published["pinch"] if isinstance(published["pinch"], list) else [published["pinch"]]
    )
    assert balanced(found)


def test_regeneration_from_a_file(tmp_path):
    units = "unit,contaminant,c_out_ppm,removal,capacity_t_h,cost_per_t\nRO,,5,,,3\n"
    found = said(run(tmp_path, wang_smith(), "--json", regeneration=units))
    assert found["freshwater_t_h"] == pytest.approx(20)
    (one,) = found["regeneration"]
    assert one["cost_per_h"] == pytest.approx(3 * one["flow_t_h"])
    assert balanced(found)
    by_removal = said(run(tmp_path, wang_smith(), "--json", regeneration="unit,removal\nRO,0.95\n"))
    assert by_removal["freshwater_t_h"] == pytest.approx(20, rel=1e-4)
    assert balanced(by_removal)


def test_units_may_name_the_one_contaminant_that_the_water_does_not(tmp_path):
    named = said(
        run(tmp_path, wang_smith(), "--json", regeneration="unit,contaminant,removal\nRO,COD,0.95\n")
    )
    assert named["freshwater_t_h"] == pytest.approx(20, rel=1e-4)
    two = "unit,contaminant,removal\nRO,COD,0.95\nUF,SS,0.5\n"
    problems = said(run(tmp_path, wang_smith(), "--json", regeneration=two), 2)["problems"]
    assert [one["row"] for one in problems] == [2, 3]


def test_several_contaminants_from_a_file(tmp_path):
    rows = """stripping,HC,0.675,0,15
stripping,H2S,18,0,400
stripping,salt,1.575,0,35
HDS,HC,3.4,20,120
HDS,H2S,414.8,300,12500
HDS,salt,4.59,45,180
desalter,HC,5.6,120,220
desalter,H2S,1.4,20,45
desalter,salt,520.8,200,9500
"""
    text = "process,contaminant,load_kg_h,c_in_max_ppm,c_out_max_ppm\n" + rows
    found = said(run(tmp_path, text, "--json"))
    assert found["freshwater_t_h"] == pytest.approx(105.6, abs=0.05)
    assert found["bound"] <= found["freshwater_t_h"]
    assert found["gap"] <= 1e-4
    assert found["pinches_ppm"] == []
    assert set(found["composites"]) == {"HC", "H2S", "salt"}
    assert balanced(found)


def test_chinese_headers_and_a_workbook(tmp_path):
    text = "名称,类型,污染物,流量(t/h),浓度（ppm）\n甲,水源,COD,100,50\n乙,需水,COD,60,50\n"
    found = said(run(tmp_path, text, "--json", encoding="gb18030"))
    assert (found["freshwater_t_h"], found["wastewater_t_h"]) == (0, 40)
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("用水")
        for place, line in enumerate(wang_smith().splitlines()):
            for column, cell in enumerate(line.split(",")):
                sheet.write(place, column, float(cell) if place and column else cell)
    assert said(CliRunner().invoke(water, [str(path), "--json"]))["freshwater_t_h"] == pytest.approx(90)


def test_every_fault_of_both_files_and_the_option_at_once(tmp_path):
    text = """process,contaminant,load_kg_h,c_in_max_ppm,c_out_max_ppm
A,COD,abc,0,100
A,COD,2,0,100
A,SS,2,100,100
B,COD,-1,0,50
B,SS,,0,50
C,COD,1,80,50
,COD,1,0,50
freshwater,COD,1,0,inf
freshwater,SS,1,0,5
D,,1,0,50
"""
    units = "unit,contaminant,c_out_ppm,removal,capacity_t_h\nU,COD,5,0.5,10\nU,COD,,,20\nB,zz,5,,\nV,COD,,1.5,-1\n"
    result = run(tmp_path, text, "--json", "--fresh-ppm", "-1", regeneration=units)
    problems = said(result, 2)["problems"]
    at = {(one["file"], one["row"], (one["column"] or "-")[0]) for one in problems}
    assert at >= {
        ("water.csv", 2, "C"), ("water.csv", 3, "A"), ("water.csv", 4, "E"), ("water.csv", 5, "C"),
        ("water.csv", 6, "C"), ("water.csv", 7, "E"), ("water.csv", 7, "B"), ("water.csv", 8, "A"),
        ("water.csv", 9, "A"), ("water.csv", 9, "E"), ("water.csv", 11, "B"),
        ("units.csv", 2, "C"), ("units.csv", 3, "A"), ("units.csv", 3, "C"), ("units.csv", 3, "E"),
        ("units.csv", 4, "A"), ("units.csv", 4, "B"), ("units.csv", 5, "D"), ("units.csv", 5, "E"),
        ("--fresh-ppm", None, "-"),
    }  # fmt: skip


def test_faults_of_fixed_flow(tmp_path):
    text = """name,kind,contaminant,flow_t_h,c_ppm
A,source,COD,10,5
A,source,SS,11,5
B,sink,COD,10,5
C,demand,COD,-10,nan
A,demand,COD,10,5
A,demand,SS,10,5
"""
    problems = said(run(tmp_path, text, "--json"), 2)["problems"]
    at = {(one["row"], (one["column"] or "-")[0]) for one in problems}
    assert at >= {(3, "D"), (4, "B"), (5, "C"), (5, "D"), (5, "E")}
    assert not {row for row, _ in at} & {6, 7}
    missing = CliRunner().invoke(water, [str(tmp_path / "none.csv"), "--json"])
    assert said(missing, 2)["problems"]


def test_a_demand_cleaner_than_freshwater_is_infeasible(tmp_path):
    text = "name,kind,flow_t_h,c_ppm\nS,source,5,8\nD,demand,10,10\n"
    found = said(run(tmp_path, text, "--json", "--fresh-ppm", "20"), 3)
    assert found["status"] == "infeasible"
    assert found["certificate"] == [{"target": "D", "required": 10, "max_reachable": 14}]


def test_the_table_for_the_eye(tmp_path):
    result = run(tmp_path, wang_smith())
    assert result.exit_code == 0
    assert "最少新鲜水：90.0000 t/h" in result.stdout
    assert "100 ppm" in result.stdout


def test_regeneration_without_recycling_stands_beside_the_network_with_it(tmp_path):
    found = said(run(tmp_path, wang_smith(), "--json", regeneration="unit,c_out_ppm\nRO,5\n"))
    assert found["regeneration_reuse"]["freshwater_t_h"] == pytest.approx(9000 / 195)
    assert found["regeneration_reuse"]["treated_at_ppm"] == pytest.approx(100)
    assert found["freshwater_t_h"] == pytest.approx(20)  # recycled it needs still less
    by_removal = said(run(tmp_path, wang_smith(), "--json", regeneration="unit,removal\nRO,0.95\n"))
    assert "regeneration_reuse" not in by_removal
