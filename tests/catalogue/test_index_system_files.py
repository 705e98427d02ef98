"""The shipped index systems, the published schema, and what makes a file fail to load."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingyuan.catalogue.indices import CatalogueError, load_system, systems
from qingyuan.catalogue.indices.__main__ import main, schema

DOCS = Path(__file__).parents[2] / "docs"


def test_the_published_schema_is_current():
    """Renew it: python -m qingyuan.catalogue.indices schema > docs/index-system.schema.json"""
    assert (DOCS / "index-system.schema.json").read_text("utf-8") == schema()


def test_only_two_shipped_systems_can_rate():
    free = {name for name, one in systems().items() if not one.standing(indicators_only=False)}
    assert free == {"demo-coating", "hazwaste-incineration-draft"}


def test_the_loader_sees_the_errors_of_the_sources():
    doubts = {doubt.key for doubt, _line in systems()["pcb-64"].doubts}
    assert {
        "order:electricity_rigid_hdi",
        "order:electricity_flex_hdi",
        "blank:cleaning",
        "sum:groups",
    } <= doubts
    keys = {doubt.key for doubt, _line in systems()["electroplating-2015"].doubts}
    assert keys == {"partial", "sum:groups"}
    assert any(key.startswith("weight:") for key in (d.key for d, _ in systems()["steel-2014"].doubts))


DEMO = Path(str(systems()["demo-coating"].path)).read_text("utf-8")


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ("id: demo-coating", "id: other", "与文件名不同"),
        ("id: zinc", "id: copper", "重复"),
        ("title: 锌利用率", "title: 铜利用率", "重复"),
        ("weight: 0.8/n", "weight: 0.8//n", "位置不对"),
        ("direction: lower", "direction: sideways", "不在可选值"),
        ("at_least: 2", "at_least: 4", "大于本组指标数"),
        ("{holds: heat_share >= 60}", "{holds: heat_share}", "条件"),
        ("{holds: heat_share >= 60}", "{holds: heat_share >= 60, any: [{holds: n >= 1}]}", "恰好写一种"),
        ('power_single: "output:single"', 'nobody: "output:single"', "不是本组的指标"),
        ("kind: conditions", "kind: quantitative", "direction"),
    ],
)
def test_a_slip_in_a_file_is_named_with_its_line(tmp_path, was, now, reason):
    path = tmp_path / "demo-coating.yaml"
    assert was in DEMO
    path.write_text(DEMO.replace(was, now, 1), "utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_system(path, catalogued=True)
    assert any(reason in str(problem) and problem.line >= 1 for problem in caught.value.problems)


def test_checking_files_without_the_product(tmp_path, capsys):
    path = tmp_path / "demo-coating.yaml"
    path.write_text(DEMO, "utf-8")
    assert main([str(path)]) == 0
    path.write_text(DEMO.replace("weight: 0.3", "weight: 0.4", 1), "utf-8")
    assert main([str(path)]) == 2
    assert "11/10" in capsys.readouterr().out
