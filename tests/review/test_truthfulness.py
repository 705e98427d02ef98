"""真实性审查 (N14): the province examines and signs for the sealed version; nobody else's word replaces it."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from qingyuan.kernel.actions import Invalid, NotAllowed
from qingyuan.kernel.models import LedgerEntry
from qingyuan.review.actions import truthfulness as verbs
from qingyuan.review.models import Case, Truthfulness
from qingyuan.review.models.truthfulness import CHECKS
from qingyuan.review.queries.formcheck import truthfulness_problems
from tests.house.cases.review_formcheck import truthfulness_arguments


@pytest.fixture
def examined(review):
    return verbs.examine(review.cases[1], by=review.province_handler, **truthfulness_arguments())


@pytest.mark.clause("N14")
def test_one_examines_and_another_signs_for_the_sealed_version(review, examined):
    signed = verbs.sign(examined, by=review.province_signer)
    assert signed.sealed_sha256 == review.cases[1].submission.snapshot_sha256
    payload = json.loads(LedgerEntry.objects.get(verb="truthfulness.sign").body)["payload"]
    assert payload["sealed_sha256"] == signed.sealed_sha256
    assert payload["examined_sha256"] == verbs.examined_hash(signed)


@pytest.mark.clause("N14")
def test_prefectures_cannot_examine(review):
    with pytest.raises(NotAllowed):
        verbs.examine(review.cases[1], by=review.prefecture_handler, **truthfulness_arguments())


def test_every_comparison_needs_a_word_and_a_difference_its_note(review):
    arguments = truthfulness_arguments(word="differs")
    for said in arguments["checks"].values():
        said["note"] = ""
    with pytest.raises(Invalid) as caught:
        verbs.examine(review.cases[1], by=review.province_handler, **arguments)
    assert len(caught.value.problems) == len(CHECKS) + 1
    with pytest.raises(Invalid) as caught:
        verbs.examine(review.cases[1], by=review.province_handler, checks={}, result="true")
    assert len(caught.value.problems) == len(CHECKS)


def test_nobody_signs_what_he_examined(review):
    from qingyuan.people.models import Membership

    Membership.objects.create(
        user=review.province_signer,
        organisation=review.henan_ecology,
        role="handler",
        since=review.cases[0].received_at,
    )
    review.province_signer.__dict__.pop("standing", None)
    one = verbs.examine(review.cases[1], by=review.province_signer, **truthfulness_arguments())
    with pytest.raises(NotAllowed) as caught:
        verbs.sign(one, by=review.province_signer)
    assert "另一人" in caught.value.reason


@pytest.mark.clause("N14")
def test_a_case_cannot_be_recommended_without_it(review, examined):
    Case.objects.filter(round=review.round).update(stage="decision")
    assert len(truthfulness_problems(review.round)) == 4
    verbs.sign(examined, by=review.province_signer)
    left = truthfulness_problems(review.round)
    assert len(left) == 3
    assert all(one.clause == "N14" for one in left)
    assert truthfulness_problems(review.round, [review.cases[1]]) == []


def test_untrue_materials_cannot_be_recommended(review):
    one = verbs.examine(
        review.cases[1],
        by=review.province_handler,
        **truthfulness_arguments(word="differs", result="untrue"),
    )
    verbs.sign(one, by=review.province_signer)
    assert "不属实" in truthfulness_problems(review.round, [review.cases[1]])[0].message


def test_a_returned_examination_is_made_again(review, examined):
    with pytest.raises(Invalid):
        verbs.examine(review.cases[1], by=review.province_handler, **truthfulness_arguments())
    verbs.send_back_examination(examined, by=review.province_signer, remark="演示：比对不足")
    verbs.examine(review.cases[1], by=review.province_handler, **truthfulness_arguments())
    assert Truthfulness.objects.filter(case=review.cases[1]).count() == 2


def test_pages_show_and_sign(review, examined, client):
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    case = review.cases[1]
    client.force_login(review.province_handler, backend=backend)
    page = client.get(reverse("review:truthfulness", args=[case.pk])).content.decode()
    assert "待签发" in page
    assert "签发真实性" not in page
    typed = {"key": "k", "result": "true", "note": ""}
    typed |= {f"{key}-word": "agrees" for key in CHECKS}
    other = reverse("review:examine-truthfulness", args=[review.cases[2].pk])
    assert client.post(other, typed).status_code == 302
    client.force_login(review.province_signer, backend=backend)
    signing = reverse("review:sign-truthfulness", args=[examined.pk])
    assert client.post(signing, {"key": "k", "revision": "0"}).status_code == 302
    assert "属实" in client.get(reverse("review:truthfulness", args=[case.pk])).content.decode()
