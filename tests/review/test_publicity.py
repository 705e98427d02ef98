"""公示: nothing takes effect before its period has ended and every objection is settled; to the very instant."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from qingyuan.kernel import clock, reminders, todos
from qingyuan.kernel.actions import Closed, Invalid, WrongStage
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.review import actions
from qingyuan.review import publicity as conditions
from qingyuan.review.models import Case, Decision, Objection, Publicity, Round
from tests.house.cases.review_publicity import CONTACT, OBJECTOR, objection
from tests.review.publicity_maker import (
    ADDRESS,
    ENDS,
    SECRET_WORDS,
    again,
    agreed,
    lodged,
    opened,
    over,
    state_agreed,
)
from tests.review.test_decisions import fresh, rows_of, sent

HANDLES = {"outcome": "dismissed", "answer": "演示：经核实，数据属实"}
SECOND = timedelta(seconds=1)


def said(refusal: Any) -> str:
    return "；".join(problem.message for problem in refusal.value.problems)


@pytest.mark.clause("X1", "H2")
def test_a_call_that_asks_for_it_releases_nothing_before_the_period_has_ended(review):
    decision = agreed(review)
    with pytest.raises(Invalid) as refused:
        actions.release(decision, by=review.province_signer)
    assert "还没有公示" in said(refused)
    publicity = opened(review, decision)
    with pytest.raises(Invalid) as refused:
        actions.release(fresh(decision), by=review.province_signer)
    assert "公示还没有结束" in said(refused)
    with over(publicity) as one:
        with pytest.raises(Invalid):  # over, and not closed yet
            actions.release(fresh(decision), by=review.province_signer)
        actions.close_publicity(one, by=review.province_handler)
        actions.release(fresh(decision), by=review.province_signer)
    assert fresh(decision).stage == "released"
    assert Round.objects.get(pk=review.round.pk).stage == "published"


def test_a_call_that_does_not_ask_for_it_releases_as_ever_and_takes_no_publicity(review):
    decision = sent(review)
    for signer in (review.province_signer, review.reform_signer):
        actions.consent(fresh(decision), by=signer, content_sha256=decision.content_sha256)
    with pytest.raises(Invalid) as refused:
        opened(review, fresh(decision))
    assert "没有规定公示" in said(refused)
    actions.release(fresh(decision), by=review.province_signer)


def test_the_refusal_of_forms_is_not_laid_open(review):
    from tests.house.cases.review_publicity import asks_publicity

    asks_publicity(review.round)
    decision = Decision(round=Round.objects.get(pk=review.round.pk), kind="form")
    assert not conditions.is_asked(decision)


def test_no_number_is_recorded_before_the_period_has_ended(review):
    from datetime import date

    decision = agreed(review)
    issue = {"document_number": "演示〔2022〕1号", "signed_by": "演示签发", "dated_on": date(2022, 7, 9)}
    with pytest.raises(Invalid) as refused:
        actions.record_issue(decision, by=review.province_handler, **issue)
    assert "还没有公示" in said(refused)
    with over(opened(review, decision)) as one:
        actions.close_publicity(one, by=review.province_handler)
        actions.record_issue(fresh(decision), by=review.province_handler, **issue)


def test_everything_wrong_with_a_period_is_said_at_once(review):
    with pytest.raises(Invalid) as refused:
        opened(review, ends_at=clock.now(), contact=" ", answer_days=0)
    assert {problem.where for problem in refused.value.problems} == {"ends_at", "contact", "answer_days"}


def test_the_notice_says_how_long_it_lasts_at_least(review, monkeypatch):
    monkeypatch.setattr(conditions, "least_days", lambda _round: 7)
    decision = agreed(review)
    with pytest.raises(Invalid) as refused:
        opened(review, decision, ends_at=clock.now() + timedelta(days=7) - SECOND)
    assert "公示期太短" in said(refused)
    assert opened(review, decision, ends_at=clock.now() + timedelta(days=7)).stage == "open"


def test_the_form_offers_whole_days_up_to_midnight(review):
    begins = clock.now()  # 2022-07-01 09:00
    assert clock.local(conditions.usual_end(review.round, begins)).isoformat() == "2022-07-09T00:00:00+08:00"


def test_a_decision_lies_open_once_at_a_time(review):
    decision = agreed(review)
    opened(review, decision)
    with pytest.raises(Invalid) as refused:
        opened(review, fresh(decision))
    assert "已经公示" in said(refused)


@pytest.mark.parametrize(("before", "is_late"), [(SECOND, False), (timedelta(0), True), (-SECOND, True)])
def test_objections_are_taken_to_the_last_second_and_not_at_the_end(review, before, is_late):
    publicity = opened(review)
    with clock.at(ENDS - before):
        if is_late:
            with pytest.raises(Closed):
                lodged(publicity)
            assert not Objection.objects.exists()
        else:
            assert lodged(publicity).received_at == ENDS - before


@pytest.mark.parametrize(("before", "is_early"), [(SECOND, True), (timedelta(0), False)])
def test_a_period_is_closed_from_its_end_on_and_no_second_sooner(review, before, is_early):
    publicity = opened(review)
    with clock.at(ENDS - before):
        if is_early:
            with pytest.raises(Invalid) as refused:
                actions.close_publicity(publicity, by=review.province_handler)
            assert "公示期未满" in said(refused)
        else:
            assert actions.close_publicity(publicity, by=review.province_handler).ended_at == ENDS


def test_a_letter_counts_by_its_arrival_and_not_by_its_entry(review):
    publicity = opened(review)
    with clock.at(ENDS + timedelta(hours=9)):
        with pytest.raises(Invalid) as refused:
            actions.register_objection(
                publicity, by=review.province_handler, **objection(channel="letter", received_at=ENDS)
            )
        assert "不在公示期内收到" in said(refused)
        late = actions.register_objection(
            publicity, by=review.province_handler, **objection(channel="letter", received_at=ENDS - SECOND)
        )
        assert late.due_at == ENDS - SECOND + timedelta(days=15)
        with pytest.raises(Invalid) as refused:
            actions.close_publicity(again(publicity), by=review.province_handler)
        assert said(refused) == "还有 1 件异议没有办结"
    with pytest.raises(Invalid):  # of the future
        actions.register_objection(
            publicity,
            by=review.province_handler,
            **objection(channel="letter", received_at=clock.now() + SECOND),
        )


def test_every_objection_is_settled_before_the_period_is_closed(review):
    publicity = opened(review)
    first, second = lodged(publicity), lodged(publicity, text="演示：另一件")
    assert (first.number, second.number) == (1, 2)
    actions.settle_objection(first, by=review.province_handler, **HANDLES)
    with over(publicity) as one:
        with pytest.raises(Invalid) as refused:
            actions.close_publicity(one, by=review.province_handler)
        assert "还有 1 件异议没有办结" in said(refused)
        actions.settle_objection(second, by=review.province_handler, outcome="noted", answer="演示：已采纳")
        actions.close_publicity(one, by=review.province_handler)


def test_an_upheld_objection_sends_the_decision_back_and_it_lies_open_anew(review):
    decision = agreed(review)
    publicity = opened(review, decision)
    came = lodged(publicity, case=review.cases[0])
    actions.settle_objection(came, by=review.province_handler, outcome="upheld", answer="演示：情况属实")
    with over(publicity) as one, pytest.raises(Invalid) as refused:
        actions.close_publicity(one, by=review.province_handler)
    assert "有异议成立" in said(refused)
    actions.return_to_draft(fresh(decision), by=review.province_handler, remark="演示：异议成立")
    assert (again(publicity).stage, again(publicity).stopped_reason) == ("stopped", "退回拟稿修改")
    actions.revise(
        fresh(decision), by=review.province_handler, items=rows_of(review.cases[::-1], recommended=2)
    )
    actions.send_for_cosign(
        fresh(decision), by=review.province_handler, due_at=clock.now() + timedelta(days=1)
    )
    for signer in (review.province_signer, review.reform_signer):
        actions.consent(fresh(decision), by=signer, content_sha256=fresh(decision).content_sha256)
    second = opened(review, fresh(decision))
    with over(second) as one:
        actions.close_publicity(one, by=review.province_handler)
        actions.release(fresh(decision), by=review.province_signer)
    assert [case.stage for case in review.cases][:2] == ["not_selected", "not_selected"]


def test_the_same_content_cannot_lie_open_again_past_an_upheld_objection(review):
    decision = agreed(review)
    publicity = opened(review, decision)
    actions.settle_objection(
        lodged(publicity), by=review.province_handler, outcome="upheld", answer="演示：属实"
    )
    actions.stop_publicity(publicity, by=review.province_handler, reason="演示：异议成立")
    with pytest.raises(Invalid) as refused:
        opened(review, fresh(decision))
    assert "有异议成立" in said(refused)


def test_a_stopped_period_does_not_count_and_its_objections_still_want_an_answer(review):
    decision = agreed(review)
    publicity = opened(review, decision)
    came = lodged(publicity)
    actions.stop_publicity(publicity, by=review.province_handler, reason="演示：地址写错")
    with pytest.raises(Invalid) as refused:
        actions.release(fresh(decision), by=review.province_signer)
    assert "还有 1 件异议没有办结" in said(refused)
    assert "还没有公示" in said(refused)
    with pytest.raises(WrongStage):
        lodged(again(publicity))
    actions.settle_objection(came, by=review.province_handler, **HANDLES)
    with over(opened(review, fresh(decision))) as one:
        actions.close_publicity(one, by=review.province_handler)
        actions.release(fresh(decision), by=review.province_signer)


def test_a_closed_period_ends_too_when_the_decision_goes_back(review):
    decision = agreed(review)
    with over(opened(review, decision)) as one:
        actions.close_publicity(one, by=review.province_handler)
        actions.return_to_draft(fresh(decision), by=review.reform_handler, remark="演示：另有意见")
        assert again(one).stage == "stopped"


@pytest.mark.clause("X1")
def test_neither_ledger_nor_mail_learns_who_objected_or_what_was_said(review):
    publicity = opened(review)
    lodged(publicity)
    actions.lodge_objection(
        publicity, by=review.park_handler, key="once-only-1", **objection(text="演示：数据不实之二")
    )
    actions.register_objection(
        publicity,
        by=review.province_handler,
        **objection(channel="letter", received_at=clock.now(), text="演示：数据不实之三"),
    )
    for came in Objection.objects.all():
        actions.settle_objection(came, by=review.province_handler, **HANDLES)
    entries = list(LedgerEntry.objects.all())
    bodies = "\n".join(entry.body for entry in entries)
    mails = "\n".join(mail.subject + mail.body for mail in Mail.objects.all())
    for word in (*SECRET_WORDS, OBJECTOR, CONTACT, *(one.code for one in Objection.objects.all())):
        assert word not in bodies
        assert word not in mails
    lodgings = [entry for entry in entries if entry.verb == "publicity.lodge_objection"]
    assert [entry.actor_ref for entry in lodgings] == ["public", "public"]
    assert str(review.park_handler.ref) not in "".join(entry.body for entry in lodgings)


def test_a_second_click_makes_no_second_objection(review):
    publicity = opened(review)
    first = lodged(publicity)
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert lodged(publicity).pk == first.pk
    assert Objection.objects.count() == 1
    assert Mail.objects.filter(verb="publicity.lodge_objection").values("ledger_seq").distinct().count() == 1


def test_only_what_lies_open_can_be_objected_to_by_name(review):
    """Nobody learns from the form whether something else was applied for."""
    publicity = opened(review)
    with pytest.raises(Invalid) as refused:
        lodged(publicity, case=review.cases[3])
    assert said(refused) == "不是公示名单中的项目"
    assert lodged(publicity, case=review.cases[1]).case == review.cases[1]


def test_an_objection_says_all_that_is_missing(review):
    publicity = opened(review)
    with pytest.raises(Invalid) as refused:
        lodged(publicity, text=" ", objector="", objector_contact="x" * 201)
    assert {problem.where for problem in refused.value.problems} == {"text", "objector", "objector_contact"}


def test_mails_go_to_those_on_the_list_to_the_host_and_to_the_cosigners(review):
    decision = agreed(review)
    publicity = opened(review, decision)
    told = {mail.subject for mail in Mail.objects.filter(verb="decision.publicise")}
    listed = review.cases[:2]
    assert told == {f"已公示：{decision}", *(f"列入公示：{case.title}" for case in listed)}
    letter = Mail.objects.get(subject=f"列入公示：{listed[0].title}")
    assert "2022年7月8日 24:00" in letter.body
    assert "公示不是最终结果" in letter.body
    came = lodged(publicity)
    assert Mail.objects.filter(verb="publicity.lodge_objection").first().subject == f"收到异议：{decision}"
    actions.settle_objection(came, by=review.province_handler, **HANDLES)
    assert "异议不成立" in Mail.objects.filter(verb="objection.settle").first().body
    actions.return_to_draft(fresh(decision), by=review.reform_handler, remark="演示：再议")
    told = {mail.subject for mail in Mail.objects.filter(verb="decision.return_to_draft")}
    assert f"公示终止：{decision}" in told


def test_reminders_come_before_the_end_and_before_an_answer_is_due_once_each(review):
    publicity = opened(review)
    lodged(publicity)
    with clock.at(ENDS - timedelta(days=3)):
        reminders.send()
        reminders.send()
    found = Mail.objects.filter(verb="remind", subject__startswith="公示将期满")
    assert found.values("body").distinct().count() == 1
    assert "2022年7月8日 24:00" in found.first().body
    with clock.at("2022-07-15T09:00:00+08:00"):
        reminders.send()
    answer = Mail.objects.filter(verb="remind", subject__startswith="异议答复将到期")
    assert answer.exists()
    assert not any(word in mail.body for mail in answer for word in SECRET_WORDS)
    actions.settle_objection(Objection.objects.get(), by=review.province_handler, **HANDLES)
    before = answer.count()
    with clock.at("2022-07-15T21:00:00+08:00"):
        reminders.send()
    assert answer.count() == before


def titles(user: Any) -> list[str]:
    return [todo.title for todo in todos.of(user)]


def test_the_home_says_what_the_publicity_waits_for(review):
    decision = agreed(review)
    handler, signer = review.province_handler, review.province_signer
    assert f"公示：{decision}" in titles(handler)
    assert f"公布：{decision}" not in titles(signer)
    publicity = opened(review, decision)
    assert not any("公示：" in title for title in titles(handler))
    came = lodged(publicity)
    assert f"办理异议（1 件）：{decision}" in titles(handler)
    assert not any("异议" in title for title in titles(review.reform_signer))
    with over(publicity) as one:
        assert f"结束公示：{decision}" not in titles(handler)
        actions.settle_objection(came, by=handler, **HANDLES)
        assert f"结束公示：{decision}" in titles(handler)
        actions.close_publicity(one, by=handler)
        assert f"结束公示：{decision}" not in titles(handler)
        assert f"公布：{decision}" in titles(signer)


def test_the_home_sends_an_upheld_objection_to_the_draft(review):
    decision = agreed(review)
    came = lodged(opened(review, decision))
    actions.settle_objection(came, by=review.province_handler, outcome="upheld", answer="演示：属实")
    assert f"异议成立，退回拟稿：{decision}" in titles(review.province_handler)


@pytest.mark.clause("N9", "X1")
def test_the_states_approved_list_lies_open_too(review):
    with state_agreed(review) as decision:
        with pytest.raises(Invalid):
            actions.release(decision, by=review.state_signer)
        given = {"ends_at": clock.now() + timedelta(days=7), "contact": ADDRESS, "answer_days": 10}
        publicity = actions.publicise(decision, by=review.state_handler, **given)
        assert "拟同意开展项目公示" in str(publicity)
        with over(publicity) as one:
            actions.close_publicity(one, by=review.state_handler)
            actions.release(fresh(decision), by=review.state_signer)
        assert sorted(Case.objects.filter(round=decision.round).values_list("stage", flat=True)) == [
            "approved",
            "not_selected",
        ]


@pytest.mark.django_db(transaction=True)
def test_an_objection_and_the_closing_at_the_same_time_never_both_win(live_review):
    """Either the objection is in and the closing is refused, or the period is closed and the objection is."""
    publicity = opened(live_review)
    Publicity.objects.filter(pk=publicity.pk).update(
        starts_at=clock.now() - timedelta(days=9), ends_at=clock.now() - timedelta(hours=1)
    )
    publicity, outcomes, barrier = again(publicity), [], threading.Barrier(2)
    received = clock.now() - timedelta(hours=2)

    def attempt(verb: Any, **arguments: Any) -> None:
        barrier.wait()
        try:
            with clock.at("2022-07-01T09:00:00+08:00"):
                verb(publicity, by=live_review.province_handler, **arguments)
            outcomes.append(verb.name)
        except (Invalid, WrongStage):
            pass
        finally:
            connection.close()

    threads = [
        threading.Thread(target=attempt, args=(actions.close_publicity,)),
        threading.Thread(
            target=attempt,
            args=(actions.register_objection,),
            kwargs=objection(channel="letter", received_at=received),
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 1
    assert Objection.objects.exists() == (again(publicity).stage == "open")


def test_a_visitor_without_an_account_is_nobody_in_particular_in_the_ledger(review):
    publicity = opened(review)
    actions.lodge_objection(publicity, by=AnonymousUser(), key="a-key-of-a-form", **objection())
    assert LedgerEntry.objects.latest("seq").actor_ref == "public"
