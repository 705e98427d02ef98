"""The demo's State: two provinces' projects, one refused for its form, four approved, reasons for the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from qingyuan.demo import world as demo
from qingyuan.demo.scenes import SCENES
from qingyuan.kernel import clock, draws, ledger
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.review.models import Bundle, Case, Consultation, Decision, Draw, Round, Visit
from qingyuan.review.queries import draws as draw_queries


@pytest.fixture(scope="module")
def one_list(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.at(SCENES["approved"]), override_settings(PASSWORD_HASHERS=hashers):
            demo.build(scene="approved")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def state(one_list, db):
    with clock.at(SCENES["approved"]):
        yield Round.objects.get(call__notice_id="national-2022")


@pytest.mark.clause("N8", "N9")
def test_seven_projects_of_two_provinces_have_their_results(state):
    assert state.stage == "published"
    assert Counter(state.cases.values_list("stage", flat=True)) == {
        "approved": 4,
        "not_selected": 2,
        "rejected": 1,
    }
    assert Counter(Bundle.objects.values_list("region_code", flat=True)) == {"410000": 1, "140000": 1}
    assert Case.objects.filter(round=state, origin__isnull=False).count() == 5


def test_every_step_of_the_state_can_be_seen(state):
    assert set(Consultation.objects.values_list("stage", flat=True)) == {"answered"}
    draw = Draw.objects.get(round=state)
    assert draws.verify(draw_queries.record(draw)).status == "verified"
    assert Visit.objects.filter(case__round=state).count() == 2
    assert set(Visit.objects.values_list("stage", flat=True)) <= {"done", "signed"}
    assert set(Decision.objects.filter(round=state).values_list("kind", "stage")) == {
        ("form", "released"),
        ("final", "released"),
    }


@pytest.mark.clause("N9", "X1")
def test_the_list_is_public_and_the_others_are_told_why(state):
    body = Client().get(reverse("review:list", args=[state.call_id])).content.decode()
    assert "同意开展清洁生产审核创新试点项目名单" in body
    for case in state.cases.all():
        assert (case.title in body) == (case.stage == "approved")
    refused = state.cases.filter(stage="not_selected", applicant__isnull=False)
    for case in refused:
        assert Mail.objects.filter(
            verb="decision.release", subject=f"评审结果：{case.title}", body__contains="理由：演示："
        ).exists()


def test_its_ledger_runs_with_the_calendar_and_holds(state):
    instants = list(LedgerEntry.objects.order_by("seq").values_list("at", flat=True))
    assert instants == sorted(instants)
    assert instants[-1] < SCENES["approved"]
    assert ledger.verify()
