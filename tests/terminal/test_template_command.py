"""`qingyuan template industry`: an empty data sheet that reads back, with Chinese headers, units and drop-downs."""

from __future__ import annotations

import python_calamine
from click.testing import CliRunner

from qingyuan.catalogue.diagnosis import settings
from qingyuan.cli.compute.template import template


def heads(path, sheet):
    return python_calamine.load_workbook(path).get_sheet_by_name(sheet).to_python()[0]


def test_the_sheets_of_a_sector(tmp_path):
    out = tmp_path / "t.xlsx"
    assert CliRunner().invoke(template, ["industry", str(out)]).exit_code == 0
    names = python_calamine.load_workbook(out).sheet_names
    assert names[:5] == ["参数", "评价指标", "企业", "指标数据", "清洁生产方案"]
    assert "填写说明" in names
    assert {"企业名称", "综合能耗（tce）", "新鲜水用量（m3）", "排放量：COD", "环境统计：COD"} <= set(
        heads(out, "企业")
    )
    assert heads(out, "指标数据") == ["企业名称", "指标", "指标值"]
    assert {"方案", "投资（万元）", "年节约（万元）", "改善的指标"} <= set(heads(out, "清洁生产方案"))
    rows = python_calamine.load_workbook(out).get_sheet_by_name("参数").to_python()
    assert {row[0] for row in rows[1:]} == {one.title for one in settings().values()}


def test_the_columns_of_an_index_system(tmp_path):
    out = tmp_path / "t.xlsx"
    done = CliRunner().invoke(template, ["industry", str(out), "--system", "demo-coating"])
    assert done.exit_code == 0, done.output
    assert {"企业名称", "镀种数（种）", "自动化水平"} <= set(heads(out, "指标数据"))
    rows = python_calamine.load_workbook(out).get_sheet_by_name("参数").to_python()
    assert ["评价指标体系", "demo-coating"] in [row[:2] for row in rows]


def test_what_cannot_be_written_is_said(tmp_path):
    done = CliRunner().invoke(template, ["industry", str(tmp_path / "none" / "t.xlsx")])
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert (
        CliRunner().invoke(template, ["industry", str(tmp_path / "t.xlsx"), "--system", "x"]).exit_code == 2
    )
