"""形式校核: from the rule set's result on what was sealed to a conclusion, with every judgement on record."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse

from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import Invalid, NotAllowed, Stale, WrongStage
from qingyuan.kernel.models import LedgerEntry
from qingyuan.pilots import actions as pilots
from qingyuan.pilots import seal
from qingyuan.review.actions import formcheck as verbs
from qingyuan.review.models import FormCheck
from qingyuan.review.queries import formcheck as queries
from tests.house.cases.review_formcheck import fail, judged, supplement, takes_supplements


@pytest.fixture
def check(review):
    return verbs.begin(review.cases[0], by=review.province_handler)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.mark.clause("H3")
def test_the_check_starts_from_the_rule_set_on_what_was_sealed(review, check):
    assert check.rule_set.startswith(review.round.notice.self_check.id)
    assert check.findings_sha256 == verbs.findings_hash(review.cases[0].submission, check.findings)
    assert [one.title for one in check.dimensions] == [
        "与试点通知要求的符合性",
        "方案格式完整性",
        "内容详实性",
        "整体质量",
    ]
    entry = json.loads(LedgerEntry.objects.get(verb="form_check.begin").body)
    assert entry["payload"]["findings_sha256"] == check.findings_sha256


@pytest.mark.clause("H3")
def test_passing_names_everything_that_is_not_judged_yet(review, check):
    with pytest.raises(Invalid) as caught:
        verbs.pass_check(check, by=review.province_handler)
    assert len(caught.value.problems) == 4 + len(check.findings)
    assert review.cases[0].stage == "form_check"


@pytest.mark.clause("H3")
def test_a_judged_case_goes_on_to_the_experts(review, check):
    verbs.judge(check, by=review.province_handler, **judged(check))
    verbs.pass_check(fresh(check), by=review.province_handler)
    assert review.cases[0].stage == "assessment"
    assert fresh(check).concluded_by == review.province_handler


def test_findings_stay_as_they_were_whatever_is_said_of_them(review, check):
    before = (check.findings, check.findings_sha256)
    verbs.judge(check, by=review.province_handler, **judged(check, finding="overridden"))
    after = fresh(check)
    assert (after.findings, after.findings_sha256) == before
    assert after.on_findings.keys() == {one["id"] for one in check.findings}


def test_overriding_and_falling_short_need_a_reason_all_at_once(review, check):
    arguments = judged(check, dimension="partly", finding="overridden")
    for said in (*arguments["dimensions"].values(), *arguments["findings"].values()):
        said["note"] = " "
    with pytest.raises(Invalid) as caught:
        verbs.judge(check, by=review.province_handler, **arguments)
    assert len(caught.value.problems) == 4 + len(check.findings)


def test_unknown_lines_and_words_are_refused(review, check):
    with pytest.raises(Invalid) as caught:
        verbs.judge(
            check,
            by=review.province_handler,
            dimensions={"nonsense": {"word": "meets"}, "format": {"word": "splendid"}},
            findings={"nothing": {"word": "confirmed"}},
        )
    assert len(caught.value.problems) == 3


def test_what_does_not_meet_the_notice_cannot_pass(review, check):
    verbs.judge(check, by=review.province_handler, **judged(check))
    fail(fresh(check))
    with pytest.raises(Invalid) as caught:
        verbs.pass_check(fresh(check), by=review.province_handler)
    assert "不符合，不能通过" in caught.value.problems[0].message


def test_rejection_is_proposed_with_its_reason_and_leaves_the_decision_to_both(review, check):
    verbs.judge(check, by=review.province_handler, **judged(check))
    with pytest.raises(Invalid):
        verbs.propose_rejection(fresh(check), by=review.province_handler, reason=" ")
    fail(fresh(check))
    verbs.propose_rejection(fresh(check), by=review.province_handler, reason="演示：不符合申报条件")
    assert fresh(check).stage == "failing"
    assert review.cases[0].stage == "form_check"
    verbs.reopen(fresh(check), by=review.province_handler)
    assert fresh(check).stage == "open"


def test_an_officer_who_also_works_for_the_applicant_stays_away(review):
    case = review.cases[0]
    assert case.applicant == review.park
    with pytest.raises(NotAllowed) as caught:
        verbs.begin(case, by=review.park_and_province)
    assert "回避" in caught.value.reason
    verbs.begin(review.cases[1], by=review.park_and_province)


def test_no_check_before_the_review_has_started(review):
    type(review.round).objects.update(stage="preparing")
    with pytest.raises(Invalid):
        verbs.begin(review.cases[0], by=review.province_handler)


def test_nothing_is_sent_back_where_the_notice_has_no_such_step(review, check):
    with pytest.raises(NotAllowed) as caught:
        verbs.send_back(check, by=review.province_handler, **supplement(check.case))
    assert "没有设置" in caught.value.reason


def test_the_second_officer_is_told_that_the_first_was_there(review, check):
    verbs.judge(check, by=review.province_handler, expect=0, **judged(check))
    with pytest.raises(Stale):
        verbs.judge(check, by=review.province_handler, expect=0, **judged(check, finding="overridden"))


class TestSupplement:
    """退回补充完善 and the way back."""

    @pytest.fixture
    def returned(self, review, check):
        takes_supplements(review.cases[0])
        check = FormCheck.objects.get(pk=check.pk)
        verbs.judge(check, by=review.province_handler, **judged(check, finding="confirmed"))
        check = FormCheck.objects.get(pk=check.pk)
        return verbs.send_back(check, by=review.province_handler, **supplement(check.case))

    def test_the_case_waits_and_the_applicant_is_asked(self, review, returned):
        case = review.cases[0]
        assert (case.stage, case.pilot.stage) == ("returned", "drafting")
        assert returned.request.chapters == ["goals"]

    def test_the_case_does_not_go_on_while_the_request_is_open(self, review, returned):
        with pytest.raises(Invalid) as caught:
            verbs.take_new_version(review.cases[0], by=review.province_handler)
        assert "正在补充完善" in caught.value.problems[0].message

    def test_the_case_takes_the_new_version_and_the_judgements_that_still_hold(self, review, returned):
        world, maker = review.world, review.maker
        pilot = maker.fresh(review.cases[0].pilot)
        target = pilot.targets.first()
        type(target).objects.filter(pk=target.pk).update(note="演示：补充说明")
        pilots.hand_in(maker.fresh(pilot), by=world.park_handler)
        pilots.pass_review(maker.fresh(pilot), by=world.park_reviewer)
        pilots.sign(maker.fresh(pilot), by=world.park_signer, no_state_secrets=True)
        maker.attach_seal(maker.fresh(pilot), by=world.park_handler)
        pilot = maker.fresh(pilot)
        new = pilots.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot))
        case = verbs.take_new_version(review.cases[0], by=review.province_handler)
        assert (case.stage, case.submission_id) == ("form_check", new.pk)
        again = verbs.begin(case, by=review.province_handler)
        known = {one["id"] for one in again.findings}
        assert again.on_findings == {key: said for key, said in returned.on_findings.items() if key in known}
        assert again.on_dimensions == {}

    def test_a_lapsed_request_lets_the_old_version_go_on(self, review, returned):
        with clock.at(returned.request.due_at + timedelta(hours=1)):
            pilots.lapse_request(returned.request, by=review.province_handler)
            before = review.cases[0].submission_id
            case = verbs.take_new_version(review.cases[0], by=review.province_handler)
            assert (case.stage, case.submission_id) == ("form_check", before)
            verbs.begin(case, by=review.province_handler)

    def test_the_applicant_reads_what_was_asked_and_nothing_of_the_check(self, review, returned, client):
        secret = "演示内部意见不外传"
        FormCheck.objects.filter(pk=returned.pk).update(opinion=secret)
        for person in (review.park_handler, review.consultant, review.expert, review.city_handler):
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
            for name, pk in (
                ("form-check", returned.case_id),
                ("form-sheet", returned.pk),
                ("judge-form", returned.pk),
                ("truthfulness", returned.case_id),
                ("form-checks", review.round.pk),
            ):
                assert client.get(reverse(f"review:{name}", args=[pk])).status_code == 404
        client.force_login(review.park_handler, backend="allauth.account.auth_backends.AuthenticationBackend")
        shown = client.get(reverse("pilots:supplement-request", args=[returned.request_id])).content.decode()
        assert "目标不清" in shown
        assert secret not in shown


class TestPages:
    @pytest.fixture
    def office(self, client, review):
        client.force_login(
            review.province_handler, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    def test_an_officer_goes_through_it_in_a_browser(self, review, office):
        case = review.cases[1]
        tab = reverse("review:form-check", args=[case.pk])
        assert "开始形式校核" in office.get(tab).content.decode()
        began = office.post(reverse("review:begin-form-check", args=[case.pk]), {"key": "k1"})
        check = FormCheck.objects.get(case=case)
        assert began.headers["Location"] == reverse("review:judge-form", args=[check.pk])
        typed = {"revision": "0", "key": "k2", "opinion": "演示"}
        for one in check.dimensions:
            typed |= {f"d-{one.id}": "meets"}
        for one in check.findings:
            typed |= {f"f-{one['id']}": "overridden", f"f-{one['id']}-note": "演示理由"}
        saved = office.post(began.headers["Location"], typed)
        assert saved.status_code == 302, saved.content.decode()
        late = office.post(began.headers["Location"], {**typed, "key": "k3", "opinion": "另一人所写"})
        assert late.status_code == 409
        assert "另一人所写" in late.content.decode()
        passed = office.post(reverse("review:pass-form", args=[check.pk]), {"key": "k4", "revision": "1"})
        assert passed.status_code == 302
        assert "校核通过" in office.get(tab).content.decode()

    def test_missing_words_are_named_on_the_page(self, review, office, check):
        answer = office.post(reverse("review:pass-form", args=[check.pk]), {"key": "k"})
        assert answer.status_code == 422
        assert "整体质量”还没有判断" in answer.content.decode()

    def test_the_list_of_a_round_asks_as_much_for_four_cases_as_for_one(
        self, review, office, check, django_assert_max_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        url = reverse("review:form-checks", args=[review.round.pk])
        with CaptureQueriesContext(
            connection,
        ) as one:
            office.get(url)
        for case in review.cases[1:]:
            verbs.begin(case, by=review.province_handler)
        with CaptureQueriesContext(connection) as four:
            page = office.get(url).content.decode()
        assert len(four) == len(one)
        assert "校核中" in page

    def test_the_sheet_is_a_word_document_and_always_the_same(self, review, office, check):
        verbs.judge(check, by=review.province_handler, **judged(check))
        url = reverse("review:form-sheet", args=[check.pk])
        first, second = office.get(url), office.get(url)
        assert first.content[:2] == b"PK"
        assert first.content == second.content

    def test_what_waits_is_told_once_for_a_round(self, review):
        def told(user):
            return [todo.title for todo in todos.of(user) if "形式校核" in todo.title]

        assert told(review.province_handler) == ["形式校核：4 个项目待办"]
        assert told(review.park_handler) == told(review.expert) == []


@pytest.mark.parametrize("verb", ["judge", "propose_rejection"])
def test_nothing_is_judged_after_the_conclusion(review, check, verb):
    verbs.judge(check, by=review.province_handler, **judged(check))
    verbs.pass_check(fresh(check), by=review.province_handler)
    arguments = judged(check) if verb == "judge" else {"reason": "演示"}
    with pytest.raises(WrongStage):
        getattr(verbs, verb)(fresh(check), by=review.province_handler, **arguments)


def test_two_officers_begin_at_once_and_one_check_comes_of_it(live_review):
    case, outcomes = live_review.cases[0], []

    def begin():
        try:
            verbs.begin(case, by=live_review.province_handler)
            outcomes.append("done")
        except Invalid:
            outcomes.append("refused")
        finally:
            connections.close_all()

    both = [threading.Thread(target=begin) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert FormCheck.objects.filter(case=case).count() == 1


def test_progress_counts_a_round_in_one_query(review, check, django_assert_num_queries):
    with django_assert_num_queries(1):
        counted = queries.progress(review.round)
    assert (counted.total, counted.waiting, counted.returned, counted.signed) == (4, 4, 0, 0)
