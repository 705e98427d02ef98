"""`qingyuan air`: coefficients by source and by region, regimes, the three surfaces of ozone, and all faults at once."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from click.testing import CliRunner

from qingyuan.cli.compute.air import air

CASES = Path(__file__).parents[1] / "engine/cases/region"
SOURCES = ["source,enterprise,pollutant,t_per_year", "s1,甲,NOx,100", "s1,甲,SO2,50", "s2,乙,NOx,10"]
RECEPTORS = ["receptor", "r1", "r2"]
MATRIX = [
    "source,receptor,pollutant,ug_m3_per_t",
    "s1,r1,NOx,0.01",
    "s1,r1,SO2,-0.002",
    "s2,r1,NOx,0.1",
    "s1,r2,NOx,0.003",
]
GRID = [
    "nox_ratio,voc_ratio,o3_ppb", "0.5,0.5,70", "0.5,1,90", "1,0.5,60", "1,1,110",
]  # fmt: skip


@pytest.fixture
def run(tmp_path):
    def runs(
        sources=SOURCES, receptors=RECEPTORS, matrix=MATRIX, surface=None, *options: str, encoding="utf-8"
    ):
        arguments = []
        tables = {"sources": sources, "receptors": receptors, "matrix": matrix, "surface": surface}
        for name, lines in tables.items():
            if lines is not None:
                path = tmp_path / f"{name}.csv"
                path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
                arguments += [f"--{name}", str(path)]
        return CliRunner().invoke(air, [*arguments, *options])

    return runs


@pytest.fixture
def said(run):
    def says(*options: str, code: int = 0, encoding: str = "utf-8", **tables: Any) -> Any:
        full = {"sources": SOURCES, "receptors": RECEPTORS, "matrix": MATRIX, "surface": None} | tables
        result = run(*full.values(), "--json", *options, encoding=encoding)
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    return says


def test_one_json_value_with_the_split_by_pollutant(said):
    found = said()
    first, second = found["receptors"]
    assert first["pm25_ug_m3"] == pytest.approx(1 - 0.1 + 1)
    assert first["by_pollutant"] == pytest.approx({"NOx": 2.0, "SO2": -0.1})
    assert second["pm25_ug_m3"] == pytest.approx(0.3)
    assert (first["o3_ppb"], first["regime"]) == (None, None)
    assert found["emissions_t_per_year"] == {"NOx": 110, "SO2": 50}


def test_a_matrix_by_region_holds_for_every_source_there(said):
    found = said(
        sources=[
            "source,region,pollutant,t_per_year",
            "s1,东,NOx,100",
            "s2,东,nox,10",
            "s3,西,NOx,7",
            "甲县,,NOx,3",
        ],
        matrix=[
            "source,region,receptor,pollutant,ug_m3_per_t",
            ",东,r1,NOx,0.01",
            "s2,,r1,氮氧化物,0.5",
            ",西,r2,NOx,1",
            ",甲县,r2,NOx,2",
        ],
    )
    assert [row["pm25_ug_m3"] for row in found["receptors"]] == pytest.approx([1 + 5, 7 + 6])


def test_two_regimes_and_a_receptor_that_states_its_own(said):
    matrix = [
        "source,receptor,pollutant,ug_m3_per_t,regime",
        *(f"s1,{place},NOx,0.01,富氨" for place in ("r1", "r2")),
        *(f"s1,{place},NH3,0.2,贫氨" for place in ("r1", "r2")),
        *(f"s1,{place},SO2,-0.01,贫氨" for place in ("r1", "r2")),
    ]
    sources = [*SOURCES[:3], "s1,甲,NH3,4"]
    found = said(
        sources=sources, matrix=matrix, receptors=["receptor,regime,background_ug_m3", "r1,,10", "r2,富氨,"]
    )
    first, second = found["receptors"]
    assert (first["regime"], second["regime"]) == ("贫氨", "富氨")
    assert first["pm25_ug_m3"] == pytest.approx(10 + 0.8 - 0.5)
    assert first["by_pollutant"] == pytest.approx({"NOx": 0, "SO2": -0.5, "NH3": 0.8})
    assert second["pm25_ug_m3"] == pytest.approx(1.0)


def test_the_grid_inside_and_refused_outside(said):
    sources = ["source,pollutant,t_per_year,base_t_per_year", "s1,NOx,50,100", "s2,VOCs,30,40"]
    matrix = ["source,receptor,pollutant,ug_m3_per_t", "s1,r1,NOx,0.01"]
    found = said(sources=sources, matrix=matrix, surface=GRID)
    assert found["ozone"] == {"form": "grid", "nox_ratio": 0.5, "voc_ratio": 0.75, "voc_by": "mass"}
    assert [row["o3_ppb"] for row in found["receptors"]] == pytest.approx([80, 80])
    assert any("s2 VOCs" in note for note in found["notes"])
    less = [sources[0], "s1,NOx,49,100", sources[2]]
    refused = said(sources=less, matrix=matrix, surface=GRID, code=2)
    assert len(refused["problems"]) == 1
    assert refused["problems"][0]["file"] == "surface.csv"
    assert "0.49" in refused["problems"][0]["value"]


def test_without_a_base_the_ratios_are_one(said):
    found = said(surface=GRID)
    assert found["receptors"][0]["o3_ppb"] == 110
    assert any("基准" in note for note in found["notes"])
    assert said(surface=[*GRID[:3], "0.9,0.5,60", "0.9,1,110"], code=2)["status"] == "bad_input"


def test_the_case_surface_through_the_terminal(said):
    """The 21 x 21 table as ratios to NOx 20 ppb and RH 100 ppb: its spline and the chemistry agree."""
    with (CASES / "o3_sp_isopleth_grid.csv").open(encoding="utf-8") as opened:
        head, *rows = list(csv.reader(opened))
    lines = ["nox_ratio,voc_ratio,o3_ppb"]
    lines += [
        f"{float(row[0]) / 20!r},{float(voc) / 100!r},{o3}"
        for row in rows
        for voc, o3 in zip(head[1:], row[1:], strict=True)
    ]
    want = yaml.safe_load((CASES / "o2_sp_simple_chemistry_box.yaml").read_text("utf-8"))["recomputed"]
    for nox, voc in ((20, 100), (10, 50), (5, 100), (40, 200)):
        sources = ["source,pollutant,t_per_year,base_t_per_year", f"a,NOx,{nox},20", f"a,VOC,{voc},100"]
        found = said(
            sources=sources, surface=lines, matrix=["source,receptor,pollutant,ug_m3_per_t", "a,r1,NOx,0"]
        )
        assert found["receptors"][1]["o3_ppb"] == pytest.approx(
            want["isopleth_maxO3"][f"NOx{nox}_RH{voc}"], abs=0.5
        )


def test_polynomial_and_second_order_and_a_surface_of_its_own(said):
    sources = ["source,pollutant,t_per_year,base_t_per_year", "s1,NOx,50,100", "s2,VOC,32,40"]
    matrix = ["source,receptor,pollutant,ug_m3_per_t", "s1,r1,NOx,0.01"]
    polynomial = [
        "receptor,nox_power,voc_power,coefficient_ppb,nox_min,nox_max,voc_min,voc_max",
        "r1,0,0,90,0.4,1,0.4,1", "r1,1,0,-20,,,,", "r1,0,1,40,,,,", "r1,2,0,-50,,,,", "r1,1,1,30,,,,", ",0,0,55,,,,",
    ]  # fmt: skip
    found = said(sources=sources, matrix=matrix, surface=polynomial)
    assert [row["o3_ppb"] for row in found["receptors"]] == pytest.approx([82.5, 55])
    second = ["o3_base_ppb,s_nox,s_voc,s_nox_nox,s_nox_voc", "90,-20,40,-100,30"]
    found = said(sources=sources, matrix=matrix, surface=second)
    assert found["ozone"]["form"] == "second_order"
    assert found["receptors"][1]["o3_ppb"] == pytest.approx(82.5)
    narrow = [f"{second[0]},reach", f"{second[1]},0.4"]
    assert (
        "0.6—1.4" in said(sources=sources, matrix=matrix, surface=narrow, code=2)["problems"][0]["expected"]
    )


def test_voc_by_reactivity(said):
    sources = [
        "source,pollutant,species,mir,t_per_year,base_t_per_year",
        "s1,NOx,,,100,100", "s1,VOC,甲苯,4.0,10,20", "s1,VOC,乙醇,1.5,20,20",
    ]  # fmt: skip
    matrix = ["source,receptor,pollutant,ug_m3_per_t", "s1,r1,NOx,0.01"]
    assert said(sources=sources, matrix=matrix, surface=GRID)["ozone"]["voc_ratio"] == 0.75
    found = said("--voc", "mir", sources=sources, matrix=matrix, surface=GRID)
    assert found["ozone"]["voc_ratio"] == pytest.approx((40 + 30) / (80 + 30))
    sources[2] = "s1,VOC,甲苯,,10,20"
    refused = said("--voc", "mir", sources=sources, matrix=matrix, surface=GRID, code=2)
    assert [one["row"] for one in refused["problems"]] == [3]


def test_all_problems_of_all_tables_at_once(said):
    found = said(
        sources=[SOURCES[0], "s1,甲,NOx,-1", "s1,甲,nox,5", "s2,乙,,x"],
        receptors=["receptor,regime", "r1,未知", "r1,", "r2,"],
        matrix=[
            "source,region,receptor,pollutant,ug_m3_per_t,regime",
            "s1,,r1,NOx,nan,",
            "s9,,r1,NOx,1,",
            ",东,r1,NOx,1,",
            "s1,东,r1,NOx,1,",
            "s1,,r9,NOx,1,",
            "s1,,r1,NOx,1,a",
            "s1,,r1,NOx,1,a",
            "s1,,r2,NOx,1,b",
            "s1,,r2,NOx,1,c",
        ],
        surface=["nox_ratio,voc_ratio,o3_ppb", "0.5,0.5,70", "0.5,0.5,71", "1,1,", "1,0.5,-3"],
        code=2,
    )
    places = {(one["file"][0], one["row"], one["column"][:1]) for one in found["problems"]}
    assert places >= {
        ("s", 2, "D"), ("s", 3, "A"), ("s", 4, "C"), ("s", 4, "D"),
        ("r", 2, "B"), ("r", 3, "A"),
        ("m", 2, "E"), ("m", 3, "A"), ("m", 4, "B"), ("m", 5, "A"), ("m", 6, "C"), ("m", 8, "C"), ("m", 10, "F"),
    }  # fmt: skip
    assert {one["row"] for one in found["problems"] if one["file"] == "surface.csv"} >= {4, 5}


def test_a_surface_with_gaps_doubles_or_two_forms(said):
    gaps = said(surface=[*GRID[:4], "1.5,0.5,60"], code=2)["problems"]
    assert {one["value"] for one in gaps} == {"NOx 1，VOC 1", "NOx 1.5，VOC 1"}
    double = said(surface=[*GRID, "1,1,111"], code=2)["problems"]
    assert [one["row"] for one in double] == [6]
    both = said(surface=["nox_ratio,voc_ratio,o3_ppb,s_nox", "1,1,100,3"], code=2)["problems"]
    assert "二阶敏感性" in both[0]["expected"]
    lacking = said(surface=["nox_ratio,o3_ppb", "1,100"], code=2)["problems"]
    assert [one["column"] for one in lacking] == ["VOC比例"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_chinese_headers(said, encoding):
    found = said(
        sources=["污染源,企业,污染物,排放量（t/a）", "烟囱,甲厂,二氧化硫,10", "烟囱,甲厂,颗粒物,0"],
        receptors=["受体点,背景浓度", "市监测站,20"],
        matrix=["污染源,受体点,污染物,传输系数", "烟囱,市监测站,二氧化硫,0.02", "烟囱,市监测站,颗粒物,0.05"],
        encoding=encoding,
    )
    assert found["receptors"][0]["pm25_ug_m3"] == pytest.approx(20.2)
    assert found["receptors"][0]["by_pollutant"] == {"二氧化硫": pytest.approx(0.2), "颗粒物": 0}


def test_the_order_of_the_rows_changes_nothing(said):
    turned = said(
        sources=[SOURCES[0], *SOURCES[:0:-1]],
        matrix=[MATRIX[0], *MATRIX[:0:-1]],
        receptors=["receptor", "r2", "r1"],
    )
    plain = {row["receptor"]: row["pm25_ug_m3"] for row in said()["receptors"]}
    assert {row["receptor"]: row["pm25_ug_m3"] for row in turned["receptors"]} == pytest.approx(plain)


def test_a_workbook_the_table_for_the_eye_and_missing_files(tmp_path, run):
    result = run(SOURCES, RECEPTORS, MATRIX, GRID)
    assert result.exit_code == 0, result.output
    assert "1.900" in result.stdout
    assert "110.0" in result.stdout
    path = tmp_path / "e.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("源")
        for place, line in enumerate(SOURCES):
            sheet.write_row(place, 0, [float(cell) if cell.isdigit() else cell for cell in line.split(",")])
    result = CliRunner().invoke(
        air,
        [
            "--sources",
            str(path),
            "--receptors",
            str(tmp_path / "receptors.csv"),
            "--matrix",
            str(tmp_path / "no"),
            "--json",
        ],
    )
    assert result.exit_code == 2
    assert [one["expected"] for one in json.loads(result.stdout)["problems"]] == ["存在的文件"]


def test_the_coefficients_as_the_table_of_select(tmp_path, said):
    """甲 has two stacks of NOx, 30 and 10 t: cut in proportion. The regime that rules now is the one told."""
    out = tmp_path / "out.csv"
    said(
        "--coefficients", str(out),
        sources=["source,enterprise,pollutant,t_per_year", "a,甲,NOx,30", "b,甲,NOx,10", "c,,NH3,5"],
        matrix=[
            "source,receptor,pollutant,ug_m3_per_t,regime",
            "a,r1,NOx,0.1,富氨", "b,r1,NOx,0.2,富氨", "c,r1,NH3,9,贫氨", "c,r2,NH3,0.3,",
        ],
    )  # fmt: skip
    with out.open(encoding="utf-8-sig") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["target"], row["source"], float(row["coefficient"])) for row in rows] == [
        ("r1", "甲:NOx", pytest.approx(0.125)),
        ("r2", "c:NH3", pytest.approx(0.3)),
    ]


def test_a_regime_without_emissions_is_not_weighed(said):
    matrix = [
        "source,receptor,pollutant,ug_m3_per_t,regime",
        "s1,r1,NOx,0.01,富氨", "s1,r1,NH3,0.2,贫氨", "s1,r2,NOx,0.01,富氨",
    ]  # fmt: skip
    found = said(matrix=matrix, receptors=["receptor,regime", "r1,", "r2,贫氨"])
    assert [row["pm25_ug_m3"] for row in found["receptors"]] == [1, 0]
    assert any("贫氨" in note for note in found["notes"])
    none = said(matrix=matrix, sources=[*SOURCES, "s1,甲,NH3,0"])
    assert none["receptors"][0]["pm25_ug_m3"] == 0


def test_a_receptor_without_any_coefficient_is_unknown_not_zero(said):
    found = said(receptors=[*RECEPTORS, "r9" + "," * RECEPTORS[0].count(",")])
    last = found["receptors"][-1]
    assert last["receptor"] == "r9"
    assert last["pm25_ug_m3"] is None
    assert set(last["by_pollutant"].values()) == {None}
    assert any("r9" in note and "不是 0" in note for note in found["notes"])
    assert found["receptors"][0] == said()["receptors"][0]
