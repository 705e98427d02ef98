"""Where the State does not use the product: the result of a pilot is recorded with number, day, paper and exclusions."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qingyuan.delivery.models import Conclusion, ConclusionExclusion, Project
from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import Invalid, NotAllowed, WrongStage
from qingyuan.kernel.models import LedgerEntry, Mail
from tests.delivery_maker import conclude
from tests.people.strict import strict
from tests.pilot_maker import small_pdf

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = 8  # statements of the page


@contextmanager
def refused(*places):
    with pytest.raises(Invalid) as refusal:
        yield
    assert {problem.where for problem in refusal.value.problems} == set(places)


def codes(delivery):
    return list(delivery.project.scope.values_list("enterprise__credit_code", flat=True))


@pytest.mark.clause("N11")
def test_a_pilot_on_the_list_has_passed_but_for_the_enterprises_that_the_list_names(delivery):
    code = codes(delivery)[0]
    made = conclude(
        delivery.maker,
        delivery.project,
        exclusions=[{"credit_code": f" {code.lower()} ", "reason": "演示：审核未完成"}],
    )
    project = Project.objects.get(pk=delivery.project.pk)
    assert project.stage == "passed"
    assert project.conclusion == made
    assert (made.source, made.outcome, made.listed_on) == ("recorded", "passed", date(2022, 9, 20))
    assert [row.scope_enterprise.enterprise.credit_code for row in made.exclusions.all()] == [code]
    entry = LedgerEntry.objects.get(verb="project.conclude")
    assert made.evidence.sha256 in entry.body
    assert "审核未完成" not in entry.body


def test_a_failed_pilot_says_why_and_leaves_out_nobody_one_by_one(delivery):
    with refused("reason"):
        conclude(delivery.maker, delivery.project, outcome="failed")
    with refused("exclusions"):
        conclude(
            delivery.maker,
            delivery.project,
            outcome="failed",
            reason="演示",
            exclusions=[{"credit_code": codes(delivery)[0], "reason": "演示"}],
        )
    conclude(delivery.maker, delivery.project, outcome="failed", reason="演示：目标未完成")
    assert Project.objects.get(pk=delivery.project.pk).stage == "failed"


def test_all_that_is_missing_is_said_at_once(delivery):
    with refused("outcome", "document_number", "listed_on", "evidence", "exclusions.1", "exclusions.2"):
        conclude(
            delivery.maker,
            delivery.project,
            outcome="maybe",
            document_number=" ",
            listed_on=None,
            evidence=None,
            exclusions=[
                {"credit_code": "914103000000000000", "reason": "演示"},
                {"credit_code": codes(delivery)[0], "reason": "  "},
            ],
        )
    assert not Conclusion.objects.exists()


@pytest.mark.parametrize("day", [date(2022, 9, 21), date(2022, 9, 14)])
def test_the_list_is_of_a_day_between_start_and_today(delivery, day):
    with refused("listed_on"):
        conclude(delivery.maker, delivery.project, listed_on=day)


def test_who_left_the_scope_or_is_named_twice_is_refused(delivery):
    first, second, *_rest = codes(delivery)
    delivery.project.scope.filter(enterprise__credit_code=first).update(dropped_on=date(2022, 9, 20))
    with refused("exclusions.1", "exclusions.3"):
        conclude(
            delivery.maker,
            delivery.project,
            exclusions=[{"credit_code": code, "reason": "演示"} for code in (first, second, second)],
        )


def test_a_result_is_recorded_once(delivery):
    conclude(delivery.maker, delivery.project)
    with pytest.raises(WrongStage):
        conclude(delivery.maker, delivery.project, outcome="failed", reason="演示")


def test_where_the_state_approved_in_the_product_nobody_records_by_hand(delivery):
    case = delivery.project.case
    case.stage = "approved"
    case.save(update_fields=["stage"])
    with pytest.raises(NotAllowed, match="也在本平台决定"):
        conclude(delivery.maker, delivery.project)


def test_the_database_keeps_reasons_and_papers(delivery):
    made = conclude(delivery.maker, delivery.project)
    row = delivery.project.scope.first()
    for wrong in (
        lambda: Conclusion.objects.filter(pk=made.pk).update(outcome="failed"),
        lambda: Conclusion.objects.filter(pk=made.pk).update(evidence=None),
        lambda: ConclusionExclusion.objects.create(conclusion=made, scope_enterprise=row, reason=""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_the_body_and_the_departments_learn_of_the_result(delivery):
    conclude(delivery.maker, delivery.project)
    sent = Mail.objects.filter(subject__contains="评估验收结果")
    assert sent.count() >= 2
    assert all("通过评估验收" in mail.body for mail in sent)


def test_the_host_is_reminded_once_the_term_is_over(delivery):
    def titles(who):
        return [todo.title for todo in todos.of(who) if "登记评估验收结果" in todo.title]

    assert not titles(delivery.province_handler)
    with clock.at("2023-09-01T09:00:00+08:00"):
        assert len(titles(delivery.province_handler)) == 1
        assert not titles(delivery.park_handler)
        conclude(delivery.maker, delivery.project)
        assert not titles(delivery.province_handler)


def test_the_result_is_recorded_on_the_page(delivery, client):
    client.force_login(delivery.province_handler, backend=BACKEND)
    page = reverse("delivery:acceptance", args=[delivery.project.pk])
    response = client.get(page)
    assert "还没有评估验收" in response.content.decode()
    strict(response)
    url = reverse("delivery:conclude", args=[delivery.project.pk])
    strict(client.get(url))
    code = codes(delivery)[0]
    given = {
        "outcome": "passed",
        "document_number": "环办科财函〔2022〕演示2号",
        "listed_on": "2022-09-20",
        "revision": delivery.project.revision,
    }
    response = client.post(url, {**given, "evidence": named_pdf(), "exclusions": f"{code}\n"})
    assert response.status_code == 422
    assert "第 1 行：没有写明" in response.content.decode()
    response = client.post(url, {**given, "evidence": named_pdf(), "exclusions": f"{code} 演示：停产\n"})
    assert response.status_code == 302, response.content.decode()
    assert response.url == page
    for who in (delivery.park_handler, delivery.reform_handler):
        client.force_login(who, backend=BACKEND)
        response = client.get(page)
        text = response.content.decode()
        assert "演示：停产" in text
        assert code in text
        assert url not in text
        strict(response)
    response = client.get(reverse("delivery:conclusion-evidence", args=[delivery.project.pk]))
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"%PDF")


def named_pdf():
    file = small_pdf("list")
    file.name = "名单.pdf"
    return file


@pytest.mark.parametrize("excluded", [1, 3])
def test_the_page_costs_the_same_however_many_are_left_out(
    delivery, client, django_assert_num_queries, excluded
):
    conclude(
        delivery.maker,
        delivery.project,
        exclusions=[{"credit_code": code, "reason": "演示"} for code in codes(delivery)[:excluded]],
    )
    client.force_login(delivery.park_handler, backend=BACKEND)
    page = reverse("delivery:acceptance", args=[delivery.project.pk])
    client.get(page)
    with django_assert_num_queries(PAGE):
        client.get(page)
