"""`qingyuan diagnose`: the JSON of the contract, the two forms of values, folders of CSV, and what is written."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from click.testing import CliRunner

from qingyuan.cli.compute.diagnose import diagnose
from qingyuan.cli.compute.template import template
from tests.terminal.sector_books import SHEETS, Sheets, write


def run(path: Path, *options: str) -> Any:
    return CliRunner().invoke(diagnose, [str(path), *options], catch_exceptions=False)


def said(path: Path, *options: str) -> Any:
    done = run(path, "--json", *options)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def sheets() -> Sheets:
    return copy.deepcopy(SHEETS)


def test_the_json_of_the_contract(tmp_path, sheets):
    found = said(write(tmp_path / "d.xlsx", sheets))
    assert {
        "indicators", "bundles", "potential", "replication", "frontier", "sample", "effort", "flags"
    } <= set(found)  # fmt: skip
    energy, water, cod = found["indicators"]
    assert {"id", "share_failing", "ci95", "output_share_failing", "p25", "p50", "p75"} <= set(energy)
    assert energy["share_failing"] == {"I": 1.0, "II": 0.5, "III": 0.25}
    assert energy["output_share_failing"]["II"] == pytest.approx(1500 / 22000)
    assert (energy["p25"], energy["p50"], energy["p75"]) == (116.25, 125.0, 142.5)
    assert energy["ci95"]["II"] == pytest.approx([0.15004, 0.84996], abs=1e-5)
    assert (water["judged"], water["not_applicable"], water["missing"]) == (3, 1, 0)
    assert (cod["judged"], cod["missing"]) == (3, 1)
    potential = {(one["indicator"], one["to"]): one for one in found["potential"]}
    second = potential["e", "II"]
    assert second["energy_tce"] == pytest.approx(10 * 1000 / 1000 + 60 * 500 / 1000)
    assert second["money_cny"] == pytest.approx(40_000)
    assert potential["w", "I"]["water_m3"] == pytest.approx(3 * 1000 + 2.5 * 20000)
    assert potential["w", "I"]["money_cny"] is None
    assert potential["c", "II"]["pollutants"] == {"COD": pytest.approx(0.5)}
    heat = next(one for one in found["replication"] if one["measure"] == "余热回收")
    assert heat["enterprises"] == ["甲", "丙"]
    assert heat["cost_class"] == "high"
    assert heat["saving"] == pytest.approx(80_000 / 500 * 1500)
    assert [one["enterprise"] for one in found["frontier"]] == ["甲", "乙", "丙", "丁"]
    assert all(0 < one["crs"] <= one["vrs"] <= 1 and one["verified"] for one in found["frontier"])
    assert set(found["sample"]) >= {"enterprises", "strata", "coverage", "max_distance"}
    assert len(found["sample"]["enterprises"]) == 2
    assert found["effort"]["one_by_one"]["person_days"] == 4 * 100
    assert {one["source"] for one in found["effort"]["assumptions"]} == {"自拟默认值"}
    rules = {flag["rule"] for flag in found["flags"]}
    assert {"carnot", "saved_beyond_used", "environmental_statistics", "worth"} <= rules


def test_an_impossible_claim_is_listed_and_nothing_is_scaled_from_it(tmp_path, sheets):
    found = said(write(tmp_path / "d.xlsx", sheets))
    pump = next(one for one in found["replication"] if one["measure"] == "热泵")
    assert (pump["enterprises"], pump["counted"], pump["saving"]) == (["丙"], 0, None)


def test_bundles_by_the_terminal(tmp_path, sheets):
    sheets["指标数据"][1:] = [[name, k, 999] for name in "甲乙丙" for k in "ew"] + [
        ["丁", k, 0] for k in "ewc"
    ]
    (bundle,) = said(write(tmp_path / "d.xlsx", sheets))["bundles"]
    assert bundle["indicators"] == ["e", "w"]
    assert bundle["support"] == pytest.approx(0.75)
    assert bundle["lift"] == pytest.approx(0.75 / 0.75**2)


def wide(sheets: Sheets) -> Sheets:
    sheets["指标数据"] = [
        ["企业名称", "单位产品综合能耗（kgce/t）", "w", "单位产品COD产生量"],
        ["丁", 120, "na", 3],
        ["甲", 130, 13, 2],
        ["丙", 180, 8, 0],
        ["乙", 105, 12.5, ""],
    ]
    return sheets


def test_long_and_wide_values_in_any_order_say_the_same(tmp_path, sheets):
    first = said(write(tmp_path / "a.xlsx", sheets))
    second = said(write(tmp_path / "a.xlsx", wide(sheets)))
    assert first == second


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_folder_of_csv_files_says_the_same(tmp_path, sheets, encoding):
    first = said(write(tmp_path / "a.xlsx", sheets))
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, rows in sheets.items():
        text = "\n".join(",".join(str(cell) for cell in row) for row in rows) + "\n"
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    second = said(folder)
    assert {**second, "dataset": ""} == {**first, "dataset": ""}


def test_the_order_of_enterprises_and_units_of_output_do_not_matter(tmp_path, sheets):
    first = said(write(tmp_path / "a.xlsx", sheets))
    other = copy.deepcopy(sheets)
    other["企业"][1:] = other["企业"][:0:-1]
    second = said(write(tmp_path / "b.xlsx", other))
    assert second["indicators"] == [
        {**one, "output_share_failing": pytest.approx(one["output_share_failing"])}
        for one in first["indicators"]
    ]
    for one, turned in zip(first["potential"], second["potential"], strict=True):
        assert turned["energy_tce"] == pytest.approx(one["energy_tce"])
        assert turned["water_m3"] == pytest.approx(one["water_m3"])
    scores = {one["enterprise"]: one["crs"] for one in first["frontier"]}
    assert {one["enterprise"]: one["crs"] for one in second["frontier"]} == pytest.approx(scores)


@pytest.mark.parametrize("number", [0, 1])
def test_the_published_frontiers_by_the_terminal(tmp_path, sheets, number):
    path = Path(__file__).parents[1] / "engine" / "cases" / "industry" / "dea.json"
    case = json.loads(path.read_text("utf-8"))[number]
    inputs, outputs = case["inputs"], case["outputs"]
    heads = [f"投入：x{k}" for k in range(len(inputs[0]))] + [f"产出：y{k}" for k in range(len(outputs[0]))]
    sheets["企业"] = [["企业名称", *heads]]
    sheets["企业"] += [
        [f"企业{k}", *one, *made] for k, (one, made) in enumerate(zip(inputs, outputs, strict=True))
    ]
    sheets["指标数据"] = [["企业名称", "指标", "指标值"], ["企业0", "e", 1]]
    del sheets["清洁生产方案"]
    found = said(write(tmp_path / "d.xlsx", sheets))
    assert [one["crs"] for one in found["frontier"]] == pytest.approx(case["published"], abs=5.1e-4)


def test_a_system_of_the_catalogue_rates_the_sector(tmp_path):
    path = tmp_path / "t.xlsx"
    sheets: Sheets = {
        "参数": [["参数", "取值"], ["评价指标体系", "demo-coating"]],
        "企业": [["企业名称", "产品产量", "产量单位"], ["甲", 100, "m2"], ["乙", 300, "m2"]],
        "指标数据": [
            ["企业名称", "镀种数", "单位产品电耗 单层件", "output:single", "output:multi", "自动化水平"],
            ["甲", 1, 4, 10, 0, "I"],
            ["乙", 1, 12, 10, 0, "none"],
        ],
    }
    found = said(write(path, sheets))
    assert (found["system"], found["verified"]) == ("demo-coating", False)
    assert sum(found["levels"].values()) == 2
    power = next(one for one in found["indicators"] if one["id"] == "power_single")
    assert power["share_failing"] == {"I": 0.5, "II": 0.5, "III": 0.0}
    potential = [one for one in found["potential"] if one["indicator"] == "power_single"]
    assert potential[0]["energy_tce"] == pytest.approx(2 * 300 * 0.0001229)
    assert said(path, "--system", "electroplating-2015")["system"] == "electroplating-2015"


def test_an_incomplete_system_is_read_row_by_row(tmp_path):
    sheets: Sheets = {
        "企业": [["企业名称"], ["甲"]],
        "指标数据": [["企业名称", "n"], ["甲", 2]],
    }
    assert said(write(tmp_path / "d.xlsx", sheets), "--system", "steel-2014")["levels"] is None


def test_a_library_of_another_file(tmp_path, sheets):
    library = write(
        tmp_path / "lib.xlsx",
        {
            "清洁生产方案": [
                ["方案", "适用行业", "改善的指标", "依据产量", "产量单位", "年节约（万元）"],
                ["案例库：冷凝水回用", "印染", "w", 1, "万t", 100],
            ]
        },
    )
    found = said(write(tmp_path / "d.xlsx", sheets), "--library", str(library))
    one = next(one for one in found["replication"] if one["measure"] == "案例库：冷凝水回用")
    assert one["enterprises"] == ["甲", "乙"]
    assert one["saving"] == pytest.approx(1_000_000 / 10_000 * 21_000)


def test_outputs_workbook_and_explanation(tmp_path, sheets):
    path = write(tmp_path / "d.xlsx", sheets)
    out, book = tmp_path / "new" / "out", tmp_path / "r.xlsx"
    done = run(path, "--out", str(out), "--xlsx", str(book))
    assert done.exit_code == 0
    assert "共性问题" in done.stdout
    assert json.loads((out / "result.json").read_text("utf-8")) == said(path)
    drawn = {file.stem for file in out.glob("*.png")}
    assert {"gaps", "levels"} <= drawn
    assert all((out / f"{name}.{kind}").stat().st_size for name in drawn for kind in ("svg", "csv"))
    for written in (out / "results.xlsx", book):
        opened = python_calamine.load_workbook(written)
        assert opened.sheet_names == [
            "诊断概要", "指标差距", "共性问题", "节约潜力", "方案推广", "推广名单", "效率前沿", "深入审核样本", "工作量核算", "核查疑点", "假设与来源",
        ]  # fmt: skip
        rows = opened.get_sheet_by_name("指标差距").to_python()
        assert any(row[0] == "单位产品综合能耗" and row[5] == 50.0 for row in rows)
    text = run(path, "--explain", "甲").stdout
    for words in ("第 3 名", "到II 级 10 tce", "余热回收", "卡诺", "效率前沿"):
        assert words in text
    explained = said(path, "--explain", "甲")["explain"]
    assert explained["enterprise"] == "甲"
    assert "\n".join(explained["lines"]) in text


def test_an_invented_sector_of_a_thousand_finds_what_was_planted(tmp_path):
    path = tmp_path / "demo.xlsx"
    assert CliRunner().invoke(template, ["industry", str(path), "--demo", "1000"]).exit_code == 0
    found = said(path)
    assert found["enterprises"] == 1000
    assert all(one["enterprise"].startswith("演示") for one in found["frontier"])
    assert {
        "unit_slip", "copied", "stated_closure", "environmental_statistics", "carnot", "saved_beyond_used", "worth"
    } <= {flag["rule"] for flag in found["flags"]}  # fmt: skip
    assert ["power", "management"] in [bundle["indicators"] for bundle in found["bundles"]]
    assert len(found["sample"]["enterprises"]) == 100
    assert found["sample"]["coverage"] > 0.9
    assert all(one["verified"] for one in found["frontier"])
    assert CliRunner().invoke(template, ["industry", str(path), "--demo", "3"]).exit_code != 0


def test_a_template_filled_in_by_hand_is_read(tmp_path):
    import io

    from qingyuan.workbooks.industry_demo import demo_parts
    from qingyuan.workbooks.write import write_csv

    folder = tmp_path / "csv"
    folder.mkdir()
    for table, rows in demo_parts(30):
        target = io.BytesIO()
        write_csv(target, table, rows)
        (folder / f"{table.title}.csv").write_bytes(target.getvalue())
    assert said(folder)["enterprises"] == 30


def test_every_assumption_of_the_effort_is_an_input(tmp_path, sheets):
    before = said(write(tmp_path / "a.xlsx", sheets))["effort"]
    sheets["参数"] += [["逐家审核：每家人日（含企业人员）", 190], ["teams", 1]]
    after = said(write(tmp_path / "b.xlsx", sheets))["effort"]
    assert after["one_by_one"]["person_days"] == before["one_by_one"]["person_days"] + 4 * 100
    assert after["one_by_one"]["calendar_days"] > before["one_by_one"]["calendar_days"]
    sources = {one["id"]: one["source"] for one in after["assumptions"]}
    assert (sources["solo_person_days"], sources["light_days"]) == ("数据表", "自拟默认值")


def test_a_total_that_slipped_by_a_thousand_does_not_carry_the_frontier_away(tmp_path):
    firms = [[f"企业{k}", 1000, "t", 100 + k, 5000 + 10 * k, 100] for k in range(9)]
    sheets: Sheets = {
        "评价指标": [["指标", "方向", "I级基准值", "单位"], ["e", "越小越好", 1, "kgce/t"]],
        "企业": [["企业名称", "产量", "产量单位", "综合能耗", "新鲜水用量", "工业总产值"], *firms],
        "指标数据": [["企业名称", "e"], ["企业0", 1]],
    }
    before = {one["enterprise"]: one["crs"] for one in said(write(tmp_path / "a.xlsx", sheets))["frontier"]}
    sheets["企业"][9][3] = 0.108  # typed in thousands of tce
    found = said(write(tmp_path / "b.xlsx", sheets))
    after = {one["enterprise"]: one["crs"] for one in found["frontier"]}
    assert after.pop("企业8") is None
    assert all(before[name] == pytest.approx(score) for name, score in after.items())
    assert "unit_slip" in {flag["rule"] for flag in found["flags"]}


def test_money_typed_in_yuan_is_more_than_an_enterprise_makes(tmp_path, sheets):
    sheets["企业"][0].append("工业总产值（万元）")
    for row, value in zip(sheets["企业"][1:], (3000, 50000, 1500, 1600), strict=True):
        row.append(value)
    sheets["清洁生产方案"][1][4] = 80_000
    flags = said(write(tmp_path / "d.xlsx", sheets))["flags"]
    assert any(flag["enterprise"] == "丁" and "工业总产值" in flag["message"] for flag in flags)


def test_levels_that_reports_state_are_checked(tmp_path):
    sheets: Sheets = {
        "企业": [["企业名称", "报告的级别"], ["甲", "I"]],
        "指标数据": [["企业名称", "n"], ["甲", 1]],
    }
    found = said(write(tmp_path / "d.xlsx", sheets), "--system", "demo-coating")
    assert found["levels"]["none"] == 1
    assert not [flag for flag in found["flags"] if flag["rule"] == "stated_level"]


def test_long_lists_of_bundles_are_cut_and_say_so(tmp_path, sheets):
    sheets["指标数据"][1:] = [[name, k, 999] for name in "甲乙丙" for k in "ew"]
    sheets["指标数据"] += [[name, "c", 999] for name in "乙丙丁"]
    sheets["参数"].append(["共性问题最多列出", 1])
    found = said(write(tmp_path / "d.xlsx", sheets))
    assert (len(found["bundles"]), found["bundles_found"] > 1) == (1, True)


def test_a_wrong_level_is_found(tmp_path):
    (tmp_path / "small.yaml").write_text(
        "id: small\ntitle: 小体系\nsector: 演示\nedition: 演示\ncompleteness: complete\nsource: [自拟]\n"
        "groups:\n  - id: g\n    title: 一组\n    weight: 1\n    indicators:\n"
        "      - {id: power, title: 电耗, unit: kWh/t, kind: quantitative, direction: lower, weight: 1,\n"
        "         benchmarks: {I: 10, II: 20, III: 30}}\n",
        "utf-8",
    )
    sheets: Sheets = {
        "企业": [["企业名称", "报告的级别"], ["甲", "I"], ["乙", "II"], ["丙", "below"], ["丁", ""]],
        "指标数据": [["企业名称", "电耗"], ["甲", 11], ["乙", 20], ["丙", 31], ["丁", 5]],
    }
    found = said(write(tmp_path / "d.xlsx", sheets), "--system", str(tmp_path / "small.yaml"))
    assert found["levels"] == {"I": 1, "II": 2, "III": 0, "below": 1, "none": 0}
    assert [(flag["enterprise"], flag["value"], flag["expected"]) for flag in found["flags"]] == [
        ("甲", "I", "II")
    ]


def test_one_enterprise_alone(tmp_path, sheets):
    for name in ("企业", "指标数据"):
        sheets[name] = sheets[name][:2]
    sheets["清洁生产方案"] = sheets["清洁生产方案"][:1]
    sheets["参数"][2][1] = 1
    found = said(write(tmp_path / "d.xlsx", sheets))
    assert found["frontier"][0]["crs"] == 1.0
    assert (found["sample"]["enterprises"], found["sample"]["coverage"]) == (["甲"], 1.0)
    assert (found["bundles"], found["replication"]) == ([], [])


def test_indicators_without_benchmarks_still_show_the_spread(tmp_path, sheets):
    sheets["评价指标"] = [
        ["指标", "单位", "方向"],
        ["e", "kgce/t", "越小越好"],
        ["w", "m3/t", ""],
        ["c", "kg/t", ""],
    ]
    for row in sheets["指标数据"]:
        row[1] = "e" if row[1] == "单位产品综合能耗" else row[1]
    found = said(write(tmp_path / "d.xlsx", sheets))
    energy = found["indicators"][0]
    assert (energy["judged"], energy["share_failing"]["II"], energy["p50"]) == (0, None, 125.0)
    best = next(one for one in found["potential"] if one["to"] == "best_quartile" and one["indicator"] == "e")
    assert best["energy_tce"] == pytest.approx(47.5)
