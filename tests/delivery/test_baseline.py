"""The approved plan as a baseline, and changes of it as pure data."""

from __future__ import annotations

import contextlib
import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.delivery import baseline

SNAPSHOT = {
    "schedule": {
        "start": "2022-09-01",
        "end": "2023-08-31",
        "milestones": [
            {"title": "摸底", "starts": "2022-09-01", "ends": "2022-12-31", "outputs": "", "responsible": ""},
            {"title": "实施", "starts": "2023-01-01", "ends": "2023-08-31", "outputs": "", "responsible": ""},
        ],
    },
    "targets": [
        {
            "key": "t1",
            "indicator": "单位产品水耗",
            "unit": "m³/t",
            "baseline": "10",
            "target": "8",
            "percent": "-20",
        }
    ],
    "outputs": [{"title": "审核规范", "benefit": "可推广", "target": "t1"}],
    "scope": [{"credit_code": "91410300MA3X00001A", "name": "演示甲", "sector_code": "", "last_audit": None}],
}


@pytest.fixture
def content():
    return baseline.of_snapshot(SNAPSHOT)


def test_milestones_and_outputs_get_keys_by_their_place(content):
    assert [line["key"] for line in content["milestones"]] == ["m1", "m2"]
    assert [line["key"] for line in content["outputs"]] == ["o1"]


@pytest.mark.parametrize(
    ("kind", "key", "becomes", "where"),
    [
        ("term", "term", "2022-09-01 — 2024-02-29", lambda c: c["term"]["end"] == "2024-02-29"),
        ("milestone", "m2", "2023-02-01 至 2023-10-31", lambda c: c["milestones"][1]["ends"] == "2023-10-31"),
        ("target", "t1", "8.50", lambda c: c["targets"][0]["target"] == "8.5"),
        ("output", "o1", "不再产出", lambda c: c["outputs"][0]["title"] == "不再产出"),
        ("scope_drop", "91410300MA3X00001A", "", lambda c: c["scope"] == []),
        ("scope_add", "91410300MA3X00002B", "演示乙", lambda c: c["scope"][1]["name"] == "演示乙"),
    ],
)
def test_a_change_makes_a_new_content_and_leaves_the_old_one(content, kind, key, becomes, where):
    before = copy.deepcopy(content)
    after = baseline.changed(content, kind, key, becomes)
    assert where(after)
    assert content == before
    assert baseline.content_hash(after) != baseline.content_hash(content)


def test_a_changed_target_carries_no_percent_of_the_old_one(content):
    assert baseline.changed(content, "target", "t1", "7")["targets"][0]["percent"] is None


@pytest.mark.parametrize(
    ("kind", "key", "becomes", "where"),
    [
        ("term", "term", "明年", "becomes"),
        ("term", "term", "2024-01-01 2023-01-01", "becomes"),
        ("term", "term", "2022-09-01 2023-08-31", "becomes"),
        ("milestone", "m9", "2023-01-01 2023-02-01", "item"),
        ("target", "t1", "很多", "becomes"),
        ("target", "t1", "NaN", "becomes"),
        ("output", "o1", " ", "becomes"),
        ("scope_drop", "没有", "", "item"),
        ("scope_add", "91410300MA3X00001A", "演示甲", "item"),
        ("scope_add", "91410300MA3X00002B", "", "becomes"),
        ("other", "", "", "kind"),
    ],
)
def test_what_does_not_fit_says_where(content, kind, key, becomes, where):
    with pytest.raises(baseline.Unfit) as unfit:
        baseline.changed(content, kind, key, becomes)
    assert unfit.value.where == where


@given(kind=st.sampled_from(list(baseline.KINDS)), key=st.text(max_size=20), becomes=st.text(max_size=40))
def test_whatever_is_typed_either_fits_or_says_why(kind, key, becomes):
    content = baseline.of_snapshot(SNAPSHOT)
    with contextlib.suppress(baseline.Unfit):
        assert baseline.choices(baseline.changed(content, kind, key, becomes), "term")
