"""Eligibility: the verdict of the answers, condition by condition, with the clause that decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.catalogue.notices import AnswerError, judge_condition, load_notice, notices, read_answer

HENAN = notices()["henan-2022"]
DEMO = load_notice(Path(__file__).parent / "files" / "demo-2027.yaml")

GROUNDWORK = {
    f"{who}_{what}": answer
    for who in ("object", "applicant")
    for what, answer in (
        ("managers", "yes"),
        ("rules", "yes"),
        ("mechanisms", "yes"),
        ("groundwork", "已完成两轮审核"),
        ("funding_source", "市级财政"),
        ("funding_amount", "120.5"),
    )
}
MONEY = {"object_funding_amount": 1, "applicant_funding_amount": 1}
PARK = {
    "park_boundary": True,
    "park_body": True,
    "park_body_name": "管委会",
    "park_one_prefecture": True,
    "park_industry": "化工",
}


def judge(condition, answers, files=None, *, notice=HENAN, **facts):
    return judge_condition(
        notice.condition(condition), answers=answers, evidence_count=files or {}, facts=facts
    )


@pytest.mark.clause("N5.1")
@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({}, "open"),
        ({"major_violation": "no"}, "met"),
        ({"major_violation": "yes"}, "not_met"),
        ({"major_violation": "maybe"}, "open"),
    ],
)
def test_no_major_violation_within_three_years(answers, state):
    verdict = judge("N5.1", answers)
    assert (verdict.state, verdict.clause) == (state, "N5.1")
    assert verdict.reasons


@pytest.mark.clause("N5.2")
def test_groundwork_of_the_object_and_the_applying_body():
    assert judge("N5.2", GROUNDWORK, MONEY).state == "met"


@pytest.mark.clause("N5.2")
@pytest.mark.parametrize(
    "name", [name for name in GROUNDWORK if name.endswith(("managers", "rules", "mechanisms"))]
)
def test_each_lack_of_groundwork_decides(name):
    verdict = judge("N5.2", GROUNDWORK | {name: "no"}, MONEY)
    assert verdict.state == "not_met"
    assert verdict.reasons[0].startswith("试点对象" if name.startswith("object") else "申报与实施主体")


@pytest.mark.clause("N5.2")
@pytest.mark.parametrize("name", list(GROUNDWORK))
def test_each_question_of_groundwork_must_be_answered(name):
    verdict = judge("N5.2", {key: answer for key, answer in GROUNDWORK.items() if key != name}, MONEY)
    assert verdict.state == "open"
    assert len(verdict.reasons) == 1


@pytest.mark.clause("N5.2")
def test_money_needs_its_proof():
    verdict = judge("N5.2", GROUNDWORK, {"object_funding_amount": 1})
    assert verdict.state == "open"
    assert "申报与实施主体的资金金额" in verdict.reasons[0]
    assert "证明材料" in verdict.reasons[0]


@pytest.mark.clause("N5.2")
def test_no_money_on_one_side_is_for_an_officer_and_on_both_decides():
    one = GROUNDWORK | {"applicant_funding_amount": 0}
    assert judge("N5.2", one, MONEY).state == "ask"
    assert judge("N5.2", one | {"object_funding_amount": "0"}, MONEY).state == "not_met"


@pytest.mark.clause("N5.3")
def test_a_park_with_boundary_body_and_base():
    assert judge("N5.3", PARK, {"park_boundary": 1}, object_form="park").state == "met"
    assert judge("N5.3", PARK, object_form="park").state == "open", "the boundary needs its paper"


@pytest.mark.clause("N5.3")
def test_a_park_across_prefectures_is_for_an_officer():
    crossing = PARK | {"park_one_prefecture": False, "park_prefectures": "甲市、乙市，历史原因"}
    verdict = judge("N5.3", crossing, {"park_boundary": 1}, object_form="park")
    assert verdict.state == "ask"
    assert "原则上不跨" in verdict.reasons[0]


@pytest.mark.clause("N5.3")
@pytest.mark.parametrize("name", ["park_boundary", "park_body"])
def test_a_park_without_boundary_or_body_fails(name):
    assert judge("N5.3", PARK | {name: False}, {"park_boundary": 1}, object_form="park").state == "not_met"


@pytest.mark.clause("N5.3")
def test_a_cluster_is_asked_for_its_form_only():
    condition = HENAN.condition("N5.3")
    asked = [question.id for question in condition.asked(answers={}, facts={"object_form": "cluster"})]
    assert asked == ["cluster_form", "cluster_description"]
    answers = {"cluster_form": "是", "cluster_description": "120 家铸造企业沿河分布"}
    assert judge("N5.3", answers, object_form="cluster").state == "met"
    assert judge("N5.3", answers | {"cluster_form": "否"}, object_form="cluster").state == "not_met"


@pytest.mark.clause("N5.3")
def test_answers_of_the_other_branch_do_not_decide():
    left_over = {"park_boundary": False, "cluster_form": True, "cluster_description": "集聚"}
    assert judge("N5.3", left_over, object_form="cluster").state == "met"


def test_without_the_form_of_the_object_nothing_is_decided():
    verdict = judge("N5.3", PARK)
    assert verdict.state == "open"
    assert "形态" in verdict.reasons[0]


@pytest.mark.clause("N5.4")
@pytest.mark.parametrize(
    ("form", "name", "chosen"),
    [("region", "region_pollutants", ["pm25", "o3"]), ("basin", "basin_pollutants", ["nh3-n"])],
)
def test_characteristic_pollutants_of_the_notice(form, name, chosen):
    answers = {name: chosen, "own_pollutants": "no"}
    assert judge("N5.4", answers, object_form=form).state == "met"


@pytest.mark.clause("N5.4")
def test_own_pollutants_need_a_local_key_task_with_its_paper():
    answers = {
        "basin_pollutants": ["tp"],
        "own_pollutants": "yes",
        "own_pollutant_names": "总氮",
        "own_in_key_task": "yes",
        "key_task": "某市水污染防治方案",
    }
    assert judge("N5.4", answers, object_form="basin").state == "open"
    assert judge("N5.4", answers, {"key_task": 1}, object_form="basin").state == "met"
    assert judge("N5.4", answers | {"own_in_key_task": "no"}, object_form="basin").state == "not_met"
    del answers["basin_pollutants"]
    assert judge("N5.4", answers, {"key_task": 1}, object_form="basin").state == "ask", (
        "首选 those of the notice"
    )


@pytest.mark.clause("N5.4")
def test_no_pollutant_at_all_fails_and_a_foreign_one_is_refused():
    assert judge("N5.4", {"own_pollutants": "no"}, object_form="region").state == "not_met"
    verdict = judge("N5.4", {"own_pollutants": "no", "region_pollutants": ["tp"]}, object_form="region")
    assert verdict.state == "not_met"
    verdict = judge("N5.4", {"own_pollutants": "yes", "region_pollutants": ["tp"]}, object_form="region")
    assert verdict.state == "open"
    assert "可选：细颗粒物（PM2.5）、臭氧（O₃）" in verdict.reasons[0]


@pytest.mark.clause("N3x")
def test_another_notices_rules_work_by_the_same_function():
    assert judge("input-output", {"people": 30, "saved": "time"}, notice=DEMO).state == "met"
    assert judge("input-output", {"people": 30, "saved": "none"}, notice=DEMO).state == "ask"
    assert judge("input-output", {"people": "0.5", "saved": "time"}, notice=DEMO).reasons == (
        "回答不能自动判定，由受理部门核定",
    )
    assert judge("permit-link", {"systems": ["permit", "tax"]}, {"systems": 1}, notice=DEMO).state == "met"
    assert judge("permit-link", {"systems": ["tax"]}, notice=DEMO).state == "not_met"
    assert (
        judge("no-violation", {"violation": False, "checked_on": date(2027, 3, 2)}, notice=DEMO).state
        == "met"
    )


@pytest.mark.parametrize(
    ("condition", "question", "raw", "value"),
    [
        ("no-violation", "violation", "是", True),
        ("no-violation", "violation", "", None),
        ("no-violation", "checked_on", "2027-03-02", date(2027, 3, 2)),
        ("input-output", "people", " 1,200.50 ", Decimal("1200.50")),
        ("input-output", "saved", ["time"], "time"),
        ("permit-link", "systems", "permit", frozenset({"permit"})),
        ("permit-link", "systems", [], None),
    ],
)
def test_answers_are_read_from_forms_and_json_alike(condition, question, raw, value):
    asked = next(item for item in DEMO.condition(condition).questions if item.id == question)
    assert read_answer(asked, raw) == value


@pytest.mark.parametrize(
    ("condition", "question", "raw"),
    [
        ("no-violation", "checked_on", "昨天"),
        ("input-output", "people", "很多"),
        ("input-output", "people", "NaN"),
        ("input-output", "saved", ["time", "money"]),
    ],
)
def test_answers_that_do_not_fit_say_what_was_expected(condition, question, raw):
    asked = next(item for item in DEMO.condition(condition).questions if item.id == question)
    with pytest.raises(AnswerError):
        read_answer(asked, raw)


ANY = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text(), max_size=3))


@given(
    answers=st.dictionaries(
        st.sampled_from([question.id for item in HENAN.eligibility for question in item.questions]), ANY
    ),
    form=st.sampled_from(["park", "cluster", "region", "basin", "sector_in_area"]),
)
def test_any_answers_give_a_verdict_with_a_reason_and_never_an_error(answers, form):
    for condition in HENAN.eligibility:
        facts = {"object_form": form}
        verdict = judge_condition(condition, answers=answers, evidence_count={}, facts=facts)
        assert verdict.state in {"met", "not_met", "ask", "open"}
        assert verdict.reasons
        again = judge_condition(condition, answers=answers, evidence_count={}, facts=facts)
        assert verdict == again
