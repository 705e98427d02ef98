"""Evaluation and acceptance of a pilot as such (N11): the whole way, by the product's verbs."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.urls import reverse

from qingyuan.delivery import actions, handing_in
from qingyuan.delivery.handing_in import Reached
from qingyuan.delivery.models import Conclusion, Project, Rectification
from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import Invalid, NotAllowed, Stale, WrongStage
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.review import actions as review
from qingyuan.review.decisions import Row
from qingyuan.review.models import Case, Round
from tests import acceptance_maker as made
from tests.assessment_maker import Panel, drafted, submitted
from tests.delivery_maker import hand_in, reached

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def accepting(maker):
    with made.accepting(maker) as found:
        yield found


@contextmanager
def refused(words):
    with pytest.raises(Invalid) as refusal:
        yield
    assert words in " ".join(str(problem.message) for problem in refusal.value.problems)


def project_of(accepting):
    return Project.objects.get(pk=accepting.project.pk)


@pytest.mark.clause("N11")
def test_a_pilot_passes_and_stands_on_a_list_of_its_own(accepting):
    case = made.panelled(accepting.maker)
    code = case.content["scope"][0]["credit_code"]
    row = Row(case.pk, "passed", "", {"exclusions": [{"credit_code": code, "reason": "演示：审核未完成"}]})
    made.released(accepting.maker, made.drafted(accepting.maker, row))
    project = project_of(accepting)
    assert project.stage == "passed"
    assert (project.conclusion.outcome, project.conclusion.source) == ("passed", "decided")
    assert project.conclusion.document_number == "环办科财函〔2023〕演示9号"
    assert project.conclusion.listed_on == date(2023, 9, 10)
    assert [row.scope_enterprise.enterprise.credit_code for row in project.conclusion.exclusions.all()] == [
        code
    ]
    assert Case.objects.get(pk=case.pk).stage == "passed"
    assert Mail.objects.filter(subject__contains="评估验收结果", body__contains="列入").exists()
    assert Round.objects.get(pk=accepting.round.pk).stage == "reviewing"
    review.finish_acceptance(accepting.round, by=accepting.state_handler)
    assert Round.objects.get(pk=accepting.round.pk).stage == "published"


def test_what_was_handed_in_is_sealed_and_is_what_the_panel_reads(accepting):
    case = accepting.case
    assert case.content == accepting.filing.content
    assert case.content_sha256 == accepting.filing.content_sha256
    entry = LedgerEntry.objects.get(verb="project.hand_in")
    assert accepting.filing.content_sha256 in entry.body
    assert [line["met"] for line in case.content["targets"] if line["target"]] == ["yes"] * sum(
        bool(line["target"]) for line in case.content["targets"]
    )
    assert {line["credit_code"] for line in case.content["scope"]} == set(
        accepting.project.scope.values_list("enterprise__credit_code", flat=True)
    )


@pytest.mark.parametrize(
    ("base", "target", "value", "says"),
    [
        ("100", "80", "80", "yes"),
        ("100", "80", "79.5", "yes"),
        ("100", "80", "80.1", "no"),
        ("60", "95", "95", "yes"),
        ("60", "95", "94.9", "no"),
        (None, "12", "12", "yes"),
        (None, "12", "11", "no"),
        ("1", "2", "", ""),
        ("1", None, "3", ""),
    ],
)
def test_a_target_that_falls_is_met_from_above(base, target, value, says):
    assert handing_in.met({"baseline": base, "target": target}, value) == says


class TestHandingIn:
    @pytest.fixture
    def running(self, maker):
        project = made.state_project(maker)
        with clock.at(made.AT):
            yield maker, project

    def test_a_target_that_was_not_reached_says_why(self, running):
        maker, project = running
        first = next(line for line in project.baseline.content["targets"] if line["target"])
        said = {**reached(project), first["key"]: Reached(value="")}
        with pytest.raises(Invalid) as refusal:
            hand_in(maker, project, reached=said)
        assert {problem.where for problem in refusal.value.problems} == {f"reason-{first['key']}"}
        said[first["key"]] = Reached(value="很多", reason="演示")
        with refused("须为一个数"):
            hand_in(maker, project, reached=said)
        said[first["key"]] = Reached(value="", reason="演示：监测设备故障")
        assert hand_in(maker, project, reached=said).content["targets"][0]["reason"]

    def test_a_change_that_waits_stands_in_the_way(self, running):
        maker, project = running
        actions.ask_change(
            project,
            by=maker.world.park_handler,
            kind="term",
            becomes="2022-06-01 至 2024-12-31",
            reason="演示",
        )
        with refused("变更申请没有审批"):
            hand_in(maker, project)

    def test_it_is_announced_and_comes_back_with_a_reason(self, running):
        maker, project = running
        assert any("提交验收材料" in todo.title for todo in todos.of(maker.world.park_handler))
        filing = hand_in(maker, project)
        assert not any("提交验收材料" in todo.title for todo in todos.of(maker.world.park_handler))
        assert any("接收验收材料" in todo.title for todo in todos.of(maker.world.state_handler))
        with refused("还没有建立评估验收"):
            actions.take_in(filing, by=maker.world.state_handler)
        with refused("退回的理由"):
            actions.send_back_filing(filing, by=maker.world.state_handler, reason=" ")
        actions.send_back_filing(filing, by=maker.world.state_handler, reason="演示：缺少台账")
        assert Project.objects.get(pk=project.pk).stage == "running"
        again = hand_in(maker, Project.objects.get(pk=project.pk))
        assert again.number == 2

    def test_ideas_add_their_parts(self, running, monkeypatch):
        maker, project = running
        part = handing_in.Part(id="demo", title="演示部分", columns=["项"], rows=[["值"]])
        monkeypatch.setattr(handing_in, "_parts", [*handing_in._parts, (50, lambda _project: [part])])
        content = hand_in(maker, project).content
        assert [one["id"] for one in content["parts"]] == ["promised", "demo"]


def test_a_province_that_reports_to_paper_takes_nothing_in(maker, delivery):
    with refused("本平台之外"):
        actions.take_in(hand_in(maker, delivery.project), by=delivery.province_handler)


def test_rounds_of_acceptance_are_the_states_and_come_after_its_list(accepting):
    with pytest.raises(NotAllowed, match="国家联合单位"):
        review.open_acceptance(accepting.world.call, by=accepting.province_handler)
    call = accepting.round.call
    with refused("已经建立过"):
        review.open_acceptance(call, by=accepting.state_handler)
    Round.objects.filter(call=call, kind="selection").update(stage="deciding")
    with refused("名单还没有公布"):
        review.open_acceptance(call, by=accepting.state_handler)


class TestPanel:
    def test_experts_see_neither_scores_nor_words_of_others_before_their_own(self, accepting, client):
        panel = Panel(accepting.world, accepting.case)
        submitted(panel.assignments[0], 4, opinion="演示秘密意见甲")
        drafted(panel.assignments[1], 3, opinion="演示秘密意见乙")
        client.force_login(panel.users[1], backend=BACKEND)
        for url in (
            reverse("review:assess", args=[panel.assignments[1].pk]),
            reverse("review:my"),
            reverse("review:assignment", args=[panel.assignments[1].pk]),
        ):
            text = client.get(url).content.decode()
            assert "演示秘密意见甲" not in text
        sheet = client.get(reverse("review:assess", args=[panel.assignments[1].pk])).content.decode()
        assert "目标完成情况" in sheet
        assert "演示：试点各项工作已经完成。" in sheet
        assert "否决" in sheet or "弄虚作假" in sheet

    def test_the_applicant_never_sees_a_score(self, accepting, client):
        made.panelled(accepting.maker)
        client.force_login(accepting.park_handler, backend=BACKEND)
        case = accepting.case
        for name in ("panel", "case", "case-decision", "case-experts", "case-papers"):
            assert client.get(reverse(f"review:{name}", args=[case.pk])).status_code == 404
        for url in (
            reverse("delivery:acceptance", args=[accepting.project.pk]),
            reverse("delivery:filing", args=[accepting.filing.pk]),
        ):
            text = client.get(url).content.decode()
            assert "演示：总体可行" not in text
            assert "E-901" not in text

    def test_who_works_for_a_party_is_barred(self, accepting):
        from qingyuan.review.conflicts import conflicts_of
        from tests.assessment_maker import expert_of

        expert = expert_of(accepting.world, 1)
        assert conflicts_of(accepting.case, expert) == []
        line = {**accepting.case.content["scope"][0], "name": "演示新增企业", "credit_code": ""}
        case = accepting.case
        case.content = {**case.content, "scope": [*case.content["scope"], line]}
        case.save()
        expert.employer, expert.employer_name = None, "演示新增企业"
        expert.save()
        assert conflicts_of(accepting.case, expert)

    def test_its_visit_asks_about_what_was_handed_in(self, accepting):
        visit = review.plan_visit(accepting.case, by=accepting.state_handler, reason="演示：核实")
        claims = " ".join(visit.items.values_list("claim", flat=True))
        assert "完成值" in claims
        assert "审核阶段" in claims


class TestDecision:
    def test_it_holds_only_when_both_agreed_to_one_content(self, accepting):
        case = made.panelled(accepting.maker)
        decision = made.drafted(accepting.maker, Row(case.pk, "passed"))
        review.send_for_cosign(decision, by=accepting.state_handler, due_at=clock.now() + timedelta(days=3))
        now = made.fresh(decision)
        review.consent(now, by=accepting.state_signer, content_sha256=now.content_sha256)
        with pytest.raises(WrongStage):
            review.release(made.fresh(decision), by=accepting.state_signer)
        first = now.content_sha256
        review.amend(
            made.fresh(decision),
            by=accepting.ndrc_signer,
            items=[
                Row(
                    case.pk,
                    "passed",
                    "",
                    {
                        "exclusions": [
                            {"credit_code": case.content["scope"][0]["credit_code"], "reason": "演示"}
                        ]
                    },
                )
            ],
        )
        assert made.fresh(decision).content_sha256 != first
        with pytest.raises(Stale):
            review.consent(made.fresh(decision), by=accepting.ndrc_signer, content_sha256=first)
        assert not Conclusion.objects.exists()

    @pytest.mark.parametrize(
        ("exclusions", "words"),
        [
            ([{"credit_code": "SCOPE", "reason": " "}], "没有写明不计审核记录的理由"),
            ([{"credit_code": "914103000000000000", "reason": "演示"}], "现行范围内没有"),
            ([{"credit_code": "SCOPE", "reason": "演示"}] * 2, "写了两次"),
        ],
    )
    def test_an_enterprise_is_left_out_only_with_a_reason(self, accepting, exclusions, words):
        case = made.panelled(accepting.maker)
        code = case.content["scope"][0]["credit_code"]
        given = [{**one, "credit_code": one["credit_code"].replace("SCOPE", code)} for one in exclusions]
        with refused(words):
            made.drafted(accepting.maker, Row(case.pk, "passed", "", {"exclusions": given}))

    def test_below_the_threshold_nothing_passes(self, accepting):
        case = made.panelled(accepting.maker, 3, 3, 4)
        with refused("低于合格分数 70 分"):
            made.drafted(accepting.maker, Row(case.pk, "passed", "演示：照顾"))
        made.released(
            accepting.maker, made.drafted(accepting.maker, Row(case.pk, "failed", "演示：目标未完成"))
        )
        project = project_of(accepting)
        assert (project.stage, project.conclusion.outcome) == ("failed", "failed")
        assert project.conclusion.reason == "演示：目标未完成"

    def test_a_veto_found_by_most_keeps_from_passing(self, accepting):
        panel = Panel(accepting.world, accepting.case)
        for one in panel.assignments[:2]:
            submitted(
                one, 4, criteria={"fraud": "yes", "emission": "no", "violation": "no", "obsolete": "no"}
            )
        submitted(panel.assignments[2], 4)
        Case.objects.filter(pk=accepting.case.pk).update(stage="decision")
        with refused("否决情形“弄虚作假”"):
            made.drafted(accepting.maker, Row(accepting.case.pk, "passed"))

    def test_a_round_of_acceptance_recommends_and_approves_nobody(self, accepting):
        case = made.panelled(accepting.maker)
        with refused("这一轮不作这种决定"):
            review.draft(
                accepting.round, by=accepting.state_handler, kind="final", items=[Row(case.pk, "approved")]
            )

    def test_without_number_and_day_no_list_goes_out(self, accepting):
        case = made.panelled(accepting.maker)
        decision = made.drafted(accepting.maker, Row(case.pk, "passed"))
        review.send_for_cosign(decision, by=accepting.state_handler, due_at=clock.now() + timedelta(days=3))
        for signer in (accepting.state_signer, accepting.ndrc_signer):
            now = made.fresh(decision)
            review.consent(now, by=signer, content_sha256=now.content_sha256)
        with refused("发文字号和成文日期"):
            review.release(made.fresh(decision), by=accepting.state_signer)

    def test_a_number_corrected_later_is_the_conclusions_too(self, accepting):
        case = made.panelled(accepting.maker)
        decision = made.released(accepting.maker, made.drafted(accepting.maker, Row(case.pk, "passed")))
        review.record_issue(
            decision,
            by=accepting.state_handler,
            document_number="环办科财函〔2023〕演示10号",
            signed_by="演示",
            dated_on=date(2023, 9, 11),
        )
        assert Conclusion.objects.get().document_number == "环办科财函〔2023〕演示10号"
        assert Conclusion.objects.get().listed_on == date(2023, 9, 11)


class TestRectification:
    @pytest.mark.clause("N11")
    def test_item_by_item_then_decided_again(self, accepting):
        case = made.panelled(accepting.maker, 3, 3, 3)
        row = Row(case.pk, "rectifying", made.ITEMS, {"due_on": made.DUE})
        made.released(accepting.maker, made.drafted(accepting.maker, row))
        assert project_of(accepting).stage == "rectifying"
        asked = Rectification.objects.get()
        assert [item.requirement for item in asked.items.all()] == made.ITEMS.split("\n")
        assert any("整改" in todo.title and todo.due for todo in todos.of(accepting.park_handler))
        with pytest.raises(Invalid) as refusal:
            actions.answer(asked, by=accepting.park_handler, answers={1: "演示"})
        assert len(refusal.value.problems) == 3  # an answer, and evidence for each
        made.answer(accepting.maker, asked)
        asked.refresh_from_db()
        assert asked.content_sha256 in LedgerEntry.objects.get(verb="rectification.answer").body
        assert any("核实整改" in todo.title for todo in todos.of(accepting.state_handler))
        actions.accept_rectification(asked, by=accepting.state_handler)
        assert project_of(accepting).stage == "evaluating"
        case = accepting.case
        assert (case.stage, case.rectified) == ("decision", 1)
        with refused("整改后通过的，须写明理由"):
            made.drafted(accepting.maker, Row(case.pk, "passed"))
        done = made.drafted(accepting.maker, Row(case.pk, "passed", "演示：整改已核实到位"))
        made.released(accepting.maker, done)
        assert project_of(accepting).conclusion.passed

    @pytest.mark.clause("N11")
    def test_it_is_bounded(self, accepting):
        asked = made.rectification_in(accepting.maker, "answered")
        with refused("须晚于今天"):
            actions.send_back_rectification(
                asked, by=accepting.state_handler, remark="演示", due_on=date(2023, 9, 10)
            )
        for number in (1, 2):
            actions.send_back_rectification(
                asked,
                by=accepting.state_handler,
                remark="演示：第2条不足",
                due_on=date(2023, 12, 10 + number),
            )
            made.answer(accepting.maker, asked)
            asked = made.rectification_in(accepting.maker, "answered")
        with refused("不能再退回"):
            actions.send_back_rectification(
                asked, by=accepting.state_handler, remark="演示", due_on=date(2023, 12, 31)
            )
        Case.objects.filter(pk=accepting.case.pk).update(rectified=2, stage="decision")
        with refused("不能再要求整改"):
            made.drafted(
                accepting.maker, Row(accepting.case.pk, "rectifying", "演示", {"due_on": date(2024, 1, 1)})
            )

    @pytest.mark.clause("N11")
    def test_a_day_that_passed_leads_back_to_the_departments(self, accepting):
        asked = made.rectification_in(accepting.maker, "asked")
        with refused("期限还没有过"):
            actions.lapse(asked, by=accepting.state_handler, remark="演示")
        with clock.at("2023-12-01T09:00:00+08:00"):
            actions.lapse(asked, by=accepting.state_handler, remark="演示：逾期")
        assert accepting.case.stage == "decision"
        with pytest.raises(WrongStage):
            made.answer(accepting.maker, Rectification.objects.get())

    @pytest.mark.clause("N11")
    def test_it_needs_a_day_and_items(self, accepting):
        case = made.panelled(accepting.maker)
        with refused("须写明整改期限"):
            made.drafted(accepting.maker, Row(case.pk, "rectifying", "演示"))
        with refused("须写明理由"):
            made.drafted(accepting.maker, Row(case.pk, "rectifying", " ", {"due_on": made.DUE}))

    @pytest.mark.clause("N11")
    def test_evidence_can_be_taken_back_before_the_answer(self, accepting):
        asked = made.rectification_in(accepting.maker, "asked")
        upload = accepting.maker.upload(by=accepting.park_handler, name="佐证.pdf")
        file = actions.attach(asked, by=accepting.park_handler, position=1, upload=upload)
        with refused("已经上传过"):
            actions.attach(asked, by=accepting.park_handler, position=1, upload=upload)
        actions.detach(asked, by=accepting.park_handler, evidence=file)
        assert not asked.items.first().evidence.exists()


def test_a_pilot_under_acceptance_is_decided_and_not_withdrawn(accepting):
    with refused("不能撤回申报"):
        review.note_withdrawal(accepting.case, by=accepting.state_handler, reason="演示")


def test_a_round_ends_only_when_every_pilot_has_its_conclusion(accepting):
    with refused("还没有结论"):
        review.finish_acceptance(accepting.round, by=accepting.state_handler)


def test_what_process_and_outputs_know_is_not_typed_again(maker, client):
    from qingyuan.delivery.models import Output, ProgressReport, ReportVersion

    project, by = made.state_project(maker), maker.world.park_handler
    line = project.baseline.content["targets"][0]
    report = ProgressReport.objects.create(
        project=project,
        starts=date(2022, 9, 15),
        ends=date(2022, 12, 31),
        due=date(2023, 1, 31),
        first_handed_in_on=date(2023, 1, 10),
        stage="accepted",
    )
    ReportVersion.objects.create(
        report=report,
        number=1,
        baseline=project.baseline,
        content={"figures": {line["key"]: {"value": "123.4"}}},
        content_sha256="0" * 64,
        at=clock.now(),
        by=by,
    )
    Output.objects.get_or_create(
        project=project,
        key="o1",
        defaults={"position": 1, "kind": "report", "title": "演示指南", "due_on": project.term_end},
    )
    assert handing_in.reported_of(project)[line["key"]] == "123.4"
    assert {"outputs", "reports"} <= {part.id for part in handing_in.parts_of(project)}
    client.force_login(by, backend=BACKEND)
    with clock.at(made.AT):
        text = client.get(reverse("delivery:hand-in", args=[project.pk])).content.decode()
    assert 'value="123.4"' in text
    assert "产出成果交付情况" in text
