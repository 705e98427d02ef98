"""The self-check on where the object lies and what pollutes there: statements against each other, nothing more."""

from __future__ import annotations

import copy

import pytest

from qingyuan.pilots.selfcheck import run_on_snapshot
from tests.pilots.plain_application import BASIN, NOTICE, PARK, application

REGION = {"kind": "region", "place": "fen-wei", "prefectures": ["410300", "411200"]}


def found(snapshot, rule):
    return [one for one in run_on_snapshot(snapshot, NOTICE) if one.rule == rule]


def said(snapshot, rule):
    return "\n".join(one.message for one in found(snapshot, rule))


def park(**changes):
    return application("park", object_geometry={**copy.deepcopy(PARK), **changes})


@pytest.mark.clause("N5.3")
def test_a_park_has_a_boundary_whose_area_is_the_declared_one():
    assert found(park(), "boundary") == []
    without = application("park")
    del without["object_geometry"]
    assert "尚未填写园区边界坐标" in said(without, "boundary")
    assert "相差 +1.7%" not in said(park(declared_km2="1"), "boundary")
    assert "批复面积 1.2 平方公里，相差 -15.2%" in said(park(declared_km2="1.2"), "boundary")
    assert "批复面积" in said(park(declared_km2=None), "boundary")
    assert "划定边界的文件" in said(park(basis=""), "boundary")


@pytest.mark.clause("N5.3")
def test_the_stated_prefecture_is_compared_with_everything_else_that_is_stated():
    assert found(park(), "one-prefecture") == []
    two = said(park(prefectures=["410300", "410800"]), "one-prefecture")
    assert "跨 2 个地市（洛阳市、焦作市）" in two
    assert "申报条件中回答全部位于一个地市" in two
    assert "所在地是 洛阳市，边界中填写的所在地市是 焦作市" in said(
        park(prefectures=["410800"]), "one-prefecture"
    )
    snapshot = park()
    for row in snapshot["scope"][:2]:
        row["prefecture"] = "焦作市"
    assert "有 2 家不在边界所填的地市：焦作市 2 家" in said(snapshot, "one-prefecture")


def test_an_area_in_the_text_is_compared_with_the_drawn_one():
    def text(words):
        return said(application("park", chapters={"overview-scope": f"<p>{words}</p>"}), "area-in-text")

    for right in (
        "园区总面积1.02平方公里。",
        "园区面积约102公顷。",
        "规划面积1526亩。",
        "其中绿化面积3公顷。",
    ):
        assert text(right) == ""
    assert "写面积“12平方公里”，边界围成 1.017 平方公里" in text("园区总面积12平方公里。")


@pytest.mark.clause("N3c")
def test_a_region_names_prefectures_of_a_key_region():
    def region(**changes):
        snapshot = application("region", object_geometry={**REGION, **changes}, pollutants=["pm25", "o3"])
        snapshot["object"]["form"] = "region"
        return said(snapshot, "region-places")

    assert region() == ""
    assert "尚未选择区域所含地市" in region(prefectures=[])
    assert "南阳市 不在汾渭平原的名单中" in region(prefectures=["410300", "411300"])
    assert "未核对原件" in region(prefectures=["410300", "411300"])
    assert "通知写的是“等”" in region(place="豫西")
    assert "尚未写明属于哪个重点区域" in region(place="")
    assert "只有一个地市" in region(prefectures=["410300"])


@pytest.mark.clause("N3c")
def test_a_basin_has_reaches_and_sections_that_fit():
    def basin(**changes):
        return said(
            application("region", object_geometry={**copy.deepcopy(BASIN), **changes}), "basin-places"
        )

    (section,) = BASIN["sections"]
    assert basin() == ""
    assert "尚未填写河段" in basin(reaches=[])
    assert "尚未填写断面" in basin(sections=[])
    assert "里程超出河段总长：演示断面" in basin(sections=[{**section, "km": "50.6"}])
    assert "所在河流没有河段：演示断面" in basin(sections=[{**section, "river": "别的河"}])
    assert "没有写目标类别或现状类别" in basin(sections=[{**section, "present": ""}])
    assert "尚未写明属于哪个流域" in basin(place="")


@pytest.mark.clause("N5.4")
def test_the_notices_pollutants_come_first_and_own_ones_are_proved():
    assert found(application("region"), "pollutants-first") == []
    assert "没有首选通知所列的特征污染物（氨氮、磷）" in said(
        application("region", pollutants=["总氮"]), "pollutants-first"
    )
    assert "是通知为另一种形态列出的" in said(
        application("region", pollutants=["nh3-n", "pm25"]), "pollutants-first"
    )
    own = application("region", pollutants=["nh3-n", "tp", "总氮"])
    (one,) = found(own, "pollutants-proved")
    assert (one.severity, one.clause) == ("error", "N5.4")
    task = {"pollutant": "总氮", "document": "方案", "file": None}
    own["object_geometry"]["key_tasks"] = [task]
    assert "文件已被移除" in said(own, "pollutants-proved")
    own["object_geometry"]["key_tasks"] = [{**task, "file": {"name": "方案.pdf", "sha256": "0" * 64}}]
    assert found(own, "pollutants-proved") == []
    assert "没有自行选取特征污染物，试点对象中写了" in said(own, "pollutants-agree")
    assert "两处不一致" in said(application("region", pollutants=["tp"]), "pollutants-agree")
