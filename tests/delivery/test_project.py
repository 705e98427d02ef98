"""Kick-off and changes of the baseline, by the verbs and on the pages."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

import pytest
from django.urls import reverse

from qingyuan.delivery import actions
from qingyuan.delivery.models import ChangeRequest, Project
from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import Invalid, Stale, WrongStage
from qingyuan.kernel.models import LedgerEntry, Mail
from tests.delivery_maker import APPROVAL, DURING, STARTED, recommended
from tests.people.strict import strict

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@contextmanager
def refused(words):
    with pytest.raises(Invalid) as refusal:
        yield
    assert words in " ".join(str(problem.message) for problem in refusal.value.problems)


def asked(delivery, **more):
    arguments = {"kind": "term", "becomes": "2022-06-01 至 2024-12-31", "reason": "演示：设备推迟", **more}
    return actions.ask_change(delivery.project, by=delivery.park_handler, **arguments)


@pytest.mark.clause("N10")
def test_the_sealed_plan_becomes_the_baseline(delivery):
    project = delivery.project
    sealed = project.case.snapshot
    assert project.baseline.number == 1
    assert [line["title"] for line in project.baseline.content["milestones"]] == [
        line["title"] for line in sealed["schedule"]["milestones"]
    ]
    assert project.scope.count() == len(sealed["scope"]) > 0
    assert set(project.scope.values_list("enterprise__credit_code", flat=True)) == {
        line["credit_code"] for line in sealed["scope"]
    }
    entry = LedgerEntry.objects.get(verb="project.start")
    assert project.baseline.content_sha256 in entry.body


def test_a_pilot_starts_once(delivery):
    with refused("已经启动"):
        actions.start(
            recommended(delivery.maker), by=delivery.province_handler, started_on=STARTED, **APPROVAL
        )


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"started_on": STARTED, **APPROVAL, "approval_number": " "}, "approval_number"),
        ({"started_on": STARTED, "approval_number": "演示", "approved_on": None}, "approved_on"),
        ({"started_on": STARTED, **APPROVAL, "term_end": None}, "term_end"),
        ({"started_on": STARTED, **APPROVAL, "term_end": date(2022, 9, 14)}, "started_on"),
        ({"started_on": date(2022, 8, 31), **APPROVAL}, "started_on"),
        ({"started_on": date(2022, 9, 21), **APPROVAL}, "started_on"),
    ],
)
def test_what_the_start_needs(maker, arguments, where):
    case = recommended(maker)
    with clock.at(DURING), pytest.raises(Invalid) as refusal:
        actions.start(case, by=maker.world.province_handler, **arguments)
    assert where in {problem.where for problem in refusal.value.problems}
    assert not Project.objects.exists()


def test_the_applicant_cannot_start_what_was_only_recommended(maker):
    case = recommended(maker)
    with clock.at(DURING), refused("由推荐的主办单位"):
        actions.start(case, by=maker.world.park_handler, started_on=STARTED, **APPROVAL)


def test_the_departments_learn_of_the_start(delivery):
    sent = Mail.objects.filter(subject__contains="试点已启动")
    assert sent.count() >= 2
    assert all(mail.sender_id == delivery.project.applicant_id for mail in sent)


def test_a_change_holds_only_after_it_was_approved(delivery):
    made = asked(delivery)
    assert delivery.project.baselines.count() == 1
    actions.approve(made, by=delivery.province_signer, opinion="同意")
    project = Project.objects.get(pk=delivery.project.pk)
    assert project.baseline.number == 2
    assert project.term_end == date(2024, 12, 31)
    assert project.baselines.get(number=1).content["term"] != project.baseline.content["term"]


def test_a_refused_change_changes_nothing_and_says_why(delivery):
    made = asked(delivery)
    with refused("理由"):
        actions.refuse(made, by=delivery.province_signer, opinion=" ")
    turned_down = actions.refuse(made, by=delivery.province_signer, opinion="演示：不充分")
    assert turned_down.stage == "refused"
    assert delivery.project.baselines.count() == 1


def test_one_item_waits_for_one_word_at_a_time(delivery):
    asked(delivery)
    with refused("已有待审批"):
        asked(delivery, becomes="2022-06-01 至 2025-12-31")


def test_a_change_on_a_line_that_another_change_took_is_told(delivery):
    code = delivery.project.baseline.content["scope"][0]["credit_code"]
    first = asked(delivery, kind="scope_drop", item=code, becomes="")
    twin = ChangeRequest.objects.create(
        project=delivery.project,
        number=9,
        kind="scope_drop",
        item=code,
        reason="演示",
        asked_at=clock.now(),
        asked_by=delivery.park_handler,
    )
    actions.approve(first, by=delivery.province_signer)
    assert delivery.project.scope.get(enterprise__credit_code=code).dropped_on is not None
    with pytest.raises(Stale):
        actions.approve(twin, by=delivery.province_signer)


def test_an_enterprise_that_comes_back_is_in_scope_again(delivery):
    line = delivery.project.baseline.content["scope"][0]
    code = line["credit_code"]
    actions.approve(asked(delivery, kind="scope_drop", item=code, becomes=""), by=delivery.province_signer)
    delivery.project.__dict__.pop("baseline", None)
    back = asked(delivery, kind="scope_add", item=f" {code.lower()} ", becomes=line["name"])
    actions.approve(back, by=delivery.province_signer)
    assert delivery.project.scope.get(enterprise__credit_code=code).dropped_on is None


def test_a_wrong_credit_code_is_refused_with_its_reason(delivery):
    with pytest.raises(Invalid) as refusal:
        asked(delivery, kind="scope_add", item="91410300MA3X00001A", becomes="演示乙")
    assert {problem.where for problem in refusal.value.problems} == {"item"}


def test_who_must_act_finds_it_among_the_to_dos(delivery):
    asked(delivery)
    assert any("审批变更申请" in todo.title for todo in todos.of(delivery.province_signer))
    assert not any("审批变更申请" in todo.title for todo in todos.of(delivery.reform_signer))


def test_the_pages_show_baseline_scope_and_changes(delivery, client):
    made = asked(delivery)
    client.force_login(delivery.park_handler, backend=BACKEND)
    for url, words in (
        (reverse("delivery:projects"), "实施中"),
        (delivery.project.get_absolute_url(), "第 1 版"),
        (reverse("delivery:scope", args=[delivery.project.pk]), "统一社会信用代码"),
        (reverse("delivery:changes", args=[delivery.project.pk]), "待审批"),
        (reverse("delivery:ask-change", args=[delivery.project.pk, "target"]), "只填数"),
        (made.get_absolute_url(), "演示：设备推迟"),
    ):
        response = client.get(url)
        assert response.status_code == 200, url
        assert words in response.content.decode(), url
        strict(response)


def test_a_change_is_asked_and_decided_on_the_pages(delivery, client):
    client.force_login(delivery.park_handler, backend=BACKEND)
    url = reverse("delivery:ask-change", args=[delivery.project.pk, "term"])
    response = client.post(url, {"item": "term", "becomes": "明年", "reason": "演示"})
    assert response.status_code == 422
    assert "起止两个日期" in response.content.decode()
    response = client.post(url, {"item": "term", "becomes": "2022-06-01 2024-12-31", "reason": "演示"})
    assert response.status_code == 302
    made = ChangeRequest.objects.get()
    client.force_login(delivery.province_signer, backend=BACKEND)
    client.post(
        reverse("delivery:approve-change", args=[made.pk]), {"opinion": "同意", "revision": made.revision}
    )
    made.refresh_from_db()
    assert made.stage == "approved"


def test_the_list_costs_the_same_with_more_changes(delivery, client, django_assert_max_num_queries):
    client.force_login(delivery.province_handler, backend=BACKEND)
    client.get(reverse("delivery:projects"))
    with django_assert_max_num_queries(8) as few:
        client.get(reverse("delivery:projects"))
    asked(delivery)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("delivery:projects"))


def test_a_stopped_pilot_says_why_and_takes_no_more_changes(delivery):
    with refused("终止的理由"):
        actions.stop(delivery.project, by=delivery.province_signer, reason=" ")
    actions.stop(delivery.project, by=delivery.province_signer, reason="演示：停建")
    with pytest.raises(WrongStage):
        asked(delivery)
    assert Mail.objects.filter(subject__contains="终止实施").exists()


def test_evidence_of_a_change_is_served_to_who_sees_the_project(delivery, client):
    upload = delivery.maker.upload(by=delivery.park_handler)
    made = asked(delivery, evidence=upload)
    url = reverse("delivery:change-evidence", args=[made.pk])
    for who, status in (("province_handler", 200), ("city_handler", 404)):
        client.force_login(getattr(delivery, who), backend=BACKEND)
        response = client.get(url)
        assert response.status_code == status
        if response.streaming:
            assert b"".join(response.streaming_content)
