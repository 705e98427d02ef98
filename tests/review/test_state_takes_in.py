"""What a province recommended reaches the State with its records, and nothing else of that province does."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from qingyuan.kernel.actions import Invalid, NotAllowed
from qingyuan.review import actions
from qingyuan.review.models import Bundle, Case, Round
from qingyuan.review.queries import state as queries
from qingyuan.review.rules import ground
from tests.house.test_route_matrix import body_of
from tests.review.state_rounds import released, state_round, taken_in


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.clause("N8")
@pytest.mark.clause("N7")
def test_the_recommended_arrive_in_order_with_their_sealed_versions(review):
    with taken_in(review) as round_:
        cases = list(round_.cases.order_by("number"))
        first, second = review.cases[:2]
        assert [case.origin_id for case in cases] == [first.pk, second.pk]
        assert [case.submission_id for case in cases] == [first.submission_id, second.submission_id]
        assert [case.number for case in cases] == [1, 2]
        assert {case.stage for case in cases} == {"form_check"}
        assert round_.case_last == 2


def test_taking_in_twice_makes_nothing_twice(review):
    with taken_in(review) as round_:
        again = actions.take_in(round_, by=review.state_handler, source=review.round)
        assert again == Bundle.objects.get()
        assert round_.cases.count() == 2


def test_nothing_is_taken_in_before_the_province_has_released(review):
    with state_round(review) as round_:
        with pytest.raises(Invalid) as caught:
            actions.take_in(round_, by=review.state_handler, source=review.round)
        assert "还没有会同公布" in caught.value.problems[0].message
        assert [one.waiting for one in queries.provinces(round_)] == []


def test_a_round_under_another_call_is_refused(review):
    released(review)
    with state_round(review) as round_:
        type(review.world.call).objects.filter(pk=review.world.call.pk).update(parent=None)
        with pytest.raises(Invalid) as caught:
            actions.take_in(round_, by=review.state_handler, source=Round.objects.get(pk=review.round.pk))
        assert "不是本通知下的省级评审" in caught.value.problems[0].message


def test_only_the_states_host_takes_in(review):
    released(review)
    with state_round(review) as round_, pytest.raises(NotAllowed):
        actions.take_in(round_, by=review.province_handler, source=review.round)


def test_state_officers_read_the_records_of_what_was_recommended_and_of_nothing_else(review):
    origins = review.cases
    client = client_of(review.state_handler)
    pages = ("case", "case-materials", "case-decision", "case-letter", "case-plan", "case-package")
    with taken_in(review):
        for case in origins[:2]:
            for page in pages:
                response = client.get(reverse(f"review:{page}", args=[case.pk]))
                body_of(response)
                assert response.status_code == 200, page
        for case in origins[2:]:
            for page in pages:
                assert client.get(reverse(f"review:{page}", args=[case.pk])).status_code == 404, page
        seen = set(
            Case.objects.filter(ground.visible_cases(review.state_handler)).values_list("pk", flat=True)
        )
        assert {case.pk for case in origins[:2]} < seen
        assert not {case.pk for case in origins[2:]} & seen
        # The province's round, its list and its decision name the others: they stay the province's.
        decision = origins[0].decision_items.get().decision
        assert client.get(reverse("review:round", args=[review.round.pk])).status_code == 404
        assert client.get(reverse("review:decision", args=[decision.pk])).status_code == 404
        body = client.get(reverse("review:case-decision", args=[origins[0].pk])).content.decode()
        assert reverse("review:decision", args=[decision.pk]) not in body


def test_before_it_is_taken_in_the_state_sees_nothing(review):
    released(review)
    with state_round(review):
        client = client_of(review.state_handler)
        for case in review.cases:
            assert client.get(reverse("review:case", args=[case.pk])).status_code == 404


def test_the_province_does_not_see_the_states_cases_and_the_state_changes_nothing_below(review):
    with taken_in(review) as round_:
        client = client_of(review.province_handler)
        for case in round_.cases.all():
            assert client.get(reverse("review:case", args=[case.pk])).status_code == 404
        origin = Case.objects.get(pk=review.cases[0].pk)
        for verb in (actions.note_withdrawal, actions.note_cosign_check, actions.attach_file):
            assert not verb.allowed(review.state_handler, origin).ok


@pytest.mark.clause("N8")
def test_each_province_stands_against_the_quota_of_the_notice(review):
    with taken_in(review) as round_:
        (henan,) = queries.provinces(round_)
        assert (henan.name, henan.received, henan.over) == ("河南省", 2, 0)
        round_.cases.first()
        Case.objects.bulk_create(
            Case(
                round=round_,
                number=number,
                title=f"演示 {number}",
                applicant_name="演示单位",
                region_code="410300",
                category_id=review.cases[0].category_id,
                received_at=round_.opened_at,
            )
            for number in range(3, 8)
        )
        (henan,) = queries.provinces(round_)
        assert (henan.received, henan.over) == (7, 2)
        page = client_of(review.state_handler).get(reverse("review:provinces", args=[round_.pk]))
        assert "原则上不超过 5 个" in page.content.decode()


def test_the_state_takes_in_on_the_page(review):
    released(review)
    with state_round(review) as round_:
        client = client_of(review.state_handler)
        body = client.get(reverse("review:provinces", args=[round_.pk])).content.decode()
        assert "已公布推荐、尚未接收" in body
        answer = client.post(
            reverse("review:take-in", args=[round_.pk]), {"source": review.round.pk, "key": "a"}
        )
        assert answer.status_code == 302
        assert round_.cases.count() == 2
        assert "平台接收" in client.get(answer.url).content.decode() or answer.url
