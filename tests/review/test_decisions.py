"""会同: a decision exists only when both departments consented to the same content; it takes effect at once for all."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from qingyuan.kernel import clock
from qingyuan.kernel.actions import Invalid, Refused, Stale, WrongStage
from qingyuan.kernel.models import Mail
from qingyuan.review import actions
from qingyuan.review.decisions import Row
from qingyuan.review.models import Case, Decision, Round, Truthfulness
from tests.review_maker import truth_signed


def to_decide(review: Any) -> list[Any]:
    """All cases stand where the joint decision takes them, their truth examined and signed for."""
    Case.objects.filter(round=review.round).update(stage="decision")
    for case in review.cases:
        truth_signed(review.maker, case)
    return review.cases


def rows_of(cases: list[Any], *, recommended: int) -> list[Row]:
    return [
        Row(case.pk, "recommended")
        if place < recommended
        else Row(case.pk, "not_selected", "演示：创新性不足")
        for place, case in enumerate(cases)
    ]


def drafted(review: Any, *, recommended: int = 2, **more: Any) -> Decision:
    cases = to_decide(review)
    return actions.draft(
        review.round,
        by=review.province_handler,
        kind="final",
        items=rows_of(cases, recommended=recommended),
        **more,
    )


def sent(review: Any, **more: Any) -> Decision:
    decision = drafted(review, **more)
    actions.send_for_cosign(decision, by=review.province_handler, due_at=clock.now() + timedelta(days=3))
    decision.refresh_from_db()
    return decision


def fresh(decision: Decision) -> Decision:
    return Decision.objects.get(pk=decision.pk)


def test_nothing_is_decided_before_both_have_consented(review):
    decision = sent(review)
    with pytest.raises(WrongStage):
        actions.release(decision, by=review.province_signer)
    actions.consent(decision, by=review.province_signer, content_sha256=decision.content_sha256)
    assert fresh(decision).stage == "cosign"
    with pytest.raises(WrongStage):
        actions.release(fresh(decision), by=review.province_signer)
    actions.consent(decision, by=review.reform_signer, content_sha256=decision.content_sha256)
    assert fresh(decision).stage == "agreed"


@pytest.mark.clause("N8", "H2")
def test_release_brings_every_project_to_its_outcome_and_tells_each_applicant_only_its_own(review):
    decision = sent(review)
    for signer in (review.province_signer, review.reform_signer):
        actions.consent(decision, by=signer, content_sha256=decision.content_sha256)
    actions.release(fresh(decision), by=review.province_signer)
    assert [case.stage for case in review.cases] == [
        "recommended",
        "recommended",
        "not_selected",
        "not_selected",
    ]
    assert Round.objects.get(pk=review.round.pk).stage == "published"
    letters = {mail.subject: mail.body for mail in Mail.objects.filter(verb="decision.release")}
    assert set(letters) == {f"评审结果：{case.title}" for case in review.cases}
    mine = letters["评审结果：演示园区试点"]
    assert "同意推荐" in mine
    assert "演示行业试点" not in mine
    assert "创新性不足" in letters["评审结果：演示电镀试点"]


def test_an_edit_by_the_cosigner_voids_earlier_consents(review):
    decision = sent(review)
    actions.consent(decision, by=review.province_signer, content_sha256=decision.content_sha256)
    old = decision.content_sha256
    actions.amend(decision, by=review.reform_handler, items=rows_of(review.cases, recommended=1))
    decision = fresh(decision)
    assert decision.content_sha256 != old
    with pytest.raises(Stale):
        actions.consent(decision, by=review.reform_signer, content_sha256=old)
    actions.consent(decision, by=review.reform_signer, content_sha256=decision.content_sha256)
    assert fresh(decision).stage == "cosign"
    actions.consent(decision, by=review.province_signer, content_sha256=decision.content_sha256)
    assert fresh(decision).stage == "agreed"


def test_disagreement_is_a_state_that_keeps_its_opinion_and_can_be_mended(review):
    decision = sent(review)
    with pytest.raises(Invalid):
        actions.dissent(
            decision, by=review.reform_signer, content_sha256=decision.content_sha256, opinion=" "
        )
    actions.dissent(
        decision, by=review.reform_signer, content_sha256=decision.content_sha256, opinion="演示：产能过剩"
    )
    decision = fresh(decision)
    assert decision.stage == "disagreed"
    assert decision.consents.get().opinion == "演示：产能过剩"
    actions.return_to_draft(decision, by=review.province_handler, remark="演示：协商后修改")
    actions.revise(decision, by=review.province_handler, items=rows_of(review.cases, recommended=1))
    assert fresh(decision).stage == "drafting"


def test_more_than_the_quota_needs_a_reason(review, maker):
    from qingyuan.review import decisions

    quota = decisions.quota_of(review.round)
    assert (quota.maximum, quota.in_principle) == (5, True)
    cases = to_decide(review)
    for number in range(5, 8):  # three more projects, so that six can be recommended
        made = Case.objects.get(pk=cases[0].pk)
        made.pk, made.number, made.pilot, made.submission = None, number, None, None
        made.id = uuid.uuid4()
        made._state.adding = True
        made.save()
    cases = review.cases
    with pytest.raises(Invalid) as caught:
        actions.draft(
            review.round,
            by=review.province_handler,
            kind="final",
            items=rows_of(cases, recommended=6),
        )
    problem = caught.value.problems[0]
    assert (problem.where, problem.clause) == ("over_quota_reason", "N8")
    decision = actions.draft(
        review.round,
        by=review.province_handler,
        kind="final",
        items=rows_of(cases, recommended=6),
        over_quota_reason="演示：原则上，另增一个流域项目",
    )
    assert decision.items.filter(outcome="recommended").count() == 6


def test_all_problems_of_a_draft_are_told_at_once(review):
    cases = to_decide(review)
    Case.objects.filter(pk=cases[0].pk).update(stage="assessment")
    with pytest.raises(Invalid) as caught:
        actions.draft(
            review.round,
            by=review.province_handler,
            kind="final",
            items=[
                Row(cases[0].pk, "recommended"),
                Row(cases[1].pk, "not_selected"),
                Row(cases[1].pk, "approved", "x"),
            ],
        )
    said = " ".join(problem.message for problem in caught.value.problems)
    assert "现在是“专家评审”" in said
    assert "须写明理由" in said
    assert "列了两次" in said
    assert "没有选定结论" in said
    assert said.count("没有列入") == 2


@pytest.mark.clause("N14")
def test_nothing_is_recommended_before_its_truth_is_signed_for(review):
    decision = drafted(review, recommended=2)
    Truthfulness.objects.filter(case__in=[case.pk for case in review.cases[1:]]).delete()
    with pytest.raises(Invalid) as caught:
        actions.send_for_cosign(decision, by=review.province_handler, due_at=clock.now() + timedelta(days=3))
    (problem,) = caught.value.problems  # only the second one is recommended without a signature
    assert problem.clause == "N14"
    assert review.cases[1].title in problem.message


def test_a_case_that_moved_meanwhile_stops_the_release(review):
    decision = sent(review)
    for signer in (review.province_signer, review.reform_signer):
        actions.consent(decision, by=signer, content_sha256=decision.content_sha256)
    actions.note_withdrawal(review.cases[0], by=review.province_handler, reason="演示：来函")
    with pytest.raises(Invalid) as caught:
        actions.release(fresh(decision), by=review.province_signer)
    assert "须退回重新会签" in caught.value.problems[0].message
    assert review.cases[1].stage == "decision"


def test_form_rejections_are_decided_jointly_too(review):
    case = review.cases[3]
    decision = actions.draft(
        review.round,
        by=review.province_handler,
        kind="form",
        items=[Row(case.pk, "rejected", "演示：不是规定的申报主体")],
    )
    actions.send_for_cosign(decision, by=review.province_handler, due_at=clock.now() + timedelta(days=1))
    decision = fresh(decision)
    for signer in (review.province_signer, review.reform_signer):
        actions.consent(decision, by=signer, content_sha256=decision.content_sha256)
    actions.release(fresh(decision), by=review.province_signer)
    assert [one.stage for one in review.cases] == ["form_check", "form_check", "form_check", "rejected"]
    assert Round.objects.get(pk=review.round.pk).stage == "reviewing"


def test_the_cosigner_notes_its_own_checks(review):
    case = review.cases[0]
    actions.note_cosign_check(case, by=review.reform_handler, topic="policy", result="fits")
    with pytest.raises(Invalid):
        actions.note_cosign_check(case, by=review.reform_handler, topic="energy", result="does_not")
    actions.note_cosign_check(
        case, by=review.reform_handler, topic="policy", result="does_not", note="演示：限制类"
    )
    assert case.cosign_checks.get().result == "does_not"


def test_two_keys_turned_at_the_same_moment(live_review):
    """Both signers press at once, ten times over: one decision, agreed, with one word of each."""
    review = live_review
    decision = sent(review)
    barrier = threading.Barrier(4)
    refused: list[str] = []

    def press(signer: Any) -> None:
        try:
            barrier.wait(timeout=20)
            actions.consent(decision, by=signer, content_sha256=decision.content_sha256)
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    signers = [review.province_signer, review.reform_signer] * 2
    with clock.at(clock.now()):
        threads = [threading.Thread(target=press, args=[signer]) for signer in signers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    assert fresh(decision).stage == "agreed"
    assert decision.consents.count() == 2
    assert all("会签中" in reason for reason in refused)  # who came after the second key


def test_one_final_decision_however_many_draft_it(review):
    drafted(review)
    with pytest.raises(Invalid) as caught:
        actions.draft(
            Round.objects.get(pk=review.round.pk),
            by=review.province_handler,
            kind="final",
            items=rows_of(review.cases, recommended=1),
        )
    assert "已有一份同类决定" in caught.value.problems[0].message
