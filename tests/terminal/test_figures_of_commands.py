"""`--figures FOLDER`: the commands write their figures as SVG, PNG and CSV, from the same result that they print."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner

from qingyuan.cli.compute.balance import balance
from qingyuan.cli.compute.heat import heat
from qingyuan.cli.compute.measures import measures
from qingyuan.cli.compute.water import water

CASES = {
    "heat": (
        heat,
        "stream,t_supply_c,t_target_c,cp_kw_per_k\nH1,170,60,3\nH2,150,30,1.5\nC1,20,135,2\nC2,80,140,4\n",
        {"composites": "热复合曲线", "grand-composite": "夹点 85 ℃"},
    ),
    "water": (
        water,
        "process,load_kg_h,c_in_max_ppm,c_out_max_ppm\n1,2,0,100\n2,5,50,100\n3,30,50,800\n4,4,400,800\n",
        {"limiting-composite": "供水线（新鲜水 90 t/h）"},
    ),
    "balance": (
        balance,
        "flow,from,to,value,sd\nF1,environment,甲,100,1\nF2,甲,乙,120,1\nF3,乙,甲,20,1\nF4,乙,environment,101,1\n",
        {"sankey": "甲（回流）"},
    ),
    "measures": (
        measures,
        "measure,invest,saving,effect:COD,effect:氨氮\n回用,100,40,5,\n膜,300,20,8,1\n",
        {"macc-1": "1. 回用", "macc-2": "1. 膜"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_figures_are_written_beside_the_one_json_value(tmp_path, name):
    command, text, wanted = CASES[name]
    (tmp_path / "in.csv").write_text(text, "utf-8")
    folder = tmp_path / "figures"
    done = CliRunner().invoke(command, [str(tmp_path / "in.csv"), "--figures", str(folder), "--json"])
    assert done.exit_code == 0, done.output
    json.loads(done.stdout)
    assert sorted(one.name for one in folder.iterdir()) == sorted(
        f"{stem}.{kind}" for stem in wanted for kind in ("csv", "png", "svg")
    )
    for stem, words in wanted.items():
        assert words in (folder / f"{stem}.svg").read_text("utf-8")
        assert (folder / f"{stem}.png").read_bytes().startswith(b"\x89PNG")
        rows = list(csv.reader((folder / f"{stem}.csv").read_text("utf-8-sig").splitlines()))
        assert len(rows) > 1


@pytest.mark.parametrize("name", CASES)
def test_a_place_where_no_folder_can_be_is_refused_before_the_work(tmp_path, name):
    command, text, _wanted = CASES[name]
    (tmp_path / "in.csv").write_text(text, "utf-8")
    done = CliRunner().invoke(
        command, [str(tmp_path / "in.csv"), "--figures", str(tmp_path / "in.csv"), "--json"]
    )
    assert done.exit_code == 2
    assert [one["file"] for one in json.loads(done.stdout)["problems"]] == [str(tmp_path / "in.csv")]


def test_the_levels_of_rated_enterprises_are_drawn_with_their_letters(tmp_path):
    from qingyuan.cli.compute.rate import rate

    (tmp_path / "small.yaml").write_text(
        "id: small\ntitle: 小体系\nsector: 演示\nedition: 演示\ncompleteness: complete\nsource: [自拟]\ngroups:\n"
        "  - {id: g, title: 一组, weight: 1, indicators: [{id: power, title: 电耗, kind: quantitative, direction: lower,"
        " weight: 1, benchmarks: {I: 10, II: 20, III: 30}}]}\n",
        "utf-8",
    )
    (tmp_path / "in.csv").write_text("enterprise,power\n甲,5\n乙,25\n丙,99\n丁,na\n戊,\n", "utf-8")
    folder = tmp_path / "figures"
    asked = [
        str(tmp_path / "in.csv"),
        "--system",
        str(tmp_path / "small.yaml"),
        "--figures",
        str(folder),
        "--json",
    ]
    done = CliRunner().invoke(rate, asked)
    assert done.exit_code == 0, done.output
    rows = list(csv.reader((folder / "levels.csv").read_text("utf-8-sig").splitlines()))
    assert rows == [
        ["企业", "电耗"],
        ["甲", "I 级"],
        ["乙", "III 级"],
        ["丙", "低于 III 级"],
        ["丁", "不适用"],
        ["戊", "缺数据"],
    ]
    assert "电耗" in (folder / "levels.svg").read_text("utf-8")
