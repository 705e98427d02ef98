"""收件登记: envelopes beside electronic versions, numbered without gaps, compared by an officer."""

from __future__ import annotations

import io
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingyuan.calls.models import Call
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Invalid
from qingyuan.pilots import received
from qingyuan.review.actions import arrival as verbs
from qingyuan.review.models import PaperArrival
from qingyuan.review.queries import arrival as queries
from tests.house.cases.review_consultation import envelope

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def call(review):
    return Call.objects.get(pk=review.world.call.pk)


def beside(call):
    """What the electronic register says of paper, by application."""
    return {
        row.pilot_id: row.paper for row in received.rows(call, received.register(call, received.Filters()))
    }


@pytest.mark.clause("H2")
def test_five_copies_arrive_and_are_held_against_the_electronic_version(review, call):
    case = review.cases[0]
    one = verbs.register(call, by=review.province_handler, **envelope(case.submission))
    assert (one.number, one.label) == (1, "纸〔2022〕0001号")
    verbs.compare(one, by=review.province_handler, same=True)
    assert PaperArrival.objects.get(pk=one.pk).stage == "same"
    assert beside(call)[case.pilot_id] == "已到 5 份"


def test_numbers_have_no_gaps_and_a_mistake_keeps_its_own(review, call):
    by = review.province_handler
    made = [verbs.register(call, by=by, **envelope(case.submission)) for case in review.cases[:2]]
    verbs.void(made[0], by=by, reason="演示：登错")
    made.append(verbs.register(call, by=by, **envelope()))
    assert [one.number for one in made] == [1, 2, 3]
    assert {row.submission_id for row in PaperArrival.objects.exclude(stage="void")} == {
        review.cases[1].submission_id,
        None,
    }


def test_what_has_not_arrived_is_listed_and_then_overdue(review, call):
    verbs.register(call, by=review.province_handler, **envelope(review.cases[0].submission))
    assert queries.missing(call).count() == 3
    due = call.notice.deadline("send-letter").at
    with clock.at(due + timedelta(days=1)):
        assert queries.is_overdue(call)
        late = verbs.register(call, by=review.province_handler, **envelope(review.cases[1].submission))
        assert late.is_late


def test_voided_envelopes_do_not_count_beside_good_ones(review, call):
    by, submission = review.province_handler, review.cases[0].submission
    wrong = verbs.register(call, by=by, **{**envelope(submission), "copies": 2})
    verbs.void(wrong, by=by, reason="演示")
    verbs.register(call, by=by, **{**envelope(submission), "copies": 3})
    assert beside(call)[submission.pilot_id] == "已到 3 份，应 5 份"


def test_an_envelope_with_many_faults_names_them_all(review, call):
    with pytest.raises(Invalid) as caught:
        verbs.register(
            call,
            by=review.province_handler,
            delivery_id="electronic",
            arrived_on=clock.local(clock.now()).date() + timedelta(days=1),
            copies=0,
        )
    assert len(caught.value.problems) == 4


def test_a_difference_needs_its_words_and_a_version_to_differ_from(review, call):
    one = verbs.register(call, by=review.province_handler, **envelope())
    with pytest.raises(Invalid) as caught:
        verbs.compare(one, by=review.province_handler, same=False)
    assert len(caught.value.problems) == 2


def test_page_register_and_workbook_say_the_same(review, call, client):
    client.force_login(review.province_handler, backend=BACKEND)
    typed = {
        "key": "k",
        "delivery_id": "paper",
        "submission": str(review.cases[0].submission_id),
        "arrived_on": "2022-07-01",
        "courier": "演示快递",
        "courier_number": "SF1",
        "copies": "5",
    }
    assert client.post(reverse("review:register-paper", args=[call.pk]), typed).status_code == 302
    page = client.get(reverse("review:arrivals", args=[call.pk])).content.decode()
    assert "纸〔2022〕0001号" in page
    assert "SF1" in page
    missing = client.get(reverse("review:arrivals", args=[call.pk]) + "?show=missing").content.decode()
    assert "演示行业试点" in missing
    assert "演示园区试点" not in missing
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(reverse("review:arrivals-xlsx", args=[call.pk])).content)
    )
    cells = [str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert "纸〔2022〕0001号" in cells
    electronic = client.get(reverse("pilots:received", args=[call.pk])).content.decode()
    assert "已到 5 份" in electronic
    assert reverse("review:arrivals", args=[call.pk]) in electronic


def test_nobody_outside_the_departments_sees_the_register(review, call, client):
    for person in (review.park_handler, review.expert, review.prefecture_handler, review.stranger):
        client.force_login(person, backend=BACKEND)
        assert client.get(reverse("review:arrivals", args=[call.pk])).status_code == 404
        assert client.get(reverse("review:arrivals-xlsx", args=[call.pk])).status_code == 404


def test_two_envelopes_registered_at_once_get_two_numbers(live_review):
    call, numbers = Call.objects.get(pk=live_review.world.call.pk), []

    def register():
        try:
            numbers.append(verbs.register(call, by=live_review.province_handler, **envelope()).number)
        finally:
            connections.close_all()

    both = [threading.Thread(target=register) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(numbers) == [1, 2]
