"""Credits of a passed pilot: whom, once, with certificate; revoked, given again, merged, left out; pages and mails."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.delivery import actions, crediting
from qingyuan.delivery import credits as reads
from qingyuan.delivery.models import CreditBatch, Project, ScopeEnterprise
from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import Invalid, NotAllowed, WrongStage
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.people import actions as people
from qingyuan.people.models import Membership
from qingyuan.registry import actions as registry
from qingyuan.registry import involvement
from qingyuan.registry.actions import StatedEnterprise, ensure_enterprises
from qingyuan.registry.models import AuditRecord, Certificate
from tests.delivery_maker import conclude
from tests.people.strict import strict
from tests.pilot_maker import credit_code

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = date(2022, 9, 20)


@contextmanager
def refused(words):
    with pytest.raises(Invalid) as refusal:
        yield
    assert words in " ".join(str(problem.message) for problem in refusal.value.problems)


def rows_of(delivery):
    return list(delivery.project.scope.select_related("enterprise"))


@pytest.fixture
def passed(delivery):
    """On the passed list of the day; the last enterprise of its three is left out."""
    out = rows_of(delivery)[-1]
    delivery.left_out = out
    line = {"credit_code": out.enterprise.credit_code, "reason": "演示：拒不实施方案"}
    conclude(delivery.maker, delivery.project, exclusions=[line])
    return fresh(delivery)


def fresh(delivery):
    delivery.project = Project.objects.select_related(
        "pilot__call__joint_body", "case__round__call__joint_body", "applicant"
    ).get(pk=delivery.project.pk)
    return delivery


def enter(delivery, **more):
    return actions.credit(delivery.project, by=delivery.province_handler, **more)


def states(delivery):
    found = reads.lines(delivery.project, reads.conclusion_of(delivery.project))
    return {line.row.enterprise.credit_code: line.state for line in found}


def client_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.mark.clause("N13")
@pytest.mark.clause("H5")
def test_everybody_in_the_final_scope_gets_one_record_but_who_was_left_out(passed):
    batch = enter(passed)
    records = AuditRecord.objects.filter(kind="credit").select_related("enterprise", "certificate")
    expected = {row.enterprise.credit_code for row in rows_of(passed)} - {
        passed.left_out.enterprise.credit_code
    }
    assert {one.enterprise.credit_code for one in records} == expected
    assert batch.count == len(records) == len(expected) == 2
    for one in records:
        assert (one.completed_on, one.stage) == (TODAY, "valid")
        assert "环办科财函〔2022〕演示2号" in one.source
        assert one.certificate.next_due == date(2027, 9, 20)
        assert one.certificate.issuer == passed.henan_ecology
        assert one.certificate.list_title == "清洁生产审核创新试点项目名单"
    assert states(passed)[passed.left_out.enterprise.credit_code] == "excluded"
    entry = LedgerEntry.objects.get(verb="project.credit")
    assert entry.content["payload"]["items"] == 2
    assert len(entry.content["payload"]["items_sha256"]) == 64


def test_repetition_gives_nothing_twice(passed):
    first = enter(passed, key="k" * 16)
    assert enter(passed, key="k" * 16) == first
    with refused("没有待计入"):
        enter(passed)
    assert AuditRecord.objects.count() == Certificate.objects.count() == 2


def test_before_the_passed_list_and_after_a_failure_nothing_is_entered(delivery):
    with pytest.raises(WrongStage):
        enter(delivery)
    assert set(states(delivery).values()) == {"not_yet"}
    conclude(delivery.maker, delivery.project, outcome="failed", reason="演示：目标未完成")
    with pytest.raises(WrongStage):
        enter(fresh(delivery))
    assert not AuditRecord.objects.exists()


def test_only_the_host_enters(passed):
    for who in ("province_signer", "reform_handler", "park_handler", "state_handler", "city_handler"):
        with pytest.raises(NotAllowed):
            actions.credit(passed.project, by=getattr(passed, who))


def test_who_was_dropped_by_an_approved_change_is_not_credited(delivery):
    row = rows_of(delivery)[0]
    asked = actions.ask_change(
        delivery.project,
        by=delivery.park_handler,
        kind="scope_drop",
        item=row.enterprise.credit_code,
        reason="演示",
    )
    actions.approve(asked, by=delivery.province_signer)
    conclude(delivery.maker, fresh(delivery).project)
    assert enter(fresh(delivery)).count == 2
    assert states(delivery)[row.enterprise.credit_code] == "dropped"


def test_two_entries_of_one_enterprise_count_once(passed):
    first, second, _out = rows_of(passed)
    registry.merge(first.enterprise, by=passed.province_handler, into=second.enterprise)
    assert enter(passed).count == 1
    assert AuditRecord.objects.get().enterprise == second.enterprise
    assert set(states(passed).values()) == {"credited", "excluded"}
    with refused("没有待计入"):
        enter(passed)


def test_who_was_merged_elsewhere_is_credited_there_with_a_note(passed):
    first, _second, _out = rows_of(passed)
    into = ensure_enterprises([StatedEnterprise("演示并入", credit_code(70_009))])[credit_code(70_009)]
    registry.merge(first.enterprise, by=passed.province_handler, into=into)
    enter(passed)
    record = AuditRecord.objects.get(enterprise=into)
    assert first.enterprise.credit_code in record.note
    assert record.certificate.holder_code == into.credit_code


def test_who_is_merged_after_the_credit_gets_no_second_one(passed):
    enter(passed)
    first, _second, _out = rows_of(passed)
    into = ensure_enterprises([StatedEnterprise("演示并入", credit_code(70_009))])[credit_code(70_009)]
    registry.merge(first.enterprise, by=passed.province_handler, into=into)
    with refused("没有待计入"):
        enter(passed)
    assert states(passed)[first.enterprise.credit_code] == "credited"


def test_who_closed_down_is_credited_and_it_is_said(passed):
    first = rows_of(passed)[0]
    registry.close(first.enterprise, by=passed.province_handler, on=date(2022, 9, 1), reason="演示：停产")
    enter(passed)
    assert "关停" in AuditRecord.objects.get(enterprise=first.enterprise).note


def test_a_large_pilot_goes_in_portions_each_whole(passed, monkeypatch):
    import importlib

    monkeypatch.setattr(importlib.import_module("qingyuan.delivery.actions.credit"), "PORTION", 4)
    stated = [StatedEnterprise(f"演示{n}", credit_code(81_000 + n)) for n in range(9)]
    ScopeEnterprise.objects.bulk_create(
        ScopeEnterprise(project=passed.project, enterprise=one, name=one.name)
        for one in ensure_enterprises(stated).values()
    )
    crediting.credit_all(passed.project, by=passed.province_handler, key="k" * 16)
    runs = CreditBatch.objects.order_by("number").values_list("count", "left")
    assert list(runs) == [(4, 7), (4, 3), (3, 0)]
    assert LedgerEntry.objects.filter(verb="project.credit").count() == 3
    # The same click again: its keys answer, nothing is written.
    crediting.credit_all(passed.project, by=passed.province_handler, key="k" * 16)
    assert CreditBatch.objects.count() == 3
    assert AuditRecord.objects.count() == 11


def test_a_run_costs_the_same_for_few_and_for_many(passed):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            enter(passed)
        return len(asked)

    few = cost()
    stated = [StatedEnterprise(f"演示{n}", credit_code(82_000 + n)) for n in range(60)]
    ScopeEnterprise.objects.bulk_create(
        ScopeEnterprise(project=passed.project, enterprise=one, name=one.name)
        for one in ensure_enterprises(stated).values()
    )
    fresh(passed)
    assert cost() <= few


def test_a_revoked_credit_stays_away_until_it_is_given_again_with_a_reason(passed):
    enter(passed)
    row = rows_of(passed)[0]
    record = row.enterprise.audits.get()
    by = passed.province_handler
    registry.revoke_audit(record, by=by, reason="演示：数据不实")
    with refused("没有待计入"):
        enter(passed)
    with refused("写明理由"):
        actions.credit_again(passed.project, by=by, which=str(row.pk), reason=" ")
    made = actions.credit_again(passed.project, by=by, which=str(row.pk), reason="演示：复核属实")
    assert made.count == 1
    again = row.enterprise.audits.get(stage="valid")
    assert (again.turn, "复核属实" in again.note) == (2, True)
    assert again.certificate.code != record.certificate.code
    with refused("没有可以重新计入"):
        actions.credit_again(passed.project, by=by, which="all", reason="演示")
    actions.revoke_credit(passed.project, by=by, which=str(row.pk), reason="演示：再次撤销")
    actions.credit_again(passed.project, by=by, which="all", reason="演示：再次复核")
    assert row.enterprise.audits.get(stage="valid").turn == 3


def test_a_corrected_list_takes_all_of_them_back(passed):
    enter(passed)
    by = passed.province_handler
    for wrong in ({"which": "all", "reason": " "}, {"which": "nobody", "reason": "演示"}):
        with pytest.raises(Invalid):
            actions.revoke_credit(passed.project, by=by, **wrong)
    assert actions.revoke_credit(passed.project, by=by, which="all", reason="演示：名单更正").count == 2
    assert not AuditRecord.objects.filter(stage="valid").exists()
    assert set(AuditRecord.objects.values_list("revoked_reason", flat=True)) == {"演示：名单更正"}
    assert set(states(passed).values()) == {"revoked", "excluded"}
    assert Mail.objects.filter(subject__contains="被撤销").exists()


def test_whom_a_corrected_conclusion_leaves_out_is_named_and_taken_back(passed):
    enter(passed)
    row = rows_of(passed)[0]
    passed.project.conclusion.exclusions.create(scope_enterprise=row, reason="演示：更正")
    found = reads.lines(passed.project, reads.conclusion_of(passed.project))
    assert [line.row for line in reads.wrongly_credited(found)] == [row]
    text = client_of(passed.province_handler).get(reverse("delivery:credits", args=[passed.project.pk]))
    assert "按现行结论不应计入" in text.content.decode()
    made = actions.revoke_credit(
        passed.project, by=passed.province_handler, which="unentitled", reason="演示：结论更正"
    )
    assert made.count == 1
    assert row.enterprise.audits.get().stage == "revoked"


def test_the_trigger_is_what_the_notice_says(passed, monkeypatch):
    notice = passed.project.notice
    benefit = reads.benefit_of(notice)
    assert (benefit.clause, benefit.trigger, benefit.trigger_confirmed) == ("H5", "passed-list", False)
    other = notice.model_copy(
        update={"support": tuple(one.model_copy(update={"trigger": "accepted"}) for one in notice.support)}
    )
    monkeypatch.setattr(Project, "notice", other)
    with refused("计入时点“accepted”"):
        enter(passed)
    bare = notice.model_copy(update={"support": (), "parent": None})
    monkeypatch.setattr(Project, "notice", bare)
    with refused("没有规定"):
        enter(passed)


def body_of(delivery, row):
    body = people.register_organisation(
        by=delivery.operator,
        kind="enterprise",
        name=row.name,
        region_code="410300",
        credit_code=row.enterprise.credit_code,
        email="enterprise@example.org",
        is_demo=True,
    )
    Membership.objects.create(user=delivery.stranger, organisation=body, role="handler", since=clock.now())
    return body


def own_page(delivery):
    response = client_of(delivery.stranger).get(reverse("registry:mine"))
    strict(response)
    return response.content.decode()


def test_the_enterprise_is_told_and_reads_it_of_itself(delivery):
    row, _second, out = rows_of(delivery)
    body_of(delivery, row)
    registry.import_list(
        delivery.henan_ecology,
        by=delivery.province_handler,
        rows=[replace_row(row, date(2022, 3, 31))],
    )
    text = own_page(delivery)
    for words in (
        "尚未履行",
        "参加试点不等于已履行",
        "仍须不晚于 2023-03-31 自行完成审核",
        delivery.project.title,
    ):
        assert words in text
    conclude(delivery.maker, delivery.project)
    assert "待主管部门计入" in own_page(delivery)
    enter(fresh(delivery))
    text = own_page(delivery)
    for words in ("已履行", "2027-09-20", "查看证书"):
        assert words in text
    letter = Mail.objects.get(address="enterprise@example.org", subject__contains="视同")
    certificate = row.enterprise.audits.get().certificate
    assert certificate.code[:4] in letter.body
    assert "2027-09-20" in letter.body
    actions.revoke_credit(
        delivery.project, by=delivery.province_handler, which="all", reason="演示：名单更正"
    )
    text = own_page(delivery)
    assert "尚未履行" in text
    assert "演示：名单更正" in text
    assert Mail.objects.filter(address="enterprise@example.org", subject__contains="被撤销").count() == 1
    del out


def replace_row(row, listed_on):
    from tests.registry_maker import row as list_row

    made = list_row(1, credit_code=row.enterprise.credit_code, name=row.name)
    return replace(made, listed_on=listed_on)


def test_how_a_pilot_ended_for_each_enterprise(passed):
    rows = rows_of(passed)

    def said():
        found = dict(involvement.participations([row.enterprise_id for row in rows]))
        return [found[row.enterprise_id].state for row in rows]

    assert said() == ["passed", "passed", "excluded"]
    enter(passed)
    registry.revoke_audit(rows[0].enterprise.audits.get(), by=passed.province_handler, reason="演示")
    assert said() == ["revoked", "credited", "excluded"]


def test_a_stopped_or_failed_pilot_leaves_the_clock_running(delivery):
    rows = rows_of(delivery)
    actions.stop(delivery.project, by=delivery.province_signer, reason="演示：停建")
    found = dict(involvement.participations([rows[0].enterprise_id]))[rows[0].enterprise_id]
    assert (found.state, found.reason) == ("stopped", "")


def test_who_must_credit_finds_it_among_the_to_dos(passed):
    def waits(user):
        return any("计入审核记录" in todo.title for todo in todos.of(user))

    assert waits(passed.province_handler)
    assert not waits(passed.province_signer)
    assert not waits(passed.park_handler)
    enter(passed)
    assert not waits(passed.province_handler)


def test_on_the_pages_from_the_button_to_the_certificate(passed):
    client, project = client_of(passed.province_handler), passed.project
    url = reverse("delivery:credits", args=[project.pk])
    response = client.get(url)
    strict(response)
    assert "待省级确认" in response.content.decode()
    page = client.get(reverse("delivery:credit", args=[project.pk]))
    strict(page)
    assert "范围内企业已计入审核" in page.content.decode()
    assert client.post(reverse("delivery:credit", args=[project.pk]), {"key": "k" * 16}).status_code == 302
    text = client.get(url).content.decode()
    for words in ("已计入", "结论指明不计", "演示：拒不实施方案", "2027-09-20", "办理记录"):
        assert words in text
    assert "演示：拒不实施方案" not in client.get(url, {"state": "credited"}).content.decode()
    revoke = reverse("delivery:revoke-credit", args=[project.pk])
    strict(client.get(revoke))
    assert client.post(revoke, {"key": "r" * 16, "which": "all", "reason": ""}).status_code == 422
    assert client.post(revoke, {"key": "r" * 16, "which": "all", "reason": "演示"}).status_code == 302
    again = reverse("delivery:credit-again", args=[project.pk])
    strict(client.get(again))
    assert client.post(again, {"key": "a" * 16, "which": "all", "reason": "演示"}).status_code == 302
    seen = client_of(passed.park_handler).get(url).content.decode()
    assert "已计入" in seen
    assert reverse("delivery:revoke-credit", args=[project.pk]) not in seen


def test_the_page_costs_the_same_for_three_and_for_sixty(passed):
    client, url = client_of(passed.province_handler), reverse("delivery:credits", args=[passed.project.pk])

    def questions():
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    enter(passed)
    few = questions()
    stated = [StatedEnterprise(f"演示{n}", credit_code(83_000 + n)) for n in range(60)]
    ScopeEnterprise.objects.bulk_create(
        ScopeEnterprise(project=passed.project, enterprise=one, name=one.name)
        for one in ensure_enterprises(stated).values()
    )
    enter(fresh(passed))
    assert questions() == few <= 14
