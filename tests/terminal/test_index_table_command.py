"""`qingyuan index-table`: what people type becomes a system's file, with a list of what to look into."""

from __future__ import annotations

import json

import xlsxwriter
from click.testing import CliRunner

from qingyuan.catalogue.indices import load_system
from qingyuan.cli.compute.index_table import index_table

HEAD = ["一级指标", "一级指标权重", "二级指标", "单位", "二级指标权重", "Ⅰ级", "Ⅱ级", "Ⅲ级", "限定性"]


def run(tmp_path, rows):
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEAD, *rows]):
            sheet.write_row(number, 0, row)
    arguments = [str(tmp_path / "t.xlsx"), str(tmp_path / "made.yaml"), "--title", "表", "--sector", "演示"]
    return CliRunner().invoke(index_table, [*arguments, "--source", "自拟", "--json"], catch_exceptions=False)


def test_a_typed_table_with_its_slips(tmp_path):
    result = run(
        tmp_path,
        [
            ["资源", 0.6, "取水量*", "L/m2", 0.5, "≤8", "≤24", "≤40", ""],
            ["", "", "电耗", "kWh/m2", 0.4, "10+5n", "25+10n", "55+12n", ""],
            ["管理", 0.4, "利用率", "%", "1/2", 90, 80, 75, "是"],
            ["", "", "制度", "", 0.5, "健全", "", "有", ""],
            ["", "", "煤气", "", "约一半", "＜1", "≥2", "--", ""],
        ],
    )
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert len(said["remarks"]) == 4
    assert {"partial", "sum:group:g1", "weight:g2_3", "name:g1_2:n"} <= {
        one["doubt"] for one in said["doubts"]
    }
    file = load_system(tmp_path / "made.yaml").file
    water, power = file.groups[0].indicators
    assert (water.title, water.restrictive, water.direction, water.benchmarks.III) == (
        "取水量",
        True,
        "lower",
        "40",
    )
    assert power.benchmarks.II == "25+10*n"
    use, rules, gas = file.groups[1].indicators
    assert (use.direction, use.restrictive, use.weight) == ("higher", True, "1/2")
    assert (rules.kind, rules.texts.II) == ("qualitative", None)
    assert (gas.strict, gas.benchmarks.III) == (("I",), "--")
    assert not file.verified


def test_a_doubled_title_is_refused_and_nothing_is_written(tmp_path):
    result = run(tmp_path, [["资源", 1, "水", "", 0.5, 1, 2, 3, ""], ["", "", "水", "", 0.5, 1, 2, 3, ""]])
    assert result.exit_code == 2
    assert "重复" in result.output
    assert not (tmp_path / "made.yaml").exists()


def test_a_bad_id_is_bad_input(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "二级指标", "I级基准值"])
        sheet.write_row(1, 0, ["A-1", "水", 3])
    arguments = [str(tmp_path / "t.xlsx"), str(tmp_path / "made.yaml"), "--title", "表", "--sector", "演示"]
    result = CliRunner().invoke(
        index_table, [*arguments, "--source", "自拟", "--json"], catch_exceptions=False
    )
    assert result.exit_code == 2
    assert json.loads(result.stdout)["problems"]
