"""评估 and 验收 of a pilot in two sittings, as a score sheet says it (N11): a round and a decision each, one list at the end."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.urls import reverse

from qingyuan.catalogue import scoresheets
from qingyuan.catalogue.problems import CatalogueError
from qingyuan.catalogue.scoresheets import acceptance_sheet_for, evaluation_sheet_for, load_scoresheet
from qingyuan.catalogue.scoresheets.loader import SHIPPED
from qingyuan.delivery import actions
from qingyuan.delivery.acceptance_papers import of_project
from qingyuan.delivery.models import AcceptanceFiling, Conclusion, Project
from qingyuan.delivery.queries.acceptance import FILING_RELATED
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Invalid
from qingyuan.kernel.models import Mail
from qingyuan.review import actions as review
from qingyuan.review import publicity
from qingyuan.review.decisions import Row
from qingyuan.review.models import Case, Round
from qingyuan.review.queries.ground import acceptable_calls
from qingyuan.review.queries.panel import sheet_of
from tests import acceptance_maker as made
from tests.assessment_maker import Panel
from tests.delivery_maker import hand_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SHIPPED_SHEET = SHIPPED / "state-acceptance-2022.yaml"


def sheet(name: str, folder: Path, **terms: object) -> None:
    """A sheet of an authority of its own: the shipped one in its form, with other terms, in force later."""
    data = yaml.safe_load(SHIPPED_SHEET.read_text(encoding="utf-8"))
    data |= {"id": name, "valid_from": "2023-01-01"}
    data["acceptance"] = data["acceptance"] | terms
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def two(tmp_path, monkeypatch):
    """Sheets with which 评估 and 验收 are two sittings, each with a sheet of its own."""
    sheet("state-two-2023", tmp_path, sittings="two", evaluation="state-first-2023", pass_at=80)
    sheet("state-first-2023", tmp_path, sittings="two", pass_at=60)
    monkeypatch.setenv("QINGYUAN_SCORESHEETS", str(tmp_path))


@pytest.fixture
def pilot(two, maker):
    """A pilot of the State whose term is over."""
    found = made.state_project(maker)
    with clock.at(made.AT):
        yield found


def fresh(project):
    return Project.objects.get(pk=project.pk)


def opened(maker, project):
    """The next round of acceptance, started."""
    call = project.case.round.call
    round_ = review.open_acceptance(call, by=maker.world.state_handler)
    review.start(round_, by=maker.world.state_handler)
    return Round.objects.select_related("call__joint_body").get(pk=round_.pk)


def judged(maker, project):
    """Handed in, taken in, assessed: the case, ready for the joint decision."""
    filing = hand_in(maker, fresh(project))
    case = actions.take_in(filing, by=maker.world.state_handler).case
    panel = Panel(maker.world, case)
    panel.submit(4, 4, 4)
    chair = panel.assignments[0]
    summary = review.name_chair(panel.reload(), by=maker.world.state_handler, chair=chair)
    review.summarise(summary, by=panel.users[0], overall="pass", text="演示：同意")
    review.conclude_assessment(panel.reload(), by=maker.world.state_handler)
    return Case.objects.select_related("round__call__joint_body").get(pk=case.pk)


def decided(maker, case, *rows):
    decision = review.draft(case.round, by=maker.world.state_handler, kind="acceptance", items=list(rows))
    return made.released(maker, decision)


@pytest.mark.clause("N11")
def test_a_pilot_passes_the_evaluation_goes_on_and_is_accepted(maker, pilot, client):
    world = maker.world
    first = opened(maker, pilot)
    assert (first.sitting, sheet_of(first).id, str(first.level_title)) == (
        "evaluation",
        "state-first-2023",
        "国家评估",
    )
    case = judged(maker, pilot)
    decision = decided(maker, case, Row(case.pk, "evaluated", ""))
    assert str(decision).startswith("评估结论")
    assert fresh(pilot).stage == "running"
    assert not Conclusion.objects.exists()  # no list yet, and nobody is credited by it
    assert Mail.objects.filter(subject__contains="评估结果", body__contains="提交验收材料").exists()

    client.force_login(world.park_handler, backend=BACKEND)
    page = client.get(reverse("delivery:acceptance", args=[pilot.pk])).content.decode()
    assert "评估、验收分两次进行" in page
    assert reverse("delivery:hand-in", args=[pilot.pk]) in page

    second = opened(maker, pilot)
    assert (second.sitting, sheet_of(second).id) == ("acceptance", "state-two-2023")
    case = judged(maker, pilot)
    assert case.round_id == second.pk
    decided(maker, case, Row(case.pk, "passed", ""))
    assert fresh(pilot).stage == "passed"
    assert Conclusion.objects.get().item.case_id == case.pk
    assert [one.sitting for one in pilot.filings.order_by("number")] == ["evaluation", "acceptance"]
    names = [paper.name for _folder, paper in of_project(fresh(pilot))]
    assert {"评估材料_第1次提交.docx", "验收材料_第2次提交.docx"} <= set(names)
    for round_ in (first, second):
        review.finish_acceptance(round_, by=world.state_handler)


def test_nothing_but_the_evaluation_can_be_decided_in_its_round(maker, pilot):
    opened(maker, pilot)
    case = judged(maker, pilot)
    with pytest.raises(Invalid) as refusal:
        review.draft(
            case.round, by=maker.world.state_handler, kind="acceptance", items=[Row(case.pk, "passed", "")]
        )
    assert "没有选定结论" in str(refusal.value.problems[0].message)
    code = case.content["scope"][0]["credit_code"]
    left_out = {"exclusions": [{"credit_code": code, "reason": "演示"}]}
    row = Row(case.pk, "evaluated", "", left_out)
    with pytest.raises(Invalid) as refusal:
        review.draft(case.round, by=maker.world.state_handler, kind="acceptance", items=[row])
    assert "评估不列不计审核记录的企业" in str(refusal.value.problems[0].message)


def test_a_pilot_that_fails_the_evaluation_has_failed(maker, pilot):
    opened(maker, pilot)
    case = judged(maker, pilot)
    decided(maker, case, Row(case.pk, "failed", "演示：目标没有完成"))
    assert fresh(pilot).stage == "failed"
    assert Conclusion.objects.get().outcome == "failed"


def test_a_pilot_may_be_rectified_at_either_sitting(maker, pilot):
    opened(maker, pilot)
    case = judged(maker, pilot)
    decided(maker, case, Row(case.pk, "rectifying", made.ITEMS, {"due_on": made.DUE}))
    assert fresh(pilot).stage == "rectifying"
    rectification = fresh(pilot).rectifications.get()
    made.answer(maker, rectification)
    rectification.refresh_from_db()
    actions.accept_rectification(rectification, by=maker.world.state_handler)
    case = Case.objects.select_related("round__call__joint_body").get(pk=case.pk)
    decided(maker, case, Row(case.pk, "evaluated", ""))
    assert fresh(pilot).stage == "running"


def test_the_second_round_waits_for_a_pilot_that_passed_the_first(maker, pilot):
    state = maker.world.state_handler
    call = pilot.case.round.call
    assert [one.is_evaluated for one in acceptable_calls(state)] == [False]
    opened(maker, pilot)
    assert acceptable_calls(state) == []
    with pytest.raises(Invalid) as refusal:
        review.open_acceptance(call, by=state)
    assert "还没有试点通过评估" in str(refusal.value.problems[0].message)
    case = judged(maker, pilot)
    decided(maker, case, Row(case.pk, "evaluated", ""))
    assert [one.is_evaluated for one in acceptable_calls(state)] == [True]
    filing = hand_in(maker, fresh(pilot))
    with pytest.raises(Invalid) as refusal:
        actions.take_in(filing, by=state)
    assert "还没有建立验收" in str(refusal.value.problems[0].message)
    opened(maker, pilot)
    assert acceptable_calls(state) == []
    with pytest.raises(Invalid) as refusal:
        review.open_acceptance(call, by=state)
    assert "已经建立过" in str(refusal.value.problems[0].message)


def test_a_change_of_sheet_splits_nothing_that_is_under_way(maker, pilot, monkeypatch):
    opened(maker, pilot)
    monkeypatch.setenv("QINGYUAN_SCORESHEETS", "")  # one sitting again, by the shipped sheet
    assert hand_in(maker, fresh(pilot)).sitting == "evaluation"


def test_what_was_handed_in_before_the_round_is_taken_in_by_its_sitting(maker, pilot, monkeypatch, tmp_path):
    monkeypatch.setenv("QINGYUAN_SCORESHEETS", "")
    filing = hand_in(maker, fresh(pilot))
    assert filing.sitting == "whole"
    monkeypatch.setenv("QINGYUAN_SCORESHEETS", str(tmp_path))
    opened(maker, pilot)
    filing = AcceptanceFiling.objects.select_related(*FILING_RELATED).get(pk=filing.pk)
    actions.take_in(filing, by=maker.world.state_handler)
    filing.refresh_from_db()
    assert (filing.sitting, filing.case.round.sitting) == ("evaluation", "evaluation")


def test_only_the_decision_that_makes_the_list_lies_open(maker, pilot):
    call = pilot.case.round.call
    call.options = {**call.options, "publicity": True}
    call.save()
    opened(maker, pilot)
    case = judged(maker, pilot)
    row = Row(case.pk, "evaluated", "")
    decision = review.draft(case.round, by=maker.world.state_handler, kind="acceptance", items=[row])
    assert not publicity.is_asked(decision)


def test_the_sheet_of_the_first_sitting_is_never_the_sheet_of_acceptance(two, now):
    from qingyuan.catalogue.notices import notices

    notice = notices()["national-2022"]
    day = clock.local(clock.now()).date().replace(year=2023)
    assert acceptance_sheet_for(notice, on=day).id == "state-two-2023"
    assert evaluation_sheet_for(notice, on=day).id == "state-first-2023"


def test_wrong_sittings_in_a_sheet_are_named(tmp_path, monkeypatch):
    sheet("state-one-2023", tmp_path, evaluation="state-first-2023")
    with pytest.raises(CatalogueError, match="不另设评估的评分表"):
        load_scoresheet(tmp_path / "state-one-2023.yaml")
    (tmp_path / "state-one-2023.yaml").unlink()
    sheet("state-two-2023", tmp_path, sittings="two", evaluation="henan-assessment-2022")
    monkeypatch.setenv("QINGYUAN_SCORESHEETS", str(tmp_path))
    with pytest.raises(CatalogueError, match="没有可用于评估的评分表"):
        scoresheets.scoresheets()
