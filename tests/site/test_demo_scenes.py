"""The demo's review: twelve applications of as many places, and a round over them in which every step can be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from qingyuan.demo import world as demo
from qingyuan.demo.scenes import SCENES
from qingyuan.kernel import clock, ledger
from qingyuan.kernel.models import LedgerEntry
from qingyuan.people.models import User
from qingyuan.pilots.models import Submission
from qingyuan.review.models import Assessment, Case, Decision, Round, Truthfulness


@pytest.fixture(scope="module")
def one_review(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.at(SCENES["review"]), override_settings(PASSWORD_HASHERS=hashers):
            demo.build(scene="review")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def review(one_review, db):
    with clock.at(SCENES["review"]):
        yield


def test_twelve_applications_of_different_prefectures_were_received(review):
    assert Submission.objects.filter(is_current=True).count() == 12
    cases = list(Case.objects.all())
    assert len({case.region_code[:4] for case in cases}) == 12
    assert all("演示" in case.title for case in cases)
    assert all(user.is_demo for user in User.objects.all())


def test_the_round_is_under_way_and_every_step_can_be_seen(review):
    assert Round.objects.get().stage == "reviewing"
    assert Counter(Case.objects.values_list("stage", flat=True)) == {"assessment": 10, "form_check": 2}
    assert Truthfulness.objects.filter(stage="signed").count() == 10
    assert Counter(Assessment.objects.values_list("stage", flat=True)) == {"submitted": 22, "draft": 2}
    refusal = Decision.objects.get()
    assert (refusal.kind, refusal.stage) == ("form", "cosign")
    assert refusal.consents.count() == 1


def test_its_ledger_runs_with_the_calendar_and_holds(review):
    instants = list(LedgerEntry.objects.order_by("seq").values_list("at", flat=True))
    assert instants == sorted(instants)
    assert instants[-1] < SCENES["review"]
    assert ledger.verify()
