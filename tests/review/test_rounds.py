"""A round of review: opened from the register after closing, arranged, started; a case per received application."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from qingyuan.kernel import clock
from qingyuan.kernel.actions import Invalid, WrongStage
from qingyuan.kernel.models import LedgerEntry
from qingyuan.review import actions
from qingyuan.review.models import Case
from tests.review_maker import AFTER_CLOSING


def test_a_round_takes_every_received_application_once_and_in_order(review):
    assert [case.number for case in review.cases] == [1, 2, 3, 4]
    assert review.cases[0].label == "2022-001"
    assert [case.title for case in review.cases] == [
        "演示园区试点",
        "演示行业试点",
        "演示流域试点",
        "演示电镀试点",
    ]
    entry = LedgerEntry.objects.get(verb="round.open")
    assert json.loads(entry.body)["payload"]["items"] == 4


def test_no_round_before_the_call_has_closed(maker, world):
    maker("park", stage="submitted")
    with pytest.raises(Invalid) as caught:
        actions.open_round(world.call, by=world.province_handler)
    assert "尚未截止" in caught.value.problems[0].message


def test_a_call_has_one_round(review):
    with pytest.raises(Invalid) as caught:
        actions.open_round(review.world.call, by=review.province_handler)
    assert "已经建立过评审" in caught.value.problems[0].message


def test_withdrawn_and_unfinished_applications_are_not_reviewed(maker, world):
    from qingyuan.pilots import actions as pilots

    withdrawn = maker("park", stage="submitted", name="演示撤回")
    maker("park", stage="ready", name="演示未提交")
    kept = maker("sector", stage="submitted", name="演示保留", applicant="city")
    pilots.withdraw(withdrawn, by=world.park_signer, remark="演示")
    with clock.at(AFTER_CLOSING):
        round_ = actions.open_round(world.call, by=world.province_handler)
    assert [case.pilot_id for case in round_.cases.all()] == [kept.pk]


def test_the_case_shows_what_was_sealed(review):
    case = review.cases[0]
    assert case.snapshot["name"] == "演示园区试点"
    assert case.place == "洛阳市"


def test_the_arrangement_is_fixed_when_the_review_starts(review):
    round_ = review.round
    with pytest.raises(WrongStage):
        actions.configure(
            round_,
            by=review.province_handler,
            sheet_id="",
            experts_per_case=5,
            cap_per_expert=5,
            avoids_own_region=True,
        )


def test_a_wrong_arrangement_names_every_problem(review):
    type(review.round).objects.update(stage="preparing")
    with pytest.raises(Invalid) as caught:
        actions.configure(
            review.round,
            by=review.province_handler,
            sheet_id="x" * 99,
            experts_per_case=0,
            cap_per_expert=0,
            avoids_own_region=True,
        )
    assert {problem.where for problem in caught.value.problems} == {
        "sheet_id",
        "experts_per_case",
        "cap_per_expert",
    }


def test_a_late_withdrawal_is_noted_with_its_reason(review):
    case = review.cases[0]
    with pytest.raises(Invalid) as caught:
        actions.note_withdrawal(case, by=review.province_handler, reason=" ")
    assert "来函" in caught.value.problems[0].message
    actions.note_withdrawal(case, by=review.province_handler, reason="演示：7 月 1 日来函")
    case.refresh_from_db()
    assert case.stage == Case.Stage.WITHDRAWN
    assert "来函" not in LedgerEntry.objects.get(verb="case.note_withdrawal").body


def test_pages_for_officers_and_404_for_strangers(review, client):
    case = review.cases[0]
    addresses = [
        reverse("review:round", args=[review.round.pk]),
        reverse("review:case", args=[case.pk]),
        reverse("review:note-withdrawal", args=[case.pk]),
    ]
    client.force_login(review.reform_handler, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert [client.get(url).status_code for url in addresses] == [200, 200, 403]
    client.force_login(review.park_handler, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert {client.get(url).status_code for url in addresses} == {404}


def test_the_list_asks_the_database_as_often_for_one_case_as_for_four(
    review, client, django_assert_max_num_queries
):
    client.force_login(review.province_handler, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("review:round", args=[review.round.pk])
    client.get(url)
    with django_assert_max_num_queries(14):
        response = client.get(url)
    assert "演示流域试点" in response.content.decode()
    with django_assert_max_num_queries(14):
        narrowed = client.get(url + "?q=流域")
    assert "演示园区试点" not in narrowed.content.decode()


def test_the_host_is_told_to_open_and_to_start(maker, world, client):
    from qingyuan.kernel import todos

    maker("park", stage="submitted")
    with clock.at(AFTER_CLOSING):
        assert any(todo.title.startswith("建立评审") for todo in todos.of(world.province_handler))
        actions.open_round(world.call, by=world.province_handler)
        assert any("开始" in todo.title for todo in todos.of(world.province_handler))
        assert not any("评审" in todo.title for todo in todos.of(world.reform_signer))
